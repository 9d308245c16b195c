/** A rating, and the service that it is of, in a province's own words. */
import type { EventData } from '../../protocol/events.ts'
import type { SealedUser } from '../../protocol/sealing.ts'
import type { ServiceFacts } from '../case-system/case-system.ts'
import type { CompletedReason } from '../store/province-queue.ts'
import { inChinaTime } from './china-time.ts'
import type { ProvinceProfile, RecordShape } from './profile-schema.ts'
import type { RecordValue, RecordValues } from './values.ts'

/** Wire field → text or number. */
export type ProvinceRecord = Record<string, string | number>

/** `no-case`: a service without a case is not for the province. `reason-pending`: it waits for the call back. */
export type InProvinceWords =
  | { ready: true; record: ProvinceRecord }
  | { ready: false; reason: 'no-case' | 'reason-pending' }

/** What is known besides the rating itself. */
export interface Known {
  /** The citizen's own words, opened. */
  comment: string | null
  /** Of the call back. */
  completed: CompletedReason | null
  /** Who rated, opened; null for an anonymous rating. */
  user: SealedUser | null
  /** What the case system says; null where none is connected or it knows nothing. */
  facts: ServiceFacts | null
  areaCode: string | null
}

export const NOTHING_MORE: Known = {
  comment: null,
  completed: null,
  user: null,
  facts: null,
  areaCode: null,
}

/** The first characters of an item's code name its office (DOMAIN.md §1), in them six the area (GB/T 2260). */
const OFFICE_CODE_LENGTH = 18
const WHOLE_ITEM_CODE_LENGTH = 31
const AREA_IN_OFFICE = [2, 8] as const

/** @param comment the unsealed words, or null: they are sealed for the hall and opened by its caller only. */
export function provinceRecord(
  rating: EventData<'rating'>,
  known: Known,
  profile: ProvinceProfile,
): InProvinceWords {
  if (rating.case === null) return { ready: false, reason: 'no-case' }
  const unexplained = labelsOf(rating, known).length === 0 && wordsOf(known) === null
  if (rating.level < profile.reasonWantedBelow && unexplained)
    return { ready: false, reason: 'reason-pending' }
  return {
    ready: true,
    record: written(profile.rating, valuesOf(rating, rating.case, known, profile), profile),
  }
}

/** What has to be there before the rating. */
export function serviceRecord(
  rating: EventData<'rating'>,
  ofCase: RatedCase,
  known: Known,
  profile: ProvinceProfile,
): ProvinceRecord {
  return written(profile.service, valuesOf(rating, ofCase, known, profile), profile)
}

type RatedCase = NonNullable<EventData<'rating'>['case']>

function valuesOf(
  rating: EventData<'rating'>,
  ofCase: RatedCase,
  known: Known,
  profile: ProvinceProfile,
): RecordValues {
  const { codes, timeFormat, acceptedWhenUnknown } = profile
  const assumed = acceptedWhenUnknown === 'as-asked' ? rating.askedAt : null
  const time = (instant: string | null | undefined): string | null =>
    instant === null || instant === undefined ? null : inChinaTime(new Date(instant), timeFormat)
  const { facts } = known
  const office =
    ofCase.itemCode.length >= WHOLE_ITEM_CODE_LENGTH ? ofCase.itemCode.slice(0, OFFICE_CODE_LENGTH) : null
  const kind = facts === null ? null : codes.caseKind[facts.kind]
  return {
    caseNo: ofCase.caseNo,
    itemCode: ofCase.itemCode,
    handleItem: ofCase.handleItem ?? facts?.handleItem ?? null,
    itemName: ofCase.itemName,
    deptCode: facts?.deptCode ?? office,
    areaCode: known.areaCode ?? facts?.areaCode ?? office?.slice(...AREA_IN_OFFICE) ?? null,
    caseState: facts === null ? null : codes.caseState[facts.progress],
    caseKind: kind,
    handledBy: facts?.handleUserName ?? null,
    acceptedAt: time(facts === null ? assumed : facts.acceptedAt),
    finishedAt: time(facts?.resultAt),
    promisedDays: facts?.promisedDays ?? null,
    serviceName: ofCase.serviceName,
    serviceNumber: ofCase.serviceNumber,
    servedAt: time(rating.askedAt),
    assessNumber: rating.assessNumber,
    channel: codes.channel[rating.channel],
    level: codes.level[rating.level as keyof ProvinceProfile['codes']['level']],
    labels: labelsOf(rating, known).join(profile.labelSeparator),
    comment: wordsOf(known),
    staffId: rating.staff.staffId,
    window: rating.staff.window,
    askedAt: time(rating.askedAt),
    capturedAt: time(rating.capturedAt),
    ...personOf(rating, known, codes),
  }
}

/** Nobody, where the rating is anonymous: not even whom the case system knows. */
function personOf(
  rating: EventData<'rating'>,
  { user, facts }: Known,
  codes: ProvinceProfile['codes'],
): RecordValues {
  if (rating.anonymous) return {}
  const person =
    facts === null
      ? user
      : {
          type: facts.userProp,
          name: facts.userName,
          idType: facts.idType,
          idNumber: facts.idNumber,
          phone: facts.mobile,
        }
  if (person === null) return {}
  return {
    userType: codes.userType[person.type as unknown as keyof typeof codes.userType] ?? codes.userType[9],
    userName: person.name,
    idType: codes.idType[person.idType] ?? person.idType,
    idNumber: person.idNumber,
    phone: person.phone,
  }
}

const labelsOf = (rating: EventData<'rating'>, { completed }: Known): readonly string[] =>
  rating.labels.length > 0 ? rating.labels : (completed?.labels ?? [])

const wordsOf = ({ comment, completed }: Known): string | null => comment ?? completed?.words ?? null

function written(shape: RecordShape, values: RecordValues, { defaults }: ProvinceProfile): ProvinceRecord {
  const record: ProvinceRecord = { ...shape.constants }
  for (const [field, value] of Object.entries(shape.fields) as [string, RecordValue][]) {
    const known = values[value]
    const told = known === null || known === undefined || known === '' ? (defaults[value] ?? '') : known
    record[field] = shape.numbers.includes(field) ? Number(told) : String(told)
  }
  return record
}
