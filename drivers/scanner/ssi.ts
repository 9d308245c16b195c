/**
 * Packets of Zebra's Simple Serial Interface (DEVICES §2.3): length · opcode · source · status · data · checksum.
 * The length counts everything but the checksum, which is the two's complement of the byte sum, big-endian.
 */

export const SSI = {
  ack: 0xd0,
  nak: 0xd1,
  startSession: 0xe4,
  stopSession: 0xe5,
} as const

export const SSI_FROM_SCANNER = 0x00
export const SSI_FROM_HOST = 0x04

const HEADER_BYTES = 4
const CHECKSUM_BYTES = 2
/** The length is one byte. */
const MAX_LENGTH = 0xff

export interface SsiPacket {
  opcode: number
  source: number
  data: Uint8Array
  /** Of the whole packet, its checksum included. */
  bytes: number
}

/** @throws RangeError for more data than the length byte can count. */
export function encodeSsi(opcode: number, source: number, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const length = HEADER_BYTES + data.length
  if (length > MAX_LENGTH)
    throw new RangeError(`an SSI packet holds ${MAX_LENGTH - HEADER_BYTES} bytes at most`)
  const packet = new Uint8Array(length + CHECKSUM_BYTES)
  packet.set([length, opcode, source, 0])
  packet.set(data, HEADER_BYTES)
  const sum = checksum(packet.subarray(0, length))
  packet[length] = sum >> 8
  packet[length + 1] = sum & 0xff
  return packet
}

/** The packet that begins at an offset. A wrong checksum is told from what cannot be a packet at all. */
export function readSsi(bytes: Uint8Array, at = 0): SsiPacket | 'incomplete' | 'damaged' | 'none' {
  const length = bytes[at]
  if (length === undefined) return 'incomplete'
  if (length < HEADER_BYTES) return 'none'
  const end = at + length
  const high = bytes[end]
  const low = bytes[end + 1]
  if (high === undefined || low === undefined) return 'incomplete'
  if (checksum(bytes.subarray(at, end)) !== ((high << 8) | low)) return 'damaged'
  return {
    opcode: bytes[at + 1] ?? 0,
    source: bytes[at + 2] ?? 0,
    data: bytes.slice(at + HEADER_BYTES, end),
    bytes: length + CHECKSUM_BYTES,
  }
}

function checksum(bytes: Uint8Array): number {
  let sum = 0
  for (const byte of bytes) sum += byte
  return -sum & 0xffff
}
