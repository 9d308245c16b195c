/**
 * Whether a stored event is still what was appended. SQLite keeps no checksums of its pages, so each text is held
 * against its own hash and its place before it leaves: a flipped bit is found here, not at the hall.
 */
import { sha256Base64url } from './protocol/canonical.ts'
import { MAX_EVENT_BYTES } from './protocol/events.ts'
import { formatSequence } from './protocol/identifiers.ts'

/** RFC 8785 sorts members, so `data` comes first and everything after it has a fixed form. */
const ENVELOPE =
  /^"datacontenttype":"application\/json","epoch":(\d+),"hash":"([A-Za-z0-9_-]{43})","id":"[0-9a-f-]{36}","prevhash":"([A-Za-z0-9_-]{43})","sequence":"(\d{20})","source":"[^"]*","specversion":"1\.0","time":"([^"]*)","type":"[^"]*"\}$/

export interface StoredText {
  hash: string
  prevhash: string
  /** RFC 3339, as captured. */
  time: string
}

/** What is hashed is put together here: a copy of each event, even for a moment, is more for the collector. */
const scratch = Buffer.alloc(MAX_EVENT_BYTES)

const TAIL = Buffer.from('"datacontenttype"')
/** What stands before the hash: its members have this length but for the digits of the epoch. */
const BEFORE_HASH_BYTES = '"datacontenttype":"application/json","epoch":,'.length
const HASH_MEMBER_BYTES = '"hash":"",'.length + 43

/** Null for a text that is not the event of this place: altered, cut short, or another's. */
export function checkStoredText(text: string, epoch: number, sequence: number): StoredText | null {
  return text.length > MAX_EVENT_BYTES ? null : checkStoredBytes(Buffer.from(text), epoch, sequence)
}

/** The same for its UTF-8, of which no string is made. */
export function checkStoredBytes(bytes: Buffer, epoch: number, sequence: number): StoredText | null {
  if (bytes.byteLength > MAX_EVENT_BYTES) return null
  const tailAt = bytes.lastIndexOf(TAIL)
  // A byte a character, so that places in the one are places in the other.
  const tail = tailAt < 0 ? null : ENVELOPE.exec(bytes.toString('latin1', tailAt))
  if (tail === null) return null
  const [, itsEpoch = '', hash = '', prevhash = '', itsSequence, time = ''] = tail
  if (itsEpoch !== String(epoch) || itsSequence !== formatSequence(sequence)) return null
  const at = tailAt + BEFORE_HASH_BYTES + itsEpoch.length
  const before = bytes.copy(scratch, 0, 0, at)
  const length = before + bytes.copy(scratch, before, at + HASH_MEMBER_BYTES)
  return sha256Base64url(scratch.subarray(0, length)) === hash ? { hash, prevhash, time } : null
}
