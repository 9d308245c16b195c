/** What the clerk's page shows and does. It asks as the clerk who is signed in, once for each case, and never sees how. */
import type { Hall, Staff } from '../../../sync/protocol/content.ts'
import { RatedCase } from '../../../sync/protocol/events.ts'
import { formatInstant } from '../../../sync/protocol/identifiers.ts'
import type { Pad } from '../../rating/pad.ts'
import type { ClerkAction, ClerkQuestion, ClerkState, ClerkDesk as DeskView } from '../contract.ts'
import { type ClerkItems, WINDOW_SERVICE } from './clerk-items.ts'
import type { Session } from './clerk-session.ts'
import { askOf, unknownEvaluation } from './refusals.ts'
import type { Standing } from './standing.ts'

/** The citizen stands there: what the case system has not said by then is asked as the service at the window. */
const ITEM_KNOWN_WITHIN_MS = 1_000

export interface ClerkSurroundings {
  build: () => string
  theme: () => 'day' | 'night'
  hall: () => Hall | null
  enrolled: () => boolean
  staff: (staffId: string) => Staff | null
  hasPins: () => boolean
  /** As the hall's case system has it by the receipt's number; null where it does not know or does not answer. */
  itemOfCase: (caseNo: string) => Promise<{ itemCode: string; itemName: string } | null>
}

export interface ClerkDeskParts extends ClerkSurroundings {
  pad: Pad
  standing: Standing
  items: ClerkItems
  /** The number on the window. */
  window: string
}

export interface ClerkDesk {
  state(session: Session | null): ClerkState
  /** @throws HttpProblem `busy`, `already-rated`, `paused`, `not-found` */
  act(session: Session, action: ClerkAction): Promise<void>
  items: ClerkItems
}

export const clerkDesk = (parts: ClerkDeskParts): ClerkDesk => {
  const { pad, standing, items, window } = parts

  const ask = async (session: Session, action: Extract<ClerkAction, { type: 'ask' }>): Promise<void> => {
    const { caseNo, itemCode, replace } = action
    // What was chosen for the case before stands until it is changed: the case's own comes first.
    const known = await itemOrNothing(parts.itemOfCase(caseNo))
    const item = known ?? (itemCode === null ? null : items.named(itemCode)) ?? WINDOW_SERVICE
    const { ticketNo } = standing.wanted
    const rated: RatedCase = {
      caseNo,
      ...item,
      handleItem: null,
      serviceName: item.itemName,
      serviceNumber: 1,
      ticketNo,
    }
    const { staffId } = session
    const { id } = askOf(pad, { case: rated, assessNumber: 1, staffId, window, user: null, replace })
    if (session.asked?.id === id) return
    const askedAt = formatInstant(new Date())
    session.asked = { id, caseNo, itemName: item.itemName, askedAt, cancelAsked: false }
  }

  const questionOf = ({ asked }: Session): ClerkQuestion | null => {
    if (asked === null) return null
    const { cancelAsked, ...question } = asked
    const state = shown(pad.evaluation(asked.id))
    return { ...question, state, cancelTooLate: cancelAsked && state !== 'cancelled' }
  }

  const deskOf = (session: Session): DeskView | null => {
    const clerk = parts.staff(session.staffId)
    if (clerk === null) return null
    const { staffId, name, post } = clerk
    const { wanted, shown: now } = standing
    const question = questionOf(session)
    return {
      clerk: { staffId, name, post },
      service: {
        state: wanted.paused ? 'paused' : 'open',
        message: wanted.message,
        pending: wanted.paused !== now.paused || wanted.message !== now.message,
      },
      serving: { ticketNo: wanted.ticketNo, pending: wanted.ticketNo !== now.ticketNo },
      question,
      otherQuestion: standing.anyOpen && !(question?.state === 'waiting' && standing.isOpen(question.id)),
    }
  }

  return {
    items,
    state(session) {
      const hall = parts.hall()
      return {
        build: parts.build(),
        theme: parts.theme(),
        hall:
          hall === null
            ? null
            : { name: hall.name, nameEnglish: hall.nameEnglish, helpPhone: hall.helpPhone },
        window,
        enrolled: parts.enrolled(),
        hasPins: parts.hasPins(),
        desk: session === null ? null : deskOf(session),
      }
    },
    async act(session, action) {
      switch (action.type) {
        case 'ask':
          await ask(session, action)
          return
        case 'cancel': {
          if (!pad.cancel(action.id)) throw unknownEvaluation()
          if (session.asked?.id === action.id) session.asked.cancelAsked = true
          return
        }
        case 'pause':
          standing.want({ paused: true, message: action.message })
          return
        case 'open':
          standing.want({ paused: false, message: null })
          return
        case 'serve':
          standing.want({ ticketNo: action.ticketNo })
          return
      }
    },
  }
}

/** Rated or declined, the page shows one thing: whoever watches it is not told whom to ask again. */
const shown = (state: ReturnType<Pad['evaluation']>): ClerkQuestion['state'] => {
  switch (state) {
    case 'waiting':
    case 'cancelled':
      return state
    case 'rated':
    case 'declined':
    case null:
      return 'done'
  }
}

const Item = RatedCase.pick({ itemCode: true, itemName: true })

const itemOrNothing = async (
  known: Promise<{ itemCode: string; itemName: string } | null>,
): Promise<{ itemCode: string; itemName: string } | null> => {
  const { promise: late, resolve } = Promise.withResolvers<null>()
  const timer = setTimeout(() => resolve(null), ITEM_KNOWN_WITHIN_MS)
  const item = await Promise.race([known.catch(() => null), late])
  clearTimeout(timer)
  // What the chain could not carry would cost the answer.
  const read = Item.safeParse(item)
  return read.success ? read.data : null
}
