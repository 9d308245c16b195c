/** What an SDT reader can be asked (DEVICES §1.2), and which reply can be the answer. */
import { encodeFrame, type Reply } from './frame.ts'
import { baseParts, EXTRA_ADDRESS_BYTES, printedParts, SAM_ID_BYTES } from './parts.ts'
import { CARD_FOUND, DONE } from './sw3.ts'

/** CMD and PARA. */
export const REQUESTS = {
  'reset-sam': [0x10, 0xff],
  'sam-status': [0x11, 0xff],
  'sam-id': [0x12, 0xff],
  'find-card': [0x20, 0x01],
  'select-card': [0x20, 0x02],
  'read-base': [0x30, 0x01],
  /** Asked only where fingerprints are configured. */
  'read-base-and-prints': [0x30, 0x10],
  'read-extra-address': [0x30, 0x03],
  'card-management-number': [0x30, 0x05],
  /** The speeds are changed by a technician only, never by a driver at work. */
  'baud-115200': [0x60, 0x00],
  'baud-57600': [0x60, 0x01],
  'baud-38400': [0x60, 0x02],
  'baud-19200': [0x60, 0x03],
  'baud-9600': [0x60, 0x04],
} as const

const SELECTED_BYTES = 8

export type RequestName = keyof typeof REQUESTS

/** Speeds that readers are set to, the commonest first. */
export const READER_SPEEDS = [115_200, 57_600, 38_400, 19_200, 9600] as const

export type ReaderSpeed = (typeof READER_SPEEDS)[number]

export function encodeRequest(name: RequestName): Uint8Array {
  return encodeFrame(Uint8Array.from(REQUESTS[name]))
}

/** The `30xx` commands: after these some readers want a pause (DEVICES §1.6). */
export function readsFromCard(name: RequestName): boolean {
  return REQUESTS[name][0] === 0x30
}

/**
 * Whether a reply can be the answer to a request. Replies do not name their request, so a late answer is told
 * from the right one by its status and its shape. Any error without data can answer anything.
 */
export function answers(request: RequestName, reply: Reply): boolean {
  const { sw3, data } = reply
  if (sw3 !== DONE && sw3 !== CARD_FOUND) return data.length === 0
  switch (request) {
    case 'find-card':
      return sw3 === CARD_FOUND && data.length === 4
    case 'select-card':
      return sw3 === DONE && data.length === SELECTED_BYTES
    case 'read-base':
      return sw3 === DONE && baseParts(data) !== undefined
    case 'read-base-and-prints':
      return sw3 === DONE && printedParts(data) !== undefined
    case 'card-management-number':
      // 28 bytes; whatever a reader adds, it is longer than a late `selected` and shorter than a whole address.
      return sw3 === DONE && data.length > SELECTED_BYTES && data.length < EXTRA_ADDRESS_BYTES
    case 'read-extra-address':
      // Asked for right after the base data, whose shape is another; readers differ in how much they pad.
      return sw3 === DONE && data.length <= EXTRA_ADDRESS_BYTES && data.length % 2 === 0
    case 'sam-id':
      return sw3 === DONE && data.length === SAM_ID_BYTES
    default:
      return sw3 === DONE && data.length === 0
  }
}
