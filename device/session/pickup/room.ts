/** Fetching a result: where it lies, and its handing over, once, by a locker that waits for the hall's word. */
import type { PickupOutcome } from '../../pickup/pickup.ts'
import type { ErrandOutcome } from '../errands.ts'
import type { Room } from '../room.ts'
import { withSlipIfWorks } from '../slips.ts'
import type { PersonalState, PlainAction, SessionState, Transition, World } from '../state.ts'
import { deadEnd, goTo, runs, stay } from '../steps.ts'
import { pickupSlip, pickupView, type View, waitingResult } from './views.ts'

type Asked = NonNullable<PersonalState['pickupAsked']>
type Refused = Extract<PickupOutcome, { outcome: 'refused' }>
type Collected = Extract<PickupOutcome, { outcome: 'collected' }>

const withAsked = (state: SessionState, pickupAsked: Asked | null): SessionState => ({
  ...state,
  personal: { ...state.personal, pickupAsked },
})

const act = (state: SessionState, action: PlainAction, world: World): Transition => {
  const { view } = state
  switch (action.type) {
    case 'open-pickup': {
      if (view.name !== 'case') return stay(state)
      const result = waitingResult(view.case, world)
      if (result === null) return stay(state)
      return stay(goTo(state, pickupView(result, { provedBy: view.provedBy, problem: null }, state, world)))
    }
    case 'collect':
      return view.name === 'pickup' && view.result.pickup.at === 'locker'
        ? collect(state, view, action.key, world)
        : stay(state)
    case 'ask-pickup-again': {
      const { pickupAsked } = state.personal
      return view.name === 'pickup-unknown' && pickupAsked !== null ? again(state, pickupAsked) : stay(state)
    }
    default:
      return stay(state)
  }
}

const collect = (state: SessionState, view: View<'pickup'>, key: string, world: World): Transition => {
  const { card, pickupAsked } = state.personal
  const { caseNo } = view.result
  // Whoever walked away from the answer asks for the same handing over: under a new key the hall would say that
  // it was fetched before, and nobody would be told where the door stands open.
  const open = pickupAsked?.wanted.caseNo === caseNo ? pickupAsked : null
  if (!world.online) return stay(open === null ? deadEnd(state, 'pickup', 'line-down') : unknown(state, open))
  if (open !== null) return again(state, open)
  // Who came in by a card that was lifted since has to show it again: the receipt was never here.
  if (card === null && (view.provedBy === 'card' || view.problem !== null))
    return stay({ ...state, view: { ...view, problem: 'card-needed' } })
  return ask(state, { view, wanted: { caseNo, card, key }, number: 0, doubtful: false })
}

/** An earlier try of this very handing over may have been heard. */
const again = (state: SessionState, asked: Asked): Transition => ask(state, { ...asked, doubtful: true })

const ask = (state: SessionState, asked: Asked): Transition =>
  runs(withAsked(state, { ...asked, number: state.lookups + 1 }), 'pickup', 'pickup', {
    kind: 'pickup',
    wanted: asked.wanted,
  })

const unknown = (state: SessionState, asked: Asked): SessionState =>
  withAsked(goTo(state, { name: 'pickup-unknown', result: asked.view.result }), { ...asked, doubtful: true })

const errandDone = (state: SessionState, done: ErrandOutcome, world: World, jobId: string): Transition => {
  const asked = state.personal.pickupAsked
  if (done.kind !== 'pickup' || asked === null) return stay(state)
  const { outcome } = done
  switch (outcome.outcome) {
    case 'dead-end':
      // That this try failed says nothing of the one before.
      if (asked.doubtful) return stay(unknown(state, asked))
      return stay(deadEnd(withAsked(state, afterDeadEnd(asked, outcome)), 'pickup', outcome.deadEnd))
    case 'unknown':
      return stay(unknown(state, asked))
    case 'refused':
      return stay(refused(withAsked(state, null), asked, outcome, world))
    case 'collected':
      return collected(withAsked(state, null), asked, outcome, world, jobId)
  }
}

/** Without a line nothing was sent; whatever else stopped it may have done so after the hall had noted it. */
const afterDeadEnd = (
  asked: Asked,
  { deadEnd: why }: Extract<PickupOutcome, { outcome: 'dead-end' }>,
): Asked | null => (why === 'line-down' ? null : asked)

const refused = (
  state: SessionState,
  { view, wanted }: Asked,
  { refusal, words }: Refused,
  world: World,
): SessionState => {
  const { result, provedBy } = view
  const trail = state.trail.filter(({ name }) => name !== 'pickup')
  switch (refusal) {
    // The card mends these two; what was tried is over, so that the next try is another.
    case 'card-needed':
    case 'other-person': {
      // One that was put down while the hall was asked has not been tried yet.
      const untried = refusal === 'card-needed' && wanted.card === null && state.personal.card !== null
      const problem = untried ? null : refusal
      return { ...state, view: pickupView(result, { provedBy, problem }, state, world), trail }
    }
    // What the pages before say is no longer true: the next search tells.
    case 'already-collected':
    case 'nothing-here':
      return { ...state, view: { name: 'pickup-refused', result, refusal, words }, trail: [] }
    case 'other':
      return { ...state, view: { name: 'pickup-refused', result, refusal, words } }
  }
}

const collected = (
  state: SessionState,
  { view, wanted }: Asked,
  { pickup }: Collected,
  world: World,
  jobId: string,
): Transition => {
  const { result } = view
  const over = { ...state, trail: [] }
  const job = { jobId, kind: 'pickup-slip', paper: 'receipt', pages: null } as const
  const printable = {
    kind: 'pickup-slip',
    slip: pickupSlip(result, pickup, state.preferences.language),
  } as const
  // The errand's key is the intent's: its slip is printed once under a key of its own.
  const printed = withSlipIfWorks(over, { key: `slip-${wanted.key}`, job, printable }, world)
  return {
    state: { ...printed.state, view: { name: 'collected', result, collected: pickup, slip: printed.slip } },
    effects: printed.effects,
  }
}

/** Where whoever walked away from the answer still reads of it at once; elsewhere the next touch tells them. */
const isNear = ({ view }: SessionState, caseNo: string): boolean => {
  if (view.name === 'home') return true
  if (view.name === 'pickup') return view.result.caseNo === caseNo
  return view.name === 'case' && view.case.caseNo === caseNo
}

export const pickupRoom: Room = {
  pages: ['pickup', 'collected', 'pickup-refused', 'pickup-unknown'],
  actions: ['open-pickup', 'collect', 'ask-pickup-again'],
  errands: ['pickup'],
  act,
  errandDone,
  errandLate(state, number, done, world, jobId) {
    const asked = state.personal.pickupAsked
    if (done.kind !== 'pickup' || asked === null || asked.number !== number) return stay(state)
    if (done.outcome.outcome === 'refused') return stay(withAsked(state, null))
    const tells = done.outcome.outcome === 'collected' && isNear(state, asked.wanted.caseNo)
    return tells ? errandDone(state, done, world, jobId) : stay(state)
  },
  cardPlaced(state, world) {
    const { view } = state
    // The card that was asked for: what it proves is the hall's to say, at the next touch.
    return stay(
      view.name === 'pickup'
        ? {
            ...state,
            view: pickupView(view.result, { provedBy: view.provedBy, problem: null }, state, world),
          }
        : state,
    )
  },
  refreshed(view, state, world) {
    if (view.name !== 'pickup') return view
    const { provedBy, problem } = view
    return pickupView(waitingResult(view.result, world) ?? view.result, { provedBy, problem }, state, world)
  },
}
