/** The pages of paper on its way: of one paper, and of several that are printed one after the other. */
import { paperFetched, printRest, refreshedRun } from './print-run.ts'
import { refreshedPrint } from './prints.ts'
import type { Room } from './room.ts'
import { stay } from './steps.ts'

export const printRoom: Room = {
  pages: ['printing', 'printed', 'nothing-came-out', 'paper-left'],
  actions: [],
  act: (state) => stay(state),
  refreshed: (view, state, world) => refreshedPrint(view, state, world),
}

export const printRunRoom: Room = {
  pages: ['print-run'],
  actions: ['print-rest'],
  errands: ['document'],
  act: (state, _action, world) => printRest(state, world),
  errandDone: (state, done, world) =>
    done.kind === 'document' ? paperFetched(state, done.outcome, world) : stay(state),
  /** It may be wanted for a paper that has lain at the hall for too long. */
  cardPlaced: (state, world) =>
    stay(
      state.view.name === 'print-run' ? { ...state, view: refreshedRun(state.view, state, world) } : state,
    ),
  /** A case's barcode waits until the papers are out. */
  scanned: (state) => stay(state),
  refreshed: (view, state, world) => (view.name === 'print-run' ? refreshedRun(view, state, world) : view),
}
