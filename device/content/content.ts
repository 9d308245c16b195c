/** The hall's content as the rooms of a device ask for it. */
import type { Calendar, Guide, Hall, Notice, Staff } from '../../sync/protocol/content.ts'
import type { ProofOffers } from '../../sync/protocol/proofs.ts'
import type { BusinessTypes } from '../../sync/protocol/queue.ts'

/** What `sync/downlink.ts` holds. */
export interface HeldContent {
  guides: readonly Guide[]
  staff: readonly Staff[]
  notices: readonly Notice[]
  hall: Hall | null
  calendars: readonly Calendar[]
  businessTypes: BusinessTypes
  proofs: ProofOffers
}

export interface ContentFace {
  guides(): readonly Guide[]
  hall(): Hall | null
  calendars(): readonly Calendar[]
  businessTypes(): BusinessTypes
  proofs(): ProofOffers
  staff(staffId: string): Staff | null
  /** Notices in force on the day of `now`, by the device's own calendar. */
  notices(now: Date): Notice[]
  has(): boolean
}

export const contentFace = (held: () => HeldContent | null): ContentFace => ({
  guides: () => held()?.guides ?? [],
  hall: () => held()?.hall ?? null,
  calendars: () => held()?.calendars ?? [],
  businessTypes: () => held()?.businessTypes ?? [],
  proofs: () => held()?.proofs ?? [],
  staff: (staffId) => held()?.staff.find((one) => one.staffId === staffId) ?? null,
  notices: (now) => (held()?.notices ?? []).filter((notice) => isInForce(notice, localDate(now))),
  has: () => held() !== null,
})

const isInForce = (notice: Notice, today: string): boolean =>
  notice.from <= today && (notice.until === null || today <= notice.until)

const localDate = (now: Date): string => {
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}
