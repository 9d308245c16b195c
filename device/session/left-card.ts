/**
 * The card that lay on the plate when its owner's session ended. A line that is reopened, or one odd answer of the
 * reader, has it placed anew with nobody there: until it was surely lifted, it opens nothing.
 */
import type { SessionEvent, SessionState, World } from './state.ts'

/** Gone for so long, a card was lifted: at 9600 baud a card that stayed is read again after 2.5 s. */
const LASTING_LIFT_MS = 3000

/** As it stands at this moment. A card that nobody can look for is not known to be lifted. */
export const withLeftCard = (state: SessionState, world: World): SessionState => {
  const { leftCard } = state
  if (leftCard === null) return state
  const { person, missingSinceMs } = leftCard
  const isMissing = !state.cardOnReader && world.accepts.card
  if (!isMissing) return { ...state, leftCard: { person, missingSinceMs: null } }
  if (missingSinceMs === null) return { ...state, leftCard: { person, missingSinceMs: world.nowMs } }
  return world.nowMs - missingSinceMs < LASTING_LIFT_MS ? state : { ...state, leftCard: null }
}

/** Whether this is nobody's placing. `state` as `withLeftCard` gives it. */
export const isLeftCard = ({ leftCard }: SessionState, event: SessionEvent): boolean =>
  event.type === 'card-placed' && leftCard !== null && leftCard.person === event.person
