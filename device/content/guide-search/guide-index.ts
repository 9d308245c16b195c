/** Guides, found by whatever somebody types: characters, Pinyin in any mixture, English, the office. */
import type { Guide } from '../../../sync/protocol/content.ts'
import { placeAt, placeIn, QUERY_MAX } from './matching.ts'
import type { Unit } from './spelling.ts'
import { spell } from './spelling.ts'

export interface FoundGuides {
  /** The likeliest first, at most as many as were asked for. */
  guides: Guide[]
  /** How many there are in all. */
  found: number
  /** Nothing is called so: these sound like it, or share most of its words. */
  near: boolean
}

export interface GuideIndex {
  /** How many guides it knows by now. */
  readonly size: number
  /** @param language whose names come first */
  search(query: string, language: 'zh' | 'en', most: number): FoundGuides
}

export interface IndexedGuide {
  guide: Guide
  name: readonly Unit[]
  office: readonly Unit[]
  /** The words of the English name in small letters, apart and together. */
  words: readonly string[]
  english: string
}

interface Query {
  /** Apart at its spaces, each a list of characters. */
  words: readonly (readonly string[])[]
  typed: readonly string[]
  language: 'zh' | 'en'
  /** As English would be written; null for what is none. */
  english: { words: readonly string[]; together: string } | null
  hanziAlone: boolean
  /** Many guides share an office. */
  offices: Map<readonly Unit[], boolean>
}

/** The lower, the likelier; between two there is room for what else tells them apart. */
const RANK = {
  wholeName: 0,
  ownLanguageName: 10,
  nameBegins: 20,
  nameBeginsByLetters: 30,
  ownLanguageWord: 35,
  otherLanguageName: 40,
  wordInside: 50,
  lettersInside: 60,
  otherLanguageWord: 65,
  wordsApart: 70,
  lettersApart: 71,
  office: 80,
} as const
/** A word further inside than this is as far inside as any. */
const LATE = 9

const HANZI = /^\p{Script=Han}$/u
/** Of the characters typed, so many have to be in a name for it to be near. */
const NEAR_SHARE = 0.6
const NEAR_LEAST = 2
/** Fewer letters of a longer word say nothing. */
const LETTERS_LEAST = 3
/** With more of them wrong it is another word. */
const LETTERS_SHARE = 2 / 3

/** Spells guides one after the other; an office that several share only once. */
export function createIndexer(): (guide: Guide) => IndexedGuide {
  const offices = new Map<string, readonly Unit[]>()
  return (guide) => {
    const office = offices.get(guide.office) ?? spell(guide.office)
    offices.set(guide.office, office)
    const words = guide.nameEnglish.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
    return { guide, name: spell(guide.name, guide.initials), office, words, english: words.join('') }
  }
}

export function guideIndexOf(guides: readonly Guide[]): GuideIndex {
  return guideIndex(guides.map(createIndexer()))
}

/** @param indexed may grow while it is searched */
export function guideIndex(indexed: readonly IndexedGuide[]): GuideIndex {
  const ranked = (rank: (one: IndexedGuide) => number | null): [IndexedGuide, number][] => {
    const found: [IndexedGuide, number][] = []
    for (const one of indexed) {
      const value = rank(one)
      if (value !== null) found.push([one, value])
    }
    return found.sort(([one, a], [other, b]) => a - b || one.name.length - other.name.length)
  }
  const answer = (found: [IndexedGuide, number][], most: number, near: boolean): FoundGuides => ({
    guides: found.slice(0, most).map(([{ guide }]) => guide),
    found: found.length,
    near,
  })

  return {
    get size() {
      return indexed.length
    },
    search(text, language, most) {
      const query = queryOf(text, language)
      const { typed } = query
      if (typed.length === 0) return { guides: [], found: 0, near: false }
      const found = ranked((one) => rankOf(one, query))
      if (found.length > 0) return answer(found, most, false)
      const byEar = ranked((one) => placeIn(one.name, typed, true)?.from ?? null)
      if (byEar.length > 0) return answer(byEar, most, true)
      return answer(ranked(nearby(indexed, typed)), most, true)
    },
  }
}

/** Tones, marks, apostrophes and what stands between words mean nothing here. */
function queryOf(text: string, language: 'zh' | 'en'): Query {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[üǖǘǚǜ]/gu, 'v')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .normalize('NFC')
    .replace(/['’]/gu, '')
    .replace(/(?<=[a-z])[1-5](?=[a-z\s]|$)/gu, '')
  const words = Array.from(plain.match(/[\p{L}\p{N}]+/gu) ?? [], (word) => Array.from(word))
  const typed = words.flat().slice(0, QUERY_MAX)
  const together = typed.join('')
  const isEnglish = /^[a-z0-9]+$/.test(together) && (language === 'en' || together.length >= LETTERS_LEAST)
  return {
    words,
    typed,
    language,
    english: isEnglish ? { words: words.map((word) => word.join('')), together } : null,
    hanziAlone: typed.every((character) => HANZI.test(character)),
    offices: new Map(),
  }
}

function rankOf(one: IndexedGuide, query: Query): number | null {
  const { words, typed } = query
  const own = rankInName(one.name, query)
  const english = rankInEnglish(one, query)
  if (own !== null && english !== null) return Math.min(own, english)
  if (own !== null || english !== null || typed.length < 2) return own ?? english
  if (words.length > 1 && words.every((word) => placeIn(one.name, word, false) !== null))
    return RANK.wordsApart
  if (query.hanziAlone && inOrder(one.name, typed)) return RANK.lettersApart
  return isOf(one.office, query) ? RANK.office : null
}

function rankInName(name: readonly Unit[], { typed, hanziAlone }: Query): number | null {
  const first = placeAt(name, typed, 0, false)
  if (first?.begun === 0) return first.to === name.length ? RANK.wholeName : RANK.nameBegins
  // One letter stands inside nearly every name.
  const inside = typed.length === 1 && !hanziAlone ? null : placeIn(name, typed, false)
  if (inside === null) return first === null ? null : RANK.nameBeginsByLetters
  if (first !== null) return RANK.nameBeginsByLetters
  return (inside.begun === 0 ? RANK.wordInside : RANK.lettersInside) + Math.min(inside.from, LATE)
}

/** The name typed with or without its spaces, or words of it in any order, each begun at least. */
function rankInEnglish(one: IndexedGuide, { english, language }: Query): number | null {
  if (english === null) return null
  const own = language === 'en'
  if (one.english.startsWith(english.together)) return own ? RANK.ownLanguageName : RANK.otherLanguageName
  if (!english.words.every((word) => one.words.some((its) => its.startsWith(word)))) return null
  return own ? RANK.ownLanguageWord : RANK.otherLanguageWord
}

function isOf(office: readonly Unit[], { offices, typed, hanziAlone }: Query): boolean {
  const known = offices.get(office)
  if (known !== undefined) return known
  // 公安局 is meant where the office is called 公安分局.
  const is = placeIn(office, typed, false) !== null || (hanziAlone && inOrder(office, typed))
  offices.set(office, is)
  return is
}

/** All characters one after the other, with others between them. */
function inOrder(name: readonly Unit[], typed: readonly string[]): boolean {
  let place = 0
  for (const { character } of name) if (character === typed[place]) place += 1
  return place === typed.length
}

/**
 * For what stands in no name: most of its characters in any order (补办身份证), or as many of its letters from the
 * first on as still find something.
 */
function nearby(
  indexed: readonly IndexedGuide[],
  typed: readonly string[],
): (one: IndexedGuide) => number | null {
  const hanzi = [...new Set(typed.filter((character) => HANZI.test(character)))]
  if (hanzi.length >= NEAR_LEAST) {
    const wanted = Math.max(NEAR_LEAST, Math.ceil(hanzi.length * NEAR_SHARE))
    return ({ name }) => {
      const shared = hanzi.filter((character) => name.some((unit) => unit.character === character)).length
      return shared < wanted ? null : hanzi.length - shared
    }
  }
  if (hanzi.length > 0) return () => null
  // Whatever finds something does so with a letter less: halving looks through the guides a few times only.
  let [known, missing] = [0, typed.length]
  while (missing - known > 1) {
    const middle = (known + missing) >> 1
    const some = indexed.some(({ name }) => placeIn(name, typed.slice(0, middle), true) !== null)
    if (some) known = middle
    else missing = middle
  }
  if (known < Math.max(LETTERS_LEAST, typed.length * LETTERS_SHARE)) return () => null
  const kept = typed.slice(0, known)
  return ({ name }) => placeIn(name, kept, true)?.from ?? null
}
