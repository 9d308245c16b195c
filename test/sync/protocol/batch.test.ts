import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  batchBytes,
  encodeBatch,
  MAX_BATCH_BYTES,
  MAX_BATCH_EVENTS,
  splitBatch,
  unpackBatch,
} from '../../../sync/protocol/batch.ts'
import { anyWords } from '../support/facts.ts'

const utf8 = new TextEncoder()

/** What a splitter could stumble over. */
const anyTrap = fc.string({
  unit: fc.constantFrom('"', '\\', '[', ']', '{', '}', ',', ' ', '\n'),
  maxLength: 12,
})

/** JSON objects as texts, not all of them canonical: splitting must not mind. */
const anyElement = fc
  .dictionary(anyWords(8), fc.oneof(anyTrap, anyWords(40), fc.integer(), fc.array(anyWords(4))), {
    maxKeys: 4,
  })
  .chain((value) => fc.constantFrom(JSON.stringify(value), JSON.stringify(value, null, 1)))

const anyPadding = fc.stringMatching(/^[ \t\r\n]{0,4}$/)

describe('a batch', () => {
  it('gives back the texts of its events byte for byte, whatever white space is around them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyPadding, anyElement, anyPadding), { minLength: 1 }),
        anyPadding,
        (parts, outside) => {
          const inner = parts.map(([before, text, after]) => before + text + after).join(',')
          const split = splitBatch(utf8.encode(`${outside}[${inner}]${outside}`))
          expect(split).toEqual({ ok: true, texts: parts.map(([, text]) => text) })
        },
      ),
    )
  })

  it('of up to 8 events goes uncompressed in whole 8 KiB, so that its size tells nothing', async () => {
    for (const count of [1, 5, 8]) {
      const texts = Array.from({ length: count }, (_, i) => JSON.stringify({ i, words: '无'.repeat(i * 40) }))
      const { body, contentEncoding } = await encodeBatch(texts)
      expect(contentEncoding).toBeNull()
      expect(body.byteLength).toBe(8192)
      expect(splitBatch(body)).toEqual({ ok: true, texts })
    }
    const { body } = await encodeBatch([JSON.stringify('x'.repeat(8192))])
    expect(body.byteLength).toBe(2 * 8192)
  })

  it('of more than 8 events is compressed and comes out as it went in', async () => {
    const texts = Array.from({ length: 9 }, (_, i) => JSON.stringify({ i }))
    const { body, contentEncoding } = await encodeBatch(texts)
    expect(contentEncoding).toBe('gzip')
    const unpacked = await unpackBatch(body, 'gzip')
    expect(unpacked.ok && splitBatch(unpacked.bytes)).toEqual({ ok: true, texts })
  })

  it('knows its size before it is made', () => {
    const texts = ['{"a":"𬭎"}', '{}', '{"b":[1,2]}']
    expect(batchBytes(texts)).toBe(Buffer.byteLength(`[${texts.join(',')}]`))
  })

  it('is not made past the limits', async () => {
    await expect(encodeBatch([])).rejects.toThrow(RangeError)
    await expect(encodeBatch(new Array(MAX_BATCH_EVENTS + 1).fill('{}'))).rejects.toThrow(RangeError)
    await expect(encodeBatch([JSON.stringify('x'.repeat(MAX_BATCH_BYTES))])).rejects.toThrow(RangeError)
  })
})

describe('a received body', () => {
  it.each([
    ['no JSON', '[{]'],
    ['nothing', ''],
    ['an object', '{}'],
    ['an empty array', '[ ]'],
    ['two arrays', '[{}][{}]'],
    ['a byte order mark', '\ufeff[{}]'],
  ])('with %s is malformed', (_, text) => {
    expect(splitBatch(utf8.encode(text))).toMatchObject({ ok: false, code: 'batch-malformed' })
  })

  it('that is not UTF-8 is malformed', () => {
    expect(splitBatch(Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d]))).toMatchObject({ ok: false })
  })

  it('of more than 500 events is too large', () => {
    const body = utf8.encode(`[${new Array(MAX_BATCH_EVENTS + 1).fill('{}').join(',')}]`)
    expect(splitBatch(body)).toMatchObject({ ok: false, code: 'batch-too-large' })
  })

  it('never makes splitting throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((json) => utf8.encode(json)),
        ),
        (bytes) => {
          expect(typeof splitBatch(bytes).ok).toBe('boolean')
        },
      ),
    )
    expect(splitBatch(utf8.encode(`["${'\\\\'.repeat(MAX_BATCH_BYTES / 2)}"]`)).ok).toBe(true)
  })

  it('is unpacked from gzip, zstd or none', async () => {
    const plain = utf8.encode('[{}]')
    for (const [body, encoding] of [
      [plain, undefined],
      [plain, 'identity'],
      [gzipSync(plain), 'gzip'],
      [zstdCompressSync(plain), 'zstd'],
    ] as const) {
      const unpacked = await unpackBatch(body, encoding)
      expect(unpacked.ok && Buffer.from(unpacked.bytes).toString()).toBe('[{}]')
    }
  })

  it('that would unpack to more than 1 MiB is refused and never held', async () => {
    const bomb = Buffer.alloc(64 * MAX_BATCH_BYTES, ' ')
    expect(await unpackBatch(gzipSync(bomb), 'gzip')).toMatchObject({ code: 'batch-too-large' })
    expect(await unpackBatch(zstdCompressSync(bomb), 'zstd')).toMatchObject({ code: 'batch-too-large' })
    expect(await unpackBatch(bomb, undefined)).toMatchObject({ code: 'batch-too-large' })
  })

  it('with a broken or unknown encoding is refused', async () => {
    const cut = gzipSync(utf8.encode('[{}]')).subarray(0, 10)
    expect(await unpackBatch(cut, 'gzip')).toMatchObject({ code: 'batch-malformed' })
    expect(await unpackBatch(cut, 'zstd')).toMatchObject({ code: 'batch-malformed' })
    expect(await unpackBatch(cut, 'br')).toMatchObject({ code: 'encoding-unknown' })
  })
})
