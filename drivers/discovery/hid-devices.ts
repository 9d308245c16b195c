import { join } from 'node:path'
import { messageOf } from '../transport/connection.ts'
import { type Access, accessTo } from './access.ts'
import { type HidListing, type Machine, namesIn, textOf } from './machine.ts'
import type { UsbIdentity } from './usb.ts'
import type { Accounts, User } from './user.ts'
import { within } from './within.ts'

/** A HID device as hidraw gives it: keyboards and mice of the house are among them. */
export interface HidDevice extends UsbIdentity {
  /** /dev/hidrawN: numbered anew at each plugging, so it is never what a port is bound by. */
  node: string
  /**
   * Top-level usages of its collections (8C 02 = a scanner in HID-POS mode, 01 06 = one that types like a
   * keyboard); none = not told. A composite device has a node for each interface, and several in one.
   */
  usages: readonly Usage[]
  /** Number of the USB interface, null when it is not known. */
  interface: number | null
  /** null when there is no node yet. */
  access: Access | null
}

/** HID usage tables, §3. */
export interface Usage {
  page: number
  usage: number
}

/**
 * The library that drivers use. `missing`: the system's libusb, on which it stands, is; `failed`: it cannot be
 * loaded or asked for any other cause, which `detail` says in its own words.
 */
export type HidLibraryState =
  | { state: 'working' | 'missing' }
  | { state: 'failed'; detail: string }
  | { state: 'silent' }

export interface HidFacts {
  library: HidLibraryState
  devices: HidDevice[]
}

/** Listing takes some 100 ms while a device is being read (field row 3); later it is not worth waiting for. */
const LIST_DEADLINE_MS = 1000

/** As `HID_ID=0003:00002B8B:00002721` in a device's uevent: bus, vendor, product. */
const HID_ID = /^HID_ID=[0-9A-F]{4}:0000([0-9A-F]{4}):0000([0-9A-F]{4})$/im

/** Listed by the library and by sysfs, so that a machine without the library still shows what is plugged in. */
export async function hidFacts(machine: Machine, user: User, accounts: Accounts): Promise<HidFacts> {
  const [listed, inSysfs] = await Promise.all([
    within(LIST_DEADLINE_MS, listByLibrary(machine), {
      library: { state: 'silent' as const },
      listings: [],
    }),
    listBySysfs(machine),
  ])
  const devices = new Map(inSysfs.map((device) => [device.node, device]))
  for (const listing of listed.listings) {
    if (listing.path === undefined) continue
    const known = devices.get(listing.path) ?? identityOf(listing)
    // A node is listed once for each of its top-level collections.
    devices.set(listing.path, {
      ...known,
      node: listing.path,
      usages: [...known.usages, ...usagesOf(listing)],
      interface: known.interface ?? numberOf(listing.interface),
    })
  }
  return {
    library: listed.library,
    devices: await Promise.all(
      [...devices.values()].map(async (device) => ({
        ...device,
        access: await accessTo(device.node, user, accounts),
      })),
    ),
  }
}

type Found = Omit<HidDevice, 'access'>

async function listByLibrary(
  machine: Machine,
): Promise<{ library: HidLibraryState; listings: readonly HidListing[] }> {
  try {
    const library = await machine.loadHid()
    return { library: { state: 'working' }, listings: await library.devicesAsync() }
  } catch (error) {
    const detail = messageOf(error)
    const library = /libusb/i.test(detail)
      ? { state: 'missing' as const }
      : { state: 'failed' as const, detail }
    return { library, listings: [] }
  }
}

function identityOf(listing: HidListing): Omit<Found, 'node'> {
  return {
    vendorId: listing.vendorId,
    productId: listing.productId,
    manufacturer: listing.manufacturer || null,
    product: listing.product || null,
    serialNumber: listing.serialNumber || null,
    usages: [],
    interface: null,
  }
}

/** Some kernels tell none. */
function usagesOf({ usagePage, usage }: HidListing): Usage[] {
  return usagePage === undefined ? [] : [{ page: usagePage, usage: usage ?? 0 }]
}

function numberOf(listed: number | undefined): number | null {
  return listed === undefined || listed < 0 ? null : listed
}

async function listBySysfs(machine: Machine): Promise<Found[]> {
  const folder = join(machine.sys, 'class', 'hidraw')
  const found = await Promise.all(
    (await namesIn(folder)).map(async (name): Promise<Found | null> => {
      const uevent = (await textOf(join(folder, name, 'device', 'uevent'))) ?? ''
      const [, vendor, product] = HID_ID.exec(uevent) ?? []
      if (vendor === undefined || product === undefined) return null
      return {
        node: join(machine.dev, name),
        vendorId: Number.parseInt(vendor, 16),
        productId: Number.parseInt(product, 16),
        manufacturer: null,
        product: /^HID_NAME=(.+)$/m.exec(uevent)?.[1] ?? null,
        serialNumber: /^HID_UNIQ=(.+)$/m.exec(uevent)?.[1] ?? null,
        usages: [],
        interface: numberOf(Number(/^HID_PHYS=.*\/input(\d+)$/m.exec(uevent)?.[1] ?? -1)),
      }
    }),
  )
  return found.filter((device) => device !== null)
}
