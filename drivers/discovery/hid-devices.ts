import { join } from 'node:path'
import { missingHidLibrary } from '../transport/hid-library.ts'
import { type Access, accessTo } from './access.ts'
import { type HidListing, type Machine, namesIn, textOf } from './machine.ts'
import type { UsbIdentity } from './usb.ts'
import type { Accounts, User } from './user.ts'
import { within } from './within.ts'

/** A HID device as hidraw gives it: keyboards and mice of the house are among them. */
export interface HidDevice extends UsbIdentity {
  /** /dev/hidrawN: numbered anew at each plugging, so it is never what a port is bound by. */
  node: string
  /** Top-level usage (8C 02 = a scanner in HID-POS mode, 01 06 = one that types like a keyboard); null = not told. */
  usagePage: number | null
  usage: number | null
  /** null when there is no node yet. */
  access: Access | null
}

/** `detail` is the line for a technician whose machine cannot load or list by the library that drivers use. */
export type HidLibraryState = { state: 'working' } | { state: 'missing' | 'silent'; detail: string }

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
      library: { state: 'silent' as const, detail: `no list within ${LIST_DEADLINE_MS} ms` },
      listings: [],
    }),
    listBySysfs(machine),
  ])
  const devices = new Map(inSysfs.map((device) => [device.node, device]))
  for (const listing of listed.listings) {
    if (listing.path === undefined) continue
    const known = devices.get(listing.path) ?? identityOf(listing)
    const told = known.usagePage !== null
    // A device is listed once for each of its top-level collections; the first one is what it is.
    devices.set(listing.path, {
      ...known,
      node: listing.path,
      usagePage: told ? known.usagePage : (listing.usagePage ?? null),
      usage: told ? known.usage : (listing.usage ?? null),
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
    return { library: { state: 'missing', detail: missingHidLibrary(error) }, listings: [] }
  }
}

function identityOf(listing: HidListing): Omit<Found, 'node'> {
  return {
    vendorId: listing.vendorId,
    productId: listing.productId,
    manufacturer: listing.manufacturer || null,
    product: listing.product || null,
    serialNumber: listing.serialNumber || null,
    usagePage: null,
    usage: null,
  }
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
        usagePage: null,
        usage: null,
      }
    }),
  )
  return found.filter((device) => device !== null)
}
