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

const HIGHEST_CODE_POINT = 0x10ffff
const ANY_LETTER = 0x41

let file: Buffer | undefined
/** One bit for each code point: whether the font has a glyph. */
let coverage: Uint8Array | undefined
let spare: Font | undefined

function fontFile(): Buffer {
  file ??= readFileSync(require.resolve(FONT_FILE))
  return file
}

function open(): Font {
  const read = create(fontFile())
  if ('fonts' in read) throw new Error('the receipt font must be a single font, not a collection')
  // Its tables are read with its first glyph, which is to be nobody's.
  void read.glyphForCodePoint(ANY_LETTER).path.commands
  return read
}

/** Reads the font, 10 MB, before the first character needs it: otherwise that character's receipt waits for it. */
export async function preloadRasterFont(): Promise<void> {
  file ??= await readFile(require.resolve(FONT_FILE))
  coverage ??= covered()
  spare ??= open()
}

export function hasGlyph(codePoint: number): boolean {
  coverage ??= covered()
  return ((coverage[codePoint >> 3] ?? 0) & (1 << (codePoint & 7))) !== 0
}

function covered(): Uint8Array {
  const bits = new Uint8Array((HIGHEST_CODE_POINT + 1) / 8)
  for (const codePoint of open().characterSet) {
    bits[codePoint >> 3] = (bits[codePoint >> 3] ?? 0) | (1 << (codePoint & 7))
  }
  return bits
}

/** A font that nobody has asked for a glyph; the next one, some milliseconds of work, is opened in another turn. */
function freshFont(): Font {
  const font = spare ?? open()
  spare = undefined
  setImmediate(() => {
    spare ??= open()
  }).unref()
  return font
}

/**
 * The characters drawn for one document, each once. With the document everything goes that tells which characters
 * were on it: the drawn ones, and the font itself, which remembers each glyph that it was asked for.
 */
export class Glyphs {
  #font: Font | undefined
  #drawn = new Map<string, Dots>()

  /**
   * A character drawn into a cell of `width` × `height` dots: a full em for Chinese (24 × 24), half for Latin
   * (12 × 24), whose wider letters are narrowed to fit as printers' own fonts do. `marks` are drawn upon it. What
   * the font lacks is a box with its code, never nothing.
   */
  dots(codePoint: number, width: number, height: number, marks: readonly number[] = []): Dots {
    const key = `${[codePoint, ...marks].join('+')} ${width} ${height}`
    const known = this.#drawn.get(key)
    if (known !== undefined) return known
    this.#font ??= freshFont()
    const drawn = drawCharacter(this.#font, codePoint, width, height, marks)
    this.#drawn.set(key, drawn)
    return drawn
  }
}

function drawCharacter(
  font: Font,
  codePoint: number,
  width: number,
  height: number,
  marks: readonly number[],
): Dots {
  const base = drawGlyph(font, codePoint, width, height)
  const missing = isBlank(base) && !/\p{White_Space}/u.test(String.fromCodePoint(codePoint))
  const dots = missing ? missingGlyph(codePoint, width, height) : base
  if (marks.length === 0) return dots
  const all = new Dots(width, height)
  all.draw(dots, 0, 0)
  for (const mark of marks) all.draw(drawMark(font, mark, codePoint, width, height), 0, 0)
  return all
}

function drawGlyph(font: Font, codePoint: number, width: number, height: number): Dots {
  if (!hasGlyph(codePoint)) return new Dots(width, height)
  const glyph = font.glyphForCodePoint(codePoint)
  const { scaleY, baselineY } = placement(font, codePoint, width, height)
  const natural = Math.round((glyph.advanceWidth * scaleY) / SCALE_ONE)
  const room = width * SUB
  const scaleX = natural > room ? Math.trunc((room * SCALE_ONE) / glyph.advanceWidth) : scaleY
  const originX = Math.trunc((room - Math.min(natural, room)) / (2 * SUB)) * SUB
  return fillOutline(glyph.path.commands, { width, height, scaleX, scaleY, originX, baselineY })
}

/** A mark in the middle of its letter's cell and clear of the letter: the font has no places for all pairs. */
function drawMark(font: Font, mark: number, base: number, width: number, height: number): Dots {
  const { unitsPerEm } = font
  const glyph = font.glyphForCodePoint(mark)
  const { minX, maxX, minY, maxY } = glyph.bbox
  const { scaleY, baselineY } = placement(font, base, width, height)
  const top = hasGlyph(base) ? font.glyphForCodePoint(base).bbox.maxY : 0
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

function placement(
  { unitsPerEm }: Font,
  codePoint: number,
  width: number,
  height: number,
): { scaleY: number; baselineY: number } {
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
