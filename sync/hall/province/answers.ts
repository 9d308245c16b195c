/** What a province's answer means, by its profile's rules. */
import type { AnswerMeaning, AnswerRule, ProvinceProfile } from './profile-schema.ts'

export type Read =
  | { read: true; means: AnswerMeaning; words: string }
  /** No rule holds: a page of something in between, or a new version. What was asked may have been done. */
  | { read: false }

/** @param text the body as it came */
export function readAnswer({ answers }: ProvinceProfile, text: string): Read {
  const value = parsed(text)
  if (value === undefined) return { read: false }
  const message = at(value, answers.message)
  const words = typeof message === 'string' ? message : ''
  const rule = answers.rules.find((candidate) => holds(candidate, value, words))
  return rule === undefined ? { read: false } : { read: true, means: rule.means, words }
}

function holds({ where, words }: AnswerRule, value: unknown, message: string): boolean {
  const all = Object.entries(where).every(([path, wanted]) => {
    const found = at(value, path)
    return found !== undefined && found !== null && typeof found !== 'object' && String(found) === wanted
  })
  return all && (words === undefined || message.includes(words))
}

function at(value: unknown, path: string): unknown {
  let found = value
  for (const step of path.split('/')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined
    found = (found as Record<string, unknown>)[step]
  }
  return found
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
