/** What a province's answer means, by its profile's rules. */

import type { AnswerMeaning, AnswerRule, ProvinceProfile } from './profile-schema.ts'
import { shownReason } from './words.ts'

export type Read =
  /** `words`: what may be kept of the province's own. */
  | { read: true; means: AnswerMeaning; words: string }
  /** No rule holds: a page of something in between, or a new version. What was asked may have been done. */
  | { read: false }

/**
 * What is said of this one record is believed of the platform alone: a login page's redirect or a firewall's 403 may
 * carry a body that looks like it. What concerns every request may well be said with a 4xx.
 */
const OF_THE_RECORD: ReadonlySet<AnswerMeaning> = new Set([
  'taken',
  'already-there',
  'service-missing',
  'refused',
])

/** @param text the body as it came */
export function readAnswer(profile: ProvinceProfile, status: number, text: string): Read {
  if (status < 200 || (status >= 300 && status < 400)) return { read: false }
  const { answers } = profile
  const value = parsed(text)
  if (value === undefined) return { read: false }
  const message = at(value, answers.message)
  const said = typeof message === 'string' ? message : ''
  const rule = answers.rules.find((candidate) => holds(candidate, value, said))
  if (rule === undefined) return { read: false }
  const { means, statuses = [] } = rule
  if (status >= 400 && OF_THE_RECORD.has(means) && !statuses.includes(status)) return { read: false }
  return { read: true, means, words: shownReason(said, rule, profile) }
}

function holds({ where, words }: AnswerRule, value: unknown, message: string): boolean {
  const all = Object.entries(where).every(([path, wanted]) => {
    const found = at(value, path)
    return found !== undefined && found !== null && typeof found !== 'object' && String(found) === wanted
  })
  return all && (words === undefined || words.some((word) => message.includes(word)))
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
