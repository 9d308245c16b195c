import { describe, expect, it } from 'vitest'
import { gb2312, latin, unicodeRange } from '../../ui/build/character-sets.ts'

const point = (character: string) => character.codePointAt(0) ?? 0

describe('the everyday part of the font', () => {
  it('holds all of GB 2312 and nothing of names’ rare characters', () => {
    const everyday = gb2312()
    const hanzi = [...everyday].filter((one) => one >= 0x4e00 && one <= 0x9fff)
    expect(hanzi).toHaveLength(6763)
    for (const common of '夜窗政务服务，。《》') expect(everyday.has(point(common))).toBe(true)
    for (const rare of '䶮㛃𬭎𠅤') expect(everyday.has(point(rare))).toBe(false)
  })

  it('holds what Latin words need', () => {
    for (const one of 'Az09 ~é') expect(latin().has(point(one))).toBe(true)
  })
})

describe('a unicode-range', () => {
  const inRange = (range: string, value: number) =>
    range.split(',').some((part) => {
      const [first = '', last = first] = part.slice(2).split('-')
      return value >= Number.parseInt(first, 16) && value <= Number.parseInt(last, 16)
    })

  it('holds every wanted character and no other of the font', () => {
    const wanted = new Set([0x20, 0x21, 0x30, 0x4e00, 0x2c6ce])
    const others = new Set([0x25, 0x4e01, 0x4e02])
    const range = unicodeRange(wanted, others)
    for (const one of wanted) expect(inRange(range, one)).toBe(true)
    for (const one of others) expect(inRange(range, one)).toBe(false)
  })

  it('is short where nothing lies between', () => {
    expect(unicodeRange(new Set([0x41, 0x43, 0x45]), new Set([0x50]))).toBe('U+41-45')
    expect(unicodeRange(new Set(), new Set([0x50]))).toBe('')
  })
})
