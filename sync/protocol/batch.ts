/** Batches of events on their way to the hall (PROTOCOLS.md §1.3). */
import { promisify } from 'node:util'
import { gunzip, gzip, zstdDecompress } from 'node:zlib'
import { z } from 'zod'
import { Code, Hash, Instant, SequenceText } from './identifiers.ts'

export const BATCH_PATH = '/v1/batches'
export const BATCH_MEDIA_TYPE = 'application/cloudevents-batch+json'

/** The contract's limits: one transaction of the hall stays short, one body fits any proxy's default. */
export const MAX_BATCH_EVENTS = 500
export const MAX_BATCH_BYTES = 1024 * 1024

/** A batch this small may be one person's rating: its size on the wire must tell nothing. */
const PADDED_UP_TO_EVENTS = 8
const PADDING_BYTES = 8 * 1024

/** Level 1 gives nearly all of level 6 on this text at a fraction of the time. */
const GZIP_LEVEL = 1

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
  contentEncoding: 'gzip' | null
}

/** The unpacked size in bytes of a batch, before padding. */
export function batchBytes(texts: readonly string[]): number {
  return texts.reduce(
    (sum, text) => sum + Buffer.byteLength(text) + COMMA_BYTES,
    BRACKETS_BYTES - COMMA_BYTES,
  )
}

const gzipAsync = promisify(gzip)

/**
 * The body of a batch: the canonical texts themselves, joined into one JSON array.
 * @throws RangeError when there is no event, or more than the limits allow.
 */
export async function encodeBatch(texts: readonly string[]): Promise<EncodedBatch> {
  if (texts.length === 0 || texts.length > MAX_BATCH_EVENTS)
    throw new RangeError(`a batch holds 1 to ${MAX_BATCH_EVENTS} events, not ${texts.length}`)
  const plain = Buffer.from(`[${texts.join(',')}]`)
  if (plain.byteLength > MAX_BATCH_BYTES)
    throw new RangeError(`a batch holds at most ${MAX_BATCH_BYTES} bytes, not ${plain.byteLength}`)
  if (texts.length > PADDED_UP_TO_EVENTS) {
    const body = await gzipAsync(plain, { level: GZIP_LEVEL })
    return { body, contentType: BATCH_MEDIA_TYPE, contentEncoding: 'gzip' }
  }
  const body = Buffer.alloc(Math.ceil(plain.byteLength / PADDING_BYTES) * PADDING_BYTES, ' ')
  plain.copy(body)
  return { body, contentType: BATCH_MEDIA_TYPE, contentEncoding: null }
}

export type UnpackedBatch =
  | { ok: true; bytes: Uint8Array }
  | { ok: false; code: 'encoding-unknown' | 'batch-too-large' | 'batch-malformed'; detail: string }

const gunzipAsync = promisify(gunzip)
const unzstdAsync = promisify(zstdDecompress)

/** Undoes the Content-Encoding of a body whose digest was checked. Never unpacks past the 1 MiB limit. */
export async function unpackBatch(
  body: Uint8Array,
  contentEncoding: string | undefined,
): Promise<UnpackedBatch> {
  const limit = { maxOutputLength: MAX_BATCH_BYTES }
  try {
    switch (contentEncoding?.toLowerCase()) {
      case undefined:
      case '':
      case 'identity':
        return body.byteLength > MAX_BATCH_BYTES ? tooLarge() : { ok: true, bytes: body }
      case 'gzip':
        return { ok: true, bytes: await gunzipAsync(body, limit) }
      case 'zstd':
        return { ok: true, bytes: await unzstdAsync(body, limit) }
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
  | { ok: true; texts: string[] }
  | { ok: false; code: 'batch-malformed' | 'batch-too-large'; detail: string }

/**
 * Splits a body into the texts of its events exactly as they were received; white space around them is
 * padding. Whether a text is canonical is for `checkEvent` to say, event by event.
 */
export function splitBatch(bytes: Uint8Array): SplitBatch {
  let text: string
  let values: unknown
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    values = JSON.parse(text)
  } catch {
    return { ok: false, code: 'batch-malformed', detail: 'the body is no JSON in UTF-8' }
  }
  if (!Array.isArray(values) || values.length === 0)
    return { ok: false, code: 'batch-malformed', detail: 'a batch is a JSON array of at least one event' }
  if (values.length > MAX_BATCH_EVENTS)
    return { ok: false, code: 'batch-too-large', detail: `at most ${MAX_BATCH_EVENTS} events` }
  return { ok: true, texts: elementTexts(text) }
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
