/** A disk of our own: ext4 on a loop image in memory, so that what was not written out is not in a copy of it. */
import { execFileSync } from 'node:child_process'
import {
  closeSync,
  copyFileSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs'
import { basename, join } from 'node:path'

/** Memory, so that a copy costs milliseconds; what counts as written is what ext4 has handed to the loop device. */
const MEMORY = '/dev/shm'

const MIB = 1024 * 1024
/** Room for a device, a hall and the reserve that either keeps, and little to copy. */
const DISK_MIB = 32
const BLOCK_BYTES = 4096
/** The least ext4 takes, close to the front: the blocks behind it are for files. */
const JOURNAL_MIB = 4
const JOURNAL_AT_MIB = 1
/** The less there is of inodes, the more there is of files. */
const INODES = 128
/** Superblock, tables and journal: everything of an image before its files. */
export const METADATA_BYTES = (JOURNAL_AT_MIB + JOURNAL_MIB) * MIB

/** Longer than any run between two syncs: nothing reaches the image but what the product has synced. */
const COMMIT_SECONDS = 600

const NEEDED =
  'the storage faults need root, /dev/loop-control, ext4 and mke2fs, losetup, mount: run them as root on a machine or in a container with loop devices'

export interface Disk {
  /** Where it is mounted. */
  readonly folder: string
  readonly image: string
  /** The image as it is now, unwritten pages left out; whoever writes to the disk has to be stopped. */
  copyTo(path: string): void
  mount(): void
  unmount(): void
  /** Where the kernel tells and is told of this file system. */
  sysfs(): string
  /** Where it is told how requests reach its device. */
  queue(): string
  /** Unmounts and forgets it. */
  remove(): void
}

/** A folder in memory that is this run's own. */
export function rigFolder(): string {
  if (process.getuid?.() !== 0 || !existsSync('/dev/loop-control') || !existsSync(MEMORY))
    throw new Error(NEEDED)
  return mkdtempSync(join(MEMORY, 'window24-rig-'))
}

/**
 * @param options further mount options, such as `data=writeback`
 * @throws Error that says what this machine lacks
 */
export function makeDisk(rig: string, name: string, options: readonly string[] = []): Disk {
  const image = join(rig, `${name}.img`)
  const file = openSync(image, 'w', 0o600)
  ftruncateSync(file, DISK_MIB * MIB)
  closeSync(file)
  needed('mke2fs', [
    ...['-q', '-F', '-t', 'ext4', '-b', String(BLOCK_BYTES), '-m', '0', '-N', String(INODES)],
    ...['-J', `size=${JOURNAL_MIB},location=${JOURNAL_AT_MIB}M`],
    ...['-E', 'lazy_itable_init=0,lazy_journal_init=0,nodiscard', image],
  ])
  keepBlocks(image, METADATA_BYTES)
  const disk = diskOf(image, join(rig, name), [`commit=${COMMIT_SECONDS}`, ...options])
  disk.mount()
  return disk
}

/** The file system's own blocks are there whatever happens; mke2fs leaves holes where it writes nothing but zeros. */
function keepBlocks(image: string, bytes: number): void {
  const file = openSync(image, 'r+')
  const own = Buffer.alloc(bytes)
  readSync(file, own, 0, bytes, 0)
  writeSync(file, own, 0, bytes, 0)
  closeSync(file)
}

/** The copy of an image, mounted as after a power cut: ext4 recovers its journal. */
export function mountCopy(image: string, folder: string): Disk {
  const disk = diskOf(image, folder, [])
  disk.mount()
  return disk
}

function diskOf(image: string, folder: string, options: readonly string[]): Disk {
  let device: string | null = null
  mkdirSync(folder, { recursive: true })
  const statistics = (): string => readFileSync(`/sys/block/${basename(device ?? '')}/stat`, 'utf8')
  return {
    folder,
    image,
    copyTo(path) {
      // Journal and write-back threads are the kernel's own and do not stop: a copy that they wrote into is none.
      for (;;) {
        const before = written(statistics())
        copyFileSync(image, path)
        if (before !== null && before === written(statistics())) return
      }
    },
    mount() {
      mountOnLoop(image, folder, options)
      device = loopOf(image)
    },
    unmount() {
      if (device === null) return
      execFileSync('umount', [folder])
      device = null
    },
    sysfs: () => `/sys/fs/ext4/${basename(device ?? '')}`,
    queue: () => `/sys/block/${basename(device ?? '')}/queue`,
    remove() {
      this.unmount()
      rmSync(image, { force: true })
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/**
 * Two mounts at once may reach for the same free loop device; the one that comes too late tries again. It never is the
 * file system that refuses: what a mount reads lies in the front of an image, and no copy is mixed there.
 */
const MOUNT_TRIES = 10
const MOUNT_AGAIN_MS = 50

function mountOnLoop(image: string, folder: string, options: readonly string[]): void {
  for (let tries = 1; ; tries += 1)
    try {
      needed('mount', ['-o', ['loop', ...options].join(','), image, folder])
      return
    } catch (error) {
      if (tries === MOUNT_TRIES) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, MOUNT_AGAIN_MS)
    }
}

/** Sectors written, or null while anything is on its way (Documentation/block/stat.rst). */
function written(statistics: string): string | null {
  const fields = statistics.trim().split(/\s+/)
  return fields[8] === '0' ? `${fields[4]}/${fields[6]}` : null
}

function loopOf(image: string): string {
  for (const name of readdirSync('/sys/block'))
    if (name.startsWith('loop') && backingFile(name) === image) return `/dev/${name}`
  throw new Error(`${image} is mounted, and no loop device holds it`)
}

function backingFile(name: string): string | null {
  try {
    return readFileSync(`/sys/block/${name}/loop/backing_file`, 'utf8').trim()
  } catch {
    return null
  }
}

function needed(command: string, words: readonly string[]): void {
  try {
    execFileSync(command, words, { stdio: ['ignore', 'ignore', 'pipe'] })
  } catch (cause) {
    throw new Error(`${command} failed (${wordsOf(cause)}); ${NEEDED}`, { cause })
  }
}

/** Fills a disk to its last byte; gives what is to be removed to make room again. */
export function fill(folder: string): string {
  const ballast = join(folder, 'ballast')
  const file = openSync(ballast, 'a')
  try {
    for (let bytes = MIB; bytes >= 1; bytes = Math.floor(bytes / 2))
      while (took(file, bytes)) {
        // As long as there is room for so many.
      }
  } finally {
    closeSync(file)
  }
  return ballast
}

function took(file: number, bytes: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(bytes, 1)) === bytes
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return false
    throw error
  }
}

export const freeBytes = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

const wordsOf = (failed: unknown): string =>
  failed instanceof Error && 'stderr' in failed ? String(failed.stderr).trim() : String(failed)
