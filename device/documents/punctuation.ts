/**
 * How Chinese punctuation behaves in a line (Requirements for Chinese Text Layout, W3C clreq §3.1): which signs may
 * not open or close a line, and which half of their square is empty and can be given back.
 */

/** Their ink lies in the right half of the square. */
const OPENING = new Set('（《〈「『【〖〔［｛“‘')
/** Their ink lies in the left half of the square. */
const CLOSING = new Set('）》〉」』】〗〕］｝”’，。、；：')
/** Never at the beginning of a line, beside the closing ones. */
const NOT_AT_START = new Set('！？…—·–~%％℃)]},.;:!?/')
/** Never at the end of a line, beside the opening ones. */
const NOT_AT_END = new Set('([{￥¥$#')

/** What a sign gives back of its square; the Latin forms of this range have nothing to give. */
export const HALF_SQUARE = 0.5

export function isOpening(character: string): boolean {
  return OPENING.has(character)
}

export function isClosing(character: string): boolean {
  return CLOSING.has(character)
}

const WORD_PART = /[\p{Script=Latin}\p{Nd}'&@+_\-–*:.,/%#]/u
/** Nearly all that is asked about: between these no character is a letter or a digit of a word. */
const CJK = { first: '\u2e80', last: '\u9fff' } as const

/** Part of a word that is never torn: Latin letters, digits and what joins them in codes, phones and times. */
export function isWordPart(character: string): boolean {
  return (character < CJK.first || character > CJK.last) && WORD_PART.test(character)
}

/** Measure words: a number alone at the end of a line, its unit on the next, is read twice. */
const UNITS = new Set('个份元号日年月楼层项件本张次天周岁人种条米万区')

export function mayBreakBetween(before: string, after: string): boolean {
  if (/[0-9]/.test(before) && UNITS.has(after)) return false
  if (isClosing(after) || NOT_AT_START.has(after)) return false
  if (isOpening(before) || NOT_AT_END.has(before)) return false
  return !(isWordPart(before) && isWordPart(after))
}

/** Which empty half of its square a sign gives back: the one before its ink or after it. */
export type Squeezed = 'none' | 'before' | 'after'

/**
 * Two signs side by side share one empty half, and neither end of a line begins or ends with an empty half.
 * `previous` and `next` are undefined at the ends of the line.
 */
export function squeeze(character: string, previous: string | undefined, next: string | undefined): Squeezed {
  if (isOpening(character)) return previous === undefined || isOpening(previous) ? 'before' : 'none'
  if (!isClosing(character)) return 'none'
  return next === undefined || isClosing(next) || isOpening(next) ? 'after' : 'none'
}
