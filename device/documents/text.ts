/** Text on its way to paper: what a page must never carry is taken out before anything is measured. */

/**
 * Controls, and what cannot be seen but reorders or joins its neighbours (U+200B–200F, U+202A–202E, U+2060–206F,
 * U+FEFF), and variation selectors, which the bundled fonts do not know. No normal form is applied: NFC would turn
 * compatibility ideographs, some of which are people's names, into other characters.
 */
const UNPRINTABLE =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Variation_Selector}|[\u{e0000}-\u{e007f}]/gu

/** The sign printers have always set where a type was missing from the case: 〓, the geta. */
export const MISSING_GLYPH = '〓'

export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\t', ' ').replaceAll('\r\n', '\n').replace(UNPRINTABLE, '')
}

/** Replaces what no font has; `missing` gathers the code points so that the page can say so. */
export function replaceMissing(
  text: string,
  has: (codePoint: number) => boolean,
  missing: Set<number>,
): string {
  if (isWhole(text, has)) return text
  let result = ''
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0
    if (character === '\n' || has(codePoint)) {
      result += character
      continue
    }
    missing.add(codePoint)
    result += MISSING_GLYPH
  }
  return result
}

/** Nearly every text is: nothing has to be put together anew. */
function isWhole(text: string, has: (codePoint: number) => boolean): boolean {
  for (const character of text) {
    if (character !== '\n' && !has(character.codePointAt(0) ?? 0)) return false
  }
  return true
}
