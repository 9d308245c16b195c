import { rawReports } from './hid-raw.ts'
import { encodeWrappedRequest, type WrappedShape } from './hid-wrapped.ts'
import { type FrameFinder, FrameParser } from './parser.ts'
import type { IdReaderProfile } from './profile.ts'
import { WrappedParser } from './wrapped-parser.ts'

/** How frames travel on one opened wire. */
export interface Framing {
  readonly finder: FrameFinder
  /** What has to be written for one frame, each piece by a write of its own. */
  wrap(frame: Uint8Array): Uint8Array[]
}

/** hidraw wants the report id first, and 00 for a device that numbers none. */
const NO_REPORT_ID = 0x00
const MAX_SERIAL = 0xffff

/** A framing of its own for every opening: what was pending on the wire before is nobody's. */
export function framingOf({ wire }: IdReaderProfile): Framing {
  switch (wire.kind) {
    case 'stream':
      return { finder: new FrameParser(), wrap: (frame) => [frame] }
    case 'hid-raw':
      return {
        finder: new FrameParser({ padded: true }),
        wrap: (frame) => rawReports(frame, wire.reportBytes).map(hidrawReport),
      }
    case 'hid-wrapped':
      return wrappedFraming(wire)
  }
}

function wrappedFraming(shape: WrappedShape): Framing {
  const finder = new WrappedParser(shape)
  let serial = 0
  return {
    finder,
    wrap: (frame) => {
      serial = serial === MAX_SERIAL ? 1 : serial + 1
      finder.expect(serial)
      return [hidrawReport(encodeWrappedRequest(serial, frame, shape))]
    },
  }
}

function hidrawReport(report: Uint8Array): Uint8Array {
  return Uint8Array.of(NO_REPORT_ID, ...report)
}
