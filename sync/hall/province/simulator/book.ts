/** What a province has taken, and by what rules: the service first, each key once, a follow-up after a bad rating. */
import type { LevelNumber } from '../../../protocol/levels.ts'
import type { AnswerMeaning, ProvinceProfile } from '../profile-schema.ts'
import { checkRecord, levelOf, type ReadRecord } from './rules.ts'

export interface KeptRating {
  caseNo: string
  serviceNumber: number
  assessNumber: number
  /** As this project counts, read back through the province's codes. */
  level: LevelNumber
  labels: string[]
  comment: string
  /** As it came. */
  record: Readonly<Record<string, unknown>>
}

export interface Verdict {
  means: AnswerMeaning
  words: string
}

export class Book {
  readonly #profile: ProvinceProfile
  readonly #services = new Map<string, Readonly<Record<string, unknown>>>()
  readonly #ratings = new Map<string, KeptRating>()

  constructor(profile: ProvinceProfile) {
    this.#profile = profile
  }

  /** In the order in which they were taken. */
  get ratings(): KeptRating[] {
    return [...this.#ratings.values()]
  }

  get services(): Readonly<Record<string, unknown>>[] {
    return [...this.#services.values()]
  }

  /** As after a move to another machine: ratings are kept, what they are of is asked for again. */
  forgetServices(): void {
    this.#services.clear()
  }

  take(kind: 'service' | 'rating', record: Record<string, unknown>, now: Date): Verdict {
    const checked = checkRecord(record, this.#profile[kind], this.#profile, now)
    if (!checked.ok) return { means: 'refused', words: checked.words }
    return kind === 'service' ? this.#service(checked.values, record) : this.#rating(checked.values, record)
  }

  #service(values: ReadRecord, record: Record<string, unknown>): Verdict {
    const name = serviceName(values)
    if (this.#services.has(name)) return { means: 'already-there', words: '办件服务数据已存在' }
    this.#services.set(name, record)
    return { means: 'taken', words: '成功' }
  }

  #rating(values: ReadRecord, record: Record<string, unknown>): Verdict {
    const { key, codes, labelSeparator } = this.#profile
    if (!this.#services.has(serviceName(values)))
      return { means: 'service-missing', words: '办件服务数据不存在，办件不存在' }
    const rating: KeptRating = {
      caseNo: values.caseNo ?? '',
      serviceNumber: Number(values.serviceNumber ?? 1),
      assessNumber: Number(values.assessNumber),
      level: levelOf(values.level ?? '', codes.level),
      labels: (values.labels ?? '').split(labelSeparator).filter((label) => label !== ''),
      comment: values.comment ?? '',
      record,
    }
    const name = (assessNumber: number): string =>
      JSON.stringify([
        rating.caseNo,
        key === 'service-and-assessment' ? rating.serviceNumber : null,
        assessNumber,
      ])
    const mine = name(rating.assessNumber)
    if (this.#ratings.has(mine)) return { means: 'already-there', words: '该办件已评价，请勿重复评价' }
    if (rating.assessNumber === 2) {
      const first = this.#ratings.get(name(1))
      if (first === undefined) return { means: 'refused', words: '没有首次评价，不能追评' }
      if (first.level >= this.#profile.followUpBelow)
        return { means: 'refused', words: '首次评价不是差评，不能追评' }
    }
    this.#ratings.set(mine, rating)
    return { means: 'taken', words: '评价成功' }
  }
}

const serviceName = ({ caseNo, serviceNumber }: ReadRecord): string =>
  JSON.stringify([caseNo, serviceNumber ?? '1'])
