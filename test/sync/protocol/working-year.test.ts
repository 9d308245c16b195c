import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Calendar } from '../../../sync/protocol/content.ts'
import { openSpans } from '../../../sync/protocol/hall-hours.ts'
import { callBackBy, reportAnswerBy } from '../../../sync/protocol/report-limits.ts'
import {
  addWorkingDays,
  calendarGaps,
  calendarsTwice,
  isWorkingDay,
  workingDaysBetween,
  workingDeadline,
} from '../../../sync/protocol/working-days.ts'

const DEMO = join(import.meta.dirname, '../../../sync/hall/demo')
const read = (year: number): Calendar =>
  Calendar.parse(JSON.parse(readFileSync(join(DEMO, `calendar-${year}.json`), 'utf8')))

const year2026 = read(2026)
const year2027 = read(2027)
const calendars = [year2026, year2027]

/** 国务院办公厅关于2026年部分节假日安排的通知, 4 November 2025: from, to, days that are worked instead. */
const ARRANGEMENT: [string, string, string, string[]][] = [
  ['New Year', '2026-01-01', '2026-01-03', ['2026-01-04']],
  ['the Spring Festival', '2026-02-15', '2026-02-23', ['2026-02-14', '2026-02-28']],
  ['Qingming', '2026-04-04', '2026-04-06', []],
  ['Labour Day', '2026-05-01', '2026-05-05', ['2026-05-09']],
  ['the Dragon Boat Festival', '2026-06-19', '2026-06-21', []],
  ['the Mid-Autumn Festival', '2026-09-25', '2026-09-27', []],
  ['National Day', '2026-10-01', '2026-10-07', ['2026-09-20', '2026-10-10']],
]

const dayAfter = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10)

describe('the calendar of 2026', () => {
  test.each(ARRANGEMENT)('has %s as it was published', (_name, from, to, worked) => {
    const days = (Date.parse(to) - Date.parse(from)) / (24 * 60 * 60 * 1000) + 1
    for (let index = 0; index < days; index += 1)
      expect(isWorkingDay(dayAfter(from, index), calendars)).toBe(false)
    for (const day of worked) expect(isWorkingDay(day, calendars)).toBe(true)
  })

  test('has no holiday and no worked weekend beside those', () => {
    const worked = ARRANGEMENT.flatMap(([, , , days]) => days).sort()
    expect([...year2026.workingWeekends].sort()).toEqual(worked)
    expect(year2026.holidays).toHaveLength(3 + 9 + 3 + 5 + 3 + 3 + 7)
    // 248 working days of that year.
    expect(workingDaysBetween('2025-12-31', '2026-12-31', calendars)).toBe(248)
  })
})

describe('a limit', () => {
  test.each([
    // Friday before the Spring Festival: Saturday the 14th is worked, then nine days are free.
    ['2026-02-13', 1, '2026-02-14'],
    ['2026-02-13', 2, '2026-02-24'],
    ['2026-02-14', 5, '2026-02-28'],
    ['2026-02-14', 6, '2026-03-02'],
    // Handed in on a day of the holiday itself.
    ['2026-02-18', 1, '2026-02-24'],
    // Over Mid-Autumn and National Day, with the Sunday before and the Saturday after.
    ['2026-09-18', 1, '2026-09-20'],
    ['2026-09-18', 15, '2026-10-15'],
    ['2026-09-30', 3, '2026-10-10'],
    // Promised before the holiday, due after it.
    ['2026-09-24', 3, '2026-09-30'],
  ])('that begins on %s and has %i working days ends on %s', (from, days, day) => {
    expect(workingDeadline(from, days, calendars)).toEqual({ day, provisional: false })
  })

  test('that runs into a year without a calendar is counted from Monday to Friday, and says that it may move', () => {
    const alone = [year2026]
    expect(workingDeadline('2026-12-25', 1, alone)).toEqual({ day: '2026-12-28', provisional: false })
    // The next year's arrangement may name it.
    expect(workingDeadline('2026-12-30', 1, alone)).toEqual({ day: '2026-12-31', provisional: true })
    // New Year's Day would be free; nobody knows yet what else.
    expect(workingDeadline('2026-12-30', 2, alone)).toEqual({ day: '2027-01-01', provisional: true })
  })

  test('that runs into a year whose arrangement is not published says so too', () => {
    expect(year2027.provisional).toBe(true)
    expect(workingDeadline('2026-12-30', 2, calendars)).toEqual({ day: '2027-01-04', provisional: true })
  })

  test('counted backwards over a year’s end is as sure as both its years', () => {
    expect(workingDeadline('2027-01-04', -2, calendars)).toEqual({ day: '2026-12-30', provisional: true })
    const settled = [year2026, { ...year2027, provisional: false }]
    expect(workingDeadline('2027-01-04', -2, settled).provisional).toBe(false)
  })
})

describe('a report', () => {
  test.each([
    ['now', '2026-09-30', '2026-09-30'],
    ['ordinary', '2026-09-30', '2026-10-08'],
    ['several-offices', '2026-09-30', '2026-10-10'],
    // Made at the terminal in the night of a holiday.
    ['ordinary', '2026-10-03', '2026-10-08'],
    ['several-offices', '2026-02-13', '2026-02-25'],
  ] as const)('of the kind %s made on %s is answered by %s', (kind, made, by) => {
    expect(reportAnswerBy(kind, made, calendars)).toEqual({ day: by, provisional: false })
  })

  test('is called back one working day after closing, on the Saturday that is worked', () => {
    expect(callBackBy('2026-10-09', calendars).day).toBe('2026-10-10')
    expect(callBackBy('2026-12-31', [year2026])).toEqual({ day: '2027-01-01', provisional: true })
  })
})

describe('a missing calendar is named', () => {
  test.each([
    ['all year long while this year has none', '2025-06-01', [year2026], [2025]],
    ['from as long before the year’s end as the longest limit', '2026-09-23', [year2026], [2027]],
    ['not before that', '2026-09-22', [year2026], []],
    ['also while the next year’s is provisional', '2026-12-15', calendars, [2027]],
    ['no more once it is there', '2026-12-15', [year2026, { ...year2027, provisional: false }], []],
  ])('%s', (_name, today, known, years) => {
    expect(calendarGaps(today, known)).toEqual(years)
  })

  test('while adding days goes on without it', () => {
    expect(addWorkingDays('2030-05-03', 3, calendars)).toBe('2030-05-08')
  })
})

describe('several calendars', () => {
  const settled2018: Calendar = { year: 2018, holidays: ['2018-10-01'], workingWeekends: [] }
  /** 国务院办公厅关于2019年部分节假日安排的通知: 30 December to 1 January, worked on Saturday, 29 December. */
  const settled2019: Calendar = {
    year: 2019,
    holidays: ['2018-12-30', '2018-12-31', '2019-01-01'],
    workingWeekends: ['2018-12-29'],
  }

  test.each([
    ['before', [settled2018, settled2019]],
    ['behind', [settled2019, settled2018]],
  ])('name days of the year before too, wherever they stand: %s', (_name, known) => {
    expect(isWorkingDay('2018-12-29', known)).toBe(true)
    expect(isWorkingDay('2018-12-31', known)).toBe(false)
    expect(workingDeadline('2018-12-27', 3, known)).toEqual({ day: '2019-01-02', provisional: false })
  })

  test('of one year are counted by the published one, wherever it stands', () => {
    const draft = { year: 2027, holidays: ['2027-02-05'], workingWeekends: [], provisional: true }
    const published = { year: 2027, holidays: ['2027-02-08'], workingWeekends: ['2027-02-06'] }
    for (const known of [
      [draft, published],
      [published, draft],
    ]) {
      expect(isWorkingDay('2027-02-05', known)).toBe(true)
      expect(workingDeadline('2027-02-05', 2, known)).toEqual({ day: '2027-02-09', provisional: false })
      expect(calendarsTwice(known)).toEqual([])
    }
  })

  test('of one year and one kind are told, so that they can be refused', () => {
    expect(calendarsTwice([settled2018, settled2019, { ...settled2018 }])).toEqual([2018])
  })
})

describe('a hall is open', () => {
  const hours = [
    { weekdays: [1, 2, 3, 4, 5], opens: '13:30', closes: '17:00' },
    { weekdays: [1, 2, 3, 4, 5], opens: '08:30', closes: '12:00' },
    { weekdays: [6], opens: '09:00', closes: '12:00' },
  ]
  const week = [
    { opens: '08:30', closes: '12:00' },
    { opens: '13:30', closes: '17:00' },
  ]
  const saturday = [{ opens: '09:00', closes: '12:00' }]

  test.each([
    ['in the week, with noon between', '2026-11-20', week],
    ['on a Saturday at its weekend window', '2026-11-21', saturday],
    ['not on a Sunday', '2026-11-22', []],
    ['on a Saturday that is worked, like Monday', '2026-10-10', week],
    ['on a Sunday that is worked, like Monday', '2026-09-20', week],
    ['not on a holiday in the week', '2026-10-01', []],
    ['not on a holiday’s Saturday', '2026-10-03', []],
  ])('%s', (_name, date, spans) => {
    expect(openSpans(date, hours, calendars)).toEqual(spans)
  })
})
