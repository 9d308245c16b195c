import PDFDocument from 'pdfkit'
import { type Deflated, deflated } from './deflate.ts'

/** One object of a PDF, as pdfkit means it, before it has a place in a file. */
export interface PdfObject {
  number: number
  /** In Latin 1; of a stream its dictionary, which gives the length of what is not compressed. */
  text: string
  stream: Deflated | null
}

/** A document written to its end. */
export interface PdfObjects {
  objects: readonly PdfObject[]
  /** Where a reader begins (ISO 32000-1 §7.5.5): a dictionary in Latin 1, with the size of a file of its own. */
  trailer: string
}

interface Gathered {
  objects: PdfObject[]
  /** Written since the last object was whole. */
  pieces: (string | Uint8Array)[]
  /** What is drawn on each page, for its own stream. */
  drawn: Map<PDFKit.PDFPage, string[]>
  isDrawn: boolean
}

/** What pdfkit keeps of a font in one document. */
interface EmbeddedFont {
  id: string
  ref(): PDFKit.PDFKitReference
  /** Writes it, once however often it is called. */
  finalize(): void
  font: { layout(text: string): Layout }
  subset: { includeGlyph(glyph: number): number }
  /** Of each glyph in the subset: its advance, and the characters it stands for. */
  widths: number[]
  unicode: number[][]
}

/** In thousandths of the size of type. */
interface Layout {
  glyphs: readonly { id: number; advanceWidth: number; codePoints: number[] }[]
  positions: readonly { xAdvance: number; xOffset: number }[]
}

/**
 * pdfkit writes thousands of small pieces, makes bytes of each and hands them through a stream, and it measures every
 * line of text twice for links, rules and wrapping that no paper has: a third of a paper's time. Here what it writes
 * stays text, object by object, and a line is drawn where it stands.
 */
export class GatheredDocument extends PDFDocument {
  // No field of its own: the constructor of the document writes before this class would have it.
  declare private gathered: Gathered | undefined
  declare private _font: EmbeddedFont
  declare private _fontSize: number
  declare private _fontFamilies: Readonly<Record<string, EmbeddedFont>>

  override addContent(data: string): this {
    const { drawn, isDrawn } = this.gather()
    if (isDrawn) throw new Error('this paper is drawn to its end')
    const onPage = drawn.get(this.page)
    if (onPage === undefined) drawn.set(this.page, [data])
    else onPage.push(data)
    return this
  }

  /** One line in the font and size that are set, from `x` on. */
  line(text: string, x: number, baseline: number): void {
    const font = this._font
    this.page.fonts[font.id] ??= font.ref()
    // pdfkit's pages count downwards: without the −1 a line would stand on its head.
    const matrix = `1 0 0 -1 ${thousandths(x)} ${thousandths(baseline)}`
    this.addContent(`BT /${font.id} ${this._fontSize} Tf ${matrix} Tm [${shown(font, text)}] TJ ET`)
  }

  /**
   * Writes the document. Its fonts first: they take longest to compress, and the rest goes on meanwhile.
   * @throws when something of it was never ended
   */
  finished(structure: PDFKit.PDFStructureElement): PdfObjects {
    const gathered = this.gather()
    gathered.isDrawn = true
    for (const [page, pieces] of gathered.drawn) page.write(Buffer.from(`${pieces.join('\n')}\n`, 'latin1'))
    for (const font of Object.values(this._fontFamilies)) font.finalize()
    structure.end()
    this.end()
    const { objects, pieces } = gathered
    const trailer = pieces[pieces.indexOf('trailer') + 1]
    if (typeof trailer !== 'string') throw new Error('something of this paper was never ended')
    return { objects, trailer }
  }

  /** Where pdfkit writes its file. */
  _write(piece: string | Uint8Array): void {
    const { objects, pieces } = this.gather()
    pieces.push(piece)
    if (piece !== 'endobj') return
    objects.push(objectOf(pieces))
    pieces.length = 0
  }

  /** Where pdfkit hands its file on: nothing of it comes this way but the end. */
  override push(): boolean {
    return true
  }

  private gather(): Gathered {
    this.gathered ??= { objects: [], pieces: [], drawn: new Map(), isDrawn: false }
    return this.gathered
  }
}

/** Of `7 0 obj`, its text, where it has a stream `stream`, its bytes and `endstream`, and `endobj`. */
function objectOf(pieces: readonly (string | Uint8Array)[]): PdfObject {
  // Before the first object stands the head of the file.
  const begins = pieces.findIndex((piece) => typeof piece === 'string' && piece.endsWith(' obj'))
  const [name, text, , bytes] = pieces.slice(begins)
  if (begins < 0 || typeof name !== 'string' || typeof text !== 'string')
    throw new Error('pdfkit has not written this object as it writes others')
  return {
    number: Number.parseInt(name, 10),
    text,
    stream: bytes instanceof Uint8Array ? deflated(bytes) : null,
  }
}

/** A glyph's number in a text: with a fifth digit before them, which is cut off, there are always four. */
const FOUR_DIGITS = 0x10000

/** To a thousandth of a point. */
function thousandths(points: number): number {
  return Math.round(points * 1000) / 1000
}

/** What `TJ` shows (ISO 32000-1 §9.4.3): glyphs in hexadecimal, and how far back to go between them. */
function shown({ font, subset, widths, unicode }: EmbeddedFont, text: string): string {
  const { glyphs, positions } = font.layout(text)
  let strings = '<'
  for (const [index, { id, advanceWidth, codePoints }] of glyphs.entries()) {
    const { xAdvance, xOffset } = positions[index] as Layout['positions'][number]
    const number = subset.includeGlyph(id)
    widths[number] ??= advanceWidth
    unicode[number] ??= codePoints
    if (xOffset !== 0) strings += `> ${-xOffset} <`
    strings += (FOUR_DIGITS + number).toString(16).slice(1)
    const back = advanceWidth - xAdvance + xOffset
    if (back !== 0) strings += `> ${back} <`
  }
  return `${strings}>`
}
