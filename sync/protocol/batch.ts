/** Batches of events on their way to the hall (PROTOCOLS.md §1.3). */
import { promisify } from 'node:util'
import { constants, gunzipSync, zstdCompress, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { z } from 'zod'
import { type BatchElement, batchElements } from './batch-elements.ts'
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
  if (texts.length <= PADDED_UP_TO_EVENTS) return padded(plain)
  return packed(zstdCompressSync(plain, PACKING))
}

/**
 * The same for texts that are joined already, brackets and all; large ones are packed off the loop.
 * @param plain within the limits
 */
export async function encodeJoined(plain: Buffer, events: number): Promise<EncodedBatch> {
  return events <= PADDED_UP_TO_EVENTS ? padded(plain) : packed(await zstdPacked(plain, PACKING))
}

const zstdPacked = promisify(zstdCompress)

function packed(body: Uint8Array): EncodedBatch {
  return { body, contentType: BATCH_MEDIA_TYPE, contentEncoding: 'zstd' }
}

function padded(plain: Buffer): EncodedBatch {
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
  | { ok: true; texts: string[]; events: BatchElement[] }
  | { ok: false; code: 'batch-malformed' | 'batch-too-large'; detail: string }

/**
 * Splits a body into its events, their texts exactly as they were received; white space around them is padding.
 * What is no plain rating is only read: whether it is an event at all is for `checkEvent` to say, one by one.
 */
export function splitBatch(bytes: Uint8Array): SplitBatch {
  const events = batchElements(bytes, MAX_BATCH_EVENTS)
  if (events === 'malformed')
    return {
      ok: false,
      code: 'batch-malformed',
      detail: 'a batch is a JSON array of at least one event, in UTF-8',
    }
  if (events === 'too-many')
    return { ok: false, code: 'batch-too-large', detail: `at most ${MAX_BATCH_EVENTS} events` }
  return { ok: true, texts: events.map(({ text }) => text), events }
}
