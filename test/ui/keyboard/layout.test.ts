import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  columnsIn,
  GAP_MM,
  keyboardFormIn,
  letterRows,
  pagesOf,
  spaceColumns,
  TOUCH_MM,
} from '../../../ui/shared/keyboard/layout.ts'
import { joined } from '../../../ui/shared/keyboard/rare/han-table.ts'

describe('the keys', () => {
  it('are never narrower than a touch target, on any panel', () => {
    fc.assert(
      fc.property(fc.double({ min: TOUCH_MM, max: 600, noNaN: true }), (width) => {
        const columns = columnsIn(width)
        expect((width - (columns - 1) * GAP_MM) / columns).toBeGreaterThanOrEqual(TOUCH_MM - 1e-6)
      }),
    )
  })

  it('stand as on a typewriter where ten fit, and by the alphabet where they do not', () => {
    expect([columnsIn(291), letterRows(10)]).toEqual([10, 3])
    expect([columnsIn(211), letterRows(9)]).toEqual([9, 3])
    expect([columnsIn(175), letterRows(7)]).toEqual([7, 4])
  })

  it('leave no hole in the last row', () => {
    for (let columns = 6; columns < 10; columns++) {
      expect((35 - 1 + spaceColumns(columns)) % columns).toBe(0)
    }
  })

  it.each([
    ['15.6 inches', 345, 194, 'spread'],
    ['13.3 inches', 294, 165, 'spread'],
    ['11.6 inches', 256, 144, 'layered'],
    ['10.1 inches', 217, 135, 'layered'],
    ['7 inches', 153, 90, null],
  ])(
    'leave room for two lines of text on a panel of %s, or are not offered',
    (_panel, width, height, form) => {
      // The page's edges, and the line that tells of its end.
      const room = { widthMm: width - 6, heightMm: height - 8.5 }
      expect(keyboardFormIn(room)).toBe(form)
      if (form === null) return
      const rows = letterRows(columnsIn(room.widthMm)) + (form === 'spread' ? 2 : 1)
      const TWO_LARGE_LINES_IN_A_BOX_MM = 29.1
      const left = room.heightMm - rows * (TOUCH_MM + GAP_MM)
      expect(left).toBeGreaterThanOrEqual(TWO_LARGE_LINES_IN_A_BOX_MM)
    },
  )
})

describe('pages of choices', () => {
  it('hold every choice once and in order, no row wider than the panel', () => {
    const widths = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 80 })
    fc.assert(
      fc.property(
        widths,
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 4 }),
        (all, columns, rows) => {
          const pages = pagesOf(all, columns, rows)
          expect(pages.reduce((sum, { count }) => sum + count, 0)).toBe(all.length)
          let next = 0
          for (const { first, count } of pages) {
            expect(first).toBe(next)
            expect(count).toBeGreaterThan(0)
            next += count
          }
        },
      ),
    )
  })

  it('join neighbours with few characters, so that fewer touches find one', () => {
    const groups = [1, 2, 3].map((strokes) => ({ strokes, characters: ['一', '二'] }))
    expect(joined(groups, 4).map((group) => group.strokes)).toEqual([
      [1, 2],
      [3, 3],
    ])
  })
})
