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
    const message = error instanceof Error ? error.message : String(error)
    return { available: false, detail: `USB HID needs the Debian package ${LIBUSB_PACKAGE}: ${message}` }
  }
}

async function loadNodeHid(): Promise<HidModule> {
  const module = await import('node-hid')
  return module.default
}
