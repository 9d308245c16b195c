import { charactersOf, cleanText, encodeText, inPrinterFont } from './characters.ts'
import { type ReceiptDocument, ReceiptDocumentError, type ReceiptElement } from './document.ts'
import { Dots } from './dots.ts'
import { drawLine } from './drawn-line.ts'
import { encodeBarcode, encodeQr, GAP_DOTS } from './encode-code.ts'
import * as escpos from './escpos.ts'
import { dotsOfImage } from './image.ts'
import { type Column, layoutColumns, type Segment, wrap } from './layout.ts'
import { DOUBLE_LINE_DOTS, LINE_DOTS, type LineStyle } from './line-style.ts'
import type { ReceiptPrinterProfile } from './profile.ts'
import { Glyphs } from './raster-font.ts'
import { MAX_TAPE_ROWS, type PrintCommand, Tape, wipe } from './tape.ts'

const RULE_DOTS = 2
/** Between print head and knife; printers differ by a millimetre or two. */
const KNIFE_DOTS = 80

/** More than the longest tape holds when every cell has a mark upon it: not worth laying out. */
const MAX_TEXT_UNITS = (MAX_TAPE_ROWS / LINE_DOTS) * 128

/** A column must hold a Chinese character, and one cell parts it from the next. */
const NARROWEST_COLUMN_CELLS = 2
const COLUMN_GAP_CELLS = 1
/** Shares such as thirds do not add up to 1 exactly. */
const SHARE_TOLERANCE = 1e-6

const PLAIN: LineStyle = { align: 'left', bold: false, double: false }

export interface EncodedDocument {
  commands: PrintCommand[]
  /** Rows of dots that the paper moves in all. */
  rows: number
}

/**
 * A document as whole commands, in order. Pure: the same document gives the same bytes.
 * @throws ReceiptDocumentError for a document that this paper cannot hold
 */
export function encodeDocument(document: ReceiptDocument, profile: ReceiptPrinterProfile): EncodedDocument {
  const steps = encodingSteps(document, profile)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** The same line by line, for who must not be kept from other work by a long document. */
export function* encodingSteps(
  document: ReceiptDocument,
  profile: ReceiptPrinterProfile,
): Generator<void, EncodedDocument> {
  if (document.elements.length === 0) throw new ReceiptDocumentError('empty', 'it has no elements')
  const encoder = new DocumentEncoder(document, profile)
  const { tape } = encoder
  let isWhole = false
  try {
    for (const element of document.elements) yield* encoder.encode(element)
    isWhole = true
    return { commands: tape.commands, rows: tape.rows }
  } finally {
    if (!isWhole) wipe(tape.commands)
  }
}

/** Ends whatever an earlier document may have left in the mouth, so that it is not handed out with the next. */
export function separatingCut(profile: ReceiptPrinterProfile): PrintCommand[] {
  return [escpos.initialise(), escpos.cut(profile.cut)].map((bytes) => ({ bytes, rows: 0 }))
}

class DocumentEncoder {
  readonly tape = new Tape()
  #glyphs = new Glyphs()
  #document: ReceiptDocument
  #profile: ReceiptPrinterProfile

  constructor(document: ReceiptDocument, profile: ReceiptPrinterProfile) {
    this.#document = document
    this.#profile = profile
    this.tape.set(escpos.initialise(), escpos.chineseMode(), escpos.lineSpacing(LINE_DOTS))
  }

  *encode(element: ReceiptElement): Generator<void> {
    const { tape } = this
    switch (element.kind) {
      case 'text': {
        const { align = 'left', bold = false, size } = element
        yield* this.#text(element.text, { align, bold, double: size === 'double' })
        break
      }
      case 'columns':
        yield* this.#columns(element.columns)
        break
      case 'rule': {
        const rule = new Dots(this.#profile.dots, RULE_DOTS)
        rule.fill(0, 0, rule.width, rule.height)
        tape.print(escpos.feedDots(GAP_DOTS), GAP_DOTS)
        this.#picture(rule)
        tape.print(escpos.feedDots(GAP_DOTS), GAP_DOTS)
        break
      }
      case 'feed': {
        for (let left = Math.round(element.lines); left > 0; left -= escpos.MAX_FEED_LINES) {
          const lines = Math.min(left, escpos.MAX_FEED_LINES)
          tape.print(escpos.feedLines(lines), lines * LINE_DOTS)
        }
        break
      }
      case 'barcode':
        yield* this.#barcode(element.value)
        break
      case 'qr':
        // Too long for any code on this paper: a clerk can still type it.
        if (!encodeQr(element.value, this.#profile, tape)) yield* this.#text(element.value, PLAIN)
        break
      case 'image':
        tape.set(escpos.align('centre'))
        this.#picture(dotsOfImage(element, this.#profile.dots))
        tape.set(escpos.align('left'))
        break
      case 'cut': {
        const { cut } = this.#profile
        tape.print(escpos.cut(cut), cut === 'partial' ? KNIFE_DOTS : escpos.LINES_TO_KNIFE * LINE_DOTS)
        break
      }
    }
  }

  *#text(text: string, style: LineStyle): Generator<void> {
    bounded(text)
    const cells = style.double ? Math.trunc(this.#profile.columns / 2) : this.#profile.columns
    for (const content of wrap(cleanText(text), cells)) {
      this.#line([{ text: content, bold: style.bold }], style)
      yield
    }
  }

  *#columns(columns: readonly Column[]): Generator<void> {
    checkColumns(columns, this.#profile.columns)
    const clean = columns.map((column) => ({ ...column, text: cleanText(column.text) }))
    for (const segments of layoutColumns(clean, this.#profile.columns)) {
      this.#line(segments, PLAIN)
      yield
    }
  }

  /** Bars, or where they have no room (on 58 mm) a QR code and the number: bars cut off at the edge help nobody. */
  *#barcode(value: string): Generator<void> {
    if (encodeBarcode(value, this.#profile, this.tape)) return
    const inQr = this.#document.elements.some((one) => one.kind === 'qr' && one.value === value)
    if (!inQr) encodeQr(value, this.#profile, this.tape)
    yield* this.#text(value, { ...PLAIN, align: 'centre' })
  }

  /** One line, already short enough: as text where the printer's font has every character, drawn otherwise. */
  #line(segments: Segment[], style: LineStyle): void {
    const { tape } = this
    const { font, dots } = this.#profile
    if (!segments.every(({ text }) => charactersOf(text).every((one) => inPrinterFont(one, font)))) {
      this.#picture(drawLine(segments, style, dots, this.#glyphs))
      return
    }
    if (style.double) tape.set(escpos.lineSpacing(DOUBLE_LINE_DOTS), escpos.doubleSize(true))
    if (style.align !== 'left') tape.set(escpos.align(style.align))
    for (const { text, bold } of segments) {
      if (bold) tape.set(escpos.bold(true))
      tape.set(encodeText(text))
      if (bold) tape.set(escpos.bold(false))
    }
    tape.print(escpos.lineFeed(), style.double ? DOUBLE_LINE_DOTS : LINE_DOTS)
    if (style.align !== 'left') tape.set(escpos.align('left'))
    if (style.double) tape.set(escpos.doubleSize(false), escpos.lineSpacing(LINE_DOTS))
  }

  #picture(dots: Dots): void {
    for (const { bytes, rows } of escpos.raster(dots)) this.tape.print(bytes, rows)
  }
}

function checkColumns(columns: readonly Column[], cells: number): void {
  let used = 0
  for (const [index, { text, share }] of columns.entries()) {
    bounded(text)
    const start = Math.round(used * cells)
    used += share
    const gap = index === columns.length - 1 ? 0 : COLUMN_GAP_CELLS
    if (!(Math.round(used * cells) - start - gap >= NARROWEST_COLUMN_CELLS)) {
      throw new ReceiptDocumentError('columns', `column ${index + 1} has no room in a line of ${cells} cells`)
    }
  }
  if (used > 1 + SHARE_TOLERANCE) {
    throw new ReceiptDocumentError('columns', `the shares of a row add up to ${used.toFixed(3)}, not to 1`)
  }
}

function bounded(text: string): void {
  if (text.length <= MAX_TEXT_UNITS) return
  throw new ReceiptDocumentError(
    'too-long',
    `a text of ${text.length} characters; print it on A4 or in parts`,
  )
}
