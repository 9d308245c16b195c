/** The disk that the store lies on: room, kind, whether and how fast it keeps what is written, and how worn it is. */
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  readlinkSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs'
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { removeQuietly } from '../../../sync/durable-file.ts'
import { isLow } from '../judge-machine.ts'
import { bad, type CheckLine, codeOf, good } from './line.ts'
import { ask } from './program.ts'

const BYTES_PER_MIB = 1024 * 1024

/** A thank-you waits for two syncs: a disk that takes longer for one lets whoever rates wait for over a second. */
const SLOW_FROM_MS = 500
/** As much as a rating writes. */
const WRITTEN_BYTES = 4096

/** What loses the last seconds at a power cut, or knows no sync: a store does not live there. */
const UNFIT = ['tmpfs', 'ramfs', 'vfat', 'exfat', 'ntfs', 'ntfs3', 'fuseblk', 'nfs', 'nfs4', 'cifs', 'smb3']

const WORN_FROM_PERCENT = 80

export interface StorageSubject {
  dataDir: string
  path?: string | undefined
  /** Where the kernel tells of disks. */
  sys?: string
}

export const checkStorage = async (subject: StorageSubject): Promise<CheckLine[]> => {
  const { dataDir, path = process.env.PATH, sys = '/sys' } = subject
  const life = await lifeLine(dataDir, sys, path)
  return [freeLine(dataDir), ...(await mountLines(dataDir)), writeLine(dataDir), life]
}

const freeLine = (dataDir: string): CheckLine => {
  try {
    const { bavail, blocks, bsize } = statfsSync(dataDir)
    const disk = { free: bavail * bsize, total: blocks * bsize }
    const facts = { freeMiB: mebibytes(disk.free), totalMiB: mebibytes(disk.total) }
    return isLow(disk) ? bad('free-low', facts) : good('free', facts)
  } catch (error) {
    return bad('disk-unreadable', { code: codeOf(error) })
  }
}

/** proc(5): device, mount point, kind, options; blanks within are octal. The last mount over a place is what is seen. */
const mountLines = async (dataDir: string): Promise<CheckLine[]> => {
  const real = await realpath(dataDir).catch(() => dataDir)
  const mounts = readText('/proc/self/mounts')
    .split('\n')
    .map((line) => line.split(' '))
    .map(([, point = '', kind = '', options = '']) => ({
      point: unescaped(point),
      kind,
      options: options.split(','),
    }))
    .filter(({ point }) => point === '/' || real === point || real.startsWith(`${point}/`))
  const mount = mounts.reduce<(typeof mounts)[number] | null>(
    (best, one) => (best === null || one.point.length >= best.point.length ? one : best),
    null,
  )
  if (mount === null) return []
  const facts = { kind: mount.kind, point: mount.point }
  return [
    UNFIT.includes(mount.kind) ? bad('file-system-unfit', facts) : good('file-system', facts),
    ...(mount.options.includes('ro') ? [bad('read-only', facts)] : []),
  ]
}

const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))

/** In the main loop, as the store itself writes: what is measured is what a citizen waits for. */
const writeLine = (dataDir: string): CheckLine => {
  const file = join(dataDir, '.write-check')
  const startedAt = performance.now()
  try {
    const handle = openSync(file, 'w', 0o600)
    try {
      // A short write is what a disk with half a block left does.
      if (writeSync(handle, Buffer.alloc(WRITTEN_BYTES)) < WRITTEN_BYTES)
        return bad('write-failed', { code: 'ENOSPC' })
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    const ms = performance.now() - startedAt
    const facts = { ms: ms < 10 ? ms.toFixed(1) : String(Math.round(ms)) }
    return ms < SLOW_FROM_MS ? good('write', facts) : bad('write-slow', facts)
  } catch (error) {
    return bad('write-failed', { code: codeOf(error) })
  } finally {
    removeQuietly(file)
  }
}

const lifeLine = async (dataDir: string, sys: string, path: string | undefined): Promise<CheckLine> => {
  const disk = diskOf(dataDir, sys)
  if (disk === null) return good('life-unknown')
  return (
    emmcLife(disk, sys) ?? smartLife(disk, await ask('smartctl', ['-j', '-H', '-A', `/dev/${disk}`], path))
  )
}

/** The whole disk's name, of whatever partition of it; null for what lies on none, as an overlay. */
const diskOf = (dataDir: string, sys: string): string | null => {
  try {
    const { dev } = statSync(dataDir)
    // As glibc's gnu_dev_major and gnu_dev_minor.
    const major = (dev >> 8) & 0xfff
    const minor = (dev & 0xff) | ((dev >> 12) & 0xfff00)
    const link = readlinkSync(join(sys, 'dev', 'block', `${major}:${minor}`))
    return /\/block\/([^/]+)/.exec(link)?.[1] ?? null
  } catch {
    return null
  }
}

/** JEDEC eMMC 5.0 (JESD84-B50) §7.4.23: each step of the two estimates is a tenth of the life; 0x0B is beyond it. */
const emmcLife = (disk: string, sys: string): CheckLine | null => {
  const estimates = readText(join(sys, 'block', disk, 'device', 'life_time'))
    .trim()
    .split(/\s+/)
    .map(Number)
    .filter((step) => step > 0)
  if (estimates.length === 0) return null
  return lifeOf(disk, Math.min(100, Math.max(...estimates) * 10))
}

const Smart = z.object({
  smart_status: z.object({ passed: z.boolean() }).optional(),
  nvme_smart_health_information_log: z.object({ percentage_used: z.number() }).optional(),
})

const smartLife = (disk: string, said: string | null): CheckLine => {
  const read = Smart.safeParse(said === null ? null : parsed(said))
  if (!read.success) return good('life-unknown', { disk })
  const { smart_status: state, nvme_smart_health_information_log: nvme } = read.data
  if (state?.passed === false) return bad('disk-failing', { disk })
  if (nvme !== undefined) return lifeOf(disk, nvme.percentage_used)
  return state === undefined ? good('life-unknown', { disk }) : good('life', { disk })
}

const lifeOf = (disk: string, percent: number): CheckLine => {
  const facts = { disk, percent: String(percent) }
  return percent >= WORN_FROM_PERCENT ? bad('life-ending', facts) : good('life', facts)
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const readText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

const mebibytes = (bytes: number): string => String(Math.floor(bytes / BYTES_PER_MIB))
