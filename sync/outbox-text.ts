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

/** No UTF-16 unit takes more than three bytes. */
const BYTES_OF_A_UNIT = 3

/** What is hashed is put together here: as strings it would be three more copies of each event for the collector. */
const scratch = Buffer.alloc(BYTES_OF_A_UNIT * MAX_EVENT_BYTES)

/** Null for a text that is not the event of this place: altered, cut short, or another's. */
export function checkStoredText(text: string, epoch: number, sequence: number): StoredText | null {
  if (text.length > MAX_EVENT_BYTES) return null
  const tailAt = text.lastIndexOf('"datacontenttype"')
  const tail = tailAt < 0 ? null : ENVELOPE.exec(text.slice(tailAt))
  if (tail === null) return null
  const [, itsEpoch, hash = '', prevhash = '', itsSequence, time = ''] = tail
  if (itsEpoch !== String(epoch) || itsSequence !== formatSequence(sequence)) return null
  const member = `"hash":"${hash}",`
  const at = text.indexOf(member, tailAt)
  const before = scratch.write(text.slice(0, at))
  const bytes = before + scratch.write(text.slice(at + member.length), before)
  return sha256Base64url(scratch.subarray(0, bytes)) === hash ? { hash, prevhash, time } : null
}
