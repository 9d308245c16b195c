/** What a province was asked, held against what the hall had stored: field by field, back through the code maps. */
import { fromChinaTime } from '../../../../sync/hall/province/china-time.ts'
import type { ProvinceProfile } from '../../../../sync/hall/province/profile-schema.ts'
import type { ProvinceSimulator } from '../../../../sync/hall/province/simulator/simulator.ts'
import type { EventData } from '../../../../sync/protocol/events.ts'

/** A stored rating, with what is sealed in it. */
export interface Given {
  rating: EventData<'rating'>
  comment: string
  userName: string | null
}

export interface Compared {
  lost: number
  /** Taken more than once, or asked for again after the yes had gone out. */
  doubled: number
  /** A service or rating in which any field is other than what was stored. */
  altered: number
  /** A follow-up that was as much as asked for before its first rating had been taken. */
  'out of order': number
}

/** @param repeats so many may have been killed after the yes had gone out and before it was written down */
export function compare(
  profile: ProvinceProfile,
  { log }: Pick<ProvinceSimulator, 'log'>,
  given: ReadonlyMap<string, Given>,
  repeats: number,
): Compared {
  const taken = new Map<string, number>()
  const answered = new Set<string>()
  let afterYes = 0
  let altered = 0
  let outOfOrder = 0
  for (const { kind, record, means, answered: wasAnswered } of log) {
    const told = readBack(record, profile, kind)
    if (!isAsStored(told, profile, kind, given)) altered += 1
    if (kind === 'service') continue
    const name = `${told.caseNo}/${told.assessNumber}`
    if (told.assessNumber === '2' && !taken.has(`${told.caseNo}/1`)) outOfOrder += 1
    if (answered.has(name)) afterYes += 1
    if (means === 'taken') taken.set(name, (taken.get(name) ?? 0) + 1)
    if (wasAnswered && (means === 'taken' || means === 'already-there')) answered.add(name)
  }
  return {
    lost: [...given.keys()].filter((name) => !taken.has(name)).length,
    doubled: [...taken.values()].filter((n) => n > 1).length + Math.max(0, afterYes - repeats),
    altered,
    'out of order': outOfOrder,
  }
}

type Kind = 'service' | 'rating'

type Told = Record<string, string>

/** By this project's own names; a value that stands in several fields is `/` between those that differ. */
function readBack(record: Readonly<Record<string, unknown>>, profile: ProvinceProfile, kind: Kind): Told {
  const told: Told = {}
  for (const [field, value] of Object.entries(profile[kind].fields)) {
    const text = String(record[field])
    told[value] = told[value] === undefined || told[value] === text ? text : `${told[value]}/${text}`
  }
  return told
}

/** A service record is that of a case's first rating, or of its follow-up where that had to bring it again. */
function isAsStored(
  told: Told,
  profile: ProvinceProfile,
  kind: Kind,
  given: ReadonlyMap<string, Given>,
): boolean {
  const of = (assessNumber: string): Given | undefined => given.get(`${told.caseNo}/${assessNumber}`)
  const stored = kind === 'rating' ? [of(told.assessNumber ?? '')] : [of('1'), of('2')]
  return stored.some((one) => one !== undefined && isSame(told, one, profile))
}

function isSame(told: Told, { rating, comment, userName }: Given, profile: ProvinceProfile): boolean {
  const { codes, timeFormat, labelSeparator, defaults } = profile
  const { case: ofCase } = rating
  if (ofCase === null) return false
  const coded = (map: Readonly<Record<string, string>>, code: string | undefined): string | undefined =>
    Object.entries(map).find(([, candidate]) => candidate === code)?.[0]
  const time = (text: string | undefined): number | undefined =>
    fromChinaTime(text ?? '', timeFormat)?.getTime()
  // Only what the province has a field for; several channels may share one code.
  const wanted: Record<string, () => boolean> = {
    caseNo: () => told.caseNo === ofCase.caseNo,
    itemCode: () => told.itemCode === ofCase.itemCode,
    itemName: () => told.itemName === ofCase.itemName,
    serviceName: () => told.serviceName === ofCase.serviceName,
    serviceNumber: () => told.serviceNumber === String(ofCase.serviceNumber),
    assessNumber: () => told.assessNumber === String(rating.assessNumber),
    level: () => coded(codes.level, told.level) === String(rating.level),
    labels: () => told.labels === rating.labels.join(labelSeparator),
    comment: () => told.comment === comment,
    channel: () => told.channel === codes.channel[rating.channel],
    userName: () => told.userName === (userName ?? defaults.userName ?? ''),
    staffId: () => told.staffId === rating.staff.staffId,
    capturedAt: () => time(told.capturedAt) === Date.parse(rating.capturedAt),
    askedAt: () => time(told.askedAt) === Date.parse(rating.askedAt),
    servedAt: () => time(told.servedAt) === Date.parse(rating.askedAt),
  }
  return Object.entries(wanted).every(([value, holds]) => told[value] === undefined || holds())
}
