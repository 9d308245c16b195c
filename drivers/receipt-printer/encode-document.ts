import { create as createQr } from 'qrcode'
import { cellsOf, cleanText, encodeText, inPrinterFont, textCells } from './characters.ts'
import { encodeCode128, moduleDots } from './code128.ts'
import type { Align, ReceiptDocument, ReceiptElement } from './document.ts'
import { Dots } from './dots.ts'
import * as escpos from './escpos.ts'
import { layoutColumns, type Segment, wrap } from './layout.ts'
import type { ReceiptPrinterProfile } from './profile.ts'
import { glyphDots } from './raster-font.ts'

/** Font A: 12 × 24 dots for Latin, 24 × 24 for Chinese. A third of a line between lines keeps Chinese readable. */
export const CELL_DOTS = 12
export const CHARACTER_DOTS = 24
const LINE_DOTS = 32
const DOUBLE_LINE_DOTS = 56
const RULE_DOTS = 2
/** Above and below a rule, bars and QR codes. */
const GAP_DOTS = 12

/** 10 mm: high enough for a hand-held scanner at any angle. */
const BARCODE_DOTS = 80
/** A QR code of about 30 mm is scanned from a phone's usual distance. */
const QR_DOTS = 240
const QR_MODULE_DOTS = [8, 7, 6, 5, 4, 3]

/** A document as whole commands, in order. Pure: the same document gives the same bytes. */
export function encodeDocument(document: ReceiptDocument, profile: ReceiptPrinterProfile): Uint8Array[] {
  const commands = [escpos.initialise(), escpos.chineseMode(), escpos.lineSpacing(LINE_DOTS)]
  for (const element of document.elements) commands.push(...encodeElement(element, profile))
  return commands
}

function encodeElement(element: ReceiptElement, profile: ReceiptPrinterProfile): Uint8Array[] {
  switch (element.kind) {
    case 'text': {
      const style = { align: element.align ?? 'left', double: element.size === 'double' }
      return textLines(element.text, { ...style, bold: element.bold ?? false }, profile)
    }
    case 'columns': {
      const columns = element.columns.map((column) => ({ ...column, text: cleanText(column.text) }))
      const rows = layoutColumns(columns, profile.columns)
      return rows.flatMap((segments) => line(segments, 'left', false, profile))
    }
    case 'rule': {
      const rule = new Dots(profile.dots, RULE_DOTS)
      rule.fill(0, 0, rule.width, rule.height)
      return [escpos.feedDots(GAP_DOTS), ...escpos.raster(rule), escpos.feedDots(GAP_DOTS)]
    }
    case 'feed':
      return [escpos.feedLines(element.lines)]
    case 'barcode':
      return barcode(cleanText(element.value), profile)
    case 'qr':
      return qr(cleanText(element.value), profile)
    case 'cut':
      return [escpos.cut(profile.cut)]
  }
}

interface Style {
  align: Align
  bold: boolean
  double: boolean
}

function textLines(text: string, style: Style, profile: ReceiptPrinterProfile): Uint8Array[] {
  const cells = style.double ? Math.trunc(profile.columns / 2) : profile.columns
  return wrap(cleanText(text), cells).flatMap((content) =>
    line([{ text: content, bold: style.bold }], style.align, style.double, profile),
  )
}

/** One line, already short enough: as text where the printer's font has every character, drawn otherwise. */
function line(segments: Segment[], to: Align, double: boolean, profile: ReceiptPrinterProfile): Uint8Array[] {
  const characters = segments.flatMap((segment) => [...segment.text])
  if (!characters.every(inPrinterFont)) return drawnLine(segments, to, double, profile)
  const content = segments.flatMap((segment) =>
    segment.bold
      ? [escpos.bold(true), encodeText(segment.text), escpos.bold(false)]
      : [encodeText(segment.text)],
  )
  const body = [escpos.align(to), ...content, escpos.lineFeed(), escpos.align('left')]
  if (!double) return body
  const large = [escpos.lineSpacing(DOUBLE_LINE_DOTS), escpos.doubleSize(true)]
  return [...large, ...body, escpos.doubleSize(false), escpos.lineSpacing(LINE_DOTS)]
}

/** The whole line as a picture: characters that the font lacks stay in their place among the others. */
function drawnLine(
  segments: Segment[],
  to: Align,
  double: boolean,
  profile: ReceiptPrinterProfile,
): Uint8Array[] {
  const scale = double ? 2 : 1
  const dots = new Dots(profile.dots, double ? DOUBLE_LINE_DOTS : LINE_DOTS)
  const used = textCells(segments.map((segment) => segment.text).join('')) * CELL_DOTS * scale
  const free = Math.max(profile.dots - used, 0)
  let x = to === 'left' ? 0 : to === 'right' ? free : Math.trunc(free / 2)
  for (const segment of segments) {
    for (const character of segment.text) {
      const width = cellsOf(character) * CELL_DOTS * scale
      const glyph = glyphDots(character.codePointAt(0) ?? 0, width, CHARACTER_DOTS * scale)
      dots.draw(glyph, x, 0)
      // Bold as printers do it: struck twice, a dot apart.
      if (segment.bold) dots.draw(glyph, x + 1, 0)
      x += width
    }
  }
  return escpos.raster(dots)
}

/**
 * Code 128 with the text below. On 58 mm paper a long value does not fit even with modules of 2 dots: then the
 * bars are left out and the number is printed, which a clerk can type; bars cut off at the edge help nobody.
 */
function barcode(value: string, profile: ReceiptPrinterProfile): Uint8Array[] {
  const code = encodeCode128(value)
  const module = code === undefined ? undefined : moduleDots(code.modules, profile.dots)
  if (code === undefined || module === undefined) {
    return textLines(value, { align: 'centre', bold: false, double: false }, profile)
  }
  return [
    escpos.feedDots(GAP_DOTS),
    escpos.align('centre'),
    ...escpos.code128(code.data, module, BARCODE_DOTS),
    escpos.align('left'),
    escpos.feedDots(GAP_DOTS),
  ]
}

/** A value too long for the paper is printed as text instead, for the same reason as above. */
function qr(value: string, profile: ReceiptPrinterProfile): Uint8Array[] {
  const data = new TextEncoder().encode(value)
  const module = qrModuleDots(data, profile)
  if (module === undefined) return textLines(value, { align: 'left', bold: false, double: false }, profile)
  return [
    escpos.feedDots(GAP_DOTS),
    escpos.align('centre'),
    ...escpos.qr(data, module),
    escpos.align('left'),
    escpos.feedDots(GAP_DOTS),
  ]
}

function qrModuleDots(data: Uint8Array, profile: ReceiptPrinterProfile): number | undefined {
  if (data.length === 0 || data.length > escpos.MAX_QR_BYTES) return undefined
  // The printer chooses the version itself; bytes mode is the largest that it can come to.
  const { size } = createQr([{ data, mode: 'byte' }], { errorCorrectionLevel: 'M' }).modules
  const wanted = QR_MODULE_DOTS.find((dots) => size * dots <= QR_DOTS)
  return wanted ?? QR_MODULE_DOTS.findLast((dots) => size * dots <= profile.dots)
}
