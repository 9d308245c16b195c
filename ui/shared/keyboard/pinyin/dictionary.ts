/** The phrase dictionary as the pages hold it (ui/build/pinyin-dictionary.ts makes it). */

export interface Word {
  text: string
  /** How often it is met: only its ratio to other words says anything. */
  frequency: number
}

const ENTRY = /(\D+)(\d+)/g

/** Vowels that are syllables of their own; a single consonant is an initial. */
const LONE_VOWELS = ['a', 'e', 'o']

/** Sounds that southern speakers write alike: zh/z, ch/c, sh/s, -ng/-n, n-/l-. */
const alike = (letters: string): string =>
  letters
    .replace(/([zcs])h/g, '$1')
    .replace(/ng/g, 'n')
    .replace(/^l/, 'n')

export class PinyinDictionary {
  readonly #lines = new Map<string, string>()
  /** Sorted, so that all that begin alike lie together. */
  readonly #keys: string[] = []
  readonly #syllables = new Set<string>()
  readonly #syllableStarts = new Set<string>()
  readonly #alike = new Map<string, string[]>()

  /** @param text lines of `pinyin 词频词频…`, sorted by their Pinyin, the most frequent word first */
  constructor(text: string) {
    for (const line of text.split('\n')) {
      const space = line.indexOf(' ')
      if (space <= 0) continue
      const key = line.slice(0, space)
      const words = line.slice(space + 1)
      this.#lines.set(key, words)
      this.#keys.push(key)
      // Whatever is read as a single character is a syllable.
      if (/^.\d/u.test(words) && (key.length > 1 || LONE_VOWELS.includes(key))) this.#syllables.add(key)
    }
    for (const one of this.#syllables) {
      for (let end = 1; end < one.length; end++) this.#syllableStarts.add(one.slice(0, end))
    }
    for (const key of this.#keys) {
      const sound = alike(key)
      const others = this.#alike.get(sound)
      if (others) others.push(key)
      else this.#alike.set(sound, [key])
    }
  }

  /** The words written exactly so, the most frequent first. */
  words(letters: string): Word[] {
    const line = this.#lines.get(letters)
    if (line === undefined) return []
    return Array.from(line.matchAll(ENTRY), ([, text = '', frequency]) => ({
      text,
      frequency: Number(frequency),
    }))
  }

  first(letters: string): Word | null {
    const [, text, frequency] = /^(\D+)(\d+)/.exec(this.#lines.get(letters) ?? '') ?? []
    return text === undefined ? null : { text, frequency: Number(frequency) }
  }

  has(letters: string): boolean {
    return this.#lines.has(letters)
  }

  isSyllable(letters: string): boolean {
    return this.#syllables.has(letters)
  }

  /** Whether a syllable may yet come of it. */
  beginsSyllable(letters: string): boolean {
    return this.#syllableStarts.has(letters)
  }

  /** Whether it is whole syllables from end to end, and not initials. */
  isSpelled(letters: string): boolean {
    if (letters === '') return true
    for (let end = Math.min(letters.length, LONGEST_SYLLABLE_LETTERS); end > 0; end--) {
      if (this.#syllables.has(letters.slice(0, end)) && this.isSpelled(letters.slice(end))) return true
    }
    return false
  }

  /** The most frequent words whose Pinyin begins so and goes on. */
  beginningWith(letters: string, most: number): Word[] {
    const found: Word[] = []
    for (let at = this.#firstFrom(letters); at < this.#keys.length; at++) {
      const key = this.#keys[at] ?? ''
      if (!key.startsWith(letters)) break
      const word = key.length > letters.length ? this.first(key) : null
      if (word !== null) found.push(word)
    }
    return found.sort((a, b) => b.frequency - a.frequency).slice(0, most)
  }

  /** Other spellings that many speakers cannot tell from this one. */
  alike(letters: string): string[] {
    return (this.#alike.get(alike(letters)) ?? []).filter((key) => key !== letters)
  }

  #firstFrom(letters: string): number {
    let low = 0
    let high = this.#keys.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#keys[middle] ?? '') < letters) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** zhuang, chuang, shuang. */
export const LONGEST_SYLLABLE_LETTERS = 6
