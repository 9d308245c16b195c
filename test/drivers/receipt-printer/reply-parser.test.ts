import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ReplyParser } from '../../../drivers/receipt-printer/reply-parser.ts'
import { chunks, hex, join } from '../support.ts'

const parse = (bytes: Uint8Array) => new ReplyParser().push(bytes)

test('replies of every kind are told apart in one stream', () => {
  const stream = hex('12 37 22 30 31 32 33 00 10 00 03 00 0F 11 13 16')
  expect(parse(stream)).toEqual([
    { kind: 'status', byte: 0x12 },
    { kind: 'print-done', mark: hex('30313233') },
    { kind: 'automatic', bytes: hex('10000300') },
    { kind: 'marker', byte: 0x0f },
    { kind: 'flow', on: true },
    { kind: 'flow', on: false },
    { kind: 'status', byte: 0x16 },
  ])
})

test('every real-time status has its fixed bits, and no other byte passes for one', () => {
  for (let byte = 0; byte < 256; byte += 1) {
    const isStatus = parse(Uint8Array.of(byte)).some((reply) => reply.kind === 'status')
    expect(isStatus).toBe((byte & 0x93) === 0x12)
  }
})

test('blocks that nobody asked for are whole and say nothing', () => {
  const parser = new ReplyParser()
  expect(parser.push(hex('3D 20 41 42 00 5F 54 4D 00 12'))).toEqual([{ kind: 'status', byte: 0x12 }])
  expect(parser.discardedBytes).toBe(0)
})

test('a block whose end was lost does not swallow the status behind it', () => {
  const parser = new ReplyParser()
  expect(parser.push(hex('37 22 30 31 12'))).toContainEqual({ kind: 'status', byte: 0x12 })
})

test('an automatic status that lost a byte does not swallow the status behind it', () => {
  const parser = new ReplyParser()
  expect(parser.push(hex('10 00 00 12'))).toContainEqual({ kind: 'status', byte: 0x12 })
})

test('half a reply waits and is given up on demand', () => {
  const parser = new ReplyParser()
  expect(parser.push(hex('37 22'))).toEqual([])
  expect(parser.pendingBytes).toBe(2)
  parser.abandon()
  expect(parser.pendingBytes).toBe(0)
  expect(parser.push(hex('12'))).toEqual([{ kind: 'status', byte: 0x12 }])
})

const noise = fc
  .array(fc.oneof(fc.nat(255), fc.constantFrom(0x37, 0x3d, 0x10, 0x00, 0x22)), { maxLength: 300 })
  .map((bytes) => Uint8Array.from(bytes))
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 10 })

test('any chunking of anything gives the same replies, in bounded memory, with every byte accounted for', () => {
  fc.assert(
    fc.property(noise, cuts, (bytes, where) => {
      const parser = new ReplyParser()
      const replies = chunks(bytes, where).flatMap((chunk) => {
        const found = parser.push(chunk)
        expect(parser.pendingBytes).toBeLessThanOrEqual(80)
        return found
      })
      expect(replies).toEqual(parse(bytes))
      expect(parser.framedBytes + parser.discardedBytes + parser.pendingBytes).toBe(bytes.length)
    }),
  )
})

test('a print-done after noise is found, at the latest when what is pending is given up', () => {
  const mark = hex('37 22 41 42 43 44 00')
  // Blocks and automatic statuses that are not whole may hold the front of ours: noise without their openers.
  const quiet = noise.map((bytes) =>
    bytes.filter((byte) => ![0x37, 0x3d, 0x5f].includes(byte) && (byte & 0x93) !== 0x10),
  )
  fc.assert(
    fc.property(quiet, (before) => {
      const parser = new ReplyParser()
      const replies = [...parser.push(join(before, mark)), ...parser.abandon()]
      expect(replies).toContainEqual({ kind: 'print-done', mark: hex('41424344') })
    }),
  )
})
