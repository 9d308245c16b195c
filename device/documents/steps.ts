import type { Guide } from '../../sync/protocol/content.ts'
import { INK, PAGE, STYLES } from './measures.ts'
import type { Box, Sheet, Struct } from './sheet.ts'

const RADIUS = 8.5
const NAME_LEFT = PAGE.left + 2 * RADIUS + 12
const NAME_WIDTH = 98
const WHAT_LEFT = NAME_LEFT + NAME_WIDTH + 8
const DAYS_WIDTH = 62
const ROW_GAP = 7
const NUMBER = { face: 'bold', size: 10, leading: 2 * RADIUS, ink: INK } as const

/** A flow from the first step down to the last: numbers on a line, what happens, and how long it takes. */
export function stepFlow(sheet: Sheet, parent: Struct, steps: Guide['steps']): Box[] {
  const list = sheet.child(parent, 'L')
  return steps.map((step, index) => {
    const item = sheet.child(list, 'LI')
    const label = sheet.child(item, 'Lbl')
    const body = sheet.child(item, 'LBody')
    const names = sheet.lines(step.name, STYLES.strong, NAME_WIDTH)
    const whats = sheet.lines(step.what, STYLES.body, PAGE.right - DAYS_WIDTH - WHAT_LEFT)
    const rows = Math.max(names.length, whats.length)
    const last = index === steps.length - 1
    const height = rows * STYLES.body.leading + (last ? 0 : ROW_GAP)
    const days = step.workingDays === null ? '当场' : `${step.workingDays} 个工作日`
    return {
      height,
      gap: index === 0 ? 2 : 0,
      // The first has its heading; the last does not stand alone on a page.
      keepWithNext: index === steps.length - 2,
      draw: (top) => {
        const middle = top + STYLES.body.leading / 2
        const centre = PAGE.left + RADIUS
        sheet.artifact(() => {
          sheet.doc.lineWidth(0.9).strokeColor(INK).circle(centre, middle, RADIUS).stroke()
          if (last) return
          sheet.doc
            .moveTo(centre, middle + RADIUS)
            .lineTo(centre, middle + height - RADIUS)
            .stroke()
        })
        sheet.tagged(label, 'Lbl', () =>
          sheet.lineCentred(String(index + 1), NUMBER, centre, middle - NUMBER.leading / 2),
        )
        sheet.tagged(body, 'LBody', () => {
          for (const [at, line] of names.entries()) {
            sheet.line(line, STYLES.strong, NAME_LEFT, top + at * STYLES.body.leading)
          }
          for (const [at, line] of whats.entries()) {
            sheet.line(line, STYLES.body, WHAT_LEFT, top + at * STYLES.body.leading)
          }
          sheet.lineRight(days, STYLES.body, PAGE.right, top)
        })
      },
    }
  })
}
