import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cleanText, inPrinterFont, textCells } from '../../../drivers/receipt-printer/characters.ts'
import { missingGlyph } from '../../../drivers/receipt-printer/missing-glyph.ts'
import { Glyphs, preloadRasterFont } from '../../../drivers/receipt-printer/raster-font.ts'
import { onPaper, part, TOP_DOTS, whole } from './paper-dots.ts'

await preloadRasterFont()
const glyphs = new Glyphs()
const glyphDots = glyphs.dots.bind(glyphs)

const code = (character: string): number => character.codePointAt(0) ?? 0
const text = (value: string) => ({
  elements: [{ kind: 'text', text: value } as const, { kind: 'cut' } as const],
})

test.each([
  ['generic-80', '国', 'printed'],
  ['generic-80', '喆', 'printed'],
  ['generic-80', '䶮', 'drawn'],
  ['generic-80', '㐱', 'drawn'],
  ['generic-80', '𬭎', 'drawn'],
  ['generic-80', '\u{30edd}', 'drawn'],
  ['generic-80', '•', 'drawn'],
  ['tear-off-58', '国', 'printed'],
  ['tear-off-58', '喆', 'drawn'],
  ['tear-off-58', '镕', 'drawn'],
  ['tear-off-58', '①', 'printed'],
  ['gb18030-80', '䶮', 'printed'],
  ['gb18030-80', '㐱', 'printed'],
  ['gb18030-80', '𬭎', 'drawn'],
])('%s: %s is %s, and its dots are on the paper (field row 16)', (profile, character, how) => {
  const { commands, errors, dots } = onPaper(text(character), profile)
  expect(commands.some(({ kind }) => kind === 'raster')).toBe(how === 'drawn')
  expect(commands.some(({ kind }) => kind === 'character')).toBe(how === 'printed')
  expect(part(dots, 0, TOP_DOTS, 24, 24)).toBe(whole(glyphDots(code(character), 24, 24)))
  expect(part(dots, 0, TOP_DOTS, 24, 24)).not.toBe(whole(glyphDots(0x3f, 24, 24)))
  expect(errors).toEqual([])
})

test('the two-byte characters of GB 2312 are the 7445 of the standard', () => {
  let found = 0
  for (let codePoint = 0x80; codePoint < 0x10000; codePoint += 1) {
    if (codePoint >= 0xd800 && codePoint < 0xe000) continue
    const character = String.fromCharCode(codePoint)
    // The letters of pinyin belong to it; here they are drawn, half-width.
    if (inPrinterFont(character, 'gb2312') || /[àáèéêìíòóùúüāēěīōūǎǐǒǔǖǘǚǜ]/.test(character)) found += 1
  }
  expect(found).toBe(7445)
})

test.each([
  ['an emoji', '😀'],
  ['an Arabic letter', 'ا'],
  ['a Tibetan letter', 'ཀ'],
  ['a character of the private use area', '\ue000'],
  ['half a surrogate pair', '\ud83d'],
  ['an escape', '\u001b'],
  ['a code point that Unicode has not given away', '\u0378'],
])('%s that no font here has is a box with its code', (_, character) => {
  const { dots, errors } = onPaper(text(`${character}A`))
  const shown = code(cleanText(character))
  expect(part(dots, 0, TOP_DOTS, 24, 24)).toBe(whole(missingGlyph(shown, 24, 24)))
  // What follows stands behind the box and not on it.
  expect(part(dots, 24, TOP_DOTS, 12, 24)).toBe(whole(glyphDots(0x41, 12, 24)))
  expect(errors).toEqual([])
})

test('boxes of different characters are different, in single and in double size', () => {
  const boxes = [0x1b, 0x627, 0xe000, 0x1f600, 0x10ffff].map((one) => whole(missingGlyph(one, 24, 24)))
  expect(new Set(boxes).size).toBe(boxes.length)
  expect(missingGlyph(0x1f600, 48, 48).data.reduce((sum, dot) => sum + dot, 0)).toBeGreaterThan(400)
})

test.each([
  ['m', 0x304],
  ['x', 0x301],
])('a mark that Unicode has not composed with %s stands above it and takes no room', (base, mark) => {
  const { dots, errors } = onPaper(text(`${base}${String.fromCodePoint(mark)}A`))
  const letter = whole(glyphDots(code(base), 12, 24)).split('\n')
  const marked = part(dots, 0, TOP_DOTS, 12, 24).split('\n')
  expect(marked.join('\n')).toBe(whole(glyphDots(code(base), 12, 24, [mark])))
  const top = letter.findIndex((row) => row.includes('#'))
  expect(marked.slice(0, top).join('')).toContain('#')
  // It may touch the letter and lies on none of its other rows.
  expect(marked.slice(top + 1)).toEqual(letter.slice(top + 1))
  expect(part(dots, 12, TOP_DOTS, 12, 24)).toBe(whole(glyphDots(0x41, 12, 24)))
  expect(errors).toEqual([])
})

test('marks that Unicode composes are composed, and one without a letter stands upon a space', () => {
  expect(cleanText('u\u0308\u0301')).toBe('ǘ')
  expect(textCells('\u0304A')).toBe(2)
  const { dots } = onPaper(text('\u0304A'))
  expect(part(dots, 0, TOP_DOTS, 12, 24)).toContain('#')
})

test('tabs go to the next stop of eight cells, whatever stands before them', () => {
  expect(cleanText('a\tb')).toBe('a       b')
  expect(cleanText('事项\t费用\n一\t二')).toBe('事项    费用\n一      二')
  expect(cleanText('12345678\tx')).toBe('12345678        x')
})

test('what Unicode gives no look of its own leaves no gap and no box', () => {
  expect(cleanText('张\u200b小\ufe0f雨\u{e0101}\u202e\u2066\u00ad')).toBe('张小雨')
  expect(cleanText('a\u2003b\u00a0c\u3000d')).toBe('a b c\u3000d')
})

const ANY = fc.oneof(
  fc.constantFrom(...'办件，（）a b1ü䶮𬭎㐱喆¥•—…😀اཀ\u0304\u20dd\u001b\u009f\ue000\u3000\t\n'),
  fc.nat(0x10ffff).map((codePoint) => String.fromCodePoint(codePoint)),
)

test('no character is a question mark or missing: every cell of the paper has what was meant for it', () => {
  fc.assert(
    fc.property(fc.constantFrom('generic-80', 'tear-off-58', 'gb18030-80'), ANY, (profile, character) => {
      const { dots, errors } = onPaper(text(`国${character}国`), profile)
      expect(errors).toEqual([])
      const shown = cleanText(`国${character}国`)
      const visible = [...shown].filter((one) => !/\p{White_Space}/u.test(one)).length
      const black = part(dots, 24, TOP_DOTS, 40, 40).includes('#')
      // Two 国 are always there; anything more left dots between or below them.
      if (visible > 2) expect(black).toBe(true)
      if (character !== '?') {
        const cell = part(dots, 24, TOP_DOTS, 12, 24)
        expect(cell).not.toBe(whole(glyphDots(0x3f, 12, 24)))
      }
    }),
    { numRuns: 120 },
  )
})
