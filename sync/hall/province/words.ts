/**
 * A province's own words as they may be kept and shown. They may hold what the citizen wrote, or anybody's name and
 * number, whole, cut, spaced out: so nothing of them is kept but what the profile itself knows, word by word.
 */
import type { AnswerRule, ProvinceProfile } from './profile-schema.ts'

/** Whatever stood between two phrases. */
const GAP = '…'

/** With a phrase: how long, how many. Nobody's number is as short. */
const SMALL_NUMBER = String.raw`(?:\d{1,3}(?!\d))?`

/** More is a page, not a reason. */
const MAX_PHRASES = 20

/** The phrases of the profile that stand in the message, in their order, and the codes of the rule that held. */
export function shownReason(message: string, rule: AnswerRule, profile: ProvinceProfile): string {
  const codes = Object.entries(rule.where).map(([path, code]) => `${path.split('/').at(-1)} ${code}`)
  return `${known(message, profile)} (${codes.join(', ')})`
}

function known(message: string, profile: ProvinceProfile): string {
  const parts: string[] = []
  let end = 0
  for (const { 0: part, index } of message.matchAll(vocabularyOf(profile))) {
    if (parts.length >= MAX_PHRASES) break
    if (index > end) parts.push(GAP)
    parts.push(part)
    end = index + part.length
  }
  if (end < message.length || parts.length === 0) parts.push(GAP)
  return parts.join('')
}

/** Fields by their names on the wire, the words that rules look for, and the phrases that are listed. */
function vocabularyOf({ service, rating, answers }: ProvinceProfile): RegExp {
  const words = [
    ...[service, rating].flatMap(({ fields, constants }) => Object.keys({ ...fields, ...constants })),
    ...answers.rules.flatMap(({ words = [] }) => words),
    ...answers.phrases,
  ]
  // The longest first: the shorter one may stand within it.
  const longestFirst = [...new Set(words)].sort((one, other) => other.length - one.length)
  return new RegExp(`(?:${longestFirst.map((word) => RegExp.escape(word)).join('|')})${SMALL_NUMBER}`, 'gu')
}
