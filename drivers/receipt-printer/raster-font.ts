import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { create, type Font } from 'fontkit'
import { Dots } from './dots.ts'
import { missingGlyph } from './missing-glyph.ts'
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

/** Between a letter and the mark above it, and the highest that a mark may reach, in thousandths of an em. */
const MARK_GAP = 40
const MARK_TOP = 900
/** A mark that begins above this is one that stands over its letter. */
const MARK_ABOVE = 250

/** Glyphs kept drawn: more than the different characters of any receipt, about half a megabyte. */
const CACHED_GLYPHS = 1000

let opened: Font | undefined
const cache = new Map<string, Dots>()

function open(file: Buffer): Font {
  const read = create(file)
  if ('fonts' in read) throw new Error('the receipt font must be a single font, not a collection')
  return read
}

function font(): Font {
  opened ??= open(readFileSync(require.resolve(FONT_FILE)))
  return opened
}

/** Reads the font, 10 MB, before the first character needs it: otherwise that character's receipt waits for it. */
export async function preloadRasterFont(): Promise<void> {
  if (opened !== undefined) return
  const file = await readFile(require.resolve(FONT_FILE))
  opened ??= open(file)
}

export function hasGlyph(codePoint: number): boolean {
  return font().hasGlyphForCodePoint(codePoint)
}

/**
 * A character drawn into a cell of `width` × `height` dots: a full em for Chinese (24 × 24), half for Latin
 * (12 × 24), whose wider letters are narrowed to fit as printers' own fonts do. `marks` are drawn upon it. What the
 * font lacks is a box with its code, never nothing.
 */
export function glyphDots(
  codePoint: number,
  width: number,
  height: number,
  marks: readonly number[] = [],
): Dots {
  const key = `${[codePoint, ...marks].join('+')} ${width} ${height}`
  const known = cache.get(key)
  if (known !== undefined) return known
  const drawn = drawCharacter(codePoint, width, height, marks)
  if (cache.size >= CACHED_GLYPHS) cache.clear()
  cache.set(key, drawn)
  return drawn
}

function drawCharacter(codePoint: number, width: number, height: number, marks: readonly number[]): Dots {
  const base = drawGlyph(codePoint, width, height)
  const missing = isBlank(base) && !/\p{White_Space}/u.test(String.fromCodePoint(codePoint))
  const dots = missing ? missingGlyph(codePoint, width, height) : base
  if (marks.length === 0) return dots
  const all = new Dots(width, height)
  all.draw(dots, 0, 0)
  for (const mark of marks) all.draw(drawMark(mark, codePoint, width, height), 0, 0)
  return all
}

function drawGlyph(codePoint: number, width: number, height: number): Dots {
  if (!hasGlyph(codePoint)) return new Dots(width, height)
  const glyph = font().glyphForCodePoint(codePoint)
  const { scaleY, baselineY } = placement(codePoint, width, height)
  const natural = Math.round((glyph.advanceWidth * scaleY) / SCALE_ONE)
  const room = width * SUB
  const scaleX = natural > room ? Math.trunc((room * SCALE_ONE) / glyph.advanceWidth) : scaleY
  const originX = Math.trunc((room - Math.min(natural, room)) / (2 * SUB)) * SUB
  return fillOutline(glyph.path.commands, { width, height, scaleX, scaleY, originX, baselineY })
}

/** A mark in the middle of its letter's cell and clear of the letter: the font has no places for all pairs. */
function drawMark(mark: number, base: number, width: number, height: number): Dots {
  const { unitsPerEm } = font()
  const glyph = font().glyphForCodePoint(mark)
  const { minX, maxX, minY, maxY } = glyph.bbox
  const { scaleY, baselineY } = placement(base, width, height)
  const top = hasGlyph(base) ? font().glyphForCodePoint(base).bbox.maxY : 0
  const thousandth = unitsPerEm / 1000
  const wanted = minY > MARK_ABOVE * thousandth ? top + MARK_GAP * thousandth - minY : 0
  const lift = Math.min(Math.max(wanted, 0), Math.max(MARK_TOP * thousandth - maxY, 0))
  const room = width * SUB
  const natural = Math.round(((maxX - minX) * scaleY) / SCALE_ONE)
  const scaleX = natural > room ? Math.trunc((room * SCALE_ONE) / (maxX - minX)) : scaleY
  const middle = Math.trunc(((minX + maxX) * scaleX) / (2 * SCALE_ONE))
  return fillOutline(glyph.path.commands, {
    width,
    height,
    scaleX,
    scaleY,
    originX: Math.trunc(room / 2) - middle,
    baselineY: baselineY - Math.round((lift * scaleY) / SCALE_ONE),
  })
}

function placement(codePoint: number, width: number, height: number): { scaleY: number; baselineY: number } {
  const { unitsPerEm } = font()
  const { em, baselineFromBottom } = width >= height ? FULL_WIDTH : codePoint < 0x80 ? ASCII : ACCENTED
  return {
    scaleY: Math.trunc((height * em * SUB * SCALE_ONE) / (1000 * unitsPerEm)),
    // Whole dots, so that stems of all letters fall on the same grid.
    baselineY: (height - Math.round((height * baselineFromBottom) / 1000)) * SUB,
  }
}

function isBlank(dots: Dots): boolean {
  return dots.data.every((dot) => dot === 0)
}
