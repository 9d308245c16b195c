import type { Hall, Preferences } from '../../device/http/contract.ts'

/** Dates, times and counts in words. Pure: the zone is always the device's, never the browser's. */

type Language = Preferences['language']

export interface WallClock {
  year: number
  month: number
  day: number
  /** 0 = Sunday. */
  weekday: number
  hour: number
  minute: number
}

const CHINA_OFFSET_MINUTES = 480
const WEEKDAYS_ZH = ['日', '一', '二', '三', '四', '五', '六']
const WEEKDAYS_EN = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS_EN = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** Minutes east of Greenwich in an RFC 3339 instant; China's where it holds none. */
export function deviceOffsetMinutes(instant: string): number {
  const found = /([+-])(\d{2}):(\d{2})$/.exec(instant)
  if (found) return (Number(found[2]) * 60 + Number(found[3])) * (found[1] === '-' ? -1 : 1)
  return instant.endsWith('Z') ? 0 : CHINA_OFFSET_MINUTES
}

export function wallClock(epochMs: number, offsetMinutes: number): WallClock {
  const shifted = new Date(epochMs + offsetMinutes * 60_000)
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    weekday: shifted.getUTCDay(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
  }
}

const two = (value: number) => String(value).padStart(2, '0')

/** `22:41` */
export function clockTime(at: WallClock): string {
  return `${two(at.hour)}:${two(at.minute)}`
}

/** `11月21日 星期六`, `Saturday, 21 November` */
export function longDate(at: WallClock, language: Language): string {
  if (language === 'zh') return `${at.month}月${at.day}日 星期${WEEKDAYS_ZH[at.weekday]}`
  return `${WEEKDAYS_EN[at.weekday]}, ${at.day} ${MONTHS_EN[at.month - 1]}`
}

/** `11月21日`, `21 November`; with the year where it is not the present one. */
export function shortDate(at: WallClock, presentYear: number, language: Language): string {
  const otherYear = at.year !== presentYear
  if (language === 'zh') return `${otherYear ? `${at.year}年` : ''}${at.month}月${at.day}日`
  return `${at.day} ${MONTHS_EN[at.month - 1]}${otherYear ? ` ${at.year}` : ''}`
}

/** A calendar day (`2026-11-21`), which belongs to no zone. */
export function calendarDay(isoDate: string): WallClock {
  return wallClock(Date.parse(`${isoDate}T00:00:00Z`), 0)
}

/** `1 case`, `2 cases`, `1,024 cases` */
export function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`
}

/** `5 个工作日`, `1 working day`; 0 is done at once. */
export function workingDays(days: number, language: Language): string {
  if (days === 0) return language === 'zh' ? '当场办结' : 'done on the spot'
  return language === 'zh' ? `${days} 个工作日` : counted(days, 'working day', 'working days')
}

function weekdayNames(weekdays: number[], language: Language): string {
  const days = [...weekdays].sort((a, b) => a - b)
  const name = (day: number) =>
    language === 'zh' ? `周${WEEKDAYS_ZH[day % 7]}` : (WEEKDAYS_EN[day % 7] ?? '').slice(0, 3)
  const first = days[0]
  const last = days.at(-1)
  if (first === undefined || last === undefined) return ''
  const inARow = days.length > 2 && last - first === days.length - 1
  if (inARow) return language === 'zh' ? `${name(first)}至${name(last)}` : `${name(first)}–${name(last)}`
  return days.map(name).join(language === 'zh' ? '、' : ', ')
}

/** `周一至周五 9:00–12:00、13:30–17:30；周六 9:00–12:00` */
export function openingHours(hours: Hall['hours'], language: Language): string {
  const byDays = new Map<string, string[]>()
  for (const { weekdays, opens, closes } of hours) {
    const days = weekdayNames(weekdays, language)
    const plain = (time: string) => time.replace(/^0/, '')
    byDays.set(days, [...(byDays.get(days) ?? []), `${plain(opens)}–${plain(closes)}`])
  }
  const [between, after] = language === 'zh' ? ['、', '；'] : [', ', '; ']
  return [...byDays].map(([days, times]) => `${days} ${times.join(between)}`).join(after)
}
