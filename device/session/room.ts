/** One service's own part of the session: which pages and touches are its own, and what happens with them. */
import type { Service, TerminalView } from '../http/contract.ts'
import type { ErrandKinds, ErrandOutcome } from './errands.ts'
import type { PlainAction, SessionState, Transition, World } from './state.ts'

export interface Room {
  pages: readonly TerminalView['name'][]
  actions: readonly PlainAction['type'][]
  /** The kinds that only this room runs. */
  errands?: readonly (keyof ErrandKinds)[]
  /** A touch that is this room's, on whichever page: one that the page does not offer changes nothing. */
  act(state: SessionState, action: PlainAction, world: World): Transition
  /** Its tile, or the card that lies there already; absent where the service begins with something to be shown. */
  open?: Partial<Record<Service, (state: SessionState, world: World) => Transition>>
  /** On a page of its own, with the card's owner in `state.personal`; absent: it does here what it does everywhere. */
  cardPlaced?(state: SessionState, world: World): Transition
  /** On a page of its own; absent or null: as everywhere. */
  scanned?(state: SessionState, text: string, world: World): Transition | null
  /** What became of an errand of its own, while the page still waits for it. */
  errandDone?(state: SessionState, done: ErrandOutcome, world: World, jobId: string): Transition
  /** Where `back` or `home` is more than leaving a page of its own; absent or null: it is not. */
  leaves?(state: SessionState, by: 'back' | 'home', world: World): Transition | null
  /** The answer to an errand that nobody waits for any more: given up, or sent again; absent: nobody hears of it. */
  errandLate?(
    state: SessionState,
    number: number,
    done: ErrandOutcome,
    world: World,
    jobId: string,
  ): Transition
  /** The same page after a printer, the line or the content has changed. */
  refreshed?(view: TerminalView, state: SessionState, world: World): TerminalView
}
