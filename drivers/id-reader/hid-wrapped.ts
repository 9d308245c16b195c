/**
 * SDT frames in numbered HID packets (DEVICES §1.6, "wrapped"). Serial and packet numbers are BE, lengths and sums
 * LE. Reports here are without a report id.
 *
 *   out  88 · serial 2 · length 2 (n + 1) · B1 · frame n · sum 2 · zeros
 *   in   AA · serial 2 · length 2 · result 1 · packet number 2 · data up to 54 · sum 2 · zeros
 */

const OUT = 0x88
const IN = 0xaa
const PASS_ON = 0xb1
const LENGTH_AT = 3
const BODY_AT = 5
const PACKET_DATA_AT = 8
const SUM_BYTES = 2
/** What a packet carries at most; a 64-byte report has no room for more. */
export const PACKET_DATA_BYTES = 54
/** The result byte of an answer that is one. */
const SUCCESS = 0

/** What differs between readers of this kind: from the profile. */
export interface WrappedShape {
  reportBytes: number
  /** What a packet's length counts besides its data: result and packet number make 3. */
  lengthCounts: number
}

export interface WrappedPacket {
  serial: number
  number: number
  /** False: the reader could not pass the request on to its SAM, or the answer back. */
  ok: boolean
  /** A view into the report. */
  data: Uint8Array
}

/** One request. Throws when the frame is longer than a report carries: requests are ten bytes. */
export function encodeWrappedRequest(serial: number, frame: Uint8Array, shape: WrappedShape): Uint8Array {
  const sumAt = BODY_AT + 1 + frame.length
  if (sumAt + SUM_BYTES > shape.reportBytes) throw new RangeError('a request is longer than its report')
  const report = new Uint8Array(shape.reportBytes)
  const view = new DataView(report.buffer)
  report[0] = OUT
  view.setUint16(1, serial)
  view.setUint16(LENGTH_AT, frame.length + 1, true)
  report[BODY_AT] = PASS_ON
  report.set(frame, BODY_AT + 1)
  view.setUint16(sumAt, sumOf(report, sumAt), true)
  return report
}

/** The other end of `encodeWrappedRequest`, for the simulator; undefined when it is no request. */
export function decodeWrappedRequest(report: Uint8Array): { serial: number; frame: Uint8Array } | undefined {
  if (report.length < BODY_AT + 1 + SUM_BYTES || report[0] !== OUT || report[BODY_AT] !== PASS_ON)
    return undefined
  const view = viewOf(report)
  const sumAt = BODY_AT + view.getUint16(LENGTH_AT, true)
  if (sumAt <= BODY_AT || sumAt + SUM_BYTES > report.length) return undefined
  if (view.getUint16(sumAt, true) !== sumOf(report, sumAt)) return undefined
  return { serial: view.getUint16(1), frame: report.slice(BODY_AT + 1, sumAt) }
}

export function encodeWrappedPacket(packet: WrappedPacket, shape: WrappedShape): Uint8Array {
  if (packet.data.length > PACKET_DATA_BYTES) throw new RangeError('a packet carries 54 bytes at most')
  const report = new Uint8Array(shape.reportBytes)
  const view = new DataView(report.buffer)
  const sumAt = PACKET_DATA_AT + packet.data.length
  report[0] = IN
  view.setUint16(1, packet.serial)
  view.setUint16(LENGTH_AT, packet.data.length + shape.lengthCounts, true)
  report[BODY_AT] = packet.ok ? SUCCESS : 1
  view.setUint16(BODY_AT + 1, packet.number)
  report.set(packet.data, PACKET_DATA_AT)
  view.setUint16(sumAt, sumOf(report, sumAt), true)
  return report
}

/** One packet of an answer; undefined when the report is none or was damaged. */
export function decodeWrappedPacket(report: Uint8Array, shape: WrappedShape): WrappedPacket | undefined {
  if (report.length < PACKET_DATA_AT + SUM_BYTES || report[0] !== IN) return undefined
  const view = viewOf(report)
  const dataBytes = view.getUint16(LENGTH_AT, true) - shape.lengthCounts
  const sumAt = PACKET_DATA_AT + dataBytes
  if (dataBytes < 0 || dataBytes > PACKET_DATA_BYTES || sumAt + SUM_BYTES > report.length) return undefined
  if (view.getUint16(sumAt, true) !== sumOf(report, sumAt)) return undefined
  return {
    serial: view.getUint16(1),
    number: view.getUint16(BODY_AT + 1),
    ok: report[BODY_AT] === SUCCESS,
    data: report.subarray(PACKET_DATA_AT, sumAt),
  }
}

/** All packets of one answer, numbered from 0, for the simulator. */
export function wrappedPackets(serial: number, frame: Uint8Array, shape: WrappedShape): Uint8Array[] {
  const packets: Uint8Array[] = []
  for (let at = 0; at < frame.length; at += PACKET_DATA_BYTES) {
    const data = frame.subarray(at, at + PACKET_DATA_BYTES)
    packets.push(encodeWrappedPacket({ serial, number: packets.length, ok: true, data }, shape))
  }
  return packets
}

/** 16-bit addition of everything from the length field to the sum. */
function sumOf(report: Uint8Array, sumAt: number): number {
  let sum = 0
  for (const byte of report.subarray(LENGTH_AT, sumAt)) sum = (sum + byte) & 0xffff
  return sum
}

function viewOf(report: Uint8Array): DataView {
  return new DataView(report.buffer, report.byteOffset, report.length)
}
