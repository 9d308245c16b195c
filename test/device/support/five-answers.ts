/** The same question, answered with each of the five levels: what is seen of one must be seen of every other. */
import { expect } from 'vitest'
import type { Level } from '../../../device/http/contract.ts'
import { LEVELS } from '../../../sync/protocol/levels.ts'

export interface Answered {
  by: 'page' | 'keypad'
  labels: number
  words: string
  anonymous: boolean
}

/** Each against the first. */
export async function seenOfEach<Seen>(look: (level: Level) => Promise<Seen>): Promise<Seen> {
  const seen: Seen[] = []
  for (const level of LEVELS) seen.push(await look(level))
  const [first] = seen
  if (first === undefined) throw new Error('nothing was answered')
  for (const one of seen) expect(one).toEqual(first)
  return first
}

/** Lines of a log without when they were written and how long something took. */
export const timeless = (lines: readonly string[]): object[] =>
  lines.map((line) => ({ ...JSON.parse(line), time: 0, ms: 0 }))
