import { rawReports } from '../id-reader/hid-raw.ts'
import { decodeWrappedRequest, type WrappedShape, wrappedPackets } from '../id-reader/hid-wrapped.ts'
import { FrameParser } from '../id-reader/parser.ts'
import { type IdReaderProfile, idReaderProfile } from '../id-reader/profile.ts'
import type { PluggedHidDevice, SimulatedHidBus, SimulatedHidDevice } from './hid-bus.ts'
import {
  type IdReaderSimulator,
  mouthBefore,
  SimulatedReader,
  type SimulatedReaderOptions,
} from './id-reader-device.ts'
import { FaultyLine } from './wire-faults.ts'

export interface HidIdReaderOptions extends SimulatedReaderOptions {
  bus: SimulatedHidBus
  profile: 'hid-raw' | 'hid-wrapped'
  /** `VID:PID`; default the first that the profile names. */
  hidId?: string
}

/** Vendor-defined, as such readers describe themselves. */
const VENDOR_USAGE_PAGE = 0xff00
const NO_REPORT_ID = 0x00

/** The other end of an SDT reader's USB cable. */
export function startHidIdReaderSimulator(options: HidIdReaderOptions): IdReaderSimulator {
  const profile = idReaderProfile(options.profile)
  const hidId = options.hidId ?? profile?.hidIds[0]
  if (profile === undefined || profile.wire.kind === 'stream' || hidId === undefined) {
    throw new Error(`profile ${options.profile}: it is for no HID reader`)
  }
  const { reportBytes } = profile.wire
  const [vendorId = 0, productId = 0] = hidId.split(':').map((id) => Number.parseInt(id, 16))
  let plugged: PluggedHidDevice | undefined

  const reader = new SimulatedReader(options, (reply) => {
    mouth.speak(Buffer.concat(end.reports(reply)))
  })
  const end = endOf(
    profile.wire,
    (request) => reader.take(request),
    (error) => reader.misuse.record(error),
  )
  const line = new FaultyLine({
    // Whatever a fault has made of it, USB carries whole reports.
    toDriver: (bytes) => {
      for (const report of rawReports(bytes, reportBytes)) plugged?.send(report)
    },
    toDevice: (bytes) => {
      if (bytes.length !== reportBytes + 1) reader.misuse.record(`a report of ${bytes.length} bytes`)
      else if (bytes[0] !== NO_REPORT_ID) reader.misuse.record('a report without a leading 00')
      else end.take(bytes.subarray(1))
    },
    crowded: (on) => plugged?.stallWrites(on),
  })
  reader.misuse.excuse(() => line.spoilsCommands)
  const mouth = mouthBefore(line, (reports) => {
    for (const report of rawReports(reports, reportBytes)) line.fromDevice(report)
  })
  const device: SimulatedHidDevice = {
    vendorId,
    productId,
    usagePage: VENDOR_USAGE_PAGE,
    product: profile.title,
    report: (bytes) => line.fromDriver(Uint8Array.from(bytes)),
    detached: () => {
      line.forget()
      reader.forget()
      end.forget()
    },
  }
  const plug = async (): Promise<void> => {
    plugged ??= options.bus.plug(device)
  }
  const unplug = async (): Promise<void> => {
    reader.sam.losePower()
    plugged?.unplug()
    plugged = undefined
  }
  void plug()
  return {
    ...reader.controls(),
    port: `hid:${hidId}`,
    faults: mouth.faults,
    plug,
    unplug,
    close: async () => {
      mouth.faults.clear()
      await unplug()
    },
  }
}

/** How a reader of that profile takes reports apart and makes its own. Reports are without their id. */
interface HidEnd {
  take(report: Uint8Array): void
  reports(reply: Uint8Array): Uint8Array[]
  /** The driver has gone. */
  forget(): void
}

function endOf(
  wire: Exclude<IdReaderProfile['wire'], { kind: 'stream' }>,
  request: (frame: Uint8Array) => void,
  misuse: (error: string) => void,
): HidEnd {
  switch (wire.kind) {
    case 'hid-raw':
      return rawEnd(wire.reportBytes, request, misuse)
    case 'hid-wrapped':
      return wrappedEnd(wire, request, misuse)
  }
}

function rawEnd(
  reportBytes: number,
  request: (frame: Uint8Array) => void,
  misuse: (error: string) => void,
): HidEnd {
  let parser = new FrameParser({ padded: true })
  return {
    take: (report) => {
      const discarded = parser.discardedBytes
      for (const frame of parser.push(report)) request(frame)
      if (parser.discardedBytes > discarded) misuse('bytes that are no frame')
    },
    reports: (reply) => rawReports(reply, reportBytes),
    forget: () => {
      parser = new FrameParser({ padded: true })
    },
  }
}

function wrappedEnd(
  shape: WrappedShape,
  request: (frame: Uint8Array) => void,
  misuse: (error: string) => void,
): HidEnd {
  /** Of the requests that are not answered yet, in their order. */
  let serials: number[] = []
  let last: number | undefined
  return {
    take: (report) => {
      const wrapped = decodeWrappedRequest(report)
      const [frame] = wrapped === undefined ? [] : new FrameParser().push(wrapped.frame)
      if (wrapped === undefined || frame === undefined) return misuse('a report that is no request')
      if (wrapped.serial === last) misuse('a serial number used twice')
      last = wrapped.serial
      serials.push(wrapped.serial)
      request(frame)
    },
    reports: (reply) => wrappedPackets(serials.shift() ?? 0, reply, shape),
    forget: () => {
      serials = []
      last = undefined
    },
  }
}
