/**
 * Reads and writes files of a stick so that nothing half is ever taken for whole: written under another name, synced,
 * renamed, the folder synced, read back. The stick is held open meanwhile, so that one that is taken out never makes
 * this machine's own disk take its place.
 */
import { constants } from 'node:fs'
import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Machine } from '../../drivers/discovery/machine.ts'
import { within } from '../../drivers/discovery/within.ts'
import { type FoundStick, findSticks } from './sticks.ts'

export type StickTrouble =
  | 'stick-gone' // taken out, or it no longer answers
  | 'stick-full'
  | 'stick-read-only'
  | 'stick-forbidden' // it belongs to another user of this machine
  | 'stick-not-mounted'
  | 'file-gone'
  | 'file-too-large'

export type StickAnswer<T> = ({ ok: true } & T) | { ok: false; code: StickTrouble; detail: string }

/** Of a file that is not whole yet. */
const HALF_SUFFIX = '.w24part'
/** Our files are at most a MiB; a slow stick takes seconds for its first sync. */
const DEADLINE_MS = 30_000

/**
 * @param stick as Stick.id
 * @param name wished for; a file that is there already is kept, and this one gets a number
 */
export const writeToStick = async (
  machine: Machine,
  stick: string,
  name: string,
  bytes: Uint8Array,
): Promise<StickAnswer<{ file: string }>> =>
  await onStick(machine, stick, async (folder, isThere) => {
    for (const left of await readdir(folder)) {
      if (left.endsWith(HALF_SUFFIX)) await rm(`${folder}/${left}`, { force: true })
    }
    const half = `${folder}/${name}${HALF_SUFFIX}`
    try {
      await withFile(half, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, async (file) => {
        await file.writeFile(bytes)
        await file.sync()
      })
      const file = freeName(name, await readdir(folder))
      await rename(half, `${folder}/${file}`)
      await syncFolder(folder)
      const back = await withFile(`${folder}/${file}`, constants.O_RDONLY, (whole) => whole.readFile())
      if (!back.equals(bytes) || !(await isThere())) return GONE
      return { ok: true, file }
    } catch (error) {
      await rm(half, { force: true }).catch(() => {})
      throw error
    }
  })

export const readFromStick = async (
  machine: Machine,
  stick: string,
  name: string,
  bytesAtMost: number,
): Promise<StickAnswer<{ bytes: Buffer }>> => {
  if (name.includes('/') || name === '..' || name === '.') return FILE_GONE
  return await onStick(machine, stick, async (folder) => {
    try {
      return await withFile(`${folder}/${name}`, constants.O_RDONLY, async (file) => {
        const found = await file.stat()
        if (!found.isFile()) return FILE_GONE
        return found.size > bytesAtMost ? TOO_LARGE : { ok: true, bytes: await file.readFile() }
      })
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ELOOP') return FILE_GONE
      throw error
    }
  })
}

const GONE = refusal('stick-gone', 'the stick was taken out, or no longer answers: put it in and try again')
const FILE_GONE = refusal('file-gone', 'this file is not on the stick any more')
const TOO_LARGE = refusal('file-too-large', 'this file is too large to be one of ours')
const NOT_MOUNTED = refusal('stick-not-mounted', 'the stick is plugged in and not mounted on this machine')

function refusal(code: StickTrouble, detail: string): { ok: false; code: StickTrouble; detail: string } {
  return { ok: false, code, detail }
}

/** `folder`: the stick's own, by a name that leads to nothing else when it is taken out. */
const onStick = async <T>(
  machine: Machine,
  id: string,
  work: (folder: string, isThere: () => Promise<boolean>) => Promise<StickAnswer<T>>,
): Promise<StickAnswer<T>> => {
  const stick = await stickCalled(machine, id)
  if (stick === null) return GONE
  if (stick.folder === null) return NOT_MOUNTED
  const isThere = async (): Promise<boolean> => (await stickCalled(machine, id))?.folder === stick.folder
  return await within(DEADLINE_MS, held(stick.folder, work, isThere), GONE)
}

const held = async <T>(
  mountedAt: string,
  work: (folder: string, isThere: () => Promise<boolean>) => Promise<StickAnswer<T>>,
  isThere: () => Promise<boolean>,
): Promise<StickAnswer<T>> => {
  let root: FileHandle | null = null
  try {
    root = await open(mountedAt, constants.O_RDONLY | constants.O_DIRECTORY)
    const around = await stat(dirname(mountedAt))
    // Unmounted since: this is the empty folder that it was mounted on.
    if ((await root.stat()).dev === around.dev) return GONE
    return await work(`/proc/self/fd/${root.fd}`, isThere)
  } catch (error) {
    return troubleOf(error)
  } finally {
    await root?.close().catch(() => {})
  }
}

const stickCalled = async (machine: Machine, id: string): Promise<FoundStick | null> =>
  (await findSticks(machine)).find((stick) => stick.id === id) ?? null

const troubleOf = (error: unknown): ReturnType<typeof refusal> => {
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return refusal('stick-full', 'there is no room on the stick: make some, or take another')
    case 'EROFS':
      return refusal('stick-read-only', 'the stick can only be read: look for its switch, or take another')
    case 'EACCES':
    case 'EPERM':
      return refusal('stick-forbidden', 'the stick is mounted for another user: mount it for this one')
    case null:
      throw error
    default:
      return GONE
  }
}

/** `window24-pad-2026-11-22-2.w24setup`; a FAT stick tells no capital letters from small ones. */
const freeName = (name: string, taken: readonly string[]): string => {
  const small = new Set(taken.map((one) => one.toLowerCase()))
  const at = name.lastIndexOf('.') === -1 ? name.length : name.lastIndexOf('.')
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name.slice(0, at)}-${number}${name.slice(at)}`
    if (!small.has(candidate.toLowerCase())) return candidate
  }
}

const withFile = async <T>(
  path: string,
  flags: number,
  work: (file: FileHandle) => Promise<T>,
): Promise<T> => {
  const file = await open(path, flags | constants.O_NOFOLLOW, 0o600)
  try {
    return await work(file)
  } finally {
    await file.close()
  }
}

/** Some helpers that mount sticks cannot sync a folder, and write it out with the file. */
const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    await handle.sync()
  } catch (error) {
    if (codeOf(error) !== 'EINVAL' && codeOf(error) !== 'ENOTSUP') throw error
  } finally {
    await handle.close()
  }
}

const codeOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
