/** The hall's content as the rooms of a device ask for it. */
import type {
  BlankForm,
  Calendar,
  Dictionary,
  Guide,
  Hall,
  Notice,
  Staff,
  StaffItem,
} from '../../sync/protocol/content.ts'
import type { MediaItem } from '../../sync/protocol/media.ts'
import type { ProofOffers } from '../../sync/protocol/proofs.ts'
import type { BusinessTypes } from '../../sync/protocol/queue.ts'

/** What `sync/downlink.ts` holds. */
export interface HeldContent {
  guides: readonly Guide[]
  forms: readonly BlankForm[]
  staff: readonly StaffItem[]
  notices: readonly Notice[]
  hall: Hall | null
  calendars: readonly Calendar[]
  /** Of labels, beside those that this software knows by itself. */
  dictionaries: readonly Dictionary[]
  businessTypes: BusinessTypes
  proofs: ProofOffers
  /** Recordings and pictures of the hall's own. */
  media: readonly MediaItem[]
}

export type MediumBytes = (sha256: string) => { bytes: Uint8Array; mediaType: string } | null

export interface ContentFace {
  guides(): readonly Guide[]
  forms(): readonly BlankForm[]
  /** The PDF of a form; null where it is of no form in force. */
  blankForm(sha256: string): Uint8Array | null
  hall(): Hall | null
  calendars(): readonly Calendar[]
  dictionaries(): readonly Dictionary[]
  businessTypes(): BusinessTypes
  proofs(): ProofOffers
  staff(staffId: string): Staff | null
  /** The hash that a PIN is checked against (sync/protocol/staff-pin.ts); null where there is none. */
  staffPin(staffId: string): string | null
  /** Whether anybody here can sign in with one. */
  hasStaffPins(): boolean
  /** Notices in force on the day of `now`, by the device's own calendar. */
  notices(now: Date): Notice[]
  /** The hall's own recordings by the names of the clips that they stand for, as `zh/idle-warning`. */
  recordings(): ReadonlyMap<string, string>
  /** The SHA-256 of somebody's picture; null where the hall has put none there. */
  photo(staffId: string): string | null
  medium: MediumBytes
  has(): boolean
}

/** The same one always: an index is made anew when the guides are others. */
const NO_GUIDES: readonly Guide[] = []

export const contentFace = (
  held: () => HeldContent | null,
  blankForm: (sha256: string) => Uint8Array | null = () => null,
  medium: MediumBytes = () => null,
): ContentFace => ({
  guides: () => held()?.guides ?? NO_GUIDES,
  forms: () => held()?.forms ?? [],
  blankForm,
  hall: () => held()?.hall ?? null,
  calendars: () => held()?.calendars ?? [],
  dictionaries: () => held()?.dictionaries ?? [],
  businessTypes: () => held()?.businessTypes ?? [],
  proofs: () => held()?.proofs ?? [],
  staff: (staffId) => withoutPin(held()?.staff.find((one) => one.staffId === staffId)),
  staffPin: (staffId) => held()?.staff.find((one) => one.staffId === staffId)?.pin ?? null,
  hasStaffPins: () => held()?.staff.some(({ pin }) => pin !== undefined) ?? false,
  notices: (now) => (held()?.notices ?? []).filter((notice) => isInForce(notice, localDate(now))),
  recordings: () => new Map(clipsIn(held()?.media ?? [])),
  photo: (staffId) => held()?.media.find(({ name }) => name === `image/staff/${staffId}`)?.sha256 ?? null,
  medium,
  has: () => held() !== null,
})

/** The hash goes no further: whoever has it can try every PIN that is typed. */
const withoutPin = (item: StaffItem | undefined): Staff | null => {
  if (item === undefined) return null
  const { pin: _, ...staff } = item
  return staff
}

const SOUND = 'sound/'

const clipsIn = (media: readonly MediaItem[]): [string, string][] =>
  media.filter(({ kind }) => kind === 'sound').map(({ name, sha256 }) => [name.slice(SOUND.length), sha256])

const isInForce = (notice: Notice, today: string): boolean =>
  notice.from <= today && (notice.until === null || today <= notice.until)

const localDate = (now: Date): string => {
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}
