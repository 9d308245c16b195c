import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addWorkingDays, isWorkingDay, workingDaysBetween } from '../../../sync/protocol/working-days.ts'

/** A week of holidays from Thursday 2026-10-01, worked in advance on Saturday 2026-10-10. */
const calendars = [
  {
    year: 2026,
    holidays: ['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07'],
    workingWeekends: ['2026-10-10'],
  },
]

const anyDate = fc
  .date({ min: new Date('2025-01-01'), max: new Date('2028-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

describe('working days', () => {
  it.each([
    ['an ordinary Wednesday', '2026-09-30', true],
    ['a Saturday', '2026-09-26', false],
    ['a Sunday', '2026-09-27', false],
    ['a holiday in the week', '2026-10-01', false],
    ['a Saturday that is worked', '2026-10-10', true],
    ['a Thursday of a year that no calendar knows', '2027-10-07', true],
    ['a Saturday of a year that no calendar knows', '2027-10-09', false],
    ['a leap day', '2028-02-29', true],
  ])('%s', (_, date, works) => {
    expect(isWorkingDay(date, calendars)).toBe(works)
  })

  it('are counted over holidays and shifted days', () => {
    expect(addWorkingDays('2026-09-30', 1, calendars)).toBe('2026-10-08')
    expect(addWorkingDays('2026-09-30', 3, calendars)).toBe('2026-10-10')
    expect(addWorkingDays('2026-10-10', -3, calendars)).toBe('2026-09-30')
    expect(addWorkingDays('2026-10-03', 0, calendars)).toBe('2026-10-03')
    expect(workingDaysBetween('2026-09-30', '2026-10-10', calendars)).toBe(3)
    expect(workingDaysBetween('2026-10-01', '2026-10-07', calendars)).toBe(0)
  })

  it('added are the working days between, forwards and back', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -60, max: 60 }), (date, days) => {
        const reached = addWorkingDays(date, days, calendars)
        expect(workingDaysBetween(date, reached, calendars)).toBe(days)
        if (days !== 0) expect(isWorkingDay(reached, calendars)).toBe(true)
      }),
    )
  })

  it.each(['2026-02-30', '2026-1-1', '', 'tomorrow'])('are not counted from %j', (date) => {
    expect(() => isWorkingDay(date, calendars)).toThrow(RangeError)
    expect(() => addWorkingDays(date, 0, calendars)).toThrow(RangeError)
  })

  it('are whole and not without end', () => {
    expect(() => addWorkingDays('2026-09-30', 1.5, calendars)).toThrow(RangeError)
    expect(() => addWorkingDays('2026-09-30', 10_001, calendars)).toThrow(RangeError)
  })
})
