import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as fontkit from 'fontkit'
import { FontFile, type Subset } from './font-file.ts'
import { squeeze } from './punctuation.ts'

export type FaceName = 'regular' | 'bold'

const FILES: Record<FaceName, string> = {
  regular: '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
  bold: '@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf',
}

/** One weight of Noto Sans SC, opened once and good for any number of documents. */
export interface Face {
  name: FaceName
  /**
   * What pdfkit takes in place of a path, for one document: a font with a `layout` and a subset of its own.
   * @param onSubset is given the subset once something is written in this face
   */
  source(onSubset: (subset: Subset) => void): object
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

interface PlainGlyph {
  id: number
  advanceWidth: number
  codePoints: number[]
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
  const glyphs = new Map<number, PlainGlyph>()

  const glyphOf = (codePoint: number): PlainGlyph => {
    const known = glyphs.get(codePoint)
    if (known) return known
    const { id, advanceWidth } = font.glyphForCodePoint(codePoint)
    // Not fontkit's own object: it keeps the first code point that led to the glyph, for ever and for every
    // document, and that is what text is extracted by.
    const glyph = { id, advanceWidth, codePoints: [codePoint] }
    glyphs.set(codePoint, glyph)
    return glyph
  }

  // Chinese, digits and Latin words need no shaping; fontkit's takes two thirds of the time of a page.
  const layout = (text: string) => {
    const characters = [...text]
    const run = characters.map((character) => glyphOf(character.codePointAt(0) ?? 0))
    const positions = characters.map((character, index) => {
      const advance = run[index]?.advanceWidth ?? 0
      const { before, after } = squeeze(character, characters[index - 1], characters[index + 1])
      return {
        xAdvance: advance - (before + after) * square,
        yAdvance: 0,
        xOffset: -before * square,
        yOffset: 0,
      }
    })
    return {
      glyphs: run,
      positions,
      // pdfkit scales the positions after the layout and reads the sum after that.
      get advanceWidth() {
        return positions.reduce((sum, position) => sum + position.xAdvance, 0)
      },
    }
  }

  return {
    name,
    source: (onSubset) => {
      const createSubset = (): Subset => {
        const subset = file.subset()
        onSubset(subset)
        return subset
      }
      return Object.create(font, { layout: { value: layout }, createSubset: { value: createSubset } })
    },
    width: (text, size) => (layout(text).advanceWidth / square) * size,
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
