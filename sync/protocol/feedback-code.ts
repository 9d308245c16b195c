/**
 * The code that a citizen asks by (DOMAIN.md §3): eight characters of Crockford's base 32, which has no I, L, O and U
 * to be mistaken, read aloud in two groups of four. The last one checks the others.
 */
import { z } from 'zod'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const DRAWN_CHARACTERS = 7
const CODE = /^[0-9A-HJKMNP-TV-Z]{8}$/

/** x⁵ + x² + 1 without its first term: primitive over GF(2), so that each place has a weight of its own. */
const REMAINDER = 0b00101
const FIFTH_BIT = 0b100000

/**
 * @param random seven numbers, of which the low five bits are taken
 * @throws RangeError for another count
 */
export function feedbackCode(random: ArrayLike<number>): string {
  if (random.length !== DRAWN_CHARACTERS)
    throw new RangeError(`a code is drawn from ${DRAWN_CHARACTERS} numbers`)
  const drawn = Array.from(random, (one) => one & 0b11111)
  return [...drawn, checkOf(drawn)].map((value) => ALPHABET[value]).join('')
}

/**
 * What somebody wrote or read out, as the code it stands for; null where it is none. One wrong character, and two
 * neighbours that changed places, are always found.
 */
export function readFeedbackCode(text: string): string | null {
  const plain = text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll(/[IL]/g, '1').replaceAll('O', '0')
  if (!CODE.test(plain)) return null
  const values = [...plain].map((character) => ALPHABET.indexOf(character))
  return checkOf(values.slice(0, DRAWN_CHARACTERS)) === values[DRAWN_CHARACTERS] ? plain : null
}

/** `7K3M 9QTD`, as it stands on slips and screens. */
export function spacedCode(code: string): string {
  return `${code.slice(0, 4)} ${code.slice(4)}`
}

export const FeedbackCode = z
  .string()
  .regex(CODE)
  .refine((text) => readFeedbackCode(text) === text, 'its last character does not check the others')

/** The values as a polynomial over GF(32), taken at its generator: neighbours differ in weight, none weighs nothing. */
function checkOf(values: readonly number[]): number {
  return values.reduce((sum, value) => timesGenerator(sum ^ value), 0)
}

function timesGenerator(value: number): number {
  const doubled = value << 1
  return (doubled & FIFTH_BIT) === 0 ? doubled : doubled ^ FIFTH_BIT ^ REMAINDER
}
