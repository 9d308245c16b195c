/** What goes wrong between a hall and its province, one thing or several at once, the same again for the same seed. */

export const moods = {
  'lost-request': 'cut before anything is read',
  'lost-answer': 'taken, then cut before the answer',
  'half-open': 'taken or not, and never an answer',
  slow: 'an answer after MS milliseconds',
  shuffled: 'answers after up to MS milliseconds, so that they come out of order',
  'error-before': '503, nothing taken',
  'error-after': '500, and taken all the same',
  'too-many': '429 with Retry-After, nothing taken',
  busy: '200 with the code for "again", nothing taken',
  page: "200 with a portal's page, nothing taken",
  'page-after': '200 with a page, and taken all the same',
  twice: 'the same answer twice on one connection',
  'services-lost': 'all service records forgotten, then on',
} as const
export type Mood = keyof typeof moods

export const isMood = (name: string): name is Mood => Object.hasOwn(moods, name)

interface Felt {
  /** 0 to 1. */
  chance: number
  ms: number
}

const DEFAULT_MS = 200

export class Moods {
  readonly #felt = new Map<Mood, Felt>()
  readonly #random: () => number

  constructor(seed: number) {
    this.#random = seededRandom(seed)
  }

  add(mood: Mood, { chance = 1, ms = DEFAULT_MS }: Partial<Felt> = {}): void {
    this.#felt.set(mood, { chance, ms })
  }

  clear(): void {
    this.#felt.clear()
  }

  list(): { mood: Mood; chance: number; ms: number }[] {
    return [...this.#felt].map(([mood, felt]) => ({ mood, ...felt }))
  }

  /** Whether it strikes this time. */
  strikes(mood: Mood): boolean {
    const felt = this.#felt.get(mood)
    return felt !== undefined && this.#random() < felt.chance
  }

  /** How long this answer is held back. */
  delayMs(): number {
    const slow = this.strikes('slow') ? (this.#felt.get('slow')?.ms ?? 0) : 0
    const shuffled = this.strikes('shuffled') ? this.#random() * (this.#felt.get('shuffled')?.ms ?? 0) : 0
    return slow + shuffled
  }

  coin(): boolean {
    return this.#random() < 0.5
  }
}

/** mulberry32: small, and good enough for moods. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
