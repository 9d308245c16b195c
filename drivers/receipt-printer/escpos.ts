import type { Align } from './document.ts'
import type { Dots } from './dots.ts'

/** ESC/POS commands (DEVICES §3), each a whole one: a status query may go between two, never into one. */

export type StatusQuery = 1 | 2 | 3 | 4

const ALIGNMENTS: Record<Align, number> = { left: 0, centre: 1, right: 2 }

/** Rows in one `1D 76 30`: under 256, so that yH stays 0 and a printer with little memory can take it. */
const MAX_STRIP_ROWS = 240
/**
 * The whole command. Nothing may be asked inside a strip, which at 9600 baud, the slowest usual speed, is silent for
 * half a second; and so much is filled up when a line is lost in the middle of one.
 */
export const MAX_STRIP_BYTES = 512
const STRIP_HEAD_BYTES = 8
/** Longest `1D 28 6B` data: version 40 with level M holds 2331 bytes. */
export const MAX_QR_BYTES = 2331

export const MAX_FEED_LINES = 255

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

/**
 * Drops the line that was begun and all settings, but not what waits in the printer's receive buffer: nothing in
 * the stream can drop that, and CAN (`18`) less than this, for outside page mode printers do not know it.
 */
export const initialise = (): Uint8Array => bytes(0x1b, 0x40)
/**
 * Ends a recoverable error and drops what the printer has not printed. Its sister `10 05 1` prints the stopped line
 * again and is never sent: nothing is printed twice.
 */
export const recover = (): Uint8Array => bytes(0x10, 0x05, 2)
export const chineseMode = (): Uint8Array => bytes(0x1c, 0x26)
export const align = (to: Align): Uint8Array => bytes(0x1b, 0x61, ALIGNMENTS[to])
export const bold = (on: boolean): Uint8Array => bytes(0x1b, 0x45, on ? 1 : 0)
export const lineFeed = (): Uint8Array => bytes(0x0a)
/** Distance from line to line, in dots; only `initialise` gives the printer's own back. */
export const lineSpacing = (dots: number): Uint8Array => bytes(0x1b, 0x33, dots)
/** `lines` 1 to MAX_FEED_LINES, in the line spacing that was set. */
export const feedLines = (lines: number): Uint8Array => bytes(0x1b, 0x64, lines)
/** `dots` 0 to 255. */
export const feedDots = (dots: number): Uint8Array => bytes(0x1b, 0x4a, dots)
export const statusQuery = (n: StatusQuery): Uint8Array => bytes(0x10, 0x04, n)
/** Prints nothing between commands, and ends a command whose rest was lost with a line. */
export const filling = (length: number): Uint8Array => new Uint8Array(length)
/** Answered in the order of the stream: what stands before it has been worked on. */
export const inOrderMarker = (): Uint8Array => bytes(0x1d, 0x72, 1)

/** Latin and Chinese have a size of their own on many printers. */
export const doubleSize = (on: boolean): Uint8Array =>
  bytes(0x1d, 0x21, on ? 0x11 : 0, 0x1c, 0x57, on ? 1 : 0)

export type CutKind = 'partial' | 'full' | 'none'

/** Lines from the print head to the knife or the tear bar: about 16 mm at 32 dots a line. */
export const LINES_TO_KNIFE = 4

/** Feeds past the knife and cuts; without a knife, feeds as far as the tear bar. */
export function cut(kind: CutKind): Uint8Array {
  switch (kind) {
    case 'partial':
      return bytes(0x1d, 0x56, 0x42, 0)
    case 'full':
      return bytes(...feedLines(LINES_TO_KNIFE), 0x1d, 0x56, 0x00)
    case 'none':
      return feedLines(LINES_TO_KNIFE)
  }
}

/** Answered by `37 22 d1 d2 d3 d4 00` once everything before it is on paper. Each byte of the mark is 20 to 7E. */
export function printDoneRequest(mark: Uint8Array): Uint8Array {
  return bytes(0x1d, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30, ...mark)
}

/** Strips of a picture, each its own command and so many rows of dots high. */
export function raster(dots: Dots): { bytes: Uint8Array; rows: number }[] {
  const { bytesPerRow, rows } = dots.packed()
  const strips: { bytes: Uint8Array; rows: number }[] = []
  const rowsInStrip = Math.min(
    MAX_STRIP_ROWS,
    Math.max(Math.trunc((MAX_STRIP_BYTES - STRIP_HEAD_BYTES) / bytesPerRow), 1),
  )
  for (let from = 0; from < dots.height; from += rowsInStrip) {
    const height = Math.min(rowsInStrip, dots.height - from)
    const strip = withoutRealTime(rows.subarray(from * bytesPerRow, (from + height) * bytesPerRow))
    const head = [0x1d, 0x76, 0x30, 0, bytesPerRow & 0xff, bytesPerRow >> 8, height, 0]
    const command = new Uint8Array(head.length + strip.length)
    command.set(head)
    command.set(strip, head.length)
    strips.push({ bytes: command, rows: height })
  }
  return strips
}

/** Printers obey `10 04`, `10 05` and `10 14` inside pictures too: one more black dot that nobody sees prevents it. */
function withoutRealTime(rows: Uint8Array): Uint8Array {
  return rows.map((byte, index) => {
    const next = rows[index + 1]
    return byte === 0x10 && (next === 0x04 || next === 0x05 || next === 0x14) ? 0x11 : byte
  })
}

/** Bars with the text below; `data` begins with a code set mark and is at most 255 bytes. */
export function code128(
  data: Uint8Array,
  moduleDots: number,
  heightDots: number,
): [Uint8Array, Uint8Array, Uint8Array, Uint8Array] {
  return [
    bytes(0x1d, 0x68, heightDots),
    bytes(0x1d, 0x77, moduleDots),
    bytes(0x1d, 0x48, 2),
    bytes(0x1d, 0x6b, 0x49, data.length, ...data),
  ]
}

/** A QR code of model 2 with level M (15 %): receipts are folded and fade. */
export function qr(data: Uint8Array, moduleDots: number): Uint8Array[] {
  const store = data.length + 3
  return [
    bytes(0x1d, 0x28, 0x6b, 0x04, 0x00, 0x31, 0x41, 0x32, 0x00),
    bytes(0x1d, 0x28, 0x6b, 0x03, 0x00, 0x31, 0x43, moduleDots),
    bytes(0x1d, 0x28, 0x6b, 0x03, 0x00, 0x31, 0x45, 0x31),
    bytes(0x1d, 0x28, 0x6b, store & 0xff, store >> 8, 0x31, 0x50, 0x30, ...data),
    bytes(0x1d, 0x28, 0x6b, 0x03, 0x00, 0x31, 0x51, 0x30),
  ]
}
