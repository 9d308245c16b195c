/** Queue tickets: what one can queue for now, the ways to a number, the number. */
import type { TicketCode } from '../../http/contract.ts'
import type { ErrandOutcome } from '../errands.ts'
import { withSlip } from '../prints.ts'
import type { Room } from '../room.ts'
import type { PlainAction, SessionState, Transition, World } from '../state.ts'
import { deadEnd, goTo, runs, stay } from '../steps.ts'
import { codeView, ticketPrintable, typesOf, typesShown, type View, waysView } from './views.ts'

/** As the hall takes them (PROTOCOLS.md §1.4). */
const CODE: Record<TicketCode, RegExp> = {
  appointment: /^[A-Za-z0-9-]{1,32}$/,
  missed: /^[A-Za-z0-9-]{1,16}$/,
}

const askQueue = (state: SessionState): Transition =>
  runs(state, 'ticket', 'queue', { kind: 'queue', wanted: {} })

const take = (
  state: SessionState,
  { type, of }: { type: View<'queue'>['types'][number]; of: TicketCode | null },
  code: string | null,
  key: string,
): Transition => {
  const wanted = {
    businessType: type.businessType,
    card: state.personal.card,
    appointment: of === 'appointment' ? code : null,
    missed: of === 'missed' ? code : null,
    key,
  }
  const asking = { ...state, personal: { ...state.personal, ticketAsked: { type, wanted } } }
  return runs(asking, 'ticket', 'ticket', { kind: 'ticket', wanted })
}

const act = (state: SessionState, action: PlainAction, world: World): Transition => {
  const { view } = state
  switch (action.type) {
    case 'choose-queue': {
      const type = typesShown(view).find(({ businessType }) => businessType === action.businessType)
      if (type === undefined) return stay(state)
      if (type.open) return stay(goTo(state, waysView(type, state, world)))
      return stay(goTo(state, { name: 'ticket-refused', type, refusal: 'closed', words: '' }))
    }
    case 'open-ticket-code':
      if (view.name !== 'ticket-ways') return stay(state)
      return stay(goTo(state, codeView(view.type, action.of, world)))
    case 'take-ticket':
      if (view.name === 'ticket-ways' && action.code === null)
        return take(state, { type: view.type, of: null }, null, action.key)
      if (view.name === 'ticket-code' && action.code !== null && CODE[view.of].test(action.code))
        return take(state, view, action.code.toUpperCase(), action.key)
      return stay(state)
    case 'ask-ticket-again': {
      const { ticketAsked } = state.personal
      if (view.name !== 'ticket-unknown' || ticketAsked === null) return stay(state)
      return runs(state, 'ticket', 'ticket', { kind: 'ticket', wanted: ticketAsked.wanted })
    }
    default:
      return stay(state)
  }
}

const errandDone = (state: SessionState, done: ErrandOutcome, world: World, jobId: string): Transition => {
  if (done.kind === 'queue') {
    const { outcome } = done
    if (!outcome.ok) return stay(deadEnd(state, 'ticket', outcome.deadEnd))
    return stay(goTo(state, { name: 'queue', types: typesOf(outcome.value, world) }))
  }
  const { ticketAsked } = state.personal
  if (done.kind !== 'ticket' || ticketAsked === null) return stay(state)
  const { type, wanted } = ticketAsked
  const { outcome } = done
  switch (outcome.outcome) {
    case 'dead-end':
      return stay(deadEnd(state, 'ticket', outcome.deadEnd))
    case 'unknown':
      return stay({ ...state, view: { name: 'ticket-unknown', type } })
    case 'refused':
      return stay({
        ...state,
        view: { name: 'ticket-refused', type, refusal: outcome.refusal, words: outcome.words },
      })
    case 'given': {
      const { ticket } = outcome
      const asked = { ...state, personal: { ...state.personal, ticketAsked: null }, trail: [] }
      if (!world.printers.receipt)
        return stay({ ...asked, view: { name: 'ticket', type, ticket, slip: null } })
      const job = { jobId, kind: 'queue-ticket', paper: 'receipt', pages: null } as const
      const printable = ticketPrintable(ticket, type, world)
      // The errand's key is the intent's: its slip is printed once under a key of its own.
      const printed = withSlip(asked, `slip-${wanted.key}`, job, printable)
      return {
        state: { ...printed.state, view: { name: 'ticket', type, ticket, slip: printed.slip } },
        effects: printed.effects,
      }
    }
  }
}

export const ticketsRoom: Room = {
  pages: ['queue', 'ticket-ways', 'ticket-code', 'ticket', 'ticket-refused', 'ticket-unknown'],
  actions: ['choose-queue', 'open-ticket-code', 'take-ticket', 'ask-ticket-again'],
  errands: ['queue', 'ticket'],
  act,
  open: { ticket: askQueue },
  errandDone,
  cardPlaced(state, world) {
    const { view } = state
    // On the ways to a number a card says who comes; on the other pages it waits on the plate.
    return stay(view.name === 'ticket-ways' ? { ...state, view: waysView(view.type, state, world) } : state)
  },
  scanned(state, text) {
    const { view } = state
    const code = text.trim()
    if (view.name !== 'ticket-code' || !CODE[view.of].test(code)) return stay(state)
    return stay({ ...state, view: { ...view, scanned: code.toUpperCase() } })
  },
  refreshed(view, state, world) {
    if (view.name === 'ticket-ways') return waysView(view.type, state, world)
    if (view.name === 'ticket-code') return { ...view, acceptsCode: world.accepts.code }
    return view
  },
}
