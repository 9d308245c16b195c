/** The pages of what citizens leave, made from what was said so far. */
import { type FeedbackSlot, reasonsOf } from '../../../sync/protocol/feedback.ts'
import { type AnswerDay, answerDay } from '../../../sync/protocol/feedback-days.ts'
import type { ReportKind } from '../../../sync/protocol/report-limits.ts'
import type { FeedbackField, FeedbackForm, NotKept, Preferences, TerminalView } from '../../http/contract.ts'
import type { PersonalState, World } from '../state.ts'
import { daysBack, hallMoment, itemView, officesOf, searchView, slotsAhead } from './choices.ts'
import { type FeedbackDraft, fieldsOf, isAnonymous, lacksOf, nameMasked, needsPhone } from './draft.ts'

type View<Name extends TerminalView['name']> = Extract<TerminalView, { name: Name }>

/**
 * By how much a report is to be set right: several offices where the item is theirs together or the citizen was sent
 * from one to the other; at once where it is a matter of minutes at the window.
 */
export const paceOf = ({ ground, item, reasons }: FeedbackDraft, { guides }: World): ReportKind => {
  const itemCode = item === null || item === 'unknown' ? null : item.itemCode
  const kind = guides.find((guide) => guide.itemCode === itemCode)?.kind
  if (kind === 'joint' || reasons.includes('between-offices')) return 'several-offices'
  return kind === 'immediate' && ground === 'not-accepted' ? 'now' : 'ordinary'
}

export const answerOf = (draft: FeedbackDraft, world: World): AnswerDay => {
  const { kind } = draft
  const answered = kind === 'report' ? { kind, pace: paceOf(draft, world) } : { kind }
  return answerDay(answered, hallMoment(world), world.hall?.hours ?? [], world.calendars)
}

export const groundView = ({ kind, ground }: FeedbackDraft): View<'feedback-ground'> => ({
  name: 'feedback-ground',
  kind,
  chosen: ground,
})

/** null before a ground was chosen: the form begins with it. */
export const formView = (
  draft: FeedbackDraft,
  world: World,
  notKept: NotKept | null = null,
): View<'feedback-form'> | null => {
  const { ground } = draft
  if (ground === null) return null
  const { kind, item, place, day, slot, reasons, words, phone } = draft
  const told = !isAnonymous(draft)
  const form: FeedbackForm = {
    kind,
    ground,
    fields: fieldsOf(draft),
    lacks: lacksOf(draft),
    item,
    place,
    day,
    slot,
    reasons,
    words,
    named: kind === 'complaint' ? draft.named : null,
    nameMasked: told ? nameMasked(draft) : null,
    phoneMasked: told && phone !== '' ? maskPhone(phone) : null,
    answer: answerOf(draft, world),
  }
  return { name: 'feedback-form', form, notKept }
}

/** Where one row of the form is answered. */
export const fieldView = (
  field: FeedbackField,
  draft: FeedbackDraft,
  world: World,
  personal: PersonalState,
): TerminalView | null => {
  switch (field) {
    case 'ground':
      return groundView(draft)
    case 'item':
      return itemView(world, 'life-event', null)
    case 'place':
      return { name: 'feedback-place', kind: draft.kind, offices: officesOf(world), office: null }
    case 'day':
      return { name: 'feedback-day', days: daysBack(world), chosen: draft.day }
    case 'slot':
      return { name: 'feedback-slot', slots: slotsAhead(world), chosen: draft.slot }
    case 'said':
      return saidView(draft)
    case 'contact':
      return contactView(draft, world, personal)
  }
}

export const saidView = ({ ground, reasons, words }: FeedbackDraft): View<'feedback-said'> | null =>
  ground === null ? null : { name: 'feedback-said', ground, offered: reasonsOf[ground], reasons, words }

export const contactView = (
  draft: FeedbackDraft,
  world: World,
  { card, masked }: PersonalState,
): View<'feedback-contact'> => ({
  name: 'feedback-contact',
  kind: draft.kind,
  named: draft.kind === 'complaint' ? draft.named : null,
  nameWritten: draft.card === null ? draft.name : null,
  nameMasked: nameMasked(draft),
  phone: draft.phone,
  phoneNeeded: needsPhone(draft),
  cardMasked: card === null || draft.card !== null ? null : masked,
  readsCards: world.accepts.card,
})

/** As it is now: the answers given on the pages after it, and what the hall's content has become. */
export const refreshedView = (
  view: TerminalView,
  draft: FeedbackDraft | null,
  personal: PersonalState,
  world: World,
  language: Preferences['language'],
): TerminalView => {
  switch (view.name) {
    case 'feedback':
      return { name: 'feedback', begun: draft?.kind ?? null }
    case 'feedback-item':
      return itemView(world, view.by, view.group)
    case 'feedback-search':
      return searchView(world, view.query, language)
    case 'feedback-place':
      return { ...view, offices: officesOf(world) }
    case 'feedback-form':
      return (draft && formView(draft, world, view.notKept)) ?? view
    case 'feedback-ground':
      return draft === null ? view : groundView(draft)
    case 'feedback-day':
      return draft === null ? view : { ...view, days: daysBack(world), chosen: draft.day }
    case 'feedback-slot':
      return draft === null ? view : { ...view, slots: slotsAhead(world), chosen: draft.slot }
    case 'feedback-said':
      return (draft && saidView(draft)) ?? view
    case 'feedback-contact':
      return draft === null ? view : contactView(draft, world, personal)
    default:
      return view
  }
}

export const isSlot = (one: FeedbackSlot, day: string, opens: string): boolean =>
  one.day === day && one.opens === opens

/** The first three and the last four (DOMAIN.md §3, masking); a short one shows its end alone. */
const maskPhone = (phone: string): string => {
  const shown = phone.length >= 10 ? 3 : 0
  return phone.slice(0, shown) + '*'.repeat(Math.max(0, phone.length - shown - 4)) + phone.slice(-4)
}
