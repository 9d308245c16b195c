import { scoped } from './blocks.ts'
import { PAGE, STRONG_LINE, STYLES, type Style } from './measures.ts'
import type { Box, Sheet, Struct } from './sheet.ts'

export interface Column {
  label: string
  width: number
  align: 'left' | 'centre'
}

export interface CellText {
  text: string
  style: Style
}

export type Cell =
  | { texts: readonly CellText[] }
  /** Drawn, for what no font has; `centre` and `top` of the cell's first line. */
  | { mark: (centre: number, top: number) => void }

const ROW_PADDING = 3.5
const CELL_GAP = 8
/** A row taller than this is torn into parts, so that no cell can be taller than a page. */
const ROW_PART_MAXIMUM_POINTS = 340

/** Rules above and below the head and under each row; no verticals, no grey. Widths add up to the text's. */
export function table(
  sheet: Sheet,
  parent: Struct,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): Box[] {
  const element = sheet.child(parent, 'Table')
  const lefts: number[] = []
  columns.reduce((left, column) => {
    lefts.push(left)
    return left + column.width
  }, PAGE.left)
  const head = headBox(sheet, element, columns, lefts)
  const boxes = rows.flatMap((row, index) => {
    // The first row stays with the head, the last with the one before it.
    const keep = index === rows.length - 2
    return rowBoxes(sheet, element, columns, lefts, row, head).map((box) => ({ ...box, keepWithNext: keep }))
  })
  return [head, ...boxes]
}

function headBox(sheet: Sheet, table: Struct, columns: readonly Column[], lefts: readonly number[]): Box {
  const style = STYLES.label
  const height = style.leading + 2 * HEAD_PADDING
  const row = sheet.child(table, 'TR')
  const cells = columns.map(() => sheet.child(row, 'TH', scoped('Column')))
  return {
    height,
    keepWithNext: true,
    draw: (top, again) => {
      const rules = () => {
        sheet.rule(top, PAGE.left, PAGE.right, STRONG_LINE, STYLES.strong.ink)
        sheet.rule(top + height)
      }
      if (again) rules()
      else sheet.artifact(rules)
      for (const [index, column] of columns.entries()) {
        const cell = cells[index]
        const draw = () => aligned(sheet, column, lefts[index] ?? 0, column.label, style, top + HEAD_PADDING)
        if (again || !cell) draw()
        else sheet.tagged(cell, 'TH', draw)
      }
    },
  }
}

const HEAD_PADDING = 3

function rowBoxes(
  sheet: Sheet,
  table: Struct,
  columns: readonly Column[],
  lefts: readonly number[],
  row: readonly Cell[],
  head: Box,
): Box[] {
  const rowElement = sheet.child(table, 'TR')
  const elements = columns.map(() => sheet.child(rowElement, 'TD'))
  const contents = columns.map((column, index) => {
    const cell = row[index]
    if (!cell || 'mark' in cell) return []
    const width = column.width - (index === columns.length - 1 ? 0 : CELL_GAP)
    return cell.texts.flatMap(({ text, style }) =>
      sheet.lines(text, style, width).map((line): CellText => ({ text: line, style })),
    )
  })
  const parts = tearRow(contents)
  return parts.map((part, partIndex) => {
    const textHeight = Math.max(STYLES.body.leading, ...part.map(heightOf))
    const height = textHeight + 2 * ROW_PADDING
    const last = partIndex === parts.length - 1
    return {
      height,
      repeat: head,
      draw: (top: number) => {
        for (const [index, column] of columns.entries()) {
          const element = elements[index]
          const cell = row[index]
          const left = lefts[index] ?? 0
          if (cell && 'mark' in cell) {
            if (partIndex === 0) sheet.artifact(() => cell.mark(left + column.width / 2, top + ROW_PADDING))
            continue
          }
          const lines = part[index] ?? []
          if (!element || lines.length === 0) continue
          sheet.tagged(element, 'TD', () => {
            let y = top + ROW_PADDING
            for (const line of lines) {
              aligned(sheet, column, left, line.text, line.style, y)
              y += line.style.leading
            }
          })
        }
        if (last) sheet.artifact(() => sheet.rule(top + height))
      },
    }
  })
}

function aligned(sheet: Sheet, column: Column, left: number, text: string, style: Style, top: number): void {
  if (column.align === 'left') sheet.line(text, style, left, top)
  else sheet.lineCentred(text, style, left + column.width / 2, top)
}

function heightOf(lines: readonly CellText[]): number {
  return lines.reduce((sum, line) => sum + line.style.leading, 0)
}

/** Parts of at most the maximum height; one part for every row that is not monstrous. */
function tearRow(cells: readonly CellText[][]): CellText[][][] {
  const tallest = Math.max(0, ...cells.map(heightOf))
  if (tallest <= ROW_PART_MAXIMUM_POINTS) return [cells.map((lines) => lines)]
  const torn = cells.map((lines) => {
    const parts: CellText[][] = [[]]
    let height = 0
    for (const line of lines) {
      if (height + line.style.leading > ROW_PART_MAXIMUM_POINTS) {
        parts.push([])
        height = 0
      }
      parts.at(-1)?.push(line)
      height += line.style.leading
    }
    return parts
  })
  const count = Math.max(...torn.map((parts) => parts.length))
  return Array.from({ length: count }, (_, index) => torn.map((parts) => parts[index] ?? []))
}
