/** A USB stick: a real file system on a loop device, in a machine whose sysfs says that it hangs on USB. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { PlantedMachine } from '../../../drivers/discovery/planted-machine.ts'
import { type Disk, makeDisk, rigFolder } from '../../../faults/storage/disk.ts'

/** As Linux packs the numbers of a device node: 12 bits of major, 20 of minor. */
const MINOR_LOW_MASK = 0xff
const MAJOR_SHIFT = 8
const MAJOR_MASK = 0xfff
const MINOR_HIGH_SHIFT = 12

export interface PluggedStick {
  /** As Stick.id. */
  id: string
  disk: Disk
  /** Taken out without a word: the mount is gone at once, whoever still has it open. */
  pull(): void
  remove(): void
}

export interface StickOptions {
  label?: string
  /** The name of its disk. */
  disk?: string
  /** On the cable of USB; else in a slot whose medium can be taken out. */
  usb?: boolean
}

export interface StickBay {
  machine: PlantedMachine
  plugIn(options?: StickOptions): PluggedStick
}

/** @param atEnd is told how to clear it all away, the last first */
export const stickBay = (atEnd: (clear: () => void) => void): StickBay => {
  const rig = rigFolder()
  atEnd(() => rmSync(rig, { recursive: true, force: true }))
  const machine = new PlantedMachine(atEnd)
  return {
    machine,
    plugIn(options = {}) {
      const stick = plugIn(machine, rig, options)
      atEnd(() => stick.remove())
      return stick
    },
  }
}

const plugIn = (machine: PlantedMachine, rig: string, options: StickOptions = {}): PluggedStick => {
  const name = options.disk ?? 'sdb'
  const disk = makeDisk(rig, `stick-${crypto.randomUUID()}`)
  let isIn = true
  plantDisk(machine, { ...options, disk: name, device: deviceOf(statSync(disk.folder).dev) })
  seeMounts(machine)
  return {
    id: `${name}1`,
    disk,
    pull() {
      isIn = false
      execFileSync('umount', ['-l', disk.folder])
    },
    remove() {
      if (isIn) disk.remove()
      rmSync(disk.image, { force: true })
    },
  }
}

/** `8:17`, as sysfs and mountinfo write what `stat` has in one number. */
export const deviceOf = (dev: number): string =>
  `${(dev >> MAJOR_SHIFT) & MAJOR_MASK}:${(dev & MINOR_LOW_MASK) | ((dev >> MINOR_HIGH_SHIFT) & ~MINOR_LOW_MASK)}`

/** A disk with one partition, as sysfs and udev show it. */
export const plantDisk = (
  machine: PlantedMachine,
  { disk = 'sdb', device, label, usb = true }: StickOptions & { device: string },
): void => {
  const bus = usb ? 'pci0000:00/usb1/1-1/1-1:1.0/host6' : 'platform/slot'
  const folder = join(machine.sys, 'devices', bus, 'block', disk)
  const part = join(folder, `${disk}1`)
  machine.file(join(folder, 'dev'), '8:16\n')
  machine.file(join(folder, 'size'), '65536\n')
  machine.file(join(folder, 'removable'), usb ? '0\n' : '1\n')
  machine.file(join(folder, 'device', 'model'), 'Example Stick   \n')
  machine.file(join(part, 'partition'), '1\n')
  machine.file(join(part, 'dev'), `${device}\n`)
  link(join(machine.sys, 'block', disk), folder)
  link(join(machine.sys, 'class', 'block', disk), folder)
  link(join(machine.sys, 'class', 'block', `${disk}1`), part)
  link(join(machine.sys, 'dev', 'block', device), part)
  machine.file(join(machine.dev, `${disk}1`), '')
  if (label !== undefined) link(join(machine.dev, 'disk', 'by-label', label), join(machine.dev, `${disk}1`))
}

/** What is mounted on the machine that runs the test. */
export const seeMounts = (machine: PlantedMachine): void => {
  const seen = join(machine.proc, 'self', 'mountinfo')
  mkdirSync(dirname(seen), { recursive: true })
  if (statSync(seen, { throwIfNoEntry: false }) === undefined) symlinkSync('/proc/self/mountinfo', seen)
}

const link = (path: string, target: string): void => {
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(relative(dirname(path), target), path)
}
