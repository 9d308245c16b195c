/** The sticks are real file systems: mounted, filled, made read-only, pulled. */
import { execFileSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { mountsIn } from '../../../device/technician/mounts.ts'
import { readFromStick, writeToStick } from '../../../device/technician/stick-files.ts'
import { findSticks } from '../../../device/technician/sticks.ts'
import { PlantedMachine } from '../../drivers/discovery/planted-machine.ts'
import { fill } from '../../faults/storage/disk.ts'
import { openRig } from '../../faults/storage/rig.ts'
import { cutEverywhere } from './configuration/cuts.ts'
import { type PluggedStick, plantDisk, type StickBay, seeMounts, stickBay } from './support/stick.ts'

const NAME = 'window24-pad-2026-11-22.w24setup'
const BYTES = Buffer.from('sealed and sealed and sealed\n')
/** More than one write. */
const LARGE_BYTES = 3 * 1024 * 1024
/** A frozen disk is to be let go whatever happens. */
const HELD_WITHIN_MS = 20_000

let plugIn: StickBay['plugIn']
let machine: PlantedMachine
let stick: PluggedStick

beforeEach(() => {
  const bay = stickBay(onTestFinished)
  machine = bay.machine
  plugIn = bay.plugIn
  stick = plugIn({ label: 'SETUP\\x20STICK' })
})

const onIt = (): string[] => readdirSync(stick.disk.folder).filter((name) => name !== 'lost+found')

it('a stick is known by its label, with its room and the files of ours that are on it', async () => {
  for (const name of ['a.w24setup', 'B.W24SETUP', 'reset.w24pin', 'photo.jpg', '._a.w24setup'])
    writeFileSync(join(stick.disk.folder, name), 'x')
  symlinkSync('/etc/passwd', join(stick.disk.folder, 'link.w24setup'))
  mkdirSync(join(stick.disk.folder, 'folder.w24setup'))
  const [found, ...others] = await findSticks(machine)
  expect(others).toEqual([])
  expect(found).toMatchObject({ id: 'sdb1', label: 'SETUP STICK', trouble: null, folder: stick.disk.folder })
  expect(found?.freeBytes).toBeGreaterThan(LARGE_BYTES)
  expect(found?.files.map(({ name, kind }) => [name, kind]).sort()).toEqual([
    ['B.W24SETUP', 'configuration'],
    ['a.w24setup', 'configuration'],
    ['reset.w24pin', 'pin-reset'],
  ])
})

it('a medium in a slot counts as well, and a disk that is built in does not', async () => {
  plugIn({ disk: 'mmcblk', usb: false })
  expect((await findSticks(machine)).map(({ id }) => id).sort()).toEqual(['mmcblk1', 'sdb1'])
  machine.file(join(machine.sys, 'devices/platform/slot/block/mmcblk/removable'), '0\n')
  expect((await findSticks(machine)).map(({ id }) => id)).toEqual(['sdb1'])
})

it('one that is plugged in and not mounted is told of, and an empty card reader is not', async () => {
  stick.pull()
  plantDisk(machine, { disk: 'sdc', device: '8:33' })
  machine.file(join(machine.sys, 'devices/pci0000:00/usb1/1-1/1-1:1.0/host6/block/sdc/size'), '0\n')
  expect(await findSticks(machine)).toMatchObject([{ id: 'sdb1', trouble: 'not-mounted', folder: null }])
  expect(await writeToStick(machine, 'sdb1', NAME, BYTES)).toMatchObject({ code: 'stick-not-mounted' })
})

it('the disk that this machine runs from is no stick, wherever it hangs', async () => {
  const other = new PlantedMachine()
  plantDisk(other, { device: '8:17', label: 'ROOT' })
  const lines = ['/', '/boot/firmware', '/media/usb\\040stick'].map(
    (folder, at) => `${20 + at} 1 8:17 ${folder === '/' ? '/' : '/part'} ${folder} rw - ext4 /dev/sdb1 rw`,
  )
  other.file(join(other.proc, 'self', 'mountinfo'), `${lines.join('\n')}\n`)
  expect(await findSticks(other)).toEqual([])
})

it('mounts are read as the kernel writes them, blanks and optional fields and all', () => {
  expect(
    mountsIn(
      '36 35 98:0 /mnt1 /media/m\\303\\251dia\\0401 ro,noatime master:1 propagate_from:2 - vfat /dev/sdb1 rw,errors=continue\nnonsense\n',
    ),
  ).toEqual([{ device: '98:0', root: '/mnt1', folder: '/media/média 1', readOnly: true, type: 'vfat' }])
})

it('what is written is whole when it is told, and a file that is there already is kept', async () => {
  expect(await writeToStick(machine, stick.id, NAME, BYTES)).toEqual({ ok: true, file: NAME })
  const again = await writeToStick(machine, stick.id, NAME, Buffer.from('another'))
  expect(again).toEqual({ ok: true, file: 'window24-pad-2026-11-22-2.w24setup' })
  expect(readFileSync(join(stick.disk.folder, NAME))).toEqual(BYTES)
  const read = await readFromStick(machine, stick.id, NAME, BYTES.length)
  expect(read).toEqual({ ok: true, bytes: BYTES })
})

it('a file that is gone, too large, a link or elsewhere is refused', async () => {
  writeFileSync(join(stick.disk.folder, NAME), BYTES)
  symlinkSync('/etc/passwd', join(stick.disk.folder, 'link.w24setup'))
  const codeOf = async (name: string, most = 1000) => {
    const read = await readFromStick(machine, stick.id, name, most)
    return read.ok ? 'ok' : read.code
  }
  expect(await codeOf('other.w24setup')).toBe('file-gone')
  expect(await codeOf('link.w24setup')).toBe('file-gone')
  expect(await codeOf('..')).toBe('file-gone')
  expect(await codeOf('../../etc/passwd')).toBe('file-gone')
  expect(await codeOf(NAME, BYTES.length - 1)).toBe('file-too-large')
  expect(await codeOf(NAME)).toBe('ok')
})

it('a full stick is told, and nothing half is left on it', async () => {
  const ballast = fill(stick.disk.folder)
  expect(await writeToStick(machine, stick.id, NAME, Buffer.alloc(LARGE_BYTES))).toMatchObject({
    ok: false,
    code: 'stick-full',
  })
  expect(onIt()).toEqual(['ballast'])
  rmSync(ballast)
  expect((await writeToStick(machine, stick.id, NAME, Buffer.alloc(LARGE_BYTES))).ok).toBe(true)
})

it('a stick that can only be read is told of before and when something is to be written', async () => {
  writeFileSync(join(stick.disk.folder, NAME), BYTES)
  execFileSync('mount', ['-o', 'remount,ro', stick.disk.folder])
  expect(await findSticks(machine)).toMatchObject([{ trouble: 'read-only', files: [{ name: NAME }] }])
  expect(await writeToStick(machine, stick.id, 'other.w24setup', BYTES)).toMatchObject({
    code: 'stick-read-only',
  })
  expect((await readFromStick(machine, stick.id, NAME, 1000)).ok).toBe(true)
})

it('a stick that was pulled is gone, and this machine does not write to its own disk in its place', async () => {
  stick.pull()
  // The list of mounts as it was read a moment ago.
  const seen = join(machine.proc, 'self', 'mountinfo')
  const before = readFileSync('/proc/self/mountinfo', 'utf8')
  rmSync(seen)
  machine.file(
    seen,
    `${before}99 1 ${readFileSync(join(machine.sys, 'class/block/sdb1/dev'), 'utf8').trim()} / ${stick.disk.folder} rw - ext4 /dev/sdb1 rw\n`,
  )
  expect(await writeToStick(machine, stick.id, NAME, BYTES)).toMatchObject({ ok: false, code: 'stick-gone' })
  expect(await readFromStick(machine, stick.id, NAME, 1000)).toMatchObject({ ok: false, code: 'stick-gone' })
  expect(onIt()).toEqual([])
  rmSync(seen)
  seeMounts(machine)
  expect(await writeToStick(machine, 'sdz9', NAME, BYTES)).toMatchObject({ ok: false, code: 'stick-gone' })
})

it('a stick that is pulled while it is written to is told as gone, never as done', async () => {
  // Frozen, its file system holds every write until it is let go: the stick leaves in the middle of them.
  const { folder } = stick.disk
  execFileSync('fsfreeze', ['--freeze', folder])
  // Once it is pulled only who has it open can let it go, and the writer may just have closed it.
  const held = openSync(folder, 'r')
  const writing = writeToStick(machine, stick.id, NAME, BYTES)
  try {
    await untilHeld(folder, held)
    stick.pull()
  } finally {
    execFileSync('fsfreeze', ['--unfreeze', fdPath(held)])
    closeSync(held)
  }
  expect(await writing).toMatchObject({ ok: false, code: 'stick-gone' })
  expect(existsSync(join(folder, NAME))).toBe(false)
})

it('whenever a stick is pulled, what is on it is whole or has no name of ours', async () => {
  const rig = openRig({ judges: 0 })
  onTestFinished(() => rig[Symbol.asyncDispose]())
  const { sys, proc, dev, run, etc, cups } = machine
  for (const writtenOut of [false, true]) {
    const name = `${writtenOut}.w24setup`
    const work = {
      kind: 'stick' as const,
      machine: { sys, proc, dev, run, etc, cups },
      stick: stick.id,
      name,
      bytes: LARGE_BYTES,
    }
    let cuts = 0
    await cutEverywhere(rig, stick.disk, work, writtenOut, ({ at, folder, ended }) => {
      const path = join(folder, name)
      if (existsSync(path))
        expect(readFileSync(path).equals(Buffer.alloc(LARGE_BYTES, 7)), `cut at ${at}`).toBe(true)
      expect(existsSync(path) || !ended).toBe(true)
      cuts = at
    })
    expect(cuts).toBeGreaterThan(2)
  }
})

it('what an earlier pull has left half is cleared away by the next export', async () => {
  writeFileSync(join(stick.disk.folder, `${NAME}.w24part`), 'hal')
  expect(await writeToStick(machine, stick.id, NAME, BYTES)).toEqual({ ok: true, file: NAME })
  expect(onIt()).toEqual([NAME])
})

const fdPath = (fd: number | string): string => join('/proc', String(process.pid), 'fd', String(fd))

/** Until the writer holds the stick. @param own descriptor of it, which does not count */
const untilHeld = async (folder: string, own: number): Promise<void> => {
  const end = performance.now() + HELD_WITHIN_MS
  while (performance.now() < end) {
    const fds = readdirSync(fdPath('')).filter((fd) => fd !== String(own))
    if (fds.some((fd) => linkOf(fdPath(fd)) === folder)) return
    await sleep(1)
  }
  throw new Error('nobody has opened the stick')
}

const linkOf = (path: string): string | null => {
  try {
    return readlinkSync(path)
  } catch {
    // Closed meanwhile.
    return null
  }
}
