import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keypadCodec } from '../../../drivers/keypad/codec.ts'
import { checksum, encodeFrame, type Ff68Frame, matchFrame } from '../../../drivers/keypad/frame.ts'
import { keypadProfile } from '../../../drivers/keypad/profile.ts'
import { hex, toHex } from '../support.ts'

const profile = keypadProfile('ff68')
if (profile === undefined) throw new Error('the usual profile is missing')
const codec = keypadCodec(profile)

test.each([
  ['start a rating', codec.start, 'FF 68 03 03 68 01 01 0B 0D 16'],
  ['acknowledge', codec.acknowledge, 'FF 68 03 03 68 01 01 00 02 16'],
  ['star lamps, 5', codec.lamps(5), 'FF 68 03 03 68 01 02 05 08 16'],
  ['lamps out, where nothing is asked any more', codec.stop, 'FF 68 03 03 68 01 02 00 03 16'],
  ['beep', codec.beep, 'FF 68 02 02 68 01 03 04 16'],
])('%s is sent as in the public table', (_, frames, expected) => {
  expect(frames.map(toHex)).toEqual([expected.replaceAll(' ', '')])
})

test('key 0 pressed is read as in the public table', () => {
  expect(codec.match(hex('FF 68 03 03 68 01 11 00 12 16'), 0)).toEqual({ size: 10, value: 0 })
})

test.each([
  ['another unit on the same pair', { address: 2, func: 0x11, data: Uint8Array.of(0) }],
  ['an adapter’s echo of what was sent', { address: 1, func: 0x01, data: Uint8Array.of(0x0b) }],
  ['a sixth key', { address: 1, func: 0x11, data: Uint8Array.of(5) }],
  ['two keys in one report', { address: 1, func: 0x11, data: Uint8Array.of(0, 1) }],
  ['a report without a key', { address: 1, func: 0x11, data: Uint8Array.of() }],
])('%s is a whole frame and no key', (_, frame: Ff68Frame) => {
  expect(codec.match(encodeFrame(frame), 0)).toMatchObject({ value: null })
})

const frames = fc.record({
  address: fc.nat(255),
  func: fc.nat(255),
  data: fc.uint8Array({ maxLength: 30 }),
})

test('what was encoded is read back, and no beginning of it is more than a beginning', () => {
  fc.assert(
    fc.property(frames, fc.nat(20), (frame, before) => {
      const bytes = Uint8Array.of(...new Uint8Array(before), ...encodeFrame(frame))
      expect(matchFrame(bytes, before)).toEqual({ size: bytes.length - before, value: frame })
      for (let length = before + 1; length < bytes.length; length += 1) {
        expect(matchFrame(bytes.subarray(0, length), before)).toBe('incomplete')
      }
    }),
  )
})

test('a frame with any one byte turned over is none', () => {
  fc.assert(
    fc.property(frames, fc.nat(1000), fc.integer({ min: 1, max: 255 }), (frame, where, mask) => {
      const bytes = encodeFrame(frame)
      const at = where % bytes.length
      bytes[at] = (bytes[at] ?? 0) ^ mask
      expect(matchFrame(bytes, 0)).not.toBeTypeOf('object')
    }),
  )
})

test('data that no unit takes are refused before anything is sent', () => {
  expect(() => encodeFrame({ address: 1, func: 1, data: new Uint8Array(31) })).toThrow(RangeError)
  expect(() => codec.lamps(6)).toThrow('0 to 5 lamps, not 6')
  expect(() => codec.lamps(1.5)).toThrow(RangeError)
})

test('the checksum is the sum modulo 256', () => {
  expect(checksum(Uint8Array.of(0xff, 0x02))).toBe(1)
})
