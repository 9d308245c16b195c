/** A disk whose blocks can be taken away behind the file system's back, and given back. */
import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { type Disk, makeDisk } from './disk.ts'

/** The disk's blocks and the ballast that takes them. */
const THIN_MIB = 40
const MIB = 1024 * 1024
const PAGE_BYTES = 4096

/**
 * Of a request that begins in blocks that are there and ends in some that are not, the loop device writes the first
 * part and answers for the whole: lo_complete_rq asks only of reads how much came, and since Linux f2fed441c69b
 * ("loop: stop using vfs_iter_{read,write} for buffered I/O") nobody else asks. The sync says yes, and the rest is
 * nowhere. That disk lies; this one is to fail. A request of one page is written or refused, as a sector is.
 */
const REQUEST_KIB = PAGE_BYTES / 1024

export interface ThinDisk {
  readonly disk: Disk
  /** Every block that nothing has been written to yet. */
  takeBlocks(): void
  giveBlocks(): void
  remove(): void
}

export function makeThinDisk(rig: string, name: string): ThinDisk {
  const thin = join(rig, `${name}-thin`)
  mkdirSync(thin)
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${THIN_MIB}m`, 'tmpfs', thin])
  const disk = diskOn(thin)
  const requestKib = `${disk.queue()}/max_sectors_kb`
  const before = readFileSync(requestKib, 'utf8')
  writeFileSync(requestKib, String(REQUEST_KIB))
  const ballast = join(thin, 'ballast')
  return {
    disk,
    takeBlocks: () => takeAll(ballast),
    giveBlocks: () => rmSync(ballast),
    remove() {
      // The loop device outlives this disk, and whoever has it next is not to be slowed down.
      writeFileSync(requestKib, before)
      disk.remove()
      execFileSync('umount', [thin])
    },
  }
}

function diskOn(thin: string): Disk {
  try {
    return makeDisk(thin, 'disk')
  } catch (error) {
    execFileSync('umount', [thin])
    throw error
  }
}

function takeAll(ballast: string): void {
  const file = openSync(ballast, 'w')
  try {
    for (let bytes = MIB; bytes >= PAGE_BYTES; bytes /= 2) takeInSteps(file, bytes)
  } finally {
    closeSync(file)
  }
}

function takeInSteps(file: number, bytes: number): void {
  try {
    for (;;) writeSync(file, Buffer.alloc(bytes, 1))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  }
}
