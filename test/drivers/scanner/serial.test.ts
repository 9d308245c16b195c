import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_SCAN_BYTES, type RawScan } from '../../../drivers/scanner/raw-scan.ts'
import { SerialScanParser } from '../../../drivers/scanner/serial.ts'
import { chunks } from '../support.ts'

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'utf8'))
const texts = (scans: RawScan[]): string[] =>
  scans.map((scan) => (scan.kind === 'bytes' ? Buffer.from(scan.bytes).toString('utf8') : scan.kind))

test.each([
  ['CR', '\r'],
  ['LF', '\n'],
  ['CRLF', '\r\n'],
])('a code ends at %s', (_, suffix) => {
  const parser = new SerialScanParser()
  expect(texts(parser.push(bytes(`one${suffix}two${suffix}thr`)))).toEqual(['one', 'two'])
  expect(parser.unfinished).toBe(true)
  expect(texts(parser.push(bytes(`ee${suffix}`)))).toEqual(['three'])
  expect(parser.unfinished).toBe(false)
})

test('the first code without a suffix ends at a long silence, those behind it at a pause', () => {
  const parser = new SerialScanParser()
  expect(parser.push(bytes('code'))).toEqual([])
  expect(parser.pause()).toEqual([])
  expect(texts(parser.silence())).toEqual(['code'])
  expect(parser.silence()).toEqual([])
  for (const code of ['next', 'next']) {
    expect(parser.push(bytes(code))).toEqual([])
    expect(texts(parser.pause())).toEqual([code])
  }
})

test('of a scanner that has sent no suffix yet, pieces are one code only if a suffix ends them', () => {
  const parser = new SerialScanParser()
  parser.push(bytes('3300'))
  parser.pause()
  expect(texts(parser.push(bytes('99\r')))).toEqual(['330099'])
  const other = new SerialScanParser()
  other.push(bytes('twice'))
  other.pause()
  other.push(bytes('twice'))
  expect(other.pause()).toEqual([])
  expect(texts(other.silence())).toEqual(['incomplete'])
  other.push(bytes('once'))
  expect(texts(other.pause())).toEqual(['once'])
})

test.each(['\r', '\n', '\r\n'])(
  'once a scanner has sent a suffix, silence makes no code of its bytes: %j',
  (suffix) => {
    const parser = new SerialScanParser()
    parser.push(bytes(`one${suffix}tw`))
    expect(parser.pause()).toEqual([])
    expect(texts(parser.push(bytes(`o${suffix}`)))).toEqual(['two'])
    parser.push(bytes('thr'))
    expect(parser.pause()).toEqual([])
    expect(texts(parser.silence())).toEqual(['incomplete'])
    expect([parser.framedBytes, parser.discardedBytes, parser.unfinished]).toEqual([
      'onetwo'.length + 2,
      'thr'.length + (suffix.length - 1) * 2,
      false,
    ])
  },
)

test('a scanner whose suffix is switched off is read again after one code', () => {
  const parser = new SerialScanParser()
  parser.push(bytes('one\r'))
  const read = ['two', 'three', 'four'].map((code) => {
    parser.push(bytes(code))
    return texts([...parser.pause(), ...parser.silence()])
  })
  expect(read).toEqual([['incomplete'], ['three'], ['four']])
})

test('a code of 4096 bytes is whole, one more byte makes it one too-long', () => {
  const parser = new SerialScanParser()
  const longest = 'x'.repeat(MAX_SCAN_BYTES)
  expect(texts(parser.push(bytes(`${longest}\r`)))).toEqual([longest])
  expect(texts(parser.push(bytes(`${longest}y\r`)))).toEqual(['too-long'])
  expect(texts(parser.push(bytes('next\r')))).toEqual(['next'])
})

test('a code without an end is one too-long, and silence ends it', () => {
  const parser = new SerialScanParser()
  const scans = Array.from({ length: 100 }, () => parser.push(new Uint8Array(1000).fill(65))).flat()
  expect(texts(scans)).toEqual(['too-long'])
  expect(parser.pendingBytes).toBe(0)
  expect(parser.silence()).toEqual([])
  expect(texts(parser.push(bytes('next\r')))).toEqual(['next'])
})

const stream = fc
  .array(fc.oneof(fc.nat(255), fc.constantFrom(10, 13)), { maxLength: 600 })
  .map((values) => Uint8Array.from(values))
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 })

test('any chunking gives the same codes, and every byte is framed, discarded or waiting', () => {
  fc.assert(
    fc.property(stream, cuts, (all, where) => {
      const whole = new SerialScanParser()
      const cut = new SerialScanParser()
      const expected = whole.push(all)
      expect(chunks(all, where).flatMap((chunk) => cut.push(chunk))).toEqual(expected)
      expect(cut.framedBytes + cut.discardedBytes + cut.pendingBytes).toBe(all.length)
    }),
  )
})

test('memory stays bounded whatever comes', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9000), { maxLength: 8 }), (sizes) => {
      const parser = new SerialScanParser()
      for (const size of sizes) {
        parser.push(new Uint8Array(size).fill(0x41))
        expect(parser.pendingBytes).toBeLessThanOrEqual(MAX_SCAN_BYTES)
      }
    }),
  )
})

test('a whole code after noise is found', () => {
  fc.assert(
    fc.property(stream, (noise) => {
      const parser = new SerialScanParser()
      parser.push(noise)
      parser.silence()
      expect(texts(parser.push(bytes('330099\r')))).toEqual(['330099'])
    }),
  )
})

test('what was handed out is held no longer: a code is not in the next one', () => {
  const parser = new SerialScanParser()
  const [first] = parser.push(bytes('long and personal\r'))
  const [second] = parser.push(bytes('x\r'))
  if (first?.kind !== 'bytes' || second?.kind !== 'bytes') throw new Error('two codes')
  expect(second.bytes.buffer.byteLength).toBe(1)
  first.bytes.fill(0)
  expect(texts([second])).toEqual(['x'])
})
