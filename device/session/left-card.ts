/**
 * The card that lay on the plate when its owner's session ended. A line that is reopened, or one odd answer of the
 * reader, has it placed anew with nobody there: until it was surely lifted, it opens nothing. While its owner is still
 * there it is the same card shown once, and leads nowhere by itself.
 */
import type { CardMissing, SessionEvent, SessionState, World } from './state.ts'

/** Gone for so long, a card was lifted: at 9600 baud a card that stayed is read again after 2.5 s. */
const LASTING_LIFT_MS = 3000

/** As it stands at this moment. A card that nobody can look for is not known to be lifted. */
export const withLeftCard = (before: SessionState, world: World): SessionState => {
  const state = withMissingCard(before, world)
  const { leftCard } = state
  if (leftCard === null) return state
  const { person, missingSinceMs } = leftCard
  const isMissing = !state.cardOnReader && world.accepts.card
  if (!isMissing) return { ...state, leftCard: { person, missingSinceMs: null } }
  if (missingSinceMs === null) return { ...state, leftCard: { person, missingSinceMs: world.nowMs } }
  return world.nowMs - missingSinceMs < LASTING_LIFT_MS ? state : { ...state, leftCard: null }
}

const withMissingCard = (state: SessionState, world: World): SessionState => {
  const { personal } = state
  if (personal.cardMissing === null) return state
  const cardMissing = missingNow(personal.cardMissing, world)
  return cardMissing === personal.cardMissing ? state : { ...state, personal: { ...personal, cardMissing } }
}

const missingNow = (before: CardMissing, { accepts, nowMs }: World): CardMissing | null => {
  const { sinceMs, unseen } = before
  if (!accepts.card) return sinceMs === null && unseen ? before : { sinceMs: null, unseen: true }
  if (sinceMs === null) return { sinceMs: nowMs, unseen }
  return nowMs - sinceMs < LASTING_LIFT_MS ? before : null
}

/** Whether it is the card of whoever is here, that was never surely lifted. `state` as `withLeftCard` gives it. */
export const isSeenAgain = ({ personal }: SessionState, event: SessionEvent): boolean =>
  event.type === 'card-placed' && personal.cardMissing !== null && personal.person === event.person

/** Whether this is nobody's placing. `state` as `withLeftCard` gives it. */
export const isLeftCard = ({ leftCard }: SessionState, event: SessionEvent): boolean =>
  event.type === 'card-placed' && leftCard !== null && leftCard.person === event.person

/** It opens nothing; the page that reminds of it does so again. */
export const leftCardSeen = (state: SessionState): SessionState => {
  const { view } = state
  return {
    ...state,
    cardOnReader: true,
    view: view.name === 'ending' ? { name: 'ending', cardOnReader: true } : view,
  }
}
