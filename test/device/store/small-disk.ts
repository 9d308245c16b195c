/** A disk of its own, a small tmpfs, that can be filled for real. Needs root for the mount. */
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export const smallDisk = (mib: number): string => {
  const folder = mkdtempSync(join(tmpdir(), 'window24-disk-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m`, 'window24', folder])
  if (mounted.status !== 0) throw new Error(`no tmpfs can be mounted (root is needed): ${mounted.stderr}`)
  onTestFinished(() => {
    spawnSync('umount', ['-l', folder])
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

/** To its last byte; gives what is to be removed to make room again. */
export const fill = (disk: string): string => {
  const path = join(disk, 'filler')
  const file = openSync(path, 'a')
  try {
    for (const bytes of [256 * 1024, 4096]) {
      const chunk = Buffer.alloc(bytes)
      for (;;) if (tryToWrite(file, chunk) < bytes) break
    }
  } finally {
    closeSync(file)
  }
  if (statfsSync(disk).bavail !== 0) throw new Error(`${disk} cannot be filled`)
  return path
}

const tryToWrite = (file: number, chunk: Buffer): number => {
  try {
    return writeSync(file, chunk)
  } catch {
    return 0
  }
}
