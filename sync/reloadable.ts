/** A value that lives in files which people change while the server runs. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

export interface Reloadable<T> {
  /** The last good one. */
  readonly value: T
  /** Looks whether the files are others than before; true when there is another value now. */
  look(): boolean
  /** Reads at once, whether the files have changed or not. */
  reload(): boolean
}

/**
 * @param fingerprint changes whenever a file does
 * @param settle true where several files make one value: a change is read only when it has stood from one look to
 * the next, so that what is being copied is not taken half
 * @param onFault told once for each change that cannot be taken; the last good value stays
 * @throws whatever `load` throws for the first value
 */
export function reloadable<T>(options: {
  load: () => T
  fingerprint: () => string
  settle: boolean
  onFault: (error: unknown) => void
}): Reloadable<T> {
  const { load, fingerprint, settle, onFault } = options
  let read = fingerprint()
  let seen = read
  let value = load()
  let faulty: string | null = null

  /** What could not be taken is tried again at each look: a right that was lacking may be given without a trace. */
  function take(now: string): boolean {
    seen = now
    try {
      value = load()
      read = now
      faulty = null
      return true
    } catch (error) {
      if (now !== faulty) onFault(error)
      faulty = now
      return false
    }
  }

  return {
    get value() {
      return value
    },
    look() {
      const now = fingerprint()
      if (now === read) {
        seen = now
        return false
      }
      if (settle && now !== seen) {
        seen = now
        return false
      }
      return take(now)
    },
    reload() {
      faulty = null
      return take(fingerprint())
    },
  }
}

/** Of files: size, times and inode of each, its change of owner or rights too; one that is not there is told as such. */
export function filesFingerprint(paths: readonly string[]): string {
  return paths.map((path) => `${path}:${fileFingerprint(path)}`).join('\n')
}

/** Of a folder: all its files, those in its folders too. */
export function folderFingerprint(folder: string): string {
  return filesFingerprint(filesIn(folder))
}

function fileFingerprint(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats === undefined ? 'none' : `${stats.size}:${stats.mtimeMs}:${stats.ctimeMs}:${stats.ino}`
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => join(folder, name))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
