import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Plugin } from 'vite'

const MODULE = 'window24:pinyin.txt'
const HALL_WORDS = 'shared/keyboard/pinyin/hall-words.txt'
/** A hall's own words stand where a word stands that people write often. */
const HALL_WORD_FREQUENCY = 4_000

type Words = Map<string, number>

/** Lines of the package's source that are dictionary: `nihao 你好20728`. */
const LINE = /^([a-z]+) (\P{ASCII}.*)$/u
const ENTRY = /(\D+)(\d+)/g
const HAN_ONLY = /^\p{Script=Han}+$/u

/**
 * The phrase dictionary of simple-ime (MIT): full Pinyin and initials to words with frequencies. Its engine is not
 * exported and keeps what was typed for five minutes, which no public machine may do; so only the dictionary is
 * taken. Its emoji are left out: the bundled font has none.
 */
function packageDictionary(): Map<string, Words> {
  const entry = createRequire(import.meta.url).resolve('simple-ime/package.json')
  const source = readFileSync(join(dirname(entry), 'dist/simple-ime.es.js'), 'utf8')
  const dictionary = new Map<string, Words>()
  for (const line of source.split('\n')) {
    const [, key, text] = LINE.exec(line) ?? []
    if (key === undefined || text === undefined) continue
    for (const [, word, frequency] of text.matchAll(ENTRY)) {
      if (word !== undefined && HAN_ONLY.test(word)) add(dictionary, key, word, Number(frequency))
    }
  }
  if (dictionary.size === 0) throw new Error('simple-ime holds no dictionary where it was expected')
  return dictionary
}

function add(dictionary: Map<string, Words>, key: string, word: string, frequency: number): void {
  const words = dictionary.get(key) ?? new Map<string, number>()
  words.set(word, Math.max(frequency, words.get(word) ?? 0))
  dictionary.set(key, words)
}

/** `办不成 ban bu cheng` a line: what citizens of a hall write and no general dictionary has. */
function addHallWords(dictionary: Map<string, Words>, text: string): void {
  for (const line of text.split('\n')) {
    const [word, ...syllables] = line.trim().split(/\s+/)
    if (!word || word.startsWith('#') || syllables.length === 0) continue
    add(dictionary, syllables.join(''), word, HALL_WORD_FREQUENCY)
    add(dictionary, syllables.map((one) => one[0]).join(''), word, HALL_WORD_FREQUENCY)
  }
}

/** One line for each key, sorted; the most frequent word first. */
export function dictionaryText(hallWords: string): string {
  const dictionary = packageDictionary()
  addHallWords(dictionary, hallWords)
  return [...dictionary]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, words]) => {
      const sorted = [...words].sort((a, b) => b[1] - a[1])
      return `${key} ${sorted.map(([word, frequency]) => `${word}${frequency}`).join('')}`
    })
    .join('\n')
}

/** Gives the pages `window24:pinyin.txt`: the address of the dictionary, an asset of its own. */
export function pinyinDictionary(root: string): Plugin {
  const cache = join(root, '../node_modules/.cache/window24-keyboard')
  const path = join(cache, 'pinyin.txt')
  return {
    name: 'window24-pinyin-dictionary',
    enforce: 'pre',
    buildStart() {
      mkdirSync(cache, { recursive: true })
      const text = dictionaryText(readFileSync(join(root, HALL_WORDS), 'utf8'))
      // Written anew it would count as a change, and a watching build would never come to rest.
      if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text)
    },
    resolveId(id) {
      return id === MODULE ? `${path}?url` : null
    },
  }
}
