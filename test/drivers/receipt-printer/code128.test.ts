import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeCode128, moduleDots } from '../../../drivers/receipt-printer/code128.ts'
import { code128Bars } from '../../../drivers/simulators/code128-bars.ts'
import { toHex } from '../support.ts'

const data = (value: string): string => toHex(encodeCode128(value)?.data ?? new Uint8Array(0))

test.each([
  ['an even run of digits in set C', '123456', '7B43' + '0C2238'],
  ['letters in set B', 'W24', '7B42' + '573234'],
  ['digits behind letters: the odd one in B', 'AB12345', '7B42' + '414231' + '7B43' + '172D'],
  ['digits before letters', '1234AB', '7B43' + '0C22' + '7B42' + '4142'],
  ['an odd number of digits alone', '12345', '7B43' + '0C22' + '7B42' + '35'],
  ['a short run between letters stays in B', 'A1234B', '7B42' + '413132333442'],
  ['a brace said twice', 'a{b', '7B42' + '617B7B62'],
])('%s', (_, value, bytes) => {
  expect(data(value)).toBe(bytes)
})

test('digits whose pairs would be a real-time command go in set B', () => {
  // 16 04 01 in set C are the bytes 10 04 01, which printers answer as a status query.
  expect(data('20160401')).toBe('7B423230313630343031')
  expect(data('20160301')).toBe('7B43' + '14100301')
})

test.each([
  ['', 'empty'],
  ['编号1', 'Chinese'],
  ['a\n', 'a control character'],
  ['x'.repeat(121), 'too long'],
])('%j is no barcode: %#', (value) => {
  expect(encodeCode128(value)).toBeUndefined()
})

test('every value comes back from its own bars, whose width was foretold', () => {
  const value = fc.stringMatching(/^[ -~]{1,40}$/)
  const digits = fc.stringMatching(/^[0-9]{1,24}$/)
  const mixed = fc.stringMatching(/^[A-Z]{0,3}[0-9]{1,9}[-{][0-9]{0,9}$/)
  fc.assert(
    fc.property(fc.oneof(value, digits, mixed), (text) => {
      const code = encodeCode128(text)
      if (code === undefined) throw new Error('not encoded')
      const bars = code128Bars(code.data)
      if (typeof bars === 'string') throw new Error(bars)
      expect(bars.text).toBe(text)
      expect(bars.widths.reduce((sum, width) => sum + width, 0)).toBe(code.modules)
    }),
  )
})

test('modules are as wide as fits and never under two dots', () => {
  // LIBRARIES.md: 17 characters in set B at width 2 are 466 dots.
  expect((encodeCode128('ABCDEFGHIJKLMNOPQ')?.modules ?? 0) * 2).toBe(444)
  expect(moduleDots(145, 576)).toBe(3)
  expect(moduleDots(233, 576)).toBe(2)
  expect(moduleDots(145, 384)).toBe(2)
  expect(moduleDots(233, 384)).toBeUndefined()
})
