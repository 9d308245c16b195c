import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as fontkit from 'fontkit'
import { FontFile } from './font-file.ts'
import { HALF_SQUARE, type Squeezed, squeeze } from './punctuation.ts'

export type FaceName = 'regular' | 'bold'

const FILES: Record<FaceName, string> = {
  regular: '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
  bold: '@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf',
}

/** One weight of Noto Sans SC, opened once and good for any number of documents. */
export interface Face {
  name: FaceName
  /** What pdfkit takes in place of a path, for one document: a font with a `layout` and a subset of its own. */
  source(): object
  /** Width of one line, in the unit of `size`. */
  width(text: string, size: number): number
  /** The same with every sign in its full square. */
  advance(text: string, size: number): number
  has(codePoint: number): boolean
  /** Gets characters ready that the first paper would otherwise wait for. */
  warm(text: string): void
}

export type Faces = Record<FaceName, Face>

/** Glyph 0 of any font stands for what it has not. */
const MISSING = 0

/** What a PDF counts text in (ISO 32000-1 §9.2.4): a font of as many units keeps its numbers as they are. */
const UNITS_OF_TEXT = 1000

interface PlainGlyph {
  id: number
  advanceWidth: number
  codePoints: number[]
  /** Where it may stand in a line: in its full square, or without the empty half before or after its ink. */
  full: Position
  squeezedBefore: Position
  squeezedAfter: Position
}

/** As fontkit has it. */
interface Position {
  xAdvance: number
  yAdvance: number
  xOffset: number
  yOffset: number
}

const positionOf = (xAdvance: number, xOffset: number): Position => ({
  xAdvance,
  yAdvance: 0,
  xOffset,
  yOffset: 0,
})

function positionIn(glyph: PlainGlyph, squeezed: Squeezed): Position {
  switch (squeezed) {
    case 'none':
      return glyph.full
    case 'before':
      return glyph.squeezedBefore
    case 'after':
      return glyph.squeezedAfter
  }
}

export function openFaces(): Faces {
  return { regular: openFace('regular'), bold: openFace('bold') }
}

function openFace(name: FaceName): Face {
  const bytes = readFileSync(fileURLToPath(import.meta.resolve(FILES[name])))
  const opened = fontkit.create(bytes)
  if (!('layout' in opened)) throw new Error(`${FILES[name]} is a collection of fonts`)
  const font = opened
  const file = new FontFile(bytes)
  // A getter into the font's tables, asked for every character.
  const square = font.unitsPerEm
  if (square !== UNITS_OF_TEXT) throw new Error(`${FILES[name]} has ${square} units, not ${UNITS_OF_TEXT}`)
  const glyphs = new Map<number, PlainGlyph>()

  const glyphOf = (codePoint: number): PlainGlyph => {
    const known = glyphs.get(codePoint)
    if (known) return known
    const { id, advanceWidth } = font.glyphForCodePoint(codePoint)
    // Not fontkit's own object: it keeps the first code point that led to the glyph, for ever and for every
    // document, and that is what text is extracted by.
    const glyph = {
      id,
      advanceWidth,
      codePoints: [codePoint],
      full: positionOf(advanceWidth, 0),
      squeezedBefore: positionOf(advanceWidth - HALF_SQUARE * square, -HALF_SQUARE * square),
      squeezedAfter: positionOf(advanceWidth - HALF_SQUARE * square, 0),
    }
    glyphs.set(codePoint, glyph)
    return glyph
  }

  /** Each character of a line with its place, and how far they go together. */
  const walk = (text: string, take: (glyph: PlainGlyph, position: Position) => void): number => {
    let advanceWidth = 0
    let previous: string | undefined
    let character: string | undefined
    const step = (next: string | undefined) => {
      if (character === undefined) return
      const glyph = glyphOf(character.codePointAt(0) ?? 0)
      const position = positionIn(glyph, squeeze(character, previous, next))
      take(glyph, position)
      advanceWidth += position.xAdvance
    }
    for (const next of text) {
      step(next)
      previous = character
      character = next
    }
    step(undefined)
    return advanceWidth
  }

  const widthOf = (text: string): number => walk(text, () => undefined)

  // Chinese, digits and Latin words need no shaping; fontkit's takes two thirds of the time of a page.
  const layout = (text: string) => {
    const run: PlainGlyph[] = []
    const positions: Position[] = []
    const advanceWidth = walk(text, (glyph, position) => {
      run.push(glyph)
      positions.push(position)
    })
    return { glyphs: run, positions, advanceWidth }
  }

  return {
    name,
    source: () =>
      Object.create(font, { layout: { value: layout }, createSubset: { value: () => file.subset() } }),
    width: (text, size) => (widthOf(text) / square) * size,
    advance: (text, size) => {
      let sum = 0
      for (const character of text) sum += glyphOf(character.codePointAt(0) ?? 0).advanceWidth
      return (sum / square) * size
    },
    has: (codePoint) => glyphOf(codePoint).id !== MISSING,
    warm: (text) => {
      for (const character of text) file.ready(glyphOf(character.codePointAt(0) ?? 0).id)
    },
  }
}
