/** A province's own words as they may be kept and shown: short, of one line, and naming nobody. */
import type { Known } from './record.ts'

/** More is a page, not a reason. */
const MAX_REASON_CHARACTERS = 200

/** Phone and ID numbers, whosever they are. */
const LONG_NUMBER = /\d{11,}[\dXx]?/g

const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu

const MASK = '[personal]'

/** @param known what was sent with it, and might come back in it */
export function shownReason(words: string, known: Known): string {
  const personal = [
    known.comment,
    known.completed?.words,
    ...[known.user?.name, known.user?.idNumber, known.user?.phone],
    ...[known.facts?.userName, known.facts?.idNumber, known.facts?.mobile],
  ].filter((value): value is string => typeof value === 'string' && value !== '')
  let shown = words.replace(CONTROL, ' ').trim()
  // The longest first: a name may stand within the words.
  for (const value of personal.sort((one, other) => other.length - one.length))
    shown = shown.replaceAll(value, MASK)
  return [...shown.replace(LONG_NUMBER, MASK)].slice(0, MAX_REASON_CHARACTERS).join('')
}
