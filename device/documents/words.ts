/** Words that the papers share with nobody's data: names of codes, dates, counts. */
import type { Guide, Hall, Material } from '../../sync/protocol/content.ts'

export const KIND_NAMES: Record<Guide['kind'], string> = {
  immediate: '即办件',
  promised: '承诺件',
  joint: '联办件',
}

export const SOURCE_NAMES: Record<Material['source'], string> = {
  applicant: '自己准备',
  office: '部门出具',
  form: '现场填写',
  'shared-data': '联网调取',
}

export const APPLY_BY_NAMES: Record<Guide['applyBy'][number], string> = {
  window: '到窗口',
  terminal: '自助终端',
  online: '网上',
  post: '邮寄',
}

export const AUDIENCE_NAMES: Record<Guide['audience'][number], string> = {
  person: '个人',
  company: '企业',
}

export type Packing = 'bring' | 'fill-in-there' | 'leave-at-home'

/**
 * What a citizen has to do about a material. Of what an office provides, a paper is brought and what is no paper
 * (a photograph taken at the window, a referral sent by a hospital) is not.
 */
export function packingOf({ source, originals, copies }: Material): Packing {
  if (source === 'form') return 'fill-in-there'
  if (source === 'shared-data') return 'leave-at-home'
  return source === 'applicant' || originals + copies > 0 ? 'bring' : 'leave-at-home'
}

/** "带 4 样 · 现场填 1 样 · 不用带 2 样", only of what there is. */
export function packingSummary(materials: readonly Material[]): string {
  const counts = { bring: 0, 'fill-in-there': 0, 'leave-at-home': 0 }
  for (const material of materials) counts[packingOf(material)] += 1
  return [
    counts.bring > 0 ? `带 ${counts.bring} 样` : '',
    counts['fill-in-there'] > 0 ? `现场填 ${counts['fill-in-there']} 样` : '',
    counts['leave-at-home'] > 0 ? `不用带 ${counts['leave-at-home']} 样` : '',
  ]
    .filter((part) => part !== '')
    .join(' · ')
}

export function promisedTime(guide: Guide): string {
  return guide.promisedWorkingDays === 0 ? '当场办好' : `${guide.promisedWorkingDays} 个工作日内`
}

export function statutoryTime(guide: Guide): string {
  return guide.statutoryWorkingDays === null ? '法律法规未规定时限' : `${guide.statutoryWorkingDays} 个工作日`
}

/** Halls write Beijing time whatever a machine is set to. */
const HALL_TIME_ZONE = 'Asia/Shanghai'

const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: HALL_TIME_ZONE,
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

function fields(at: Date): Record<string, string> {
  return Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, value]))
}

/** 2026年11月21日 */
export function chineseDate(at: Date): string {
  const { year, month, day } = fields(at)
  return `${year}年${Number(month)}月${Number(day)}日`
}

/** 2026年11月21日 20:14 */
export function chineseDateTime(at: Date): string {
  const { hour, minute } = fields(at)
  return `${chineseDate(at)} ${hour}:${minute}`
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** 21 Nov 2026 */
export function englishDate(at: Date): string {
  const { year, month, day } = fields(at)
  return `${Number(day)} ${MONTHS[Number(month) - 1]} ${year}`
}

/** 21 Nov 2026 20:14 */
export function englishDateTime(at: Date): string {
  const { hour, minute } = fields(at)
  return `${englishDate(at)} ${hour}:${minute}`
}

/** Whom to call at any hour. */
export function helpLine(hall: Hall): string {
  return `${hall.helpPhone}（${hall.helpPhoneNote}）`
}
