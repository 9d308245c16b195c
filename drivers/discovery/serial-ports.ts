import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type Access, accessTo } from './access.ts'
import { linkOf, type Machine, namesIn, targetOf, textOf } from './machine.ts'
import { modemManagerToldToIgnore } from './udev-marks.ts'
import { type UsbDevice, type UsbIdentity, usbDeviceAbove } from './usb.ts'
import type { Accounts, User } from './user.ts'

/** A serial port of this machine, whether anything is bound to it or not. */
export interface SerialPort {
  /** The node, /dev/ttyUSB0: numbered anew at each plugging when it is of USB. */
  node: string
  /** Names that stay (field row 4), null where udev made none. */
  byId: string | null
  byPath: string | null
  /** `place` is the device's on the bus, as in 1-3: ports of one adapter share it. */
  usb: (UsbIdentity & { place: string }) | null
  access: Access
  /** null when this machine keeps no udev database. */
  modemManagerIgnores: boolean | null
}

/** A UART that the kernel keeps a name for although none is fitted says PORT_UNKNOWN here. */
const NO_UART = '0'

/** USB ports where sysfs is not to be had. */
const USB_PORT_NAME = /^tty(USB|ACM)\d+$/

/**
 * Every serial port, by /dev/serial, sysfs and /dev: serialport's own list rejects without udevadm and shows no
 * stable names. Nothing is opened.
 */
export async function serialPorts(machine: Machine, user: User, accounts: Accounts): Promise<SerialPort[]> {
  const [byId, byPath, names] = await Promise.all([
    stableNames(join(machine.dev, 'serial', 'by-id')),
    stableNames(join(machine.dev, 'serial', 'by-path')),
    portNames(machine),
  ])
  const nodes = new Set([...names.map((name) => join(machine.dev, name)), ...byId.keys(), ...byPath.keys()])
  const ports = await Promise.all(
    [...nodes].map(async (node): Promise<SerialPort | null> => {
      const access = await accessTo(node, user, accounts)
      if (access === null) return null
      const inSysfs = join(machine.sys, 'class', 'tty', basename(node))
      const device = await usbDeviceAbove(machine, join(inSysfs, 'device'))
      return {
        node,
        byId: byId.get(node) ?? null,
        byPath: byPath.get(node) ?? null,
        usb: device === null ? null : withPlace(device),
        access,
        modemManagerIgnores: await modemManagerToldToIgnore(machine, [
          inSysfs,
          ...(device === null ? [] : [device.folder]),
        ]),
      }
    }),
  )
  return ports.filter((port) => port !== null)
}

/** Whether a node is a serial line: of hardware, or a pseudo-terminal. /dev/null is a character device as well. */
export async function isTty(machine: Machine, node: string): Promise<boolean> {
  if (dirname(node) === join(machine.dev, 'pts')) return /^\d+$/.test(basename(node))
  const known = await linkOf(join(machine.sys, 'class', 'tty', basename(node), 'device'))
  const isNode = await stat(node).then(
    (found) => found.isCharacterDevice(),
    () => false,
  )
  return isNode && (known !== null || USB_PORT_NAME.test(basename(node)))
}

function withPlace({ folder, ...identity }: UsbDevice): UsbIdentity & { place: string } {
  return { ...identity, place: basename(folder) }
}

/** Node → the link in `folder` that leads to it. */
async function stableNames(folder: string): Promise<Map<string, string>> {
  const names = new Map<string, string>()
  for (const name of await namesIn(folder)) {
    const link = join(folder, name)
    const target = await targetOf(link)
    // udev writes some ports twice, with and without the USB interface: the first, longer-lived form is kept.
    if (target !== null && !names.has(target)) names.set(target, link)
  }
  return names
}

async function portNames(machine: Machine): Promise<string[]> {
  const folder = join(machine.sys, 'class', 'tty')
  const known = await namesIn(folder)
  const fitted = await Promise.all(
    known.map(async (name) => {
      // Only hardware has a device behind it: consoles and pseudo-terminals have none.
      const hasDevice = (await linkOf(join(folder, name, 'device'))) !== null
      return hasDevice && (await textOf(join(folder, name, 'type'))) !== NO_UART ? name : null
    }),
  )
  const unknown = (await namesIn(machine.dev)).filter((name) => USB_PORT_NAME.test(name))
  return [...new Set([...fitted.filter((name) => name !== null), ...unknown])]
}
