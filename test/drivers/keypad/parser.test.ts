import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeFrame, type Ff68Frame, MAX_FRAME_BYTES, matchFrame } from '../../../drivers/keypad/frame.ts'
import { FrameParser, type Matcher } from '../../../drivers/keypad/parser.ts'
import { bytesOf, type Pattern, tableMatcher } from '../../../drivers/keypad/table.ts'
import { chunks, hex, join } from '../support.ts'

const KEY: Ff68Frame = { address: 1, func: 0x11, data: Uint8Array.of(3) }

const PATTERNS: Pattern[] = [
  [0x5a, 0xa5, 0x31, null, 0x0d],
  [0x5a, 0xa5, 0x32, null, 0x0d],
  [0x5a, 0x5a, 0x5a, 0x5a, 0x01, 0x02],
]
const table = tableMatcher(PATTERNS.map((pattern, value) => ({ pattern, value })))

const noise = fc.array(fc.oneof(fc.nat(255), fc.constantFrom(0xff, 0x68, 0x03, 0x16, 0x5a, 0xa5, 0x31)), {
  maxLength: 400,
})
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 })
const ff68Frame = fc
  .record({ address: fc.nat(255), func: fc.nat(255), data: fc.uint8Array({ maxLength: 30 }) })
  .map(encodeFrame)
const tableFrame = fc.constantFrom(...PATTERNS).map(bytesOf)

interface Form {
  matcher: Matcher<unknown>
  frame: fc.Arbitrary<Uint8Array>
  longest: number
}

const forms: [string, Form][] = [
  ['ff68', { matcher: matchFrame, frame: ff68Frame, longest: MAX_FRAME_BYTES }],
  ['table', { matcher: table, frame: tableFrame, longest: 6 }],
]

describe.each(forms)('in the %s form', (_, { matcher, frame, longest }) => {
  const stream = fc
    .array(
      fc.oneof(
        noise.map((bytes) => Uint8Array.from(bytes)),
        frame,
      ),
      { maxLength: 12 },
    )
    .map((parts) => join(...parts))

  test('any chunking gives the same frames, and every byte is framed, discarded or pending', () => {
    fc.assert(
      fc.property(stream, cuts, (bytes, where) => {
        const whole = new FrameParser(matcher)
        const parser = new FrameParser(matcher)
        const expected = whole.push(bytes)
        const found = chunks(bytes, where).flatMap((chunk) => {
          // As a transport gives it, and as a driver leaves it behind.
          const buffer = Buffer.from(chunk)
          const frames = parser.push(buffer)
          buffer.fill(0)
          return frames
        })
        expect(found).toEqual(expected)
        expect(parser.framedBytes + parser.discardedBytes + parser.pendingBytes).toBe(bytes.length)
        expect(parser.pendingBytes).toBeLessThan(longest)
      }),
    )
  })

  test('giving up finds what a lying length has swallowed, leaves nothing pending and loses no byte', () => {
    fc.assert(
      fc.property(stream, (bytes) => {
        const parser = new FrameParser(matcher)
        parser.push(bytes)
        parser.abandon()
        expect(parser.pendingBytes).toBe(0)
        expect(parser.framedBytes + parser.discardedBytes).toBe(bytes.length)
      }),
    )
  })

  test('a whole frame after noise is found', () => {
    fc.assert(
      fc.property(noise, frame, (before, bytes) => {
        const parser = new FrameParser(matcher)
        parser.push(Uint8Array.from(before))
        parser.abandon()
        expect(parser.push(bytes)).toHaveLength(1)
      }),
    )
  })
})

test('a damaged frame is passed over byte by byte, and the next one is found (field row 6)', () => {
  const damaged = hex('FF 68 03 03 68 01 11 00 13 16')
  const parser = new FrameParser(matchFrame)
  expect(parser.push(join(damaged, encodeFrame(KEY)))).toEqual([KEY])
  expect(parser.discardedBytes).toBe(damaged.length)
})

test('a frame that lost its last byte does not swallow the one behind it (field row 6)', () => {
  const frame = encodeFrame(KEY)
  const parser = new FrameParser(matchFrame)
  expect(parser.push(join(frame.subarray(0, -1), frame))).toEqual([KEY])
})

test('a lying length waits for what never comes, and giving up finds the frame in it (field row 7)', () => {
  const parser = new FrameParser(matchFrame)
  expect(parser.push(join(hex('FF 68 20 20 68'), encodeFrame(KEY)))).toEqual([])
  expect(parser.abandon()).toEqual([KEY])
})

test('giving up what began before a place leaves what began after it', () => {
  const parser = new FrameParser(matchFrame)
  const [half, rest] = [encodeFrame(KEY).subarray(0, 5), encodeFrame(KEY).subarray(5)]
  parser.push(hex('FF 68 20 20 68'))
  parser.push(half)
  expect(parser.abandon(5)).toEqual([])
  expect(parser.discardedBytes).toBe(5)
  expect(parser.push(rest)).toEqual([KEY])
})

test('lengths that no frame has are noise at once (field row 7)', () => {
  const parser = new FrameParser(matchFrame)
  for (const lie of ['FF 68 FF FF 68', 'FF 68 01 01 68', 'FF 68 03 04 68', 'FF 68 21']) parser.push(hex(lie))
  expect(parser.pendingBytes).toBe(0)
})
