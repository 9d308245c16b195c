/** One answer of the form: what a touch makes of the draft. */
import {
  ComplaintGround,
  type FeedbackGround,
  type FeedbackKind,
  ReportGround,
  RequestKind,
} from '../../../sync/protocol/feedback.ts'
import type { TerminalView } from '../../http/contract.ts'
import type { PlainAction, World } from '../state.ts'
import { officesOf } from './choices.ts'
import type { FeedbackDraft } from './draft.ts'
import { isSlot } from './views.ts'

type Answer =
  /** `stays`: the page is not done with it yet. */
  { draft: FeedbackDraft; stays: boolean } | null

/** null where the page does not offer that answer. */
export const answered = (
  draft: FeedbackDraft,
  view: TerminalView,
  action: PlainAction,
  world: World,
): Answer => {
  switch (action.type) {
    case 'choose-ground': {
      if (view.name !== 'feedback-ground' || !isGroundOf(draft, action.ground)) return null
      const isSame = draft.ground === action.ground
      return done({ ...draft, ground: action.ground, reasons: isSame ? draft.reasons : [] })
    }
    case 'choose-feedback-item': {
      if (view.name !== 'feedback-item' && view.name !== 'feedback-search') return null
      if (action.itemCode === null) return done({ ...draft, item: 'unknown' })
      const guide = world.guides.find(({ itemCode }) => itemCode === action.itemCode)
      if (guide === undefined) return null
      const { itemCode, name, nameEnglish } = guide
      return done({ ...draft, item: { itemCode, name, nameEnglish } })
    }
    case 'choose-feedback-place': {
      if (view.name !== 'feedback-place') return null
      if (action.office === null) return done({ ...draft, place: 'unknown' })
      const office = officesOf(world).find((one) => one.office === action.office)
      const { window } = action
      if (office === undefined || (window !== null && !office.windows.includes(window))) return null
      return done({
        ...draft,
        place: { office: office.office, officeEnglish: office.officeEnglish, window },
      })
    }
    case 'choose-feedback-day': {
      if (view.name !== 'feedback-day') return null
      const offered = [...view.days, 'earlier', 'unknown'].includes(action.day)
      return offered ? done({ ...draft, day: action.day }) : null
    }
    case 'choose-feedback-slot': {
      if (view.name !== 'feedback-slot') return null
      const slot = view.slots.find((one) => isSlot(one, action.day, action.opens))
      return slot === undefined ? null : done({ ...draft, slot })
    }
    case 'say-feedback': {
      if (view.name !== 'feedback-said') return null
      const reasons = view.offered.filter((reason) => action.reasons.includes(reason))
      return { draft: { ...draft, reasons, words: action.words }, stays: true }
    }
    case 'leave-contact': {
      if (view.name !== 'feedback-contact') return null
      const named = draft.kind === 'complaint' ? action.named : null
      // A name that is written now stands before the card's.
      const written = action.name === null ? {} : { name: action.name, card: null }
      return { draft: { ...draft, ...written, named, phone: action.phone }, stays: true }
    }
    default:
      return null
  }
}

const done = (draft: FeedbackDraft): Answer => ({ draft, stays: false })

const groundsOf: Readonly<Record<FeedbackKind, readonly FeedbackGround[]>> = {
  report: ReportGround.options,
  complaint: ComplaintGround.options,
  request: RequestKind.options,
}

const isGroundOf = ({ kind }: FeedbackDraft, ground: FeedbackGround): boolean =>
  groundsOf[kind].some((one) => one === ground)
