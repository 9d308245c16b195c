/** Frames of the SDT protocol: the envelope of what a SAM_V security module hears and says (DEVICES §1.1). */

export const PREAMBLE = Uint8Array.of(0xaa, 0xaa, 0xaa, 0x96, 0x69)
/** Preamble and length field: what `length` does not count. */
export const OVERHEAD_BYTES = 7
/** Base with the longest fingerprints, 090A + 7: nothing an SDT reader says is longer. */
export const MAX_FRAME_BYTES = 2321

export interface Reply {
  /** Forwarded from the card. */
  sw1: number
  sw2: number
  /** The reader's own status: sw3.ts. */
  sw3: number
  data: Uint8Array
}

/** XOR of everything from the first length byte to the last byte before the checksum. */
export function checksum(bytes: Uint8Array): number {
  let sum = 0
  for (const byte of bytes) sum ^= byte
  return sum
}

/** A whole frame around what stands between length field and checksum. */
export function encodeFrame(content: Uint8Array): Uint8Array {
  const length = content.length + 1
  const frame = new Uint8Array(length + OVERHEAD_BYTES)
  frame.set(PREAMBLE, 0)
  frame[5] = length >> 8
  frame[6] = length & 0xff
  frame.set(content, OVERHEAD_BYTES)
  frame[frame.length - 1] = checksum(frame.subarray(PREAMBLE.length, frame.length - 1))
  return frame
}

export function encodeReply(sw3: number, data: Uint8Array = new Uint8Array(0), sw1 = 0, sw2 = 0): Uint8Array {
  return encodeFrame(Uint8Array.of(sw1, sw2, sw3, ...data))
}

/** What a whole frame holds between length field and checksum; a view, not a copy. */
export function frameContent(frame: Uint8Array): Uint8Array {
  return frame.subarray(OVERHEAD_BYTES, frame.length - 1)
}

/** The three status bytes and the data of a whole reply; undefined when it is too short to be one. */
export function decodeReply(frame: Uint8Array): Reply | undefined {
  const [sw1, sw2, sw3] = frameContent(frame)
  if (sw1 === undefined || sw2 === undefined || sw3 === undefined) return undefined
  return { sw1, sw2, sw3, data: frameContent(frame).subarray(3) }
}
