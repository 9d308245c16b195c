/** Proofs of issuers on the spot: chosen, made for whoever's card lies there, and printed at once. */
import { formatInstant } from '../../../sync/protocol/identifiers.ts'
import type { ProofOffer, TerminalView } from '../../http/contract.ts'
import type { ErrandOutcome } from '../errands.ts'
import { proofsWork } from '../papers/views.ts'
import type { Room } from '../room.ts'
import { withSlip } from '../slips.ts'
import type { PlainAction, SessionState, Transition, World } from '../state.ts'
import { deadEnd, goTo, runs, stay } from '../steps.ts'

type View<Name extends TerminalView['name']> = Extract<TerminalView, { name: Name }>

const act = (state: SessionState, action: PlainAction, world: World): Transition => {
  const { view, personal } = state
  switch (action.type) {
    case 'open-proofs': {
      const works = proofsWork(world)
      if (view.name !== 'papers' || works === 'none') return stay(state)
      return stay(goTo(state, { name: 'proofs', offers: [...world.proofs], works }))
    }
    case 'take-proof': {
      if (view.name !== 'proofs' || view.works !== 'works') return stay(state)
      const offer = view.offers.find(({ kind }) => kind === action.kind)
      if (offer === undefined) return stay(state)
      const asking = { ...state, personal: { ...personal, proofAsked: { offer, key: action.key } } }
      if (personal.card !== null) return ask(asking, offer, action.key)
      const acceptsCard = world.accepts.card
      return stay(goTo(asking, { name: 'proof-card', offer, acceptsCard, problem: null }))
    }
    case 'ask-proof-again': {
      const asked = personal.proofAsked
      if (view.name !== 'proof-unknown' || asked === null) return stay(state)
      return ask(state, asked.offer, asked.key)
    }
    default:
      return stay(state)
  }
}

/** A key that was asked with before is asked with again as it was, whether the card still lies there or not. */
const ask = (state: SessionState, { kind }: ProofOffer, key: string): Transition =>
  runs(state, 'my-papers', 'proof', {
    kind: 'proof',
    wanted: { kind, card: state.personal.card, key },
  })

const errandDone = (state: SessionState, done: ErrandOutcome, world: World, jobId: string): Transition => {
  const asked = state.personal.proofAsked
  if (done.kind !== 'proof' || asked === null) return stay(state)
  const { offer, key } = asked
  const { outcome } = done
  switch (outcome.outcome) {
    case 'dead-end':
      return stay(deadEnd(state, 'my-papers', outcome.deadEnd))
    case 'unknown':
      return stay({ ...state, view: { name: 'proof-unknown', offer, problem: 'no-word' } })
    case 'refused': {
      const { refusal, words } = outcome
      return stay({ ...state, view: { name: 'proof-refused', offer, refusal, words } })
    }
    case 'made': {
      const { paper, title, verificationCode, verifyAddress } = outcome
      if (!paper.ok) return stay({ ...state, view: { name: 'proof-unknown', offer, problem: paper.problem } })
      const { pdf, pages } = paper
      const over = { ...state, personal: { ...state.personal, proofAsked: null } }
      const job = { jobId, kind: 'proof', paper: 'a4', pages } as const
      // The errand's key is the intent's: its paper is printed once under a key of its own.
      const printable = { kind: 'issued', pdf, pages } as const
      const { slip, ...printed } = withSlip(over, { key: `proof-${key}`, job, printable })
      const view: View<'proof'> = {
        name: 'proof',
        offer,
        ...{ title, pages, verificationCode, verifyAddress, slip },
        madeAt: formatInstant(world.now),
        trouble: null,
        checkSlip: false,
      }
      return {
        state: { ...printed.state, view: refreshedProof(view, world) },
        effects: printed.effects,
      }
    }
  }
}

const refreshedProof = (view: View<'proof'>, { printers, printerTroubles }: World): View<'proof'> => ({
  ...view,
  trouble: view.slip.state === 'printing' ? printerTroubles.a4 : null,
  checkSlip: printers.receipt,
})

export const proofsRoom: Room = {
  pages: ['proofs', 'proof-card', 'proof', 'proof-refused', 'proof-unknown'],
  actions: ['open-proofs', 'take-proof', 'ask-proof-again'],
  errands: ['proof'],
  act,
  errandDone,
  /** The card that was asked for leads on; elsewhere here it waits on the plate. */
  cardPlaced(state) {
    const asked = state.personal.proofAsked
    return state.view.name === 'proof-card' && asked !== null
      ? ask(state, asked.offer, asked.key)
      : stay(state)
  },
  refreshed(view, _state, world) {
    switch (view.name) {
      case 'proofs': {
        const works = proofsWork(world)
        // An offer that was taken back meanwhile is refused by the hall, with words.
        return { ...view, works: works === 'none' ? 'line-down' : works }
      }
      case 'proof-card': {
        const acceptsCard = world.accepts.card
        return { ...view, acceptsCard, problem: acceptsCard ? view.problem : null }
      }
      case 'proof':
        return refreshedProof(view, world)
      default:
        return view
    }
  },
}
