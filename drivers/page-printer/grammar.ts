/**
 * Whether bytes are one whole IPP message (RFC 8010 §3.1): looked at before the library parses them. Its parser
 * reads lengths as signed numbers, so that 19 bytes of garbage send it backwards for ever and take the process
 * down; it also trusts the lengths of fixed-size values. What passes here keeps it on the boundaries of the values.
 */

/** Version, operation or status, request id. */
const HEADER_BYTES = 8
const END_OF_ATTRIBUTES = 0x03
/** The parser takes only these as the beginning of a group. */
const LAST_DELIMITER = 0x0e
/** RFC 8010 §3.9: signed-short; no value of IPP is longer. */
const MAX_LENGTH = 0x7fff
/** Printers nest media in media, four deep at the most; the parser recurses. */
const MAX_DEPTH = 16

const BEGIN_COLLECTION = 0x34
const END_COLLECTION = 0x37
const MEMBER_NAME = 0x4a
const TEXT_WITH_LANGUAGE = 0x35
const NAME_WITH_LANGUAGE = 0x36

/** Integer, boolean, enum, dateTime, resolution, rangeOfInteger. */
const FIXED_BYTES = new Map([
  [0x21, 4],
  [0x22, 1],
  [0x23, 4],
  [0x31, 11],
  [0x32, 9],
  [0x33, 8],
])

/** octetString, text, name, keyword, uri, uriScheme, charset, naturalLanguage, mimeMediaType, memberAttrName. */
const FREE_TAGS = new Set([
  0x30,
  BEGIN_COLLECTION,
  0x41,
  0x42,
  0x44,
  0x45,
  0x46,
  0x47,
  0x48,
  0x49,
  MEMBER_NAME,
])

/** True for exactly one message, with or without a document behind it. Pure, linear, never throws. */
export function isIppMessage(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = HEADER_BYTES
  let depth = 0
  let afterMemberName = false
  let insideGroup = false
  while (at < bytes.length) {
    const tag = view.getUint8(at)
    if (tag <= LAST_DELIMITER) {
      if (depth > 0 || afterMemberName) return false
      if (tag === END_OF_ATTRIBUTES) return true
      insideGroup = true
      at += 1
      continue
    }
    const value = insideGroup ? valueAt(view, at) : undefined
    if (value === undefined) return false
    if (tag === END_COLLECTION) {
      if (depth === 0 || afterMemberName) return false
      depth -= 1
    } else if (tag === MEMBER_NAME) {
      if (depth === 0 || afterMemberName) return false
      afterMemberName = true
    } else {
      afterMemberName = false
      if (tag === BEGIN_COLLECTION) depth += 1
    }
    if (depth > MAX_DEPTH) return false
    at = value.end
  }
  return false
}

/** The value whose tag lies at `at`, or undefined where none does. */
function valueAt(view: DataView, at: number): { end: number } | undefined {
  const nameEnd = fieldEnd(view, at + 1)
  if (nameEnd === undefined) return undefined
  const end = fieldEnd(view, nameEnd)
  if (end === undefined) return undefined
  const start = nameEnd + 2
  return isSized(view, view.getUint8(at), start, end) ? { end } : undefined
}

/** Behind a length and as many bytes. */
function fieldEnd(view: DataView, at: number): number | undefined {
  if (at + 2 > view.byteLength) return undefined
  const length = view.getUint16(at)
  const end = at + 2 + length
  return length > MAX_LENGTH || end > view.byteLength ? undefined : end
}

function isSized(view: DataView, tag: number, start: number, end: number): boolean {
  const length = end - start
  if (FREE_TAGS.has(tag)) return true
  if (tag === TEXT_WITH_LANGUAGE || tag === NAME_WITH_LANGUAGE) {
    const languageEnd = fieldEnd(view, start)
    return languageEnd !== undefined && languageEnd <= end && fieldEnd(view, languageEnd) === end
  }
  // Out-of-band values are empty, and of a tag that it does not know the parser reads no value at all.
  return length === (FIXED_BYTES.get(tag) ?? 0)
}
