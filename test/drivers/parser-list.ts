import { PREAMBLE } from '../../drivers/id-reader/frame.ts'
import { rawReports } from '../../drivers/id-reader/hid-raw.ts'
import { wrappedPackets } from '../../drivers/id-reader/hid-wrapped.ts'
import { type FrameFinder, FrameParser } from '../../drivers/id-reader/parser.ts'
import { WrappedParser } from '../../drivers/id-reader/wrapped-parser.ts'
import { matchFrame } from '../../drivers/keypad/frame.ts'
import { FrameParser as KeypadParser, type Matcher } from '../../drivers/keypad/parser.ts'
import { bytesOf, parsePattern, tableMatcher } from '../../drivers/keypad/table.ts'
import { ReplyParser } from '../../drivers/receipt-printer/reply-parser.ts'
import { encodeParts } from '../../drivers/scanner/hid-pos.ts'
import { HidPosParser } from '../../drivers/scanner/hid-pos-parser.ts'
import { scannerProfile } from '../../drivers/scanner/profile.ts'
import type { ScanParser } from '../../drivers/scanner/raw-scan.ts'
import { fixedReply, ReplyFilter, type ReplyMatcher, ssiReply } from '../../drivers/scanner/replies.ts'
import { SerialScanParser } from '../../drivers/scanner/serial.ts'
import { hex } from './support.ts'

/** One parser at work, whatever its own face. */
export interface Trial {
  /** Gives how many whole things were found. */
  feed(chunk: Uint8Array): number
  /** What the driver does when its deadline passes: what is pending is given up. */
  giveUp(): number
  /** Bytes of which the parser can say what became of them, what it still holds included. */
  accountedBytes(): number
  /** Bytes that it holds because they may become a frame. */
  heldBytes(): number
}

/** A parser of drivers/, with what a driver would give it. */
export interface Candidate {
  name: string
  /** Set where the wire is made of reports, which come whole or not at all. */
  reportBytes?: number
  start(): Trial
  /** One whole frame, in the pieces in which its wire would give it. */
  whole: Uint8Array[]
}

const REPORT_BYTES = 64
const SERIAL = 1
const WRAPPED = { reportBytes: REPORT_BYTES, lengthCounts: 3 }

/** A reader that has found no card, with the preamble (DEVICES §1.3). */
const noCard = Uint8Array.of(...PREAMBLE, ...hex('000400008084'))

const hidPos = scannerProfile('generic-hid-pos')
const layouts = hidPos?.driver === 'hid-pos' ? hidPos.layouts : []
const code = Uint8Array.from(Buffer.from('33009920261121000042'))

export const candidates: readonly Candidate[] = [
  { name: 'id reader, stream', start: () => frames(new FrameParser()), whole: [noCard] },
  {
    name: 'id reader, HID raw',
    reportBytes: REPORT_BYTES,
    start: () => {
      const parser = new FrameParser({ padded: true })
      return frames(parser, () => parser.paddingBytes)
    },
    whole: rawReports(noCard, REPORT_BYTES),
  },
  {
    name: 'id reader, HID wrapped',
    reportBytes: REPORT_BYTES,
    start: () => {
      const parser = new WrappedParser(WRAPPED)
      parser.expect(SERIAL)
      return frames(parser, () => parser.overheadBytes)
    },
    whole: wrappedPackets(SERIAL, noCard, WRAPPED),
  },
  {
    name: 'scanner, serial',
    start: () => scans(new SerialScanParser()),
    whole: [Uint8Array.of(...code, 0x0d)],
  },
  {
    name: 'scanner, HID-POS',
    reportBytes: REPORT_BYTES,
    start: () => scans(new HidPosParser(layouts)),
    whole: layouts.slice(0, 1).flatMap((layout) => encodeParts(layout, code, ']C0')),
  },
  { name: 'scanner, SSI replies', start: () => replies(ssiReply), whole: [hex('04D00000FF2C')] },
  {
    name: 'scanner, GM65 replies',
    start: () => replies(fixedReply(hex('02000001003331'))),
    whole: [hex('02000001003331')],
  },
  { name: 'receipt printer', start: printerReplies, whole: [hex('37224142434400')] },
  {
    name: 'keypad, ff68',
    start: () => keys(matchFrame),
    whole: [hex('FF6803036801110012 16'.replace(' ', ''))],
  },
  ...['5A A5 31 ?? 0D'].map(table),
]

function frames(parser: FrameFinder, otherBytes: () => number = () => 0): Trial {
  return {
    feed: (chunk) => parser.push(chunk).length,
    giveUp: () => parser.abandon().length,
    accountedBytes: () => parser.framedBytes + parser.discardedBytes + parser.pendingBytes + otherBytes(),
    heldBytes: () => parser.pendingBytes,
  }
}

function scans(parser: ScanParser): Trial {
  const whole = (raws: ReturnType<ScanParser['push']>): number =>
    raws.filter((raw) => raw.kind === 'bytes').length
  return {
    feed: (chunk) => whole(parser.push(chunk)),
    giveUp: () => whole(parser.silence()),
    accountedBytes: () => parser.framedBytes + parser.discardedBytes + parser.pendingBytes,
    heldBytes: () => parser.pendingBytes,
  }
}

function replies(match: ReplyMatcher): Trial {
  const filter = new ReplyFilter(match)
  let passedBytes = 0
  return {
    feed: (chunk) => {
      const { rest, replies: found } = filter.push(chunk)
      passedBytes += rest.length
      return found.length
    },
    giveUp: () => {
      passedBytes += filter.silence().length
      return 0
    },
    accountedBytes: () => passedBytes + filter.replyBytes + filter.heldBytes,
    heldBytes: () => filter.heldBytes,
  }
}

function printerReplies(): Trial {
  const parser = new ReplyParser()
  return {
    feed: (chunk) => parser.push(chunk).length,
    giveUp: () => parser.abandon().length,
    accountedBytes: () => parser.framedBytes + parser.discardedBytes + parser.pendingBytes,
    heldBytes: () => parser.pendingBytes,
  }
}

function keys(match: Matcher<unknown>): Trial {
  const parser = new KeypadParser(match)
  return {
    feed: (chunk) => parser.push(chunk).length,
    giveUp: () => parser.abandon().length,
    accountedBytes: () => parser.framedBytes + parser.discardedBytes + parser.pendingBytes,
    heldBytes: () => parser.pendingBytes,
  }
}

function table(row: string): Candidate {
  const pattern = parsePattern(row)
  if (typeof pattern === 'string') throw new Error(pattern)
  const match = tableMatcher([{ pattern, value: 0 }])
  return { name: 'keypad, table', start: () => keys(match), whole: [bytesOf(pattern)] }
}

/** Random bytes that are the same for the same seed (xorshift32). */
export function seededNoise(bytes: number, seed: number): Uint8Array {
  const noise = new Uint8Array(bytes)
  let state = seed | 0 || 1
  for (let at = 0; at < bytes; at += 1) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    noise[at] = state
  }
  return noise
}
