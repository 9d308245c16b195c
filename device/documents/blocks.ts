import { PAGE, STYLES, type Style } from './measures.ts'
import type { Box, Sheet, Struct } from './sheet.ts'

const GAP_ABOVE_HEADING = 14
const GAP_BELOW_HEADING = 5
/** A short thick bar before a heading: it carries the eye down the page and costs no grey. */
const BAR = { width: 3.5, gap: 8 } as const

/** A section's title; what follows stays with it. `aside` stands quietly at the right end of its line. */
export function heading(sheet: Sheet, section: Struct, text: string, aside?: string): Box {
  const element = sheet.child(section, 'H2')
  const style = STYLES.heading
  return {
    height: style.leading + GAP_BELOW_HEADING,
    gap: GAP_ABOVE_HEADING,
    keepWithNext: true,
    draw: (top) => {
      sheet.artifact(() => {
        sheet.doc
          .fillColor(style.ink)
          .rect(PAGE.left, top + 2.5, BAR.width, style.leading - 5)
          .fill()
      })
      sheet.tagged(element, 'H2', () => {
        sheet.line(text, style, PAGE.left + BAR.width + BAR.gap, top)
        if (aside)
          sheet.lineRight(aside, STYLES.note, PAGE.right, top + style.leading - STYLES.note.leading - 1)
      })
    },
  }
}

export interface ParagraphOptions {
  style?: Style
  left?: number
  width?: number
  gap?: number
  tag?: string
  /** Squares of white before the first line (Chinese documents indent by two). */
  indentSquares?: number
}

/** One box a line; neither the first nor the last line of a paragraph stands alone on a page. */
export function paragraph(sheet: Sheet, parent: Struct, text: string, options: ParagraphOptions = {}): Box[] {
  const style = options.style ?? STYLES.body
  const left = options.left ?? PAGE.left
  const width = options.width ?? PAGE.right - left
  const tag = options.tag ?? 'P'
  const element = sheet.child(parent, tag)
  const indent = '\u3000'.repeat(options.indentSquares ?? 0)
  const lines = sheet
    .clean(text)
    .split('\n')
    .flatMap((part) => indentedLines(sheet, part, indent, style, width))
  return lines.map((line, index) => ({
    height: style.leading,
    gap: index === 0 ? (options.gap ?? 0) : 0,
    keepWithNext: lines.length > 1 && (index === 0 || index === lines.length - 2),
    draw: (top) => sheet.tagged(element, tag, () => sheet.line(line.text, style, left + line.indent, top)),
  }))
}

function indentedLines(
  sheet: Sheet,
  text: string,
  indent: string,
  style: Style,
  width: number,
): { text: string; indent: number }[] {
  if (indent === '') return sheet.lines(text, style, width).map((line) => ({ text: line, indent: 0 }))
  const by = sheet.width(indent, style)
  const first = sheet.lines(text, style, width - by)[0] ?? ''
  const rest = text.trim().slice(first.length).trim()
  const following = rest === '' ? [] : sheet.lines(rest, style, width)
  return [{ text: first, indent: by }, ...following.map((line) => ({ text: line, indent: 0 }))]
}

/** Numbered items, the numbers in a column of their own. */
export function numberedList(sheet: Sheet, parent: Struct, items: readonly string[]): Box[] {
  const list = sheet.child(parent, 'L')
  const style = STYLES.body
  const left = PAGE.left + BAR.width + BAR.gap
  const textLeft = left + 20
  return items.flatMap((item, at) => {
    const entry = sheet.child(list, 'LI')
    const label = sheet.child(entry, 'Lbl')
    const body = sheet.child(entry, 'LBody')
    const lines = sheet.lines(item, style, PAGE.right - textLeft)
    return lines.map((line, index) => ({
      height: style.leading,
      gap: index === 0 && at > 0 ? 2 : 0,
      keepWithNext: lines.length > 1 && (index === 0 || index === lines.length - 2),
      draw: (top: number) => {
        if (index === 0) sheet.tagged(label, 'Lbl', () => sheet.line(`${at + 1}.`, style, left, top))
        sheet.tagged(body, 'LBody', () => sheet.line(line, style, textLeft, top))
      },
    }))
  })
}

/** Which way a head cell heads (PDF 1.7 §14.8.5.7); pdfkit knows it, its types do not. */
export function scoped(scope: 'Row' | 'Column'): PDFKit.Mixins.StructureElementOptions {
  return { scope } as PDFKit.Mixins.StructureElementOptions
}
