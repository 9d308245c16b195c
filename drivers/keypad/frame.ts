/** Frames of the ff68 form: `FF 68 L L 68 ADDR FUNC DATA CS 16` (DEVICES §5). All lengths are bytes. */
import type { Match } from './parser.ts'

export interface Ff68Frame {
  /** Of the unit: several may share one RS-485 pair. */
  address: number
  func: number
  data: Uint8Array
}

/** FUNC. The unit itself sends `keyPressed` alone. */
export const FUNC = { voice: 0x01, lamps: 0x02, beep: 0x03, keyPressed: 0x11 } as const

/** DATA of `voice`: what the unit says, and whether it asks from then on. */
export const VOICE = { thanks: 0x00, pleaseRate: 0x0b } as const

const START = 0xff
const MARK = 0x68
const END = 0x16

/** Up to and with the second mark. */
const HEADER_BYTES = 5
/** Checksum and end. */
const TRAILER_BYTES = 2
/** ADDR and FUNC. */
const MIN_LENGTH_FIELD = 2
/** The public frames hold 3 bytes; units that show a line of text hold some more. A longer length is a lie. */
const MAX_LENGTH_FIELD = 32

export const MAX_FRAME_BYTES = HEADER_BYTES + MAX_LENGTH_FIELD + TRAILER_BYTES

/** Sum of everything from ADDR to DATA, modulo 256. */
export function checksum(content: Uint8Array): number {
  let sum = 0
  for (const byte of content) sum = (sum + byte) & 0xff
  return sum
}

/** @throws RangeError when the data are longer than any unit takes */
export function encodeFrame({ address, func, data }: Ff68Frame): Uint8Array {
  const content = Uint8Array.of(address, func, ...data)
  const length = content.length
  if (length > MAX_LENGTH_FIELD) throw new RangeError(`${data.length} bytes of data do not fit into a frame`)
  return Uint8Array.of(START, MARK, length, length, MARK, ...content, checksum(content), END)
}

/** The frame that begins at an offset: every byte is checked before any is taken. */
export function matchFrame(bytes: Uint8Array, at: number): Match<Ff68Frame> {
  if (bytes[at] !== START) return 'none'
  const held = bytes.length - at
  const length = bytes[at + 2] ?? 0
  if (held > 1 && bytes[at + 1] !== MARK) return 'none'
  if (held > 2 && (length < MIN_LENGTH_FIELD || length > MAX_LENGTH_FIELD)) return 'none'
  if (held > 3 && bytes[at + 3] !== length) return 'none'
  if (held > 4 && bytes[at + 4] !== MARK) return 'none'
  const size = HEADER_BYTES + length + TRAILER_BYTES
  if (held < HEADER_BYTES || held < size) return 'incomplete'
  const content = bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length)
  if (bytes[at + size - 2] !== checksum(content) || bytes[at + size - 1] !== END) return 'none'
  const [address = 0, func = 0] = content
  return { size, value: { address, func, data: Uint8Array.from(content.subarray(2)) } }
}
