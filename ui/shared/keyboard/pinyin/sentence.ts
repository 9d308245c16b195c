import { LONGEST_SYLLABLE_LETTERS, type PinyinDictionary } from './dictionary.ts'

/** The longest word of the dictionary in letters; longer ones are not looked for. */
const LONGEST_WORD_LETTERS = 30

/** All words of the dictionary together, about: a word's share of it is its likelihood. */
const ALL_FREQUENCIES = 30_000_000
/** Initials stand for many words, an unfinished syllable for a few: each is only taken where nothing fuller fits. */
const INITIALS_COST = 7
const UNFINISHED_COST = 3

interface Step {
  cost: number
  from: number
  text: string
}

const cost = (frequency: number) => -Math.log((frequency + 1) / ALL_FREQUENCIES)

/**
 * The likeliest words for all of the letters, by their frequencies alone; null when some letters are no Pinyin.
 * @param letters a to z
 */
export function likeliestSentence(dictionary: PinyinDictionary, letters: string): string | null {
  const reached: (Step | null)[] = [{ cost: 0, from: 0, text: '' }]
  const improve = (at: number, step: Step) => {
    if (step.cost < (reached[at]?.cost ?? Number.POSITIVE_INFINITY)) reached[at] = step
  }
  for (let start = 0; start < letters.length; start++) {
    const here = reached[start]
    if (!here) continue
    const last = Math.min(letters.length, start + LONGEST_WORD_LETTERS)
    for (let end = start + 1; end <= last; end++) {
      const part = letters.slice(start, end)
      const word = dictionary.first(part)
      if (word === null) continue
      const extra = dictionary.isSpelled(part) ? 0 : INITIALS_COST
      improve(end, { cost: here.cost + cost(word.frequency) + extra, from: start, text: word.text })
    }
    const rest = letters.slice(start)
    if (rest.length < LONGEST_SYLLABLE_LETTERS && dictionary.beginsSyllable(rest)) {
      const [word] = dictionary.beginningWith(rest, 1)
      if (word) {
        const total = here.cost + cost(word.frequency) + UNFINISHED_COST
        improve(letters.length, { cost: total, from: start, text: word.text })
      }
    }
  }
  if (!reached[letters.length]) return null
  let text = ''
  for (let at = letters.length; at > 0; ) {
    const step = reached[at]
    if (!step) return null
    text = step.text + text
    at = step.from
  }
  return text
}

/** Whether the letters can be read to their end: whole syllables, the last perhaps unfinished. */
export function isReadable(dictionary: PinyinDictionary, letters: string): boolean {
  if (letters === '' || dictionary.beginsSyllable(letters)) return true
  for (let end = Math.min(letters.length, LONGEST_SYLLABLE_LETTERS); end > 0; end--) {
    if (dictionary.isSyllable(letters.slice(0, end)) && isReadable(dictionary, letters.slice(end)))
      return true
  }
  return false
}
