/** The folder of a device's configuration versions: one file each, whole or not there, readable for its user alone. */
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type FileOwner, removeQuietly } from '../../../sync/durable-file.ts'

/** A technician looks back over days; a device whose ports change every week is covered for a year. */
const VERSIONS_AT_MOST = 50
const VERSION_FILE = /^(\d{6,12})\.json$/
const NUMBER_DIGITS = 6
const OWNER_ONLY_FOLDER = 0o700

const Kept = z.strictObject({
  number: z.int().min(1),
  at: z.string(),
  why: z.string(),
  changed: z.array(z.string()),
  /** device.json to the letter: whoever wrote it by hand gets their own lines back. */
  text: z.string(),
})
export type Kept = z.infer<typeof Kept>

export interface KeptVersions {
  /** The newest first. One that cannot be read is left out. */
  all(): Kept[]
  newest(): Kept | null
  one(number: number): Kept | null
  /** Where the version of this number lies, or will. */
  pathOf(number: number): string
  /** Counts on even from one that cannot be read any more; 0 when there is none. */
  highest(): number
  /** Lets go of the oldest. */
  prune(): void
}

/**
 * @param owner whose it is to be, when not this process's own
 * @throws the system's error when the folder cannot be made or read
 */
export const keptIn = (folder: string, owner?: FileOwner): KeptVersions => {
  mkdirSync(folder, { recursive: true, mode: OWNER_ONLY_FOLDER })
  chmodSync(folder, OWNER_ONLY_FOLDER)
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid)
  /** A version never changes once it is there. */
  const read = new Map<number, Kept>()
  const pathOf = (number: number): string =>
    join(folder, `${String(number).padStart(NUMBER_DIGITS, '0')}.json`)
  const numbers = (): number[] =>
    readdirSync(folder)
      .map((name) => Number(VERSION_FILE.exec(name)?.[1] ?? 0))
      .filter((number) => number > 0)
      .sort((one, other) => other - one)
  const one = (number: number): Kept | null => {
    const version = read.get(number) ?? readKept(pathOf(number))
    if (version !== null) read.set(number, version)
    return version
  }
  return {
    all: () =>
      numbers()
        .map(one)
        .filter((version) => version !== null),
    one,
    newest() {
      for (const number of numbers()) {
        const version = one(number)
        if (version !== null) return version
      }
      return null
    },
    pathOf,
    highest: () => numbers()[0] ?? 0,
    prune() {
      for (const number of numbers().slice(VERSIONS_AT_MOST)) {
        removeQuietly(pathOf(number))
        read.delete(number)
      }
    },
  }
}

/** Null when there is none, or what is there is none. */
export const readKept = (path: string): Kept | null =>
  Kept.safeParse(parsedJson(readTextFile(path))).data ?? null

export const readTextFile = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

export const parsedJson = (text: string | null): unknown => {
  if (text === null) return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
