/** Fetching a result: where it lies, and its handing over, once, by a locker that waits for the hall's word. */
import type { ErrandOutcome } from '../errands.ts'
import { withSlip } from '../prints.ts'
import type { Room } from '../room.ts'
import type { PlainAction, SessionState, Transition, World } from '../state.ts'
import { deadEnd, goTo, runs, stay } from '../steps.ts'
import { pickupSlip, pickupView, waitingResult } from './views.ts'

const act = (state: SessionState, action: PlainAction, world: World): Transition => {
  const { view } = state
  switch (action.type) {
    case 'open-pickup': {
      if (view.name !== 'case') return stay(state)
      const result = waitingResult(view.case, world)
      if (result === null) return stay(state)
      return stay(goTo(state, pickupView(result, { provedBy: view.provedBy, problem: null }, world)))
    }
    case 'collect': {
      if (view.name !== 'pickup' || view.result.pickup.at !== 'locker') return stay(state)
      const { result, provedBy } = view
      const { card } = state.personal
      // Who came in by a card that was lifted since has to show it again: the receipt was never here.
      if (card === null && (provedBy === 'card' || view.problem !== null))
        return stay({ ...state, view: { ...view, problem: 'card-needed' } })
      const wanted = { caseNo: result.caseNo, card, key: action.key }
      const asking = { ...state, personal: { ...state.personal, pickupAsked: { view, wanted } } }
      return runs(asking, 'pickup', 'pickup', { kind: 'pickup', wanted })
    }
    case 'ask-pickup-again': {
      const { pickupAsked } = state.personal
      if (view.name !== 'pickup-unknown' || pickupAsked === null) return stay(state)
      return runs(state, 'pickup', 'pickup', { kind: 'pickup', wanted: pickupAsked.wanted })
    }
    default:
      return stay(state)
  }
}

const errandDone = (state: SessionState, done: ErrandOutcome, world: World, jobId: string): Transition => {
  const { pickupAsked } = state.personal
  if (done.kind !== 'pickup' || pickupAsked === null) return stay(state)
  const { view, wanted } = pickupAsked
  const { result } = view
  const { outcome } = done
  switch (outcome.outcome) {
    case 'dead-end':
      return stay(deadEnd(state, 'pickup', outcome.deadEnd))
    case 'unknown':
      return stay({ ...state, view: { name: 'pickup-unknown', result } })
    case 'refused': {
      const { refusal, words } = outcome
      // The card mends these two; what was tried is over, so that the next try is another.
      if (refusal === 'card-needed' || refusal === 'other-person') {
        const trail = state.trail.filter(({ name }) => name !== 'pickup')
        const problem = pickupView(result, { provedBy: view.provedBy, problem: refusal }, world)
        return stay({ ...state, view: problem, trail })
      }
      return stay({ ...state, view: { name: 'pickup-refused', result, refusal, words } })
    }
    case 'collected': {
      const collected = outcome.pickup
      const over = { ...state, personal: { ...state.personal, pickupAsked: null }, trail: [] }
      if (!world.printers.receipt)
        return stay({ ...over, view: { name: 'collected', result, collected, slip: null } })
      const job = { jobId, kind: 'pickup-slip', paper: 'receipt', pages: null } as const
      const printable = { kind: 'pickup-slip', slip: pickupSlip(result, collected) } as const
      // The errand's key is the intent's: its slip is printed once under a key of its own.
      const printed = withSlip(over, `slip-${wanted.key}`, job, printable)
      return {
        state: { ...printed.state, view: { name: 'collected', result, collected, slip: printed.slip } },
        effects: printed.effects,
      }
    }
  }
}

export const pickupRoom: Room = {
  pages: ['pickup', 'collected', 'pickup-refused', 'pickup-unknown'],
  actions: ['open-pickup', 'collect', 'ask-pickup-again'],
  errands: ['pickup'],
  act,
  errandDone,
  cardPlaced(state, world) {
    const { view } = state
    // The card that was asked for: what it proves is the hall's to say, at the next touch.
    return stay(
      view.name === 'pickup'
        ? { ...state, view: pickupView(view.result, { provedBy: view.provedBy, problem: null }, world) }
        : state,
    )
  },
  refreshed(view, _state, world) {
    if (view.name !== 'pickup') return view
    const result = waitingResult(view.result, world) ?? view.result
    return pickupView(result, view, world)
  },
}
