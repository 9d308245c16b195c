/** The CloudEvents envelope of a device's facts (PROTOCOLS.md §1.2; CloudEvents 1.0 §3.1, JSON format). */
import { z } from 'zod'
import { type EventType, eventData } from './event-data.ts'
import { Hash, Instant, parseSequence, SequenceText } from './identifiers.ts'

export * from './event-data.ts'

/** As canonical UTF-8, hash included: a batch of 60 such events still fits its 1 MiB. */
export const MAX_EVENT_BYTES = 16 * 1024

const SOURCE_PREFIX = '/devices/'
const TYPE_PREFIX = 'cn.window24.'
const TYPE_VERSION = '.v1'

export const Envelope = z.strictObject({
  specversion: z.literal('1.0'),
  id: z.uuidv7(),
  /** `DeviceId` behind its prefix, as one pattern: a nested schema costs half a microsecond an event. */
  source: z.string().regex(/^\/devices\/[A-Za-z0-9][A-Za-z0-9-]{0,63}$/),
  type: z.string().regex(/^cn\.window24\.[a-z]+(?:-[a-z]+)*\.v[1-9]\d*$/),
  time: Instant,
  datacontenttype: z.literal('application/json'),
  epoch: z.int().min(1),
  sequence: SequenceText.refine((text) => parseSequence(text) >= 1, 'a chain counts from 1'),
  prevhash: Hash,
  hash: Hash,
  /** Any object: its own schema judges it, and a record would be copied member by member first. */
  data: z.looseObject({}),
})
export type Envelope = z.infer<typeof Envelope>

export function sourceOf(deviceId: string): string {
  return SOURCE_PREFIX + deviceId
}

/** The deviceId of an envelope's source. */
export function deviceOf(source: string): string {
  return source.slice(SOURCE_PREFIX.length)
}

/** `rating` → `cn.window24.rating.v1` */
export function typeName(type: EventType): string {
  return TYPE_PREFIX + type + TYPE_VERSION
}

/** `cn.window24.rating.v1` → `rating`; null for a type or version that is not known here. */
export function eventType(name: string): EventType | null {
  if (!name.startsWith(TYPE_PREFIX) || !name.endsWith(TYPE_VERSION)) return null
  const type = name.slice(TYPE_PREFIX.length, -TYPE_VERSION.length)
  return Object.hasOwn(eventData, type) ? (type as EventType) : null
}
