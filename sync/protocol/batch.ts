/** Batches of events on their way to the hall (PROTOCOLS.md §1.3). */
import { constants, gunzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { z } from 'zod'
import { comesBack, type ReadJson } from './canonical.ts'
import { MAX_EVENT_BYTES } from './events.ts'
import { Code, Hash, Instant, SequenceText } from './identifiers.ts'

export const BATCH_PATH = '/v1/batches'
export const BATCH_MEDIA_TYPE = 'application/cloudevents-batch+json'

/** The contract's limits: one transaction of the hall stays short, one body fits any proxy's default. */
export const MAX_BATCH_EVENTS = 500
export const MAX_BATCH_BYTES = 1024 * 1024

/** A batch this small may be one person's rating: its size on the wire must tell nothing. */
const PADDED_UP_TO_EVENTS = 8
const PADDING_BYTES = 8 * 1024

/**
 * zstd at its first level: 98 bytes a demo rating where gzip's first level needs 120, in half of its time; levels 2
 * to 4 gain nothing on this text, and 5 takes three times as long for 3 bytes (test/bench/wire-size.ts).
 */
const PACKING = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

const COMMA_BYTES = 1
const BRACKETS_BYTES = 2

/** How many holes one answer names at most: what one batch can fill, the newest. The rest is named by later answers. */
export const MAX_MISSING_TOLD = MAX_BATCH_EVENTS

/**
 * The hall's answer. `through`: the last sequence up to which the hall has dealt with this epoch, 0 for none,
 * and never later than the last event of the batch it answers (it releases nothing otherwise). Everything up
 * to it may be released. `missing` names sequences before the batch that the hall lacks and asks for again,
 * released or not; the ones the device has set aside stay away, a `system` fact tells of them. `rejected` were dealt with too: they are not stored and are for the device to set
 * aside. `stored` + `duplicate` + `rejected` are all events of the batch.
 */
export const BatchAnswer = z.object({
  epoch: z.int().min(1),
  stored: z.int().min(0),
  duplicate: z.int().min(0),
  rejected: z.array(z.object({ sequence: SequenceText, code: Code, detail: z.string() })),
  through: SequenceText,
  missing: z.array(SequenceText).max(MAX_MISSING_TOLD),
  time: Instant,
})
export type BatchAnswer = z.infer<typeof BatchAnswer>

/** What a 409 `chain-fork` adds to its problem: the stored hash of that sequence is another one. */
export const ForkDetails = z.object({ epoch: z.int().min(1), sequence: SequenceText, hash: Hash })

export interface EncodedBatch {
  body: Uint8Array
  contentType: typeof BATCH_MEDIA_TYPE
  contentEncoding: 'zstd' | null
}

/** The unpacked size in bytes of a batch, before padding. */
export function batchBytes(texts: readonly string[]): number {
  return texts.reduce(
    (sum, text) => sum + Buffer.byteLength(text) + COMMA_BYTES,
    BRACKETS_BYTES - COMMA_BYTES,
  )
}

/**
 * The body of a batch: the canonical texts themselves, joined into one JSON array.
 * @throws RangeError when there is no event, or more than the limits allow.
 */
export function encodeBatch(texts: readonly string[]): EncodedBatch {
  if (texts.length === 0 || texts.length > MAX_BATCH_EVENTS)
    throw new RangeError(`a batch holds 1 to ${MAX_BATCH_EVENTS} events, not ${texts.length}`)
  const plain = Buffer.from(`[${texts.join(',')}]`)
  if (plain.byteLength > MAX_BATCH_BYTES)
    throw new RangeError(`a batch holds at most ${MAX_BATCH_BYTES} bytes, not ${plain.byteLength}`)
  if (texts.length > PADDED_UP_TO_EVENTS) {
    const body = zstdCompressSync(plain, PACKING)
    return { body, contentType: BATCH_MEDIA_TYPE, contentEncoding: 'zstd' }
  }
  const body = Buffer.alloc(Math.ceil(plain.byteLength / PADDING_BYTES) * PADDING_BYTES, ' ')
  plain.copy(body)
  return { body, contentType: BATCH_MEDIA_TYPE, contentEncoding: null }
}

export type UnpackedBatch =
  | { ok: true; bytes: Uint8Array }
  | { ok: false; code: 'encoding-unknown' | 'batch-too-large' | 'batch-malformed'; detail: string }

/**
 * Undoes the Content-Encoding of a body whose digest was checked. Never unpacks past the 1 MiB limit, which takes a
 * millisecond at most: handing it to another thread and back costs more, and more still on a busy machine.
 */
export function unpackBatch(body: Uint8Array, contentEncoding: string | undefined): UnpackedBatch {
  const limit = { maxOutputLength: MAX_BATCH_BYTES }
  try {
    switch (contentEncoding?.toLowerCase()) {
      case undefined:
      case '':
      case 'identity':
        return body.byteLength > MAX_BATCH_BYTES ? tooLarge() : { ok: true, bytes: body }
      case 'gzip':
        return { ok: true, bytes: gunzipSync(body, limit) }
      case 'zstd':
        return { ok: true, bytes: zstdDecompressSync(body, limit) }
      default:
        return { ok: false, code: 'encoding-unknown', detail: 'send gzip, zstd or no Content-Encoding' }
    }
  } catch (error) {
    if (error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
      return tooLarge()
    return { ok: false, code: 'batch-malformed', detail: `the body is no whole ${contentEncoding} stream` }
  }
}

function tooLarge(): UnpackedBatch {
  return { ok: false, code: 'batch-too-large', detail: `at most ${MAX_BATCH_BYTES} bytes unpacked` }
}

export type SplitBatch =
  | { ok: true; texts: string[]; events: ReadJson[] }
  | { ok: false; code: 'batch-malformed' | 'batch-too-large'; detail: string }

/** Kept for all batches: each one made anew costs more than a small batch does to decode. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Splits a body into its events, their texts exactly as they were received; white space around them is padding.
 * Whether a text is canonical is for `checkEvent` to say, event by event.
 */
export function splitBatch(bytes: Uint8Array): SplitBatch {
  let text: string
  let values: unknown
  try {
    text = utf8.decode(bytes)
    values = JSON.parse(text)
  } catch {
    return { ok: false, code: 'batch-malformed', detail: 'the body is no JSON in UTF-8' }
  }
  if (!Array.isArray(values) || values.length === 0)
    return { ok: false, code: 'batch-malformed', detail: 'a batch is a JSON array of at least one event' }
  if (values.length > MAX_BATCH_EVENTS)
    return { ok: false, code: 'batch-too-large', detail: `at most ${MAX_BATCH_EVENTS} events` }
  const events = plainElements(text, values) ?? scannedElements(text, values)
  return { ok: true, texts: events.map((event) => event.text), events }
}

/**
 * The elements where the body is what `JSON.stringify` makes of it, as every device of ours sends it: the compiled
 * serialiser tells where each text ends, many times faster than a scan by characters. Null for any other body.
 */
function plainElements(text: string, values: readonly unknown[]): ReadJson[] | null {
  const events: ReadJson[] = []
  let at = text.indexOf('[') + 1
  try {
    for (const value of values) {
      const element = JSON.stringify(value)
      const end = at + element.length
      const mark = text[end]
      if (text.slice(at, end) !== element || !(mark === ',' || mark === ']')) return null
      events.push({ text: element, value, roundTrip: true })
      at = end + 1
    }
    return events
  } catch {
    // Nested deeper than the serialiser's stack: no event of ours, and the scan needs no stack.
    return null
  }
}

function scannedElements(text: string, values: readonly unknown[]): ReadJson[] {
  return elementTexts(text).map((element, index) => {
    const value: unknown = values[index]
    return { text: element, value, roundTrip: element.length <= MAX_EVENT_BYTES && comesBack(element, value) }
  })
}

/** The element texts of a JSON array that is known to be valid. A scan, not a pattern: its cost stays linear. */
function elementTexts(text: string): string[] {
  const texts: string[] = []
  let depth = 0
  let start = 0
  let quoted = false
  const take = (end: number) => {
    texts.push(text.slice(start, end).trim())
    start = end + 1
  }
  for (let at = 0; at < text.length; at += 1) {
    const mark = text[at]
    if (quoted) {
      if (mark === '\\') at += 1
      else if (mark === '"') quoted = false
    } else if (mark === '"') quoted = true
    else if (mark === '[' || mark === '{') {
      depth += 1
      if (depth === 1) start = at + 1
    } else if (mark === ']' || mark === '}') {
      depth -= 1
      if (depth === 0) take(at)
    } else if (mark === ',' && depth === 1) take(at)
  }
  return texts
}
