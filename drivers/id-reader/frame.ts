/** Frames of the SDT protocol: what a SAM_V security module hears and says (DEVICES §1.1 to §1.3). */

export const PREAMBLE = Uint8Array.of(0xaa, 0xaa, 0xaa, 0x96, 0x69)
/** Preamble and length field: what `length` does not count. */
export const OVERHEAD_BYTES = 7
/** Base with the longest fingerprints, 090A + 7: nothing an SDT reader says is longer. */
export const MAX_FRAME_BYTES = 2321

export const TEXT_BYTES = 256
export const PHOTO_BYTES = 1024

/** CMD and PARA of the requests this driver makes. Fingerprints are not among them: we never ask for any. */
export const REQUESTS = {
  'reset-sam': [0x10, 0xff],
  'sam-status': [0x11, 0xff],
  'sam-id': [0x12, 0xff],
  'find-card': [0x20, 0x01],
  'select-card': [0x20, 0x02],
  'read-base': [0x30, 0x01],
  'read-extra-address': [0x30, 0x03],
  'card-management-number': [0x30, 0x05],
} as const

export type RequestName = keyof typeof REQUESTS

/** SW3, the reader's own status (DEVICES §1.3). */
const SW3_MEANINGS = new Map<number, string>([
  [0x10, 'checksum error'],
  [0x11, 'length error'],
  [0x21, 'unknown command'],
  [0x23, 'not authorised'],
  [0x24, 'unrecognised error'],
  [0x31, 'the card did not accept the SAM'],
  [0x32, 'the SAM did not accept the card'],
  [0x33, 'information check failed'],
  [0x37, 'fingerprint check failed'],
  [0x3f, 'length error'],
  [0x40, 'unknown kind of card'],
  [0x41, 'read failed'],
  [0x47, 'random number failed'],
  [0x60, 'SAM self-test failed'],
  [0x66, 'SAM not authorised'],
  [0x80, 'find failed'],
  [0x81, 'select failed'],
  [0x90, 'done'],
  [0x91, 'item not on the card'],
  [0x9f, 'card found'],
])

export const DONE = 0x90
export const CARD_FOUND = 0x9f
export const FIND_FAILED = 0x80
export const SELECT_FAILED = 0x81
export const NOT_ON_CARD = 0x91

export interface Reply {
  sw1: number
  sw2: number
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

export function encodeRequest(name: RequestName): Uint8Array {
  return encodeFrame(Uint8Array.from(REQUESTS[name]))
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

/**
 * Whether a reply can be the answer to a request. Replies do not name their request, so a late answer is told
 * from the right one by its status and its shape. Any error without data can answer anything.
 */
export function answers(request: RequestName, reply: Reply): boolean {
  const { sw3, data } = reply
  switch (request) {
    case 'find-card':
      return sw3 === CARD_FOUND ? data.length === 4 : isBareError(reply)
    case 'select-card':
      return sw3 === DONE ? data.length === 8 : isBareError(reply)
    case 'read-base':
      return sw3 === DONE ? baseParts(data) !== undefined : isBareError(reply)
    case 'card-management-number':
    case 'read-extra-address':
      // 28 bytes and up to 70 bytes; whatever a reader adds, it is longer than the 8 bytes of a late `selected`.
      return sw3 === DONE ? data.length > 8 && data.length <= 70 : isBareError(reply)
    case 'sam-id':
      return sw3 === DONE ? data.length === 16 : isBareError(reply)
    case 'reset-sam':
    case 'sam-status':
      return sw3 !== CARD_FOUND && data.length === 0
  }
}

function isBareError(reply: Reply): boolean {
  return reply.sw3 !== DONE && reply.sw3 !== CARD_FOUND && reply.data.length === 0
}

/** Text and photo of a `read-base` answer: two lengths (BE), then both parts. */
export function baseParts(data: Uint8Array): { text: Uint8Array; photo: Uint8Array } | undefined {
  if (data.length !== 4 + TEXT_BYTES + PHOTO_BYTES) return undefined
  const view = new DataView(data.buffer, data.byteOffset, 4)
  if (view.getUint16(0) !== TEXT_BYTES || view.getUint16(2) !== PHOTO_BYTES) return undefined
  return { text: data.subarray(4, 4 + TEXT_BYTES), photo: data.subarray(4 + TEXT_BYTES) }
}

/** The 16 bytes of a SAM id as every reader's tool prints them: 05.03-20120101-0000000001-0000000002. */
export function formatSamId(data: Uint8Array): string {
  const view = new DataView(data.buffer, data.byteOffset, 16)
  const digits = (value: number, width: number): string => String(value).padStart(width, '0')
  const parts = `${digits(view.getUint16(0, true), 2)}.${digits(view.getUint16(2, true), 2)}`
  const serials = [digits(view.getUint32(4, true), 8), digits(view.getUint32(8, true), 10)]
  return `${parts}-${serials.join('-')}-${digits(view.getUint32(12, true), 10)}`
}

/** A status in words for technicians, such as `read failed (41)`. */
export function describeSw3(sw3: number): string {
  return `${SW3_MEANINGS.get(sw3) ?? 'unknown status'} (${sw3.toString(16).toUpperCase().padStart(2, '0')})`
}
