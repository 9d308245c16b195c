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
import { demoChain } from '../../bench/delivery/ratings.ts'
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
          expect(split).toMatchObject({ ok: true, texts: parts.map(([, text]) => text) })
        },
      ),
    )
  })

  it('of up to 8 events goes uncompressed in whole 8 KiB, so that its size tells nothing', () => {
    for (const count of [1, 5, 8]) {
      const texts = Array.from({ length: count }, (_, i) => JSON.stringify({ i, words: '无'.repeat(i * 40) }))
      const { body, contentEncoding } = encodeBatch(texts)
      expect(contentEncoding).toBeNull()
      expect(body.byteLength).toBe(8192)
      expect(splitBatch(body)).toMatchObject({ ok: true, texts })
    }
    const { body } = encodeBatch([JSON.stringify('x'.repeat(8192))])
    expect(body.byteLength).toBe(2 * 8192)
  })

  it('of more than 8 events is compressed and comes out as it went in', () => {
    const texts = Array.from({ length: 9 }, (_, i) => JSON.stringify({ i }))
    const { body, contentEncoding } = encodeBatch(texts)
    expect(contentEncoding).toBe('zstd')
    const unpacked = unpackBatch(body, 'zstd')
    expect(unpacked.ok && splitBatch(unpacked.bytes)).toMatchObject({ ok: true, texts })
  })

  it('of 500 demo ratings without sealed identities is at most 120 bytes an event on the wire', () => {
    const texts = [...demoChain('P-0571-0012', MAX_BATCH_EVENTS)].map(({ text }) => text)
    expect(encodeBatch(texts).body.byteLength / texts.length).toBeLessThanOrEqual(120)
  })

  it('knows its size before it is made', () => {
    const texts = ['{"a":"𬭎"}', '{}', '{"b":[1,2]}']
    expect(batchBytes(texts)).toBe(Buffer.byteLength(`[${texts.join(',')}]`))
  })

  it('is not made past the limits', () => {
    expect(() => encodeBatch([])).toThrow(RangeError)
    expect(() => encodeBatch(new Array(MAX_BATCH_EVENTS + 1).fill('{}'))).toThrow(RangeError)
    expect(() => encodeBatch([JSON.stringify('x'.repeat(MAX_BATCH_BYTES))])).toThrow(RangeError)
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
    ['a form feed before it', '\f[{}]'],
    ['a form feed behind it', '[{}]\f'],
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

  it('nested to its last byte is split without a stack', () => {
    const depth = MAX_BATCH_BYTES / 2 - 10
    const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`
    expect(splitBatch(utf8.encode(`[${deep},{}]`))).toMatchObject({ ok: true, texts: [deep, '{}'] })
  })

  it('gives the same texts and values whether it is as our serialiser writes it or not', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1, maxLength: 5 }), anyPadding, (values, padding) => {
        const texts = values.map((value) => JSON.stringify(value))
        const plain = splitBatch(utf8.encode(`[${texts.join(',')}]`))
        const padded = splitBatch(utf8.encode(`[${padding}${texts.join(`${padding},`)}]`))
        expect(plain).toMatchObject({ ok: true, texts: texts.map((text) => text.trim()) })
        expect(padded).toEqual(plain)
      }),
    )
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

  it('is unpacked from gzip, zstd or none', () => {
    const plain = utf8.encode('[{}]')
    for (const [body, encoding] of [
      [plain, undefined],
      [plain, 'identity'],
      [gzipSync(plain), 'gzip'],
      [zstdCompressSync(plain), 'zstd'],
    ] as const) {
      const unpacked = unpackBatch(body, encoding)
      expect(unpacked.ok && Buffer.from(unpacked.bytes).toString()).toBe('[{}]')
    }
  })

  it('that would unpack to more than 1 MiB is refused and never held', () => {
    const bomb = Buffer.alloc(64 * MAX_BATCH_BYTES, ' ')
    expect(unpackBatch(gzipSync(bomb), 'gzip')).toMatchObject({ code: 'batch-too-large' })
    expect(unpackBatch(zstdCompressSync(bomb), 'zstd')).toMatchObject({ code: 'batch-too-large' })
    expect(unpackBatch(bomb, undefined)).toMatchObject({ code: 'batch-too-large' })
  })

  it('with a broken or unknown encoding is refused', () => {
    const cut = gzipSync(utf8.encode('[{}]')).subarray(0, 10)
    expect(unpackBatch(cut, 'gzip')).toMatchObject({ code: 'batch-malformed' })
    expect(unpackBatch(cut, 'zstd')).toMatchObject({ code: 'batch-malformed' })
    expect(unpackBatch(cut, 'br')).toMatchObject({ code: 'encoding-unknown' })
  })
})
