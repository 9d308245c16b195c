/**
 * USB sticks at this machine, as far as something has mounted them: desktop and kiosk images do (udisks, usbmount), and
 * a device that runs without root may not. One that is plugged in and not mounted is told of, so that nobody waits for it.
 */
import { lstat, readdir, statfs } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type Machine, namesIn, targetOf, textOf } from '../../drivers/discovery/machine.ts'
import { within } from '../../drivers/discovery/within.ts'
import { formatInstant } from '../../sync/protocol/identifiers.ts'
import { SETUP_FILE_SUFFIX } from '../../sync/protocol/setup-file.ts'
import type { Stick } from '../http/contract.ts'
import { type Mount, mountsIn } from './mounts.ts'

/** What a stick is formatted with, by the names that Linux and its helpers have for them. */
const TYPES = ['vfat', 'exfat', 'msdos', 'ext2', 'ext3', 'ext4', 'ntfs', 'ntfs3', 'fuseblk']
/** Never a technician's stick, whatever kind of disk the machine starts from. */
const OF_THE_SYSTEM = /^\/$|^\/(boot|usr|var|home|etc|opt|srv|root|nix|snap)(\/|$)/
/** Drives and discs that are no stick: loops, memory, optical, floppy, arrays. */
const NO_STICK = /^(loop|ram|zram|sr|fd|nbd|md|dm-)/
const USB = /\/usb\d+\//

const KINDS = { [SETUP_FILE_SUFFIX]: 'configuration', '.w24pin': 'pin-reset' } as const
/** Our files are a few KiB; what is larger is none of ours. */
const FILE_BYTES_AT_MOST = 1024 * 1024
const NAME_CHARACTERS_AT_MOST = 128
const FILES_AT_MOST = 50
/** A stick that hangs must not hold up the page. */
const LOOK_DEADLINE_MS = 3_000

/** A stick and where it is mounted; `folder` is null while it is not. */
export interface FoundStick extends Stick {
  folder: string | null
  /** As Mount.device. */
  device: string
}

/** Those that are mounted first, then by name. */
export const findSticks = async (machine: Machine): Promise<FoundStick[]> => {
  const mounts = mountsIn((await textOf(join(machine.proc, 'self', 'mountinfo'))) ?? '')
  const mounted = await mountedSticks(machine, mounts)
  return [...mounted, ...(await unmountedSticks(machine, mounts))]
}

export const stickOf = ({ folder: _folder, device: _device, ...stick }: FoundStick): Stick => stick

const mountedSticks = async (machine: Machine, mounts: readonly Mount[]): Promise<FoundStick[]> => {
  const once = mounts.filter(
    (mount, at) =>
      TYPES.includes(mount.type) &&
      !OF_THE_SYSTEM.test(mount.folder) &&
      mounts.findIndex(({ device, root }) => device === mount.device && root === '/') === at,
  )
  const looks = once.map(async (mount): Promise<FoundStick[]> => {
    const place = await targetOf(join(machine.sys, 'dev', 'block', mount.device))
    if (place === null || !(await isStick(machine, place))) return []
    const gone = { freeBytes: 0, files: [] }
    const { freeBytes, files } = await within(LOOK_DEADLINE_MS, lookInto(mount.folder), gone)
    const id = basename(place)
    const label = (await labelOf(machine, id)) ?? basename(mount.folder)
    const trouble = mount.readOnly ? 'read-only' : null
    return [{ id, label, freeBytes, trouble, files, folder: mount.folder, device: mount.device }]
  })
  return (await Promise.all(looks)).flat()
}

/** `place`: the folder of a disk or of its partition in sysfs. */
const isStick = async (machine: Machine, place: string): Promise<boolean> => {
  const disk = (await textOf(join(place, 'partition'))) === null ? place : join(place, '..')
  if (USB.test(place.slice(machine.sys.length))) return true
  return (await textOf(join(disk, 'removable'))) === '1' && !NO_STICK.test(basename(disk))
}

const unmountedSticks = async (machine: Machine, mounts: readonly Mount[]): Promise<FoundStick[]> => {
  const disks = (await namesIn(join(machine.sys, 'block'))).filter((name) => !NO_STICK.test(name))
  const looks = disks.map(async (name): Promise<FoundStick[]> => {
    const place = await targetOf(join(machine.sys, 'block', name))
    if (place === null || !(await isStick(machine, place))) return []
    // A card reader without a card.
    if (Number(await textOf(join(place, 'size'))) === 0) return []
    const partitions = (await namesIn(place)).filter((part) => part.startsWith(name))
    const nodes = [name, ...partitions]
    const devices = await Promise.all(
      nodes.map((node) => textOf(join(machine.sys, 'class', 'block', node, 'dev'))),
    )
    if (mounts.some(({ device }) => devices.includes(device))) return []
    const id = partitions[0] ?? name
    const label = (await labelOf(machine, id)) ?? (await textOf(join(place, 'device', 'model'))) ?? id
    return [
      { id, label, freeBytes: 0, trouble: 'not-mounted', files: [], folder: null, device: devices[0] ?? '' },
    ]
  })
  return (await Promise.all(looks)).flat()
}

/** As udev wrote it down; what cannot be a file's name stands there as `\x20`. */
const labelOf = async (machine: Machine, node: string): Promise<string | null> => {
  const folder = join(machine.dev, 'disk', 'by-label')
  for (const name of await namesIn(folder)) {
    const target = await targetOf(join(folder, name))
    if (target !== null && basename(target) === node)
      return name.replace(/(\\x[0-9a-f]{2})+/g, (hex) =>
        Buffer.from(hex.replaceAll('\\x', ''), 'hex').toString(),
      )
  }
  return null
}

const lookInto = async (folder: string): Promise<Pick<Stick, 'freeBytes' | 'files'>> => {
  try {
    const { bavail, bsize } = await statfs(folder)
    const names = (await readdir(folder)).filter((name) => kindOf(name) !== null && isPlain(name))
    const files = await Promise.all(names.slice(0, FILES_AT_MOST).map((name) => fileOf(folder, name)))
    const newest = files.flat().sort((one, other) => Date.parse(other.at) - Date.parse(one.at))
    return { freeBytes: bavail * bsize, files: newest }
  } catch {
    // Pulled between the list of mounts and this.
    return { freeBytes: 0, files: [] }
  }
}

const fileOf = async (folder: string, name: string): Promise<Stick['files']> => {
  const found = await lstat(join(folder, name)).catch(() => null)
  const kind = kindOf(name)
  if (kind === null || found === null || !found.isFile() || found.size > FILE_BYTES_AT_MOST) return []
  return [{ name, kind, at: formatInstant(found.mtime) }]
}

const kindOf = (name: string): 'configuration' | 'pin-reset' | null =>
  Object.entries(KINDS).find(([suffix]) => name.toLowerCase().endsWith(suffix))?.[1] ?? null

/** What a page can show and ask for again. Files that a Mac leaves beside the others begin with a dot. */
const isPlain = (name: string): boolean =>
  !name.startsWith('.') && name.length <= NAME_CHARACTERS_AT_MOST && !/[\p{Cc}\p{Cf}\p{Cs}/]/u.test(name)
