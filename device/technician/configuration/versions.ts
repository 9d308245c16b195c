/**
 * Every device.json that ever stood on this device, secrets and all, so that each change can be taken back.
 *
 * A change is written in three steps: what is to stand (`next.json`), device.json itself, and then the first becomes the
 * new version by a rename. Wherever the power goes, the next start finds the whole old one or the whole new one.
 */
import { mkdirSync, realpathSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type FileOwner, removeQuietly, replaceFile, syncFolderOf } from '../../../sync/durable-file.ts'
import { formatInstant } from '../../../sync/protocol/identifiers.ts'
import { parseConfiguration } from '../../configuration.ts'
import type { ConfigurationVersion } from '../../http/contract/setup/configuration.ts'
import { type Kept, keptIn, parsedJson, readKept, readTextFile } from './kept-versions.ts'
import { changedPlaces, isSame } from './places.ts'

const FOLDER = 'configuration'
const NEXT = 'next.json'
/** It holds tokens and an enrolment code. */
const OWNER_ONLY = 0o600
const ROOT = 0
/** Before this software was made: a clock that tells such a time was never set. */
const CLOCK_NOT_SET_BEFORE_MS = Date.UTC(2026, 0, 1)

export type VersionAdded =
  | { ok: true; version: ConfigurationVersion }
  /** `configuration`: it is not sound, a line for each fault; otherwise the disk would not take it. Nothing has changed. */
  | { ok: false; code: 'configuration' | 'disk-full' | 'cannot-write'; detail: string }

export interface Versions {
  /** The newest first, and their times never out of order. */
  list(): ConfigurationVersion[]
  /** device.json as it stands now, secrets and all; null while there is none, or none that is JSON. */
  written(): unknown
  /** What stood as this version, secrets and all; null when it is not kept (any more). */
  at(number: number): unknown
  /** The version that an undo goes back to; null when there is none. */
  before(): number | null
  /**
   * Makes this device.json; what stands already is no new version. Once this has returned it outlasts a cut of power.
   * @param why a stable code, as `peripheral-bound`
   */
  add(next: unknown, why: string): VersionAdded
}

/**
 * What was edited by hand since the last time becomes a version first (`by-hand`), provided that it is sound.
 * @param configPath device.json; it need not be there yet
 * @throws the system's error when the folder cannot be made, read or written
 */
export const openVersions = (
  dataDir: string,
  configPath: string,
  now: () => Date = () => new Date(),
): Versions => {
  const folder = join(dataDir, FOLDER)
  const next = join(folder, NEXT)
  mkdirSync(dataDir, { recursive: true })
  const owner = serviceOf(dataDir)
  const kept = keptIn(folder, owner)

  const standing = (): unknown => parsedJson(readTextFile(configPath))
  /** A clock at 1970 is not believed; the order of the numbers holds in any case. */
  const instant = (): string => {
    const read = now()
    const last = kept.newest()?.at
    return last !== undefined && read.getTime() < CLOCK_NOT_SET_BEFORE_MS ? last : formatInstant(read)
  }
  const describe = (text: string, why: string): Kept => {
    const last = kept.newest()
    const changed = last === null ? [] : changedPlaces(parsedJson(last.text), parsedJson(text))
    return { number: kept.highest() + 1, at: instant(), why, changed, text }
  }
  const settle = ({ number }: Kept): void => {
    renameSync(next, kept.pathOf(number))
    syncFolderOf(next)
    kept.prune()
  }
  /** A change that was cut through: it stands, or it never was. */
  const finishInterrupted = (): Kept | null => {
    const interrupted = readKept(next)
    if (interrupted !== null && readTextFile(configPath) === interrupted.text) {
      settle(interrupted)
      return interrupted
    }
    removeQuietly(next)
    return null
  }
  const noticeByHand = (): void => {
    const text = readTextFile(configPath)
    const last = kept.newest()
    if (text === null || text === last?.text) return
    const value = parsedJson(text)
    if (last !== null && isSame(parsedJson(last.text), value)) return
    if (!parseConfiguration(value).ok) return
    const version = describe(text, 'by-hand')
    replaceFile(next, JSON.stringify(version), OWNER_ONLY, owner)
    settle(version)
  }
  const write = (value: unknown, why: string): Kept => {
    finishInterrupted()
    noticeByHand()
    const last = kept.newest()
    // The same again would be a step that an undo takes and nobody sees.
    if (last !== null && isSame(parsedJson(last.text), value) && isSame(value, standing())) return last
    const version = describe(`${JSON.stringify(value, null, 2)}\n`, why)
    replaceFile(next, JSON.stringify(version), OWNER_ONLY, owner)
    replaceStanding(configPath, version.text, owner)
    settle(version)
    return version
  }

  finishInterrupted()
  noticeByHand()
  return {
    list: () => inOrder(kept.all()).map(shown),
    written: standing,
    at: (number) => parsedJson(kept.one(number)?.text ?? null),
    before() {
      const [last, earlier] = kept.all()
      if (last === undefined) return null
      // Edited into something unsound, it became no version: the last one that stood is then the one before.
      const stands = isSame(parsedJson(last.text), standing())
      return stands ? (earlier?.number ?? null) : last.number
    },
    add(value, why) {
      const checked = parseConfiguration(value)
      if (!checked.ok) return { ok: false, code: 'configuration', detail: checked.faults.join('\n') }
      try {
        return { ok: true, version: shown(write(value, why)) }
      } catch (error) {
        const refusal = refusalOf(error)
        // It may stand all the same: a disk can fail after the renaming.
        const stood = finishInterrupted()
        return stood === null ? { ok: false, ...refusal } : { ok: true, version: shown(stood) }
      }
    },
  }
}

const shown = ({ number, at, why, changed }: Kept): ConfigurationVersion => ({ number, at, why, changed })

/** A clock that once ran ahead must not put an older version after a newer one. */
const inOrder = (newestFirst: Kept[]): Kept[] => {
  let newer: string | null = null
  return newestFirst.map((version) => {
    if (newer === null || Date.parse(version.at) <= Date.parse(newer)) newer = version.at
    return { ...version, at: newer }
  })
}

/** Whose it was and who may read it stays as it was; a link to it stays a link. A new one is the device's. */
const replaceStanding = (configPath: string, text: string, service: FileOwner | undefined): void => {
  const path = realPathOf(configPath)
  const was = statSync(path, { throwIfNoEntry: false })
  if (was === undefined) replaceFile(path, text, OWNER_ONLY, service)
  else replaceFile(path, text, was.mode & 0o777, isRoot() ? { uid: was.uid, gid: was.gid } : undefined)
}

/** Who the device runs as, where root does its work for it: only root may give a file away. */
const serviceOf = (dataDir: string): FileOwner | undefined => {
  const { uid, gid } = statSync(dataDir)
  return isRoot() && uid !== ROOT ? { uid, gid } : undefined
}

const isRoot = (): boolean => process.getuid?.() === ROOT

const realPathOf = (path: string): string => {
  try {
    return realpathSync(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return path
    throw error
  }
}

const refusalOf = (error: unknown): { code: 'disk-full' | 'cannot-write'; detail: string } => {
  const code = codeOf(error)
  if (code === null) throw error
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? { code: 'disk-full', detail: 'there is no room on the disk: make some; nothing has changed' }
    : {
        code: 'cannot-write',
        detail: `device.json or its versions cannot be written (${code}); nothing has changed`,
      }
}

const codeOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
