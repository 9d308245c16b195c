/** Queue tickets: what one can queue for now, the ways to a number, the number. */
import type { TicketAnswer } from '../../../sync/protocol/queue.ts'
import type { QueueType, TicketCode } from '../../http/contract.ts'
import type { TicketWanted } from '../../tickets/ticket.ts'
import type { ErrandOutcome } from '../errands.ts'
import type { Room } from '../room.ts'
import { withSlipIfWorks } from '../slips.ts'
import type { PersonalState, PlainAction, SessionState, Transition, World } from '../state.ts'
import { deadEnd, goTo, runs, stay } from '../steps.ts'
import { codeView, ticketPrintable, typesOf, typesShown, waysView } from './views.ts'

/** As the hall takes them (PROTOCOLS.md §1.4). */
const CODE: Record<TicketCode, RegExp> = {
  appointment: /^[A-Za-z0-9-]{1,32}$/,
  missed: /^[A-Za-z0-9-]{1,16}$/,
}

const askQueue = (state: SessionState): Transition =>
  runs(state, 'ticket', 'queue', { kind: 'queue', wanted: {} })

type Asked = NonNullable<PersonalState['ticketAsked']>

const withAsked = (state: SessionState, ticketAsked: Asked | null): SessionState => ({
  ...state,
  personal: { ...state.personal, ticketAsked },
})

const take = (
  state: SessionState,
  { type, of }: { type: QueueType; of: TicketCode | null },
  { code, key }: { code: string | null; key: string },
  world: World,
): Transition => {
  const wish = {
    businessType: type.businessType,
    appointment: of === 'appointment' ? code : null,
    missed: of === 'missed' ? code : null,
  }
  const { ticketAsked, card } = state.personal
  // Whoever walked away from the answer asks for the same number: a new key would take a second one.
  const open = ticketAsked !== null && isSameWish(ticketAsked.wanted, wish) ? ticketAsked : null
  if (!world.online) return stay(open === null ? deadEnd(state, 'ticket', 'line-down') : unknown(state, open))
  if (open !== null) return again(state, open)
  return ask(state, { type, wanted: { ...wish, card, key }, number: 0, doubtful: false })
}

const isSameWish = (
  wanted: TicketWanted,
  { businessType, appointment, missed }: Pick<TicketWanted, 'businessType' | 'appointment' | 'missed'>,
): boolean =>
  wanted.businessType === businessType && wanted.appointment === appointment && wanted.missed === missed

/** An earlier try for this very number may have been heard. */
const again = (state: SessionState, asked: Asked): Transition => ask(state, { ...asked, doubtful: true })

const ask = (state: SessionState, asked: Asked): Transition =>
  runs(withAsked(state, { ...asked, number: state.lookups + 1 }), 'ticket', 'ticket', {
    kind: 'ticket',
    wanted: asked.wanted,
  })

const unknown = (state: SessionState, asked: Asked): SessionState =>
  withAsked(goTo(state, { name: 'ticket-unknown', type: asked.type }), { ...asked, doubtful: true })

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
        return take(state, { type: view.type, of: null }, action, world)
      if (view.name === 'ticket-code' && action.code !== null && CODE[view.of].test(action.code))
        return take(state, view, { code: action.code.toUpperCase(), key: action.key }, world)
      return stay(state)
    case 'ask-ticket-again': {
      const { ticketAsked } = state.personal
      return view.name === 'ticket-unknown' && ticketAsked !== null ? again(state, ticketAsked) : stay(state)
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
  const asked = state.personal.ticketAsked
  if (done.kind !== 'ticket' || asked === null) return stay(state)
  const { outcome } = done
  switch (outcome.outcome) {
    case 'dead-end': {
      const why = outcome.deadEnd
      // That this try failed says nothing of the one before.
      if (asked.doubtful) return stay(unknown(state, asked))
      // Without a line nothing was sent; whatever else stopped it may have done so after the number was given.
      return stay(deadEnd(why === 'line-down' ? withAsked(state, null) : state, 'ticket', why))
    }
    case 'unknown':
      return stay(unknown(state, asked))
    case 'refused': {
      const { refusal, words } = outcome
      const view = { name: 'ticket-refused', type: asked.type, refusal, words } as const
      return stay({ ...withAsked(state, null), view })
    }
    case 'given':
      return given(withAsked(state, null), asked, outcome.ticket, world, jobId)
  }
}

const given = (
  state: SessionState,
  { type, wanted }: Asked,
  ticket: TicketAnswer,
  world: World,
  jobId: string,
): Transition => {
  const over = { ...state, trail: [] }
  const job = { jobId, kind: 'queue-ticket', paper: 'receipt', pages: null } as const
  // The errand's key is the intent's: its slip is printed once under a key of its own.
  const slip = {
    key: `slip-${wanted.key}`,
    job,
    printable: ticketPrintable(ticket, type, state.preferences.language, world),
  }
  const printed = withSlipIfWorks(over, slip, world)
  return {
    state: { ...printed.state, view: { name: 'ticket', type, ticket, slip: printed.slip } },
    effects: printed.effects,
  }
}

/** Where whoever walked away from the answer would take another number; elsewhere the next touch tells them. */
const isNear = ({ view }: SessionState, { businessType }: TicketWanted): boolean =>
  (view.name === 'ticket-ways' || view.name === 'ticket-code') && view.type.businessType === businessType

export const ticketsRoom: Room = {
  pages: ['queue', 'ticket-ways', 'ticket-code', 'ticket', 'ticket-refused', 'ticket-unknown'],
  actions: ['choose-queue', 'open-ticket-code', 'take-ticket', 'ask-ticket-again'],
  errands: ['queue', 'ticket'],
  act,
  open: { ticket: askQueue },
  errandDone,
  errandLate(state, number, done, world, jobId) {
    const asked = state.personal.ticketAsked
    if (done.kind !== 'ticket' || asked === null || asked.number !== number) return stay(state)
    if (done.outcome.outcome === 'refused') return stay(withAsked(state, null))
    const tells = done.outcome.outcome === 'given' && isNear(state, asked.wanted)
    return tells ? errandDone(state, done, world, jobId) : stay(state)
  },
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
    if (view.name === 'ticket-ways') return waysView(view.type, state, world, view.problem)
    if (view.name === 'ticket-code') return { ...view, acceptsCode: world.accepts.code }
    return view
  },
}
