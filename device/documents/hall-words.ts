/** When a hall is open, in words. */
import type { Hall } from '../../sync/protocol/content.ts'

const CHINESE_DAYS = ['一', '二', '三', '四', '五', '六', '日']
const ENGLISH_DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** "周一至周五 8:30–17:00；周六 9:00–12:00", holidays and shifted days apart. */
export function openingHours(hall: Hall): { zh: string; en: string } {
  const spans = new Map<string, { days: number[]; times: string[] }>()
  for (const { weekdays, opens, closes } of hall.hours) {
    const days = weekdays.toSorted((one, other) => one - other)
    const key = days.join(' ')
    const span = spans.get(key) ?? { days, times: [] }
    span.times.push(`${plain(opens)}–${plain(closes)}`)
    spans.set(key, span)
  }
  const all = [...spans.values()]
  return {
    zh: `${all.map(({ days, times }) => `${chineseDays(days)} ${times.join('、')}`).join('；')}（节假日除外）`,
    en: `${all.map(({ days, times }) => `${englishDays(days)} ${times.join(', ')}`).join('; ')} (not on holidays)`,
  }
}

function plain(time: string): string {
  return time.replace(/^0/, '')
}

function isRun(days: readonly number[]): boolean {
  return days.length > 2 && days.every((day, index) => index === 0 || day === (days[index - 1] ?? 0) + 1)
}

function chineseDays(days: readonly number[]): string {
  const name = (day: number | undefined) => `周${CHINESE_DAYS[(day ?? 1) - 1]}`
  return isRun(days) ? `${name(days[0])}至${name(days.at(-1))}` : days.map(name).join('、')
}

function englishDays(days: readonly number[]): string {
  const name = (day: number | undefined) => ENGLISH_DAYS[(day ?? 1) - 1] ?? ''
  return isRun(days) ? `${name(days[0])}–${name(days.at(-1))}` : days.map(name).join(', ')
}
