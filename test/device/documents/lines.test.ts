import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openFaces } from '../../../device/documents/faces.ts'
import { breakLines } from '../../../device/documents/lines.ts'
import { packed } from './papers.ts'

const { regular } = openFaces()
const SIZE = 10

const text = fc
  .array(
    fc.constantFrom(
      '办',
      '事',
      '䶮',
      '，',
      '。',
      '（',
      '）',
      '“',
      '”',
      '《',
      '》',
      '…',
      'A4',
      '330099',
      ' ',
      '-',
      '28',
    ),
    { maxLength: 120 },
  )
  .map((parts) => parts.join(''))
const width = fc.integer({ min: 30, max: 300 })

test('breaking lines loses and adds nothing', () => {
  fc.assert(
    fc.property(text, width, (words, wide) => {
      expect(packed(breakLines(words, regular, SIZE, wide).join(''))).toBe(packed(words))
    }),
  )
})

test('no line is wider than its column', () => {
  fc.assert(
    fc.property(text, width, (words, wide) => {
      for (const line of breakLines(words, regular, SIZE, wide)) {
        expect(regular.width(line, SIZE)).toBeLessThanOrEqual(Math.max(wide, SIZE))
      }
    }),
  )
})

test('no line begins with a closing sign or ends with an opening one', () => {
  const piece = fc.constantFrom(
    '办',
    '事指',
    '材料',
    '的人',
    '一份',
    '，',
    '。',
    '（甲）',
    '“乙”',
    '《南》，',
    '、',
  )
  const sentence = fc
    .array(piece, { minLength: 30, maxLength: 90 })
    // Three and more in a row no writer sets, and no line could keep all of them off its ends.
    .map((pieces) => pieces.join('').replace(/[，。、]{2,}/gu, '，'))
  fc.assert(
    fc.property(sentence, (words) => {
      const lines = breakLines(words, regular, SIZE, 120)
      for (const line of lines.slice(1)) expect(line).not.toMatch(/^[，。）”》、]/u)
      for (const line of lines.slice(0, -1)) expect(line).not.toMatch(/[（“《]$/u)
    }),
  )
})

test('numbers, phones, times and codes are never torn while they fit on a line', () => {
  const line =
    '请在工作日8:30–12:00到3楼27–28号窗口，或拨打0000-88000701，编码11330099MB0A0007003000107001000。'
  for (let wide = 200; wide < 420; wide += 1) {
    const lines = breakLines(line, regular, SIZE, wide)
    for (const whole of ['8:30–12:00', '3楼', '0000-88000701', '11330099MB0A0007003000107001000']) {
      expect(lines.some((candidate) => candidate.includes(whole))).toBe(true)
    }
  }
})

test('two closing signs side by side take a square and a half', () => {
  const apart = regular.width('办', SIZE) * 2
  expect(regular.width('办）。办', SIZE) - apart).toBeCloseTo(1.5 * SIZE, 6)
})

test('a last line of one character gets company when that costs no line', () => {
  const words = '一二三四五六七八九十一二三四五六七八九十尾'
  expect(breakLines(words, regular, SIZE, 200)).toEqual(['一二三四五六七八九十一二三四五六七八', '九十尾'])
})
