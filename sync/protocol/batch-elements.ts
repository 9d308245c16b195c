/** The events of a batch, cut from the bytes of its body in one pass (PROTOCOLS.md §1.3). */
import { isUtf8 } from 'node:buffer'
import { comesBack, type ReadJson } from './canonical.ts'
import { MAX_EVENT_BYTES } from './events.ts'
import { type PlainRating, plainRatingAt } from './rating-text.ts'

/** Judged already, or read only so far that `checkEvent` can judge it. */
export type BatchElement = PlainRating | ReadJson

const QUOTE = 0x22
const COMMA = 0x2c
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

/** RFC 8259 §2. */
const SPACE = /[ \t\n\r]*/y

/**
 * The elements of a JSON array of at least one, in UTF-8. Each is read by itself: together with the marks between them
 * that is what reading the whole would find, and a rating's values are never made.
 */
export function batchElements(body: Uint8Array, atMost: number): BatchElement[] | 'malformed' | 'too-many' {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  if (!isUtf8(bytes)) return 'malformed'
  const view = bytes.toString('latin1')
  const received = { bytes, view }
  const elements: BatchElement[] = []
  let at = spaceEnd(view, 0)
  if (view.charCodeAt(at) !== OPEN_BRACKET) return 'malformed'
  do {
    if (elements.length === atMost) return 'too-many'
    at += 1
    const plain = plainRatingAt(received, at)
    if (plain !== null && isMark(view.charCodeAt(plain.end))) {
      elements.push(plain)
      at = plain.end
    } else {
      const end = elementEnd(view, at)
      const read = readElement(bytes.toString('utf8', at, end))
      if (read === null) return 'malformed'
      elements.push(read)
      at = end
    }
  } while (view.charCodeAt(at) === COMMA)
  return view.charCodeAt(at) === CLOSE_BRACKET && spaceEnd(view, at + 1) === view.length
    ? elements
    : 'malformed'
}

function isMark(character: number): boolean {
  return character === COMMA || character === CLOSE_BRACKET
}

function spaceEnd(view: string, at: number): number {
  SPACE.lastIndex = at
  SPACE.exec(view)
  return SPACE.lastIndex
}

/** White space around it is padding; what is no JSON is null. What is too large to be an event is not written again. */
function readElement(padded: string): ReadJson | null {
  let value: unknown
  try {
    value = JSON.parse(padded)
  } catch {
    return null
  }
  const text = padded.trim()
  return { text, value, roundTrip: text.length <= MAX_EVENT_BYTES && comesBack(text, value) }
}

/** Where the element that begins here has its comma or bracket; of what is no JSON, any place at which that shows. */
function elementEnd(view: string, from: number): number {
  let depth = 0
  for (let at = from; at < view.length; at += 1) {
    const mark = view.charCodeAt(at)
    if (mark === QUOTE) at = stringEnd(view, at)
    else if (mark === OPEN_BRACE || mark === OPEN_BRACKET) depth += 1
    else if (mark === CLOSE_BRACE || mark === CLOSE_BRACKET) {
      if (depth === 0) return at
      depth -= 1
    } else if (mark === COMMA && depth === 0) return at
  }
  return view.length
}

function stringEnd(view: string, from: number): number {
  for (let at = from + 1; at < view.length; at += 1) {
    const mark = view.charCodeAt(at)
    if (mark === BACKSLASH) at += 1
    else if (mark === QUOTE) return at
  }
  return view.length
}
