/** Guides found by whatever is typed, among the demonstration hall's and among five thousand. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { guideIndexOf } from '../../../device/content/guide-search/guide-index.ts'
import { keepGuideIndex } from '../../../device/content/guide-search/keep-guide-index.ts'
import { spell } from '../../../device/content/guide-search/spelling.ts'
import { Guide } from '../../../sync/protocol/content.ts'
import { manyGuides } from '../support/many-guides.ts'

const DEMO = join(import.meta.dirname, '../../../sync/hall/demo/guides')
const guides = readdirSync(DEMO).map((file) =>
  Guide.parse(JSON.parse(readFileSync(join(DEMO, file), 'utf8'))),
)
const index = guideIndexOf(guides)
const search = (query: string, language: 'zh' | 'en' = 'zh') => {
  const { guides: found, near } = index.search(query, language, 10)
  return { names: found.map(({ name }) => name), near }
}

const ID_CARDS = ['居民身份证申领（首次）', '居民身份证补领（丢失）', '居民身份证换领（有效期满）']

describe('a guide is found by', () => {
  it.each([
    ['first letters', 'jmsfz'],
    ['first letters of a part', 'sfz'],
    ['Pinyin', 'shenfenzheng'],
    ['Pinyin in capitals', 'SHENFENZHENG'],
    ['Pinyin apart', 'shen fen zheng'],
    ['Pinyin with tones', 'shēn fèn zhèng'],
    ['Pinyin with numbers of tones', 'shen1 fen4 zheng4'],
    ['syllables that are only begun', 'shenfzheng'],
    ['a syllable that is still being typed', 'jumin she'],
    ['characters', '身份证'],
    ['characters and letters mixed', '身fen证'],
    ['letters of full width', 'ｓｆｚ'],
    ['English words', 'id card'],
    ['English without its spaces', 'residentid'],
  ])('%s: %s', (_, query) => {
    const { names, near } = search(query)
    expect([...names].sort()).toEqual([...ID_CARDS].sort())
    expect(near).toBe(false)
  })

  it('more of it with each key: sfz补 is one', () => {
    expect(search('sfz补').names).toEqual(['居民身份证补领（丢失）'])
    expect(search('身份证 换').names).toEqual(['居民身份证换领（有效期满）'])
  })

  it('its office, in characters as people say them and in Pinyin', () => {
    expect(search('公安局').names.length).toBeGreaterThan(5)
    expect(search('shuiwuju').names).toContain('契税申报')
  })
})

describe('the likeliest first', () => {
  it('a name that begins so before one that has it inside, and that before an office', () => {
    const { names } = search('户口')
    expect(names[0]).toBe('户口登记姓名变更')
    expect(names).toContain('死亡注销户口')
    expect(search('民政').names).toEqual(expect.arrayContaining(['结婚登记', '离婚登记']))
  })

  it('what is written out before what is only begun: 单 is dan, 地安 is d and an', () => {
    const [sample] = guides
    if (sample === undefined) throw new Error('there are no guides')
    const named = ['关于地安路证明', '关于单身的人的证明'].map((name) => ({ ...sample, name, initials: 'G' }))
    const found = guideIndexOf(named).search('dan', 'zh', 5).guides
    expect(found.map(({ name }) => name)).toEqual(['关于单身的人的证明', '关于地安路证明'])
  })

  it('one letter finds what begins with it and nothing else', () => {
    const { names } = search('h')
    expect(names).toEqual(['户口登记姓名变更'])
  })

  it('in an English session English comes first', () => {
    expect(search('re', 'en').names[0]).toMatch(/居民|居住|不动产|租房|异地|职工/)
    const english = index.search('pass', 'en', 3).guides.map(({ nameEnglish }) => nameEnglish)
    expect(english[0]).toMatch(/passport/i)
  })

  it('a character with several sounds is found by the one it has here, as the hall’s own letters say', () => {
    expect(search('canbao').names).toContain('灵活就业人员参保登记')
    expect(search('zheshimeiyou')).toEqual({ names: [], near: true })
    const [cang] = spell('藏', 'Z')
    expect(cang?.sounds).toEqual(['zang'])
    expect(spell('女驴')[0]?.sounds).toEqual(['nv', 'nu'])
  })
})

describe('what is called otherwise', () => {
  it.each([
    ['heard and written by ear', 'shengfengzeng'],
    ['with flat tongue', 'senfenzen'],
    ['ended with a wrong letter', 'shenfenzhenx'],
    ['in another order', '补办身份证'],
    ['in a sentence', '身份证丢了'],
  ])('%s, %s, is near', (_, query) => {
    const { names, near } = search(query)
    expect(near).toBe(true)
    expect(names).toContain('居民身份证补领（丢失）')
  })

  it('nowhere is not found, and so is nothing at all', () => {
    for (const query of ['wwww', '   ', '', '，。', '🙂', '龘龘'])
      expect(index.search(query, 'zh', 10)).toMatchObject({ guides: [], found: 0 })
  })

  it('by any means whatever throws nothing and finds no more than there is', () => {
    const part = fc.constantFrom(
      'a',
      'sh',
      '证',
      ' ',
      "'",
      '1',
      'ü',
      '𬭎',
      '\\',
      '(',
      '*',
      '\u0000',
      'zheng',
      '登记',
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        const { guides: shown, found } = index.search(parts.join(''), 'en', 5)
        expect(shown.length).toBeLessThanOrEqual(5)
        expect(found).toBeLessThanOrEqual(guides.length)
      }),
      { numRuns: 200 },
    )
  })
})

describe('an index', () => {
  it('of thousands is made between other things, can be searched meanwhile, and is told when it is ready', async () => {
    const many = manyGuides(guides, 3_000)
    const ready = vi.fn()
    const troubles: unknown[] = []
    let turns = 0
    const turn = (): void => {
      turns += 1
      if (ready.mock.calls.length === 0) setImmediate(turn)
    }
    const keeper = keepGuideIndex({
      guides: () => many,
      onReady: ready,
      onTrouble: (error) => troubles.push(error),
    })
    expect(keeper.index.search('sfz', 'zh', 5).found).toBe(0)
    turn()
    await vi.waitFor(() => expect(ready).toHaveBeenCalledOnce(), 10_000)
    expect(turns).toBeGreaterThan(3)
    expect(keeper.index.size).toBe(3_000)
    expect(keeper.index.search('取水许可证', 'zh', 5).found).toBeGreaterThan(10)
    expect(troubles).toEqual([])
    keeper.close()
  })

  it('is made anew when the content is another, and only then', async () => {
    let held: readonly Guide[] = guides.slice(0, 3)
    const ready = vi.fn()
    const keeper = keepGuideIndex({ guides: () => held, onReady: ready, onTrouble: vi.fn() })
    await vi.waitFor(() => expect(ready).toHaveBeenCalledTimes(1))
    keeper.look()
    held = guides
    keeper.look()
    await vi.waitFor(() => expect(ready).toHaveBeenCalledTimes(2))
    expect(keeper.index.size).toBe(guides.length)
    keeper.close()
  })
})
