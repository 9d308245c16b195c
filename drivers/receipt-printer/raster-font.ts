import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { create, type Font } from 'fontkit'
import type { Dots } from './dots.ts'
import { fillOutline, SCALE_ONE, SUB } from './outline.ts'

const require = createRequire(import.meta.url)
/** Medium: at 24 dots Regular's thinnest strokes fall under a dot, and Bold closes the inside of dense characters. */
const FONT_FILE = '@expo-google-fonts/noto-sans-sc/500Medium/NotoSansSC_500Medium.ttf'

/** In thousandths of the cell's height. A full-width em box reaches from 120 below the baseline to 880 above it. */
const FULL_WIDTH = { em: 1000, baselineFromBottom: 120 }
/** Latin sits higher, as in printers' own fonts: the tails of g and y need a quarter of the cell. */
const ASCII = { em: 960, baselineFromBottom: 230 }
/** A capital with an accent is as high as a cell, so it is drawn smaller rather than cut off. */
const ACCENTED = { em: 860, baselineFromBottom: 210 }

/** Glyphs kept drawn: more than the different characters of any receipt, about half a megabyte. */
const CACHED_GLYPHS = 1000

/** Drawn for a character that the font lacks: 〓, the printer's mark for a missing type. */
const MISSING = 0x3013

let opened: Font | undefined
const cache = new Map<string, Dots>()

/** The font is 10 MB and only opened by the first character that needs drawing. */
function font(): Font {
  if (opened === undefined) {
    const read = create(readFileSync(require.resolve(FONT_FILE)))
    if ('fonts' in read) throw new Error('the receipt font must be a single font, not a collection')
    opened = read
  }
  return opened
}

export function hasGlyph(codePoint: number): boolean {
  return font().hasGlyphForCodePoint(codePoint)
}

/**
 * A character drawn into a cell of `width` × `height` dots: a full em for Chinese (24 × 24), half for Latin
 * (12 × 24), whose wider letters are narrowed to fit as printers' own fonts do.
 */
export function glyphDots(codePoint: number, width: number, height: number): Dots {
  const key = `${codePoint} ${width} ${height}`
  const known = cache.get(key)
  if (known !== undefined) return known
  const drawn = drawGlyph(hasGlyph(codePoint) ? codePoint : MISSING, width, height)
  if (cache.size >= CACHED_GLYPHS) cache.clear()
  cache.set(key, drawn)
  return drawn
}

function drawGlyph(codePoint: number, width: number, height: number): Dots {
  const { unitsPerEm } = font()
  const glyph = font().glyphForCodePoint(codePoint)
  const { em, baselineFromBottom } = width >= height ? FULL_WIDTH : codePoint < 0x80 ? ASCII : ACCENTED
  const scaleY = Math.trunc((height * em * SUB * SCALE_ONE) / (1000 * unitsPerEm))
  const natural = Math.round((glyph.advanceWidth * scaleY) / SCALE_ONE)
  const room = width * SUB
  const scaleX = natural > room ? Math.trunc((room * SCALE_ONE) / glyph.advanceWidth) : scaleY
  // Whole dots, so that stems of all letters fall on the same grid.
  const baselineY = (height - Math.round((height * baselineFromBottom) / 1000)) * SUB
  const originX = Math.trunc((room - Math.min(natural, room)) / (2 * SUB)) * SUB
  return fillOutline(glyph.path.commands, { width, height, scaleX, scaleY, originX, baselineY })
}
