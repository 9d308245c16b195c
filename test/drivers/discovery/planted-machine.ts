import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { onTestFinished } from 'vitest'
import type { HidListing, Machine } from '../../../drivers/discovery/machine.ts'

/** Character devices of Linux: USB serial ports, and USB devices themselves. */
const TTY_USB_MAJOR = 188
const USB_DEVICE_MAJOR = 189

const ROOT_UID = 0
export const DIALOUT_GID = 20
/** The account that a device runs as in these tests. */
export const KIOSK = { name: 'kiosk', uid: 1900 }

export interface PlantedSerial {
  name?: string
  /** The node of another port of the same adapter. */
  beside?: string
  vendorId?: string
  productId?: string
  product?: string
  serialNumber?: string
  byId?: string
  byPath?: string
  mode?: number
  gid?: number
  /** Lines of udev's database about the USB device. */
  marks?: string[]
}

export interface PlantedHid {
  vendorId: string
  productId: string
  product?: string
  /** Top-level usages, as `[page, usage]`: a node is listed once for each. */
  usages?: [page: number, usage: number][]
  serialNumber?: string
  interface?: number
  mode?: number
}

/** A machine in a folder of its own: real device nodes, links and files, in the places where Linux has them. */
export class PlantedMachine implements Machine {
  readonly #root = mkdtempSync(join(tmpdir(), 'planted-'))
  readonly dev = join(this.#root, 'dev')
  readonly sys = join(this.#root, 'sys')
  readonly proc = join(this.#root, 'proc')
  readonly run = join(this.#root, 'run')
  readonly etc = join(this.#root, 'etc')
  /** Nobody listens there. */
  cups = 'ipp://127.0.0.1:1/'
  #listings: HidListing[] = []
  #serial = 0
  #hid = 0
  #places = new Map<string, string>()
  #pid = 4000

  /** @param atEnd is told how to clear it away; when the test is over, unless whoever plants it knows better */
  constructor(atEnd: (clear: () => void) => void = onTestFinished) {
    if (process.getuid?.() !== ROOT_UID)
      throw new Error('device nodes are planted by mknod: run these tests as root')
    atEnd(() => rmSync(this.#root, { recursive: true, force: true }))
    // As the folders of a real machine: open to everybody, down to the nodes.
    chmodSync(this.#root, 0o755)
    for (const folder of [this.dev, this.sys, this.proc, join(this.run, 'udev', 'data')]) {
      mkdirSync(folder, { recursive: true })
    }
    this.file(
      join(this.etc, 'passwd'),
      `root:x:0:0:root:/root:/bin/bash\n${KIOSK.name}:x:${KIOSK.uid}:${KIOSK.uid}::/home/kiosk:/bin/sh\n`,
    )
    this.groups('')
  }

  /** Who else is in group dialout. */
  groups(members: string): void {
    this.file(
      join(this.etc, 'group'),
      `root:x:0:\ndialout:x:${DIALOUT_GID}:${members}\n${KIOSK.name}:x:${KIOSK.uid}:\n`,
    )
  }

  loadHid(): ReturnType<Machine['loadHid']> {
    return Promise.resolve({ devicesAsync: async () => this.#listings })
  }

  /** A USB serial adapter with its port; gives the node. */
  serial(planted: PlantedSerial = {}): string {
    const number = this.#serial
    this.#serial += 1
    const name = planted.name ?? `ttyUSB${number}`
    const usb = this.#places.get(planted.beside ?? '') ?? this.usb(`1-${number + 1}`, planted)
    this.#places.set(join(this.dev, name), usb)
    const device = join(usb, `${basename(usb)}:1.${number}`, name)
    mkdirSync(device, { recursive: true })
    const folder = join(this.sys, 'class', 'tty', name)
    this.file(join(folder, 'dev'), `${TTY_USB_MAJOR}:${number}\n`)
    symlinkSync(relative(folder, device), join(folder, 'device'))
    const node = this.node(name, TTY_USB_MAJOR, number, planted)
    for (const [kind, link] of [
      ['by-id', planted.byId],
      ['by-path', planted.byPath],
    ] as const) {
      if (link === undefined) continue
      mkdirSync(join(this.dev, 'serial', kind), { recursive: true })
      symlinkSync(`../../${name}`, join(this.dev, 'serial', kind, link))
    }
    return node
  }

  /** A USB device by its place on the bus; gives its folder in sysfs. */
  usb(place: string, planted: PlantedSerial): string {
    const folder = join(this.sys, 'devices', 'usb1', place)
    const number = Number(place.slice(2)) + 1
    const files = {
      idVendor: planted.vendorId ?? '1a86',
      idProduct: planted.productId ?? '7523',
      product: planted.product ?? 'USB Serial',
      serial: planted.serialNumber,
      busnum: '1',
      devnum: String(number),
      dev: `${USB_DEVICE_MAJOR}:${number}`,
    }
    for (const [file, text] of Object.entries(files)) {
      if (text !== undefined) this.file(join(folder, file), `${text}\n`)
    }
    const bus = join(this.sys, 'bus', 'usb', 'devices')
    mkdirSync(bus, { recursive: true })
    symlinkSync(relative(bus, folder), join(bus, place))
    const database = join(this.run, 'udev', 'data', `c${USB_DEVICE_MAJOR}:${number}`)
    this.file(database, `${(planted.marks ?? []).join('\n')}\n`)
    return folder
  }

  /** An adapter that a program has taken by usbfs; gives the node which that program holds. */
  claimedUsb(planted: PlantedSerial = {}): string {
    const folder = this.usb('1-9', planted)
    mkdirSync(join(folder, '1-9:1.0'))
    symlinkSync('../../../../bus/usb/drivers/usbfs', join(folder, '1-9:1.0', 'driver'))
    const bus = join(this.sys, 'bus', 'usb', 'devices')
    symlinkSync(relative(bus, join(folder, '1-9:1.0')), join(bus, '1-9:1.0'))
    return join(this.dev, 'bus', 'usb', '001', '010')
  }

  /** A USB HID device with its hidraw node; gives the node. */
  hid({
    vendorId,
    productId,
    product,
    usages,
    serialNumber,
    interface: interfaceNumber,
    mode,
  }: PlantedHid): string {
    const number = this.#hid
    this.#hid += 1
    const name = `hidraw${number}`
    const ids = [vendorId, productId].map((id) => `0000${id}`).join(':')
    this.file(
      join(this.sys, 'class', 'hidraw', name, 'device', 'uevent'),
      `HID_ID=0003:${ids}\nHID_NAME=${product ?? 'Example'}\nHID_UNIQ=${serialNumber ?? ''}\n`,
    )
    const node = this.node(name, TTY_USB_MAJOR, 100 + number, mode === undefined ? {} : { mode })
    for (const [usagePage, usage] of usages ?? [[undefined, undefined]]) {
      this.#listings.push({
        vendorId: Number.parseInt(vendorId, 16),
        productId: Number.parseInt(productId, 16),
        path: node,
        product,
        serialNumber,
        interface: interfaceNumber ?? -1,
        usagePage,
        usage,
      })
    }
    return node
  }

  /** A running program; gives its process id. */
  process(command: string, words: string[], open: string[] = [], cgroup = '0::/\n'): number {
    this.#pid += 1
    const folder = join(this.proc, String(this.#pid))
    this.file(join(folder, 'comm'), `${command}\n`)
    this.file(join(folder, 'cmdline'), words.map((word) => `${word}\0`).join(''))
    this.file(join(folder, 'cgroup'), cgroup)
    mkdirSync(join(folder, 'fd'))
    for (const [index, target] of ['/dev/null', ...open].entries()) {
      symlinkSync(target, join(folder, 'fd', String(index)))
    }
    return this.#pid
  }

  file(path: string, text: string): void {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }

  node(
    name: string,
    major: number,
    minor: number,
    { mode = 0o660, gid = DIALOUT_GID }: PlantedSerial,
  ): string {
    const path = join(this.dev, name)
    execFileSync('mknod', [path, 'c', String(major), String(minor)])
    chmodSync(path, mode)
    chownSync(path, 0, gid)
    return path
  }
}
