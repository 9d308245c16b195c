import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { padWords } from '../../ui/pad/words/words.ts'
import { deviceEn } from '../../ui/setup/words/device-en.ts'
import { deviceZh } from '../../ui/setup/words/device-zh.ts'
import { setupWords } from '../../ui/setup/words/words.ts'
import { sharedWords } from '../../ui/shared/i18n/words.ts'
import { terminalWords } from '../../ui/terminal/words/words.ts'
import { windowWords } from '../../ui/window/words/words.ts'

/** Every word of a catalogue with its path: `services.guides.name`. A sentence with gaps is filled in. */
function wordsOf(catalogue: unknown, path = ''): [string, string][] {
  if (typeof catalogue === 'string') return [[path, catalogue]]
  if (typeof catalogue === 'function') return [[path, String(catalogue('7', '8', '9'))]]
  // The parts that a word may be broken into differ from language to language.
  if (Array.isArray(catalogue)) return [[path, catalogue.join('')]]
  if (catalogue === null || typeof catalogue !== 'object') throw new Error(`${path} is no word`)
  return Object.entries(catalogue).flatMap(([key, value]) =>
    wordsOf(value, path === '' ? key : `${path}.${key}`),
  )
}

const HANZI = /\p{Script=Han}/u
/** Said in one language only, and why. */
const ONLY_IN = {
  en: ['guide.bodyInChinese'], // a Chinese reader needs no word that a Chinese guide is Chinese
}
/** Nothing is awaited; parts of a Chinese word stand together. */
const EMPTY_ON_PURPOSE = ['rating.levelJoint', 'waitingFor.none', 'levelJoint']
/** The switch names the other language in that language. */
const OTHER_LANGUAGE = 'otherLanguage'

describe.each([
  ['shared', sharedWords],
  ['terminal', terminalWords],
  ['pad', padWords],
  ['window', windowWords],
  ['setup', setupWords],
  ['setup, its device', { zh: deviceZh, en: deviceEn }],
])('the words of %s', (_name, catalogues) => {
  const chinese = new Map(wordsOf(catalogues.zh))
  const english = new Map(wordsOf(catalogues.en))

  it('have the same keys in both languages', () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort())
  })

  it('are never empty', () => {
    const empty = (words: Map<string, string>) =>
      [...words].filter(([, word]) => word.trim() === '').map(([key]) => key)
    expect(empty(english).filter((key) => !EMPTY_ON_PURPOSE.includes(key))).toEqual([])
    expect(
      empty(chinese).filter((key) => !EMPTY_ON_PURPOSE.includes(key) && !ONLY_IN.en.includes(key)),
    ).toEqual([])
  })

  it('hold no Chinese in English and no English in Chinese', () => {
    const strangers = [
      ...[...english].filter(([key, word]) => key !== OTHER_LANGUAGE && HANZI.test(word)),
      ...[...chinese].filter(([key, word]) => key !== OTHER_LANGUAGE && /[a-z]{3,}/i.test(word)),
    ]
    expect(strangers).toEqual([])
  })
})

describe('the names that others build on', () => {
  it('are those of the services', () => {
    expect(Object.values(terminalWords.zh.services).map(({ name }) => name)).toEqual([
      '办事指南',
      '我的材料',
      '凭条取件',
      '进度查询',
      '取号',
      '反映与评价',
    ])
    expect(terminalWords.zh.end).toBe('结束')
  })
})

describe('English plurals', () => {
  const { en } = terminalWords
  it('tell one from many', () => {
    expect(en.count(1)).toBe('1 item')
    expect(en.count(2)).toBe('2 items')
    expect(en.guidesOf(1)).toMatch(/^1 guide /)
    expect(en.casesInAll(1)).toBe('There is 1 case in your name')
    expect(en.case.missingCount(1)).toBe('1 paper missing')
    expect(en.guide.copies(2)).toBe('2 copies')
    expect(en.print.pages(1)).toBe('1 page')
  })

  it('tell one window from a row of them', () => {
    expect(en.windowsOf('9')).toBe('Window 9')
    expect(en.windowsOf('9–12')).toBe('Windows 9–12')
  })
})

it('no page has words of its own outside the catalogues', () => {
  const folder = join(import.meta.dirname, '../../ui')
  const found: string[] = []
  for (const page of ['terminal', 'pad', 'window', 'setup', 'shared']) {
    for (const file of readdirSync(join(folder, page), { recursive: true, encoding: 'utf8' })) {
      if (file.endsWith('.svelte') && HANZI.test(readFileSync(join(folder, page, file), 'utf8'))) {
        found.push(`${page}/${file}`)
      }
    }
  }
  expect(found).toEqual([])
})
