import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitTags, type TagRoom } from '../../../ui/pad/parts/tag-fit.ts'

/** About a 10 inch panel: 203 × 89 mm at 5.9 pixels each, tags of 20 mm with 3 mm between. */
const room: TagRoom = { width: 1200, height: 526, gap: 18, rowHeight: 118, columnWidth: 430 }

describe('the labels on their page', () => {
  it('lie in two columns where all eight fit', () => {
    expect(fitTags(8, room)).toEqual({ columns: 2, rows: 4, pages: 1 })
  })

  it('are spread evenly over the pages where they do not', () => {
    expect(fitTags(8, { ...room, height: 525 })).toEqual({ columns: 2, rows: 2, pages: 2 })
    expect(fitTags(8, { ...room, height: 400, columnWidth: 900 })).toEqual({ columns: 1, rows: 3, pages: 3 })
  })

  it('are all reachable, and none is smaller than a finger, however small the room', () => {
    const length = fc.integer({ min: 1, max: 3000 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 }), length, length, (count, width, height) => {
        const { columns, rows, pages } = fitTags(count, { ...room, width, height })
        expect(columns * rows * pages).toBeGreaterThanOrEqual(count)
        expect(columns * rows * (pages - 1)).toBeLessThan(count)
        const tallest = (height - (rows - 1) * room.gap) / rows
        if (rows > 1) expect(tallest).toBeGreaterThanOrEqual(room.rowHeight)
      }),
    )
  })
})
