import { type Candidate, candidatesFor, MOST_LETTERS } from './pinyin/candidates.ts'
import type { Tables } from './tables.ts'

/** What the host's text is read and written by: the text itself is the host's. */
export interface Text {
  get: () => string
  set: (value: string) => void
  /** In UTF-16 units, as `maxlength` of a text area and `max` of a schema count. */
  maxLength: () => number
}

/** Typing into a text: where the caret stands, and the letters that are to become words. */
export class Typing {
  letters = $state('')
  /** The last key found no room. */
  full = $state(false)
  /** null until they have come; letters are then typed as they are. */
  tables = $state.raw<Tables | null>(null)

  #caret = $state(0)
  /** As long as the text was when the caret was put: of another length, the host has put another text there. */
  #length = $state(0)
  readonly #text: Text
  readonly #candidates = $derived.by(() => this.#lookUp())

  constructor(text: Text) {
    this.#text = text
    this.#putCaret(text.get().length)
  }

  /** In UTF-16 units; at the end of what the host has put there. */
  get caret(): number {
    const { length } = this.#text.get()
    return length === this.#length ? this.#caret : length
  }

  #putCaret(at: number): void {
    this.#caret = at
    this.#length = this.#text.get().length
  }

  get before(): string {
    return this.#text.get().slice(0, this.caret)
  }

  get after(): string {
    return this.#text.get().slice(this.caret)
  }

  get candidates(): Candidate[] {
    return this.#candidates
  }

  #lookUp(): Candidate[] {
    const { tables, letters } = this
    if (tables === null || letters === '') return []
    return candidatesFor(tables.dictionary, letters, (syllable) => tables.han.bySound(syllable))
  }

  /** A letter of Pinyin. */
  spell(letter: string): void {
    if (this.letters.length < MOST_LETTERS) this.letters += letter
  }

  choose(candidate: Candidate): void {
    if (this.insert(candidate.text)) this.letters = this.letters.slice(candidate.letters)
  }

  /** The likeliest words for all letters, or the letters themselves where they are no Pinyin. */
  finishWord(): void {
    for (let left = this.letters.length; left > 0; left = this.letters.length) {
      const [first] = this.candidates
      if (first) this.choose(first)
      else if (this.insert(this.letters)) this.letters = ''
      if (this.letters.length === left) return
    }
  }

  /** @returns false when there is no room: nothing is half inserted */
  insert(text: string): boolean {
    const now = this.#text.get()
    this.full = now.length + text.length > this.#text.maxLength()
    if (this.full) return false
    const caret = this.caret
    this.#text.set(now.slice(0, caret) + text + now.slice(caret))
    this.#putCaret(caret + text.length)
    return true
  }

  /** A sign after whatever is being spelled. */
  sign(text: string): void {
    this.finishWord()
    if (this.letters === '') this.insert(text)
  }

  erase(): void {
    this.full = false
    if (this.letters !== '') {
      this.letters = this.letters.slice(0, -1)
      return
    }
    const caret = this.caret
    const from = stepBack(this.#text.get(), caret)
    this.#text.set(this.#text.get().slice(0, from) + this.#text.get().slice(caret))
    this.#putCaret(from)
  }

  left(): void {
    this.finishWord()
    this.#putCaret(stepBack(this.#text.get(), this.caret))
  }

  right(): void {
    this.finishWord()
    const [next = ''] = this.after
    this.#putCaret(this.caret + next.length)
  }

  /** @param fromEnd units of the text behind the place that was touched: what is being spelled comes before it */
  place(fromEnd: number): void {
    this.finishWord()
    this.#putCaret(Math.max(0, this.#text.get().length - fromEnd))
  }

  /** Everything that was typed, here and in the host's text. */
  clear(): void {
    this.letters = ''
    this.full = false
    this.#text.set('')
    this.#putCaret(0)
  }
}

/** The place one character to the left: a rare hanzi is two units long. */
function stepBack(text: string, from: number): number {
  const last = Array.from(text.slice(0, from)).at(-1) ?? ''
  return from - last.length
}
