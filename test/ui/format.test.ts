import { describe, expect, it } from 'vitest'
import {
  calendarDay,
  clockTime,
  counted,
  deviceOffsetMinutes,
  longDate,
  openingHours,
  shortDate,
  wallClock,
  workingDays,
} from '../../ui/shared/format.ts'

const SATURDAY_NIGHT = '2026-11-21T22:41:09+08:00'
const at = (instant: string) => wallClock(Date.parse(instant), deviceOffsetMinutes(instant))

describe('the clock on the wall', () => {
  it('is the device’s own, whatever zone the browser believes in', () => {
    expect(clockTime(at(SATURDAY_NIGHT))).toBe('22:41')
    expect(clockTime(at('2026-11-21T14:41:09Z'))).toBe('14:41')
    expect(clockTime(at('2026-11-21T09:11:09-05:30'))).toBe('09:11')
  })

  it('takes China’s time where an instant names no zone', () => {
    expect(deviceOffsetMinutes('')).toBe(480)
  })

  it('turns to the next day at midnight in its own zone', () => {
    const lateInGreenwich = wallClock(Date.parse('2026-12-31T16:00:00Z'), 480)
    expect(longDate(lateInGreenwich, 'zh')).toBe('1月1日 星期五')
    expect(clockTime(lateInGreenwich)).toBe('00:00')
  })
})

describe('dates', () => {
  it('are said as people say them', () => {
    expect(longDate(at(SATURDAY_NIGHT), 'zh')).toBe('11月21日 星期六')
    expect(longDate(at(SATURDAY_NIGHT), 'en')).toBe('Saturday, 21 November')
  })

  it('name the year only where it is another', () => {
    expect(shortDate(calendarDay('2026-12-03'), 2026, 'zh')).toBe('12月3日')
    expect(shortDate(calendarDay('2027-01-04'), 2026, 'zh')).toBe('2027年1月4日')
    expect(shortDate(calendarDay('2027-01-04'), 2026, 'en')).toBe('4 January 2027')
  })
})

describe('counts', () => {
  it('of working days end with done at once', () => {
    expect(workingDays(15, 'zh')).toBe('15 个工作日')
    expect(workingDays(0, 'zh')).toBe('当场办结')
    expect([0, 1, 15].map((days) => workingDays(days, 'en'))).toEqual([
      'done on the spot',
      '1 working day',
      '15 working days',
    ])
  })

  it('have a plural and thousands', () => {
    expect([0, 1, 1024].map((count) => counted(count, 'case', 'cases'))).toEqual([
      '0 cases',
      '1 case',
      '1,024 cases',
    ])
  })
})

describe('opening hours', () => {
  const hours = [
    { weekdays: [1, 2, 3, 4, 5], opens: '08:30', closes: '12:00' },
    { weekdays: [1, 2, 3, 4, 5], opens: '13:30', closes: '17:00' },
    { weekdays: [6], opens: '09:00', closes: '12:00' },
  ]

  it('join the parts of a day and days in a row', () => {
    expect(openingHours(hours, 'zh')).toBe('周一至周五 8:30–12:00、13:30–17:00；周六 9:00–12:00')
    expect(openingHours(hours, 'en')).toBe('Mon–Fri 8:30–12:00, 13:30–17:00; Sat 9:00–12:00')
  })

  it('list days that are not in a row, Sunday last', () => {
    expect(openingHours([{ weekdays: [7, 2, 4], opens: '10:00', closes: '11:00' }], 'zh')).toBe(
      '周二、周四、周日 10:00–11:00',
    )
  })
})
