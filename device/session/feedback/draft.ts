/** What a citizen has said so far; it lives with the session and ends with it. */

import { maskName } from '../../../drivers/id-reader/masking.ts'
import { Personal } from '../../../drivers/personal.ts'
import type {
  FeedbackDay,
  FeedbackGround,
  FeedbackKind,
  FeedbackReason,
  FeedbackSlot,
} from '../../../sync/protocol/feedback.ts'
import type { SealedUser } from '../../../sync/protocol/sealing.ts'
import type { FeedbackField, FeedbackItemView, FeedbackPlaceView } from '../../http/contract.ts'

export interface FeedbackDraft {
  kind: FeedbackKind
  /** null until one is chosen. */
  ground: FeedbackGround | null
  item: FeedbackItemView | 'unknown' | null
  place: FeedbackPlaceView | 'unknown' | null
  day: FeedbackDay | null
  slot: FeedbackSlot | null
  reasons: FeedbackReason[]
  words: string
  /** Of a complaint: whether it says who complains. */
  named: boolean | null
  /** Written by hand; the card's stands before it. */
  name: string
  card: { user: Personal<SealedUser>; masked: string } | null
  phone: string
  /** Of the intent, once it was to be kept; whoever changes a word means something new. */
  key: string | null
}

const EMPTY: Omit<FeedbackDraft, 'kind'> = {
  ground: null,
  item: null,
  place: null,
  day: null,
  slot: null,
  reasons: [],
  words: '',
  named: null,
  name: '',
  card: null,
  phone: '',
  key: null,
}

/** A fresh one; of another that was begun in this session, what means the same in both stays. */
export const newDraft = (kind: FeedbackKind, before: FeedbackDraft | null): FeedbackDraft => {
  if (before === null) return { ...EMPTY, kind }
  const { item, place, words, name, card, phone } = before
  return { ...EMPTY, kind, item, place, words, name, card, phone }
}

const FIELDS: Readonly<Record<FeedbackKind, readonly FeedbackField[]>> = {
  report: ['ground', 'item', 'place', 'said', 'contact'],
  complaint: ['ground', 'place', 'item', 'day', 'said', 'contact'],
  request: ['ground', 'item', 'said', 'contact'],
}

export const fieldsOf = ({ kind, ground }: FeedbackDraft): FeedbackField[] =>
  ground === 'appointment' ? ['ground', 'slot', 'item', 'said', 'contact'] : [...FIELDS[kind]]

/** A mobile has 11 digits, a line 7 or 8, and 3 or 4 before it where it is in another place. */
const PHONE_DIGITS = { least: 7, most: 12 }

export const isPhone = (phone: string): boolean => {
  const digits = phone.replaceAll(/\D/g, '').length
  return digits >= PHONE_DIGITS.least && digits <= PHONE_DIGITS.most
}

/** Whoever is to be met or visited has to be rung first. */
export const needsPhone = ({ ground }: FeedbackDraft): boolean =>
  ground === 'agent' || ground === 'home-visit'

export const isAnonymous = ({ kind, named }: FeedbackDraft): boolean => kind === 'complaint' && named !== true

const hasName = ({ name, card }: FeedbackDraft): boolean => card !== null || name.trim() !== ''

const saysWhat = ({ item, place, reasons, words }: FeedbackDraft): boolean =>
  isNamed(item) || isNamed(place) || reasons.length > 0 || words.trim() !== ''

const isNamed = (choice: object | 'unknown' | null): boolean => choice !== null && choice !== 'unknown'

/** What the hall could not act without (DOMAIN.md §3.2), in the order of the form; all else may be left out. */
export const lacksOf = (draft: FeedbackDraft): FeedbackField[] => {
  const { kind, ground, reasons, words, slot, named, phone } = draft
  const lacks = new Set<FeedbackField>()
  if (ground === null) lacks.add('ground')
  if (ground === 'question' && reasons.length === 0 && words.trim() === '') lacks.add('said')
  if (ground === 'appointment' && slot === null) lacks.add('slot')
  if (kind !== 'request' && !saysWhat(draft)) lacks.add('said')
  if (kind === 'complaint' && (named === null || (named && !hasName(draft)))) lacks.add('contact')
  const phoneTold = !isAnonymous(draft) && phone !== ''
  if ((phoneTold && !isPhone(phone)) || (needsPhone(draft) && phone === '')) lacks.add('contact')
  return fieldsOf(draft).filter((field) => lacks.has(field))
}

export const nameMasked = ({ card, name }: FeedbackDraft): string | null =>
  card !== null ? card.masked : name.trim() === '' ? null : maskName(name.trim())

/** DOMAIN.md §2.1, userProp: 1 = a person. */
const PERSON = '1'

/** The contact as it is sealed; null where none was left, or none is wanted. */
export const userOf = (draft: FeedbackDraft): Personal<SealedUser> | null => {
  if (isAnonymous(draft)) return null
  const phone = draft.phone === '' ? null : draft.phone
  if (draft.card !== null) return new Personal({ ...draft.card.user.reveal(), phone })
  const name = draft.name.trim()
  if (name === '' && phone === null) return null
  return new Personal({ type: PERSON, name, idType: '', idNumber: '', phone })
}
