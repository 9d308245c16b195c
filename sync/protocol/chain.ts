/** A device's facts as one chain of hashes (PROTOCOLS.md §1.2): making the next event, checking a received one. */
import { uuidv7 } from 'uuidv7'
import type { z } from 'zod'
import {
  canonicalText,
  canonicityOf,
  hasForbiddenControl,
  type ReadJson,
  readJsonText,
  sha256Base64url,
} from './canonical.ts'
import { plainEnvelope } from './envelope-text.ts'
import {
  Envelope,
  type EventData,
  type EventType,
  eventData,
  eventType,
  MAX_EVENT_BYTES,
  sourceOf,
  typeName,
} from './events.ts'
import { formatInstant, formatSequence } from './identifiers.ts'
import { isPlainRating } from './rating-text.ts'

export type ChainFault =
  | 'too-large' // over 16 KiB
  | 'not-json' // no JSON object, or strings that are not well-formed Unicode
  | 'not-canonical' // not the RFC 8785 text: kept and hashed texts would part
  | 'hash' // the hash it names is not its own
  | 'control-character' // C0 other than LF
  | 'schema' // the envelope or the data break their schema
  | 'unknown-type' // well made, but of a type or version not known here

export type CheckedEvent =
  | { ok: true; event: Envelope; type: EventType; text: string }
  /** `detail` names paths and rules, never values. */
  | { ok: false; code: ChainFault; detail: string }

export interface NextEvent<T extends EventType> {
  deviceId: string
  epoch: number
  sequence: number
  /** The hash of the event before it, or `FIRST_PREVHASH`. */
  prevhash: string
  type: T
  time: Date
  data: EventData<T>
}

/** In UTF-8 no UTF-16 unit takes more. */
const MOST_BYTES_A_UNIT = 3
const HASH_MEMBER_LENGTH = '"hash":"",'.length + 43

/**
 * Makes the next event of a chain. `text` is the canonical text, the one thing that is stored and sent. Its parts are
 * checked as a receiver would check them, without reading back the text that was just written: somebody waits.
 * @throws Error when the data break the schema of their type or the event would be over 16 KiB: the caller
 * has a defect, and nothing of it may reach the chain. The message holds paths and rules, never values.
 */
export function makeEvent<T extends EventType>(next: NextEvent<T>): { event: Envelope; text: string } {
  const refuse = (code: ChainFault, detail: string): never => {
    throw new Error(`a ${next.type} event cannot be made (${code}): ${detail}`)
  }
  // In the order of RFC 8785, so that its text need not be sorted while somebody waits.
  const unhashed = {
    data: next.data,
    datacontenttype: 'application/json' as const,
    epoch: next.epoch,
    id: uuidv7(),
    prevhash: next.prevhash,
    sequence: formatSequence(next.sequence),
    source: sourceOf(next.deviceId),
    specversion: '1.0' as const,
    time: formatInstant(next.time),
    type: typeName(next.type),
  }
  const rating = next.type === 'rating' ? plainRatingOf(unhashed) : null
  if (rating !== null) return rating
  const body = canonicalText(unhashed)
  const hash = sha256Base64url(body)
  const text = withHash(body, hash, unhashed.id)
  const bytes = Buffer.byteLength(text)
  if (bytes > MAX_EVENT_BYTES) return refuse('too-large', `${bytes} bytes; at most ${MAX_EVENT_BYTES}`)
  if (hasForbiddenControl(text))
    return refuse('control-character', 'a string holds a C0 control other than LF')
  const made = { ...unhashed, hash }
  const plain = plainEnvelope(text, made)
  const event = plain === null ? Envelope.safeParse(made) : { success: true as const, data: plain }
  if (!event.success) return refuse('schema', faults(event.error))
  const data = eventData[next.type].safeParse(next.data)
  if (!data.success) return refuse('schema', faults(data.error, 'data'))
  return { event: event.data, text }
}

/**
 * A rating as nearly all are: the one pattern over its text says all that canonical form, envelope and schema would ask,
 * while somebody waits for thanks. Null says nothing.
 */
function plainRatingOf(unhashed: Omit<Envelope, 'hash'>): { event: Envelope; text: string } | null {
  const body = JSON.stringify(unhashed)
  if (body.length * MOST_BYTES_A_UNIT > MAX_EVENT_BYTES - HASH_MEMBER_LENGTH) return null
  const hash = sha256Base64url(body)
  const text = withHash(body, hash, unhashed.id)
  return isPlainRating(text) ? { event: { ...unhashed, hash }, text } : null
}

/** Sorted members put `hash` before `id`; behind `data`, where nothing but the envelope's own follows. */
function withHash(body: string, hash: string, id: string): string {
  const at = body.lastIndexOf(`"id":"${id}"`)
  return `${body.slice(0, at)}"hash":"${hash}",${body.slice(at)}`
}

/**
 * Checks an event's text as it was received: size, canonical form and hash before any schema.
 * @param read the same text where it was parsed already; null where it is no JSON
 */
export function checkEvent(text: string, read: ReadJson | null = readSmall(text)): CheckedEvent {
  // The common event need not be counted.
  const bytes = text.length * MOST_BYTES_A_UNIT <= MAX_EVENT_BYTES ? 0 : Buffer.byteLength(text)
  if (bytes > MAX_EVENT_BYTES)
    return { ok: false, code: 'too-large', detail: `${bytes} bytes; at most ${MAX_EVENT_BYTES}` }
  const parsed = canonicalObject(read)
  if (!parsed.ok) return parsed
  if (hasForbiddenControl(text))
    return { ok: false, code: 'control-character', detail: 'a string holds a C0 control other than LF' }
  const plain = plainEnvelope(text, parsed.value)
  const envelope = plain === null ? Envelope.safeParse(parsed.value) : { success: true as const, data: plain }
  if (parsed.hash !== hashOf(text, parsed.hash))
    return { ok: false, code: 'hash', detail: 'the hash is not that of the event' }
  if (!envelope.success) return { ok: false, code: 'schema', detail: faults(envelope.error) }
  const type = eventType(envelope.data.type)
  if (type === null) return { ok: false, code: 'unknown-type', detail: envelope.data.type }
  const data = eventData[type].safeParse(envelope.data.data)
  if (!data.success) return { ok: false, code: 'schema', detail: faults(data.error, 'data') }
  return { ok: true, event: envelope.data, type, text }
}

type Parsed =
  | { ok: true; value: object; hash: string | null }
  | { ok: false; code: 'not-json' | 'not-canonical'; detail: string }

/** What is too large is refused unread. */
function readSmall(text: string): ReadJson | null {
  return text.length > MAX_EVENT_BYTES ? null : readJsonText(text)
}

function canonicalObject(read: ReadJson | null): Parsed {
  const form = read === null ? 'no-form' : canonicityOf(read)
  if (read === null || form === 'no-form')
    return { ok: false, code: 'not-json', detail: 'no JSON, or a string that is not well-formed Unicode' }
  const { value } = read
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ok: false, code: 'not-json', detail: 'an event is a JSON object' }
  if (form === 'other-form')
    return { ok: false, code: 'not-canonical', detail: 'not in its RFC 8785 form, or a member stands twice' }
  return { ok: true, value, hash: 'hash' in value && typeof value.hash === 'string' ? value.hash : null }
}

/**
 * The hash of the text as received, without its `hash` member. Sorted members put `data` first and only plain
 * strings behind `hash`, so in an envelope the last `"hash":` of the text is the member itself; where it is
 * not, the text is no envelope and the schema refuses it.
 */
function hashOf(text: string, named: string | null): string | null {
  if (named === null) return null
  const member = `"hash":${JSON.stringify(named)},`
  const at = text.lastIndexOf(member)
  return at < 0 ? null : sha256Base64url(text.slice(0, at) + text.slice(at + member.length))
}

/** An event's own fault list at its most: enough for a technician, bounded for an answer. */
const MAX_FAULTS_TOLD = 5

function faults(error: z.ZodError, root?: string): string {
  return error.issues
    .slice(0, MAX_FAULTS_TOLD)
    .map((issue) => {
      const path = [...(root === undefined ? [] : [root]), ...issue.path.map(String)].join('.')
      return `${path === '' ? 'event' : path}: ${issue.code === 'unrecognized_keys' ? 'unknown member' : issue.message}`
    })
    .join('; ')
}
