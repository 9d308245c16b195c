import { HAIRLINE, PAGE, RULE, STRONG_LINE, STYLES, type Style } from './measures.ts'
import type { Box, Sheet, Struct } from './sheet.ts'

/** One of the few things everybody asks first. */
export interface Fact {
  label: string
  /** Read across a table: large when short. */
  value: string
  /** What qualifies it, in plain type below. */
  note?: string
  /** Never larger than the middle size: a title would outshine the time and the fee. */
  modest?: boolean
  /** Drawn in place of the value; its words are `value`. */
  draw?: (left: number, top: number) => void
}

const PADDING = 7
const COLUMN_GAP = 22

/** The longest text, in squares, that still stands large, or in the middle size. */
const LARGE_MAXIMUM_SQUARES = 12
const MIDDLE_MAXIMUM_SQUARES = 36

/** An answer, and brackets to its end or what follows a semicolon: "不收费（…）", "80元/件；…". */
const QUALIFIED = [/^([^（；]{2,})(（[^（）]*）(?:；.+)?)$/s, /^([^（；]{2,}；)(.+)$/s]

/**
 * Where the answer ends and what qualifies it begins. Nothing is lost or moved: read one after the other the two
 * are the text again.
 */
export function answerAndNote(text: string): { value: string; note?: string } {
  for (const pattern of QUALIFIED) {
    const [, value, note] = pattern.exec(text) ?? []
    if (value && note) return { value, note }
  }
  return { value: text }
}

/** Two columns between two strong rules; a row is as tall as its taller fact. */
export function factGrid(sheet: Sheet, parent: Struct, facts: readonly Fact[]): Box[] {
  const column = (PAGE.right - PAGE.left - COLUMN_GAP) / 2
  const rows = Array.from({ length: Math.ceil(facts.length / 2) }, (_, row) =>
    facts.slice(row * 2, row * 2 + 2),
  )
  return rows.map((row, rowIndex) => {
    const cells = row.map((fact) => measure(sheet, parent, fact, column))
    const height = Math.max(...cells.map((cell) => cell.height)) + 2 * PADDING
    return {
      height,
      gap: rowIndex === 0 ? 12 : 0,
      keepWithNext: rowIndex < rows.length - 1,
      draw: (top) => {
        sheet.artifact(() => {
          const first = rowIndex === 0
          sheet.rule(
            top,
            PAGE.left,
            PAGE.right,
            first ? STRONG_LINE : HAIRLINE,
            first ? STYLES.strong.ink : RULE,
          )
          if (rowIndex === rows.length - 1) {
            sheet.rule(top + height, PAGE.left, PAGE.right, STRONG_LINE, STYLES.strong.ink)
          }
          const middle = PAGE.left + column + COLUMN_GAP / 2
          sheet.doc.lineWidth(HAIRLINE).strokeColor(RULE)
          sheet.doc
            .moveTo(middle, top + PADDING)
            .lineTo(middle, top + height - PADDING)
            .stroke()
        })
        for (const [index, cell] of cells.entries()) {
          cell.draw(PAGE.left + index * (column + COLUMN_GAP), top + PADDING)
        }
      },
    }
  })
}

function measure(sheet: Sheet, parent: Struct, fact: Fact, width: number) {
  const section = sheet.child(parent, 'Sect')
  const label = sheet.child(section, 'P')
  const value = sheet.child(section, 'P')
  const style = valueStyle(sheet, fact)
  const lines = sheet.lines(fact.value, style, width)
  const notes = fact.note ? sheet.lines(fact.note, STYLES.qualifier, width) : []
  const note = fact.note ? sheet.child(section, 'P') : undefined
  const height =
    STYLES.label.leading + 2 + lines.length * style.leading + notes.length * STYLES.qualifier.leading
  return {
    height,
    draw: (left: number, top: number) => {
      sheet.tagged(label, 'P', () => sheet.line(fact.label, STYLES.label, left, top))
      let y = top + STYLES.label.leading + 2
      sheet.tagged(value, 'P', () => {
        if (fact.draw) fact.draw(left, y)
        else
          for (const [index, line] of lines.entries())
            sheet.line(line, style, left, y + index * style.leading)
      })
      y += lines.length * style.leading
      if (!note) return
      sheet.tagged(note, 'P', () => {
        for (const [index, line] of notes.entries()) {
          sheet.line(line, STYLES.qualifier, left, y + index * STYLES.qualifier.leading)
        }
      })
    },
  }
}

function valueStyle(sheet: Sheet, { value, modest }: Fact): Style {
  const squares = sheet.width(value, STYLES.body) / STYLES.body.size
  if (squares <= LARGE_MAXIMUM_SQUARES && !modest) return STYLES.factLarge
  return squares <= MIDDLE_MAXIMUM_SQUARES ? STYLES.factMiddle : STYLES.factSmall
}
