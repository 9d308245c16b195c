/** The table form: units whose frames are known as they stand and follow no rule (DEVICES §5). */
import type { Match, Matcher } from './parser.ts'

/** Bytes as they stand on the wire; null stands for any one byte, as of a counter. */
export type Pattern = readonly (number | null)[]

/** Longer than any frame of such a unit; what a parser holds is bounded by it. */
export const MAX_PATTERN_BYTES = 64
/**
 * Noise must not become somebody's answer: at one place in 3 million random bytes look like one of five keys with
 * three fixed bytes each, but at one in 51 like one of five with a single one.
 */
export const MIN_FIXED_BYTES = 3

const BYTE = /^[0-9A-Fa-f]{2}$/
const ANY_BYTE = '??'

/** Reads `A5 01 ?? 5A`. A text is what is wrong with it. */
export function parsePattern(text: string): Pattern | string {
  const parts = text.split(' ')
  if (!parts.every((part) => part === ANY_BYTE || BYTE.test(part))) {
    return `"${text}" is no pattern: write two hexadecimal digits a byte, ?? for any, with one space between`
  }
  if (parts.length > MAX_PATTERN_BYTES) return `"${text}" is longer than ${MAX_PATTERN_BYTES} bytes`
  return parts.map((part) => (part === ANY_BYTE ? null : Number.parseInt(part, 16)))
}

/** Whether a stream could hold one pattern where the other, or the beginning of the other, is meant as well. */
export function clash(one: Pattern, other: Pattern): boolean {
  const common = Math.min(one.length, other.length)
  for (let index = 0; index < common; index += 1) {
    const byte = one[index]
    const otherByte = other[index]
    if (byte !== otherByte && byte !== null && otherByte !== null) return false
  }
  return true
}

/** A pattern's bytes; what may be any byte is 00. */
export function bytesOf(pattern: Pattern): Uint8Array {
  return Uint8Array.from(pattern, (byte) => byte ?? 0)
}

/** Matches patterns of which no two clash. */
export function tableMatcher<T>(rows: readonly { pattern: Pattern; value: T }[]): Matcher<T> {
  // Noise is told by its first byte: looking at every pattern would make it five times as slow.
  const begins = Array.from({ length: 256 }, (_, byte) =>
    rows.some(({ pattern }) => pattern[0] === byte || pattern[0] === null),
  )
  return (bytes, at) => {
    if (!begins[bytes[at] ?? 0]) return 'none'
    let result: Match<T> = 'none'
    for (const { pattern, value } of rows) {
      const length = agreement(pattern, bytes, at)
      if (length === pattern.length) return { size: pattern.length, value }
      if (at + length === bytes.length) result = 'incomplete'
    }
    return result
  }
}

/** How many bytes from `at` on agree with the pattern's beginning. */
function agreement(pattern: Pattern, bytes: Uint8Array, at: number): number {
  let length = 0
  while (length < pattern.length && at + length < bytes.length) {
    const expected = pattern[length]
    if (expected !== null && expected !== bytes[at + length]) break
    length += 1
  }
  return length
}
