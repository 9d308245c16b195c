import type { Device, HIDAsync } from 'node-hid'
import { NOT_PERMITTED } from './advice.ts'
import { type Connection, messageOf, type Opened, singleUse } from './connection.ts'
import { loadNodeHid, missingHidLibrary } from './hid-library.ts'
import { readReportDescriptor } from './report-descriptor.ts'
import { Turns } from './turns.ts'

export interface WantedHid {
  vendorId: number
  productId: number
  /** Top-level usage page, for devices that show several interfaces under one VID:PID. */
  usagePage?: number
}

/**
 * Opens the first device with that VID:PID. It is listed anew at each opening, for hidraw4 may come back as
 * hidraw5 (field row 4), and by the asynchronous call, for listing is slow (field row 3).
 */
export async function openHid(wanted: WantedHid, name: string): Promise<Opened<Connection>> {
  const fail = (detail: string): Opened<Connection> => ({ ok: false, detail: `port ${name}: ${detail}` })
  let library: Awaited<ReturnType<typeof loadNodeHid>>
  let listed: Device[]
  try {
    library = await loadNodeHid()
    // It rejects only when the library itself is out of order: no device is an empty list.
    listed = await library.devicesAsync(wanted.vendorId, wanted.productId)
  } catch (error) {
    return { ok: false, reason: 'missing-library', detail: `port ${name}: ${missingHidLibrary(error)}` }
  }
  const paths = pathsOf(listed, wanted)
  const path = paths[0]
  if (path === undefined) return fail(absence(listed, wanted))
  const among = paths.length > 1 ? ` (the first of ${paths.length} equal devices)` : ''

  let device: HIDAsync
  try {
    device = await library.HIDAsync.open(path)
  } catch (error) {
    return fail(`${path}${among}: ${openingFault(messageOf(error))}`)
  }
  const reportDescriptor = await readReportDescriptor(path)
  return { ok: true, link: connectionOver(device, name, wanted, reportDescriptor) }
}

function connectionOver(
  device: HIDAsync,
  name: string,
  { vendorId, productId }: WantedHid,
  reportDescriptor: Uint8Array | undefined,
): Connection {
  // node-hid would send what waits behind a stalled report even after the connection is over, its closing last.
  const writing = new Turns(1)
  let shutting = false
  const { connection, received, over } = singleUse(
    name,
    {
      send: (bytes) =>
        writing.take(async () => {
          if (shutting) throw new Error('the device was closed')
          // How many bytes it says were taken differs from kernel to kernel and proves nothing.
          await device.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
        }),
      // node-hid begins to read when somebody listens; until then hidraw itself keeps 64 reports.
      listen: () => device.on('data', received),
      shut: async () => {
        shutting = true
        // node-hid begins to read a tick after the listener came, and throws there when the device has been
        // closed in between: nobody could catch that.
        await new Promise((resolve) => setImmediate(resolve))
        await device.close()
      },
    },
    { reportDescriptor, vendorId, productId },
  )
  // There is no close event: any error of reading means that the device is gone (field row 2).
  device.on('error', (error: unknown) => over('error', `the device is gone: ${messageOf(error)}`))
  return connection
}

/** In the order of their numbers, each once: a device is listed once for each of its top-level collections. */
function pathsOf(listed: readonly Device[], { vendorId, productId, usagePage }: WantedHid): string[] {
  const paths = listed
    .filter((device) => device.vendorId === vendorId && device.productId === productId)
    // Some kernels list no usage page: such a device is taken at its word.
    .filter(
      (device) => usagePage === undefined || device.usagePage === undefined || device.usagePage === usagePage,
    )
    .flatMap((device) => device.path ?? [])
  return [...new Set(paths)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
}

function absence(listed: readonly Device[], { usagePage }: WantedHid): string {
  if (listed.length === 0) return 'no such device is plugged in (lsusb shows what is)'
  if (usagePage === undefined) return 'the device is plugged in but has no /dev/hidraw node yet'
  const page = usagePage.toString(16).toUpperCase().padStart(2, '0')
  return `the device is plugged in but shows no usage page ${page} (set a scanner to USB HID-POS by its manual)`
}

function openingFault(message: string): string {
  if (/permission denied/i.test(message)) return NOT_PERMITTED
  if (/no such (file|device)/i.test(message)) return 'it was unplugged just now'
  return message
}
