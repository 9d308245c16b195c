import { dirname, join } from 'node:path'
import { linkOf, type Machine, namesIn, targetOf, textOf } from './machine.ts'

/** What a USB device says of itself in its descriptors, as sysfs shows it. */
export interface UsbIdentity {
  vendorId: number
  productId: number
  manufacturer: string | null
  product: string | null
  serialNumber: string | null
}

export interface UsbDevice extends UsbIdentity {
  /** Its folder in sysfs. */
  folder: string
}

/** A USB device of which a program has taken an interface from the kernel, so that no port of it appears. */
export interface ClaimedUsb extends UsbIdentity {
  /** /dev/bus/usb/BBB/DDD: who holds this node is who took it. */
  node: string
}

/** A port hangs at most this far below its USB device: port, interface, device, and room for a hub's own level. */
const LEVELS_UP_AT_MOST = 8

/** The USB device that a device's folder in sysfs belongs to, null when it is none of USB. */
export async function usbDeviceAbove(machine: Machine, folder: string): Promise<UsbDevice | null> {
  const root = await targetOf(machine.sys)
  let at = await targetOf(folder)
  for (let level = 0; level < LEVELS_UP_AT_MOST && at !== null && root !== null && at !== root; level += 1) {
    const device = await usbDeviceIn(at)
    if (device !== null) return device
    at = dirname(at)
  }
  return null
}

async function usbDeviceIn(folder: string): Promise<UsbDevice | null> {
  const vendor = await textOf(join(folder, 'idVendor'))
  if (vendor === null) return null
  const [product, manufacturer, name, serialNumber] = await Promise.all(
    ['idProduct', 'manufacturer', 'product', 'serial'].map((file) => textOf(join(folder, file))),
  )
  return {
    vendorId: Number.parseInt(vendor, 16),
    productId: Number.parseInt(product ?? '', 16),
    manufacturer: manufacturer || null,
    product: name || null,
    serialNumber: serialNumber || null,
    folder,
  }
}

/**
 * Devices of which a program holds an interface through usbfs. brltty takes USB serial adapters so (field row
 * 13): the adapter is there, and its ttyUSB is gone.
 */
export async function claimedUsbDevices(machine: Machine): Promise<ClaimedUsb[]> {
  const folder = join(machine.sys, 'bus', 'usb', 'devices')
  const names = await namesIn(folder)
  const claimed = new Set<string>()
  for (const name of names.filter((one) => one.includes(':'))) {
    const driver = await linkOf(join(folder, name, 'driver'))
    if (driver?.endsWith('/usbfs')) claimed.add(name.slice(0, name.indexOf(':')))
  }
  const devices = await Promise.all([...claimed].map((name) => claimedDevice(machine, join(folder, name))))
  return devices.filter((device) => device !== null)
}

async function claimedDevice(machine: Machine, folder: string): Promise<ClaimedUsb | null> {
  const device = await usbDeviceIn(folder)
  const [bus, number] = await Promise.all([textOf(join(folder, 'busnum')), textOf(join(folder, 'devnum'))])
  if (device === null || bus === null || number === null) return null
  const { folder: _, ...identity } = device
  const node = join(machine.dev, 'bus', 'usb', bus.padStart(3, '0'), number.padStart(3, '0'))
  return { ...identity, node }
}
