import { LONGEST_SYLLABLE_LETTERS, type PinyinDictionary } from './dictionary.ts'
import { isReadable, likeliestSentence } from './sentence.ts'

export interface Candidate {
  text: string
  /** How many of the letters, from the first on, it stands for. */
  letters: number
}

/** Letters that wait to become words; a longer sentence is chosen in parts. */
export const MOST_LETTERS = 36

const MOST_COMPLETIONS = 6
const MOST_ALIKE = 12
const MOST_WORDS_OF_INITIALS = 60

/** `lve` and `nve` are how some write lüe and nüe; both spellings are as long as each other. */
const asInDictionary = (letters: string) => letters.replace(/([ln])ve/g, '$1ue')

/**
 * What the letters may mean, the likeliest first. Nothing is learned or kept from one call to the next: whoever
 * stands here tomorrow is not to be offered what was typed today.
 *
 * @param typed a to z, at most `MOST_LETTERS`; `v` stands for ü
 * @param rare hanzi of one syllable that the dictionary lacks, as names need them
 */
export function candidatesFor(
  dictionary: PinyinDictionary,
  typed: string,
  rare: (syllable: string) => string[],
): Candidate[] {
  const letters = asInDictionary(typed)
  if (letters === '') return []
  const offered = new Map<string, number>()
  const offer = (text: string, length: number) => {
    if (!offered.has(text)) offered.set(text, length)
  }
  const all = letters.length

  const spelled = dictionary.isSpelled(letters)
  for (const { text } of dictionary.words(letters).slice(0, spelled ? undefined : MOST_WORDS_OF_INITIALS)) {
    offer(text, all)
  }
  const completions = dictionary.isSyllable(letters)
    ? []
    : dictionary.beginningWith(letters, MOST_COMPLETIONS)
  // An unfinished word is likelier meant than words that happen to end so.
  if (!spelled) for (const { text } of completions) offer(text, all)
  const sentence = likeliestSentence(dictionary, letters)
  if (sentence !== null) offer(sentence, all)
  for (const { text } of completions) offer(text, all)
  const others = dictionary.alike(letters).flatMap((key) => dictionary.words(key))
  others.sort((a, b) => b.frequency - a.frequency)
  for (const { text } of others.slice(0, MOST_ALIKE)) offer(text, all)
  if (dictionary.isSyllable(letters)) for (const text of rare(letters)) offer(text, all)

  let firstSyllable = ''
  for (let end = all - 1; end > 0; end--) {
    const part = letters.slice(0, end)
    if (!dictionary.has(part) || !isReadable(dictionary, letters.slice(end))) continue
    if (!dictionary.isSpelled(part)) continue
    for (const { text } of dictionary.words(part)) offer(text, end)
    if (firstSyllable === '' && end <= LONGEST_SYLLABLE_LETTERS && dictionary.isSyllable(part))
      firstSyllable = part
  }
  if (firstSyllable !== '') for (const text of rare(firstSyllable)) offer(text, firstSyllable.length)
  // Initials and letters that are no Pinyin: the first of them can still be chosen by itself.
  if (offered.size === 0) {
    const [first = ''] = letters
    for (const { text } of dictionary.beginningWith(first, MOST_WORDS_OF_INITIALS)) offer(text, 1)
  }
  return [...offered].map(([text, length]) => ({ text, letters: length }))
}
