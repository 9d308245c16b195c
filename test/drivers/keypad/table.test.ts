import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesOf, clash, type Pattern, parsePattern, tableMatcher } from '../../../drivers/keypad/table.ts'
import { toHex } from '../support.ts'

const patterns = fc.array(fc.oneof(fc.nat(255), fc.constant(null)), { minLength: 1, maxLength: 8 })
const write = (pattern: Pattern): string =>
  pattern.map((byte) => (byte === null ? '??' : toHex(Uint8Array.of(byte)))).join(' ')

test('a pattern is read as it is written', () => {
  fc.assert(
    fc.property(patterns, (pattern) => {
      expect(parsePattern(write(pattern))).toEqual(pattern)
    }),
  )
})

test.each(['', 'A5  5A', 'A55A', 'A5 5', 'A5 ?', 'A5 G0', ' A5', '0xA5'])(
  '"%s" is no pattern, and says how one is written',
  (text) => {
    expect(parsePattern(text)).toContain('write two hexadecimal digits a byte')
  },
)

test('a pattern longer than a parser may hold is refused', () => {
  expect(parsePattern(Array.from({ length: 65 }, () => 'A5').join(' '))).toContain('longer than 64 bytes')
})

test('patterns clash exactly where some stream is both, or one and the beginning of the other', () => {
  expect(clash([1, 2, 3], [1, 2, 4])).toBe(false)
  expect(clash([1, null, 3], [1, 2, 4])).toBe(false)
  expect(clash([1, null, 3], [1, 2, 3])).toBe(true)
  expect(clash([1, 2], [1, 2, 3])).toBe(true)
  fc.assert(
    fc.property(patterns, patterns, (one, other) => {
      expect(clash(one, other)).toBe(clash(other, one))
      if (clash(one, other)) return
      const both = tableMatcher([one, other].map((pattern, value) => ({ pattern, value })))
      expect(both(bytesOf(one), 0)).toEqual({ size: one.length, value: 0 })
      expect(both(bytesOf(other), 0)).toEqual({ size: other.length, value: 1 })
    }),
  )
})

test('?? takes any byte', () => {
  const matcher = tableMatcher([{ pattern: [0x5a, null, 0x0d], value: 'key' }])
  for (let byte = 0; byte < 256; byte += 1) {
    expect(matcher(Uint8Array.of(0x5a, byte, 0x0d), 0)).toEqual({ size: 3, value: 'key' })
  }
})
