import { scoped } from './blocks.ts'
import { PAGE, STYLES, type Style, TEXT_WIDTH } from './measures.ts'
import type { Box, Sheet, Struct } from './sheet.ts'

export interface KeyValue {
  label: string
  value: string
  /** What one looks for first. */
  strong?: boolean
}

export interface KeyValueOptions {
  style?: Style
  width?: number
  /** White above and below the text of a row. */
  padding?: number
  labelWidth?: number
  /** White above the first row. */
  gap?: number
}

const LABEL_WIDTH = 58
const COLUMN_GAP = 18
const PADDING = 3.2
/** Longer values go on in the next box, so that none is taller than a page. */
const BOX_MAXIMUM_LINES = 24

/** A table of labels and values, one or two pairs a row, a hairline under each row. */
export function keyValues(
  sheet: Sheet,
  parent: Struct,
  rows: readonly (readonly KeyValue[])[],
  options: KeyValueOptions = {},
): Box[] {
  const style = options.style ?? STYLES.detail
  const padding = options.padding ?? PADDING
  const width = options.width ?? TEXT_WIDTH
  const labelWidth = options.labelWidth ?? LABEL_WIDTH
  const table = sheet.child(parent, 'Table')
  return rows.flatMap((pairs, rowIndex) => {
    const row = sheet.child(table, 'TR')
    const column = (width - COLUMN_GAP * (pairs.length - 1)) / pairs.length
    const cells = pairs.map(({ label, value, strong = false }, index) => ({
      label,
      style: strong ? { ...style, face: 'bold' as const } : style,
      left: PAGE.left + index * (column + COLUMN_GAP),
      head: sheet.child(row, 'TH', scoped('Row')),
      body: sheet.child(row, 'TD'),
      lines: sheet.lines(value, strong ? { ...style, face: 'bold' } : style, column - labelWidth),
    }))
    const count = Math.max(1, ...cells.map((cell) => cell.lines.length))
    const parts = Math.ceil(count / BOX_MAXIMUM_LINES)
    return Array.from({ length: parts }, (_, part): Box => {
      const from = part * BOX_MAXIMUM_LINES
      const shown = Math.min(count - from, BOX_MAXIMUM_LINES)
      const height = shown * style.leading + 2 * padding
      return {
        height,
        gap: rowIndex === 0 && part === 0 ? (options.gap ?? 0) : 0,
        draw: (top) => {
          for (const { label, left, head, body, lines, style: own } of cells) {
            if (part === 0) {
              const drop = (style.leading - STYLES.label.leading) / 2
              sheet.tagged(head, 'TH', () => sheet.line(label, STYLES.label, left, top + padding + drop))
            }
            sheet.tagged(body, 'TD', () => {
              for (const [index, line] of lines.slice(from, from + shown).entries()) {
                sheet.line(line, own, left + labelWidth, top + padding + index * style.leading)
              }
            })
          }
          if (part === parts - 1) {
            sheet.artifact(() => sheet.rule(top + height, PAGE.left, PAGE.left + width))
          }
        },
      }
    })
  })
}
