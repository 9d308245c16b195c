/** A small disk of its own for a device, so that it can really be full: a tmpfs, filled to its last byte. */
import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const BALLAST = 'ballast'
const BIG_BYTES = 1024 * 1024
const SMALL_BYTES = 4 * 1024

export interface SmallDisk {
  readonly path: string
  fill(): void
  free(): void
  readonly full: boolean
  remove(): void
}

/** @throws Error where nothing can be mounted: these tests need root on Linux */
export function mountSmallDisk(mebibytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'w24-model-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'w24-model', path], { stdio: 'pipe' })
  } catch (cause) {
    rmSync(path, { recursive: true })
    throw new Error('a disk that can be full needs root and mount(8): run this test where both are', {
      cause,
    })
  }
  let full = false
  return {
    path,
    get full() {
      return full
    },
    fill() {
      const file = openSync(join(path, BALLAST), 'a')
      for (const bytes of [BIG_BYTES, SMALL_BYTES]) writeUntilFull(file, Buffer.alloc(bytes, 1))
      closeSync(file)
      full = true
    },
    free() {
      rmSync(join(path, BALLAST), { force: true })
      full = false
    },
    remove() {
      // What still has a file open there is this process's own crashed programs: the mount goes with the last of them.
      execFileSync('umount', ['-l', path])
      rmSync(path, { recursive: true, force: true })
    },
  }
}

function writeUntilFull(file: number, chunk: Buffer): void {
  try {
    for (;;) if (writeSync(file, chunk) < chunk.length) return
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  }
}
