import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dictionaryText } from '../../../ui/build/pinyin-dictionary.ts'
import { candidatesFor, MOST_LETTERS } from '../../../ui/shared/keyboard/pinyin/candidates.ts'
import { PinyinDictionary } from '../../../ui/shared/keyboard/pinyin/dictionary.ts'
import { HanTable } from '../../../ui/shared/keyboard/rare/han-table.ts'

const folder = join(import.meta.dirname, '../../../ui/shared/keyboard')
const dictionary = new PinyinDictionary(
  dictionaryText(readFileSync(join(folder, 'pinyin/hall-words.txt'), 'utf8')),
)
const han = new HanTable(readFileSync(join(folder, 'rare/han.txt'), 'utf8'))
const candidates = (letters: string) =>
  candidatesFor(dictionary, letters, (syllable) => han.bySound(syllable))
const texts = (letters: string) => candidates(letters).map(({ text }) => text)
const first = (letters: string) => texts(letters)[0]

describe('Pinyin', () => {
  it('becomes whole sentences in everyday words', () => {
    expect(first('wozaichuangkoudengleyigeduoxiaoshi')).toBe('我在窗口等了一个多小时')
    expect(first('chuangkougongzuorenyuantaiduhenhao')).toBe('窗口工作人员态度很好')
    expect(first('qingbangwochayixia')?.startsWith('请帮我')).toBe(true)
  })

  it('knows the words of a hall', () => {
    for (const [letters, word] of [
      ['banbucheng', '办不成'],
      ['budongchanzheng', '不动产证'],
      ['wufangzhengming', '无房证明'],
      ['yicixinggaozhi', '一次性告知'],
      ['jumindengji', '居民登记'],
    ] as const) {
      expect(texts(letters).slice(0, 3), letters).toContain(word)
    }
  })

  it('takes initials and unfinished words', () => {
    expect(texts('sfz').slice(0, 3)).toContain('身份证')
    expect(texts('zhengw').slice(0, 4)).toContain('政务')
    expect(texts('shenfenzh').slice(0, 4)).toContain('身份证')
  })

  it('offers words and characters of its beginning, saying how many letters they stand for', () => {
    const all = candidates('zhengwugongkai')
    expect(all[0]).toEqual({ text: '政务公开', letters: 14 })
    expect(all).toContainEqual({ text: '政务', letters: 7 })
    expect(all).toContainEqual({ text: '正', letters: 5 })
  })

  it('reads one spelling in more than one way', () => {
    expect(texts('xian')).toEqual(expect.arrayContaining(['先', '县', '西安']))
    expect(texts('fangan').slice(0, 2)).toEqual(['方案', '反感'])
  })

  it('takes v for ü, and both spellings of lüe and nüe', () => {
    expect(first('nv')).toBe('女')
    expect(texts('lve')).toEqual(texts('lue'))
    expect(texts('nvxing')).toContain('女性')
  })

  it('forgives zh for z, ng for n and n for l, after what was spelled', () => {
    expect(texts('sizheng')).toContain('市政')
    expect(texts('sengfenzheng')).toContain('身份证')
    expect(texts('nvshi')[0]).toBe('女士')
  })

  it('has the rare characters of names by their sound', () => {
    for (const [letters, character] of [
      ['yan', '䶮'],
      ['jie', '㛃'],
      ['hong', '𬭎'],
      ['xi', '𠅤'],
    ] as const) {
      expect(texts(letters), letters).toContain(character)
    }
  })

  it('offers every text once, and nothing for letters that are no Pinyin', () => {
    expect(new Set(texts('yan')).size).toBe(texts('yan').length)
    expect(texts('vvv')).toEqual([])
    expect(texts('')).toEqual([])
  })

  it('answers any letters: hanzi alone, standing for some of the letters that were typed', () => {
    const typed = fc.string({
      unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'),
      maxLength: MOST_LETTERS,
    })
    fc.assert(
      fc.property(typed, (letters) => {
        for (const { text, letters: length } of candidates(letters)) {
          expect(text).toMatch(/^\p{Script=Han}+$/u)
          expect(length).toBeGreaterThan(0)
          expect(length).toBeLessThanOrEqual(letters.length)
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('a rare character', () => {
  it('is found below its radical, by the strokes that remain', () => {
    const strokes = (form: string, remaining: number) =>
      han.byRadical(form).find((group) => group.strokes === remaining)?.characters ?? []
    expect(strokes('龙', 4)).toContain('䶮')
    expect(strokes('女', 6)).toContain('㛃')
    expect(strokes('钅', 7)).toContain('𬭎')
    expect(strokes('亠', 9)).toContain('𠅤')
  })

  it('is found below the form that a radical takes, whichever radical that is', () => {
    const below = (form: string) => han.byRadical(form).flatMap((group) => group.characters)
    expect(below('氵')).toContain('江')
    expect(below('阝')).toEqual(expect.arrayContaining(['阳', '郑']))
    expect(below('月')).toEqual(expect.arrayContaining(['朋', '脸']))
    expect(below('王')).toContain('珂')
  })

  it('is offered only where screen and papers can show it', () => {
    expect(han.has('𠅤')).toBe(true)
    expect(han.has('\u{2A6D7}')).toBe(false)
    expect(han.has('A')).toBe(false)
  })
})
