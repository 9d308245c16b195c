import type { EventData } from '../../protocol/events.ts'
import type { ProvinceProfile, RatingValue } from './profile.ts'

/** A rating in a province's own words: wire field → text or number. */
export type ProvinceRecord = Record<string, string | number>

/** `no-case`: a service without a case is not for the province. `reason-pending`: it waits for the call back. */
export type InProvinceWords =
  | { ready: true; record: ProvinceRecord }
  | { ready: false; reason: 'no-case' | 'reason-pending' }

const CHINA_OFFSET_MS = 8 * 60 * 60 * 1000

/** @param comment the unsealed words, or null: they are sealed for the hall and opened by its caller only. */
export function provinceRecord(
  rating: EventData<'rating'>,
  comment: string | null,
  profile: ProvinceProfile,
): InProvinceWords {
  if (rating.case === null) return { ready: false, reason: 'no-case' }
  const unexplained = rating.labels.length === 0 && comment === null
  if (rating.level < profile.reasonWantedBelow && unexplained)
    return { ready: false, reason: 'reason-pending' }

  const values: Record<RatingValue, string | number | null> = {
    caseNo: rating.case.caseNo,
    itemCode: rating.case.itemCode,
    handleItem: rating.case.handleItem,
    itemName: rating.case.itemName,
    serviceName: rating.case.serviceName,
    serviceNumber: rating.case.serviceNumber,
    assessNumber: rating.assessNumber,
    channel: profile.channels[rating.channel],
    level: profile.levels[rating.level as keyof ProvinceProfile['levels']],
    labels: rating.labels.join(profile.labelSeparator),
    comment,
    staffId: rating.staff.staffId,
    window: rating.staff.window,
    askedAt: inFormat(rating.askedAt, profile.timeFormat),
    capturedAt: inFormat(rating.capturedAt, profile.timeFormat),
  }
  const record: ProvinceRecord = { ...profile.constants }
  for (const [value, field] of Object.entries(profile.fields) as [RatingValue, string][]) {
    record[field] = values[value] ?? ''
  }
  return { ready: true, record }
}

/** An RFC 3339 instant as a wall clock in China shows it. */
function inFormat(instant: string, format: string): string {
  const at = new Date(Date.parse(instant) + CHINA_OFFSET_MS)
  const parts: Record<string, number> = {
    y: at.getUTCFullYear(),
    M: at.getUTCMonth() + 1,
    d: at.getUTCDate(),
    H: at.getUTCHours(),
    m: at.getUTCMinutes(),
    s: at.getUTCSeconds(),
  }
  return format.replace(/([yMdHms])\1*/g, (run, letter: string) =>
    String(parts[letter]).padStart(run.length, '0'),
  )
}
