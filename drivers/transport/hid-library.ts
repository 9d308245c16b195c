import { messageOf } from './connection.ts'

/** The Debian package that holds the library, as the technician has to type it. */
const LIBUSB_PACKAGE = 'libusb-1.0-0'

export type HidLibrary = { available: true } | { available: false; detail: string }

/** What is needed of node-hid here; a test gives a loader of its own. */
interface HidModule {
  devices(): unknown
}

/**
 * Whether USB HID can be used on this machine. node-hid carries its own binary, which loads without libusb and
 * throws only when devices are listed: so the list is asked for.
 */
export async function hidLibrary(load: () => Promise<HidModule> = loadNodeHid): Promise<HidLibrary> {
  try {
    const hid = await load()
    hid.devices()
    return { available: true }
  } catch (error) {
    return { available: false, detail: missingHidLibrary(error) }
  }
}

/** The line for a technician whose machine cannot load or list by node-hid. */
export function missingHidLibrary(error: unknown): string {
  return `USB HID needs the Debian package ${LIBUSB_PACKAGE}: ${messageOf(error)}`
}

/** Loaded when a port needs it: a device without HID peripherals never maps the native module. */
export function loadNodeHid() {
  return import('node-hid')
}
