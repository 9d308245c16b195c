/** A device's facts as one chain of hashes (PROTOCOLS.md §1.2): making the next event, checking a received one. */
import { uuidv7 } from 'uuidv7'
import type { z } from 'zod'
import { canonicalText, hasForbiddenControl, sha256Base64url } from './canonical.ts'
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

/**
 * Makes the next event of a chain. `text` is the canonical text, the one thing that is stored and sent.
 * @throws Error when the data break the schema of their type or the event would be over 16 KiB: the caller
 * has a defect, and nothing of it may reach the chain. The message holds paths and rules, never values.
 */
export function makeEvent<T extends EventType>(next: NextEvent<T>): { event: Envelope; text: string } {
  const unhashed = {
    specversion: '1.0',
    id: uuidv7(),
    source: sourceOf(next.deviceId),
    type: typeName(next.type),
    time: formatInstant(next.time),
    datacontenttype: 'application/json',
    epoch: next.epoch,
    sequence: formatSequence(next.sequence),
    prevhash: next.prevhash,
    data: next.data,
  }
  const text = canonicalText({ ...unhashed, hash: sha256Base64url(canonicalText(unhashed)) })
  const checked = checkEvent(text)
  if (!checked.ok) throw new Error(`a ${next.type} event cannot be made (${checked.code}): ${checked.detail}`)
  return { event: checked.event, text }
}

/** Checks an event's text as it was received: size, canonical form and hash before any schema. */
export function checkEvent(text: string): CheckedEvent {
  const bytes = Buffer.byteLength(text)
  if (bytes > MAX_EVENT_BYTES)
    return { ok: false, code: 'too-large', detail: `${bytes} bytes; at most ${MAX_EVENT_BYTES}` }
  const parsed = parseCanonical(text)
  if (!parsed.ok) return parsed
  if (hasForbiddenControl(text))
    return { ok: false, code: 'control-character', detail: 'a string holds a C0 control other than LF' }
  const envelope = Envelope.safeParse(parsed.value)
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

function parseCanonical(text: string): Parsed {
  let value: unknown
  let canonical: string
  try {
    value = JSON.parse(text)
    canonical = canonicalText(value)
  } catch {
    return { ok: false, code: 'not-json', detail: 'no JSON, or a string that is not well-formed Unicode' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ok: false, code: 'not-json', detail: 'an event is a JSON object' }
  if (canonical !== text)
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
