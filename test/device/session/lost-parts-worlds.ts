/** A terminal whose reader, scanner, printers or line is lost under whoever stands there, and has it back. */
import type { TerminalView } from '../../../device/http/contract.ts'
import type { SessionEvent, SessionState, World } from '../../../device/session/state.ts'
import { tilesOf } from '../../../device/session/tiles.ts'
import { transition } from '../../../device/session/transition.ts'
import { sampleWorld } from '../support/samples.ts'
import { card, stateAt } from './every-page.ts'
import { LIFTED } from './print-ways.ts'

export const LOSSES = [
  'reader',
  'scanner',
  'receipt printer',
  'page printer',
  'both printers',
  'line',
] as const
export type Loss = (typeof LOSSES)[number]

export const CHANGED: SessionEvent = { type: 'world-changed' }

const WHOLE = sampleWorld()

export const worldWithout = (loss: Loss, change: Partial<World> = {}): World => {
  const [card, code, online] = [loss !== 'reader', loss !== 'scanner', loss !== 'line']
  const receipt = loss !== 'receipt printer' && loss !== 'both printers'
  const a4 = loss !== 'page printer' && loss !== 'both printers'
  return {
    ...WHOLE,
    online,
    accepts: { card, code },
    printers: { a4, receipt },
    printerTroubles: { a4: a4 ? null : 'line-lost', receipt: receipt ? null : 'line-lost' },
    tiles: tilesOf({
      offered: ['guides', 'my-papers', 'pickup', 'progress', 'ticket', 'feedback'],
      online,
      reader: card,
      scanner: code,
      content: true,
      numbers: true,
    }),
    ...change,
  }
}

/** As the drivers tell it: a card that nobody can see any more is lifted first. */
export const lost = (before: SessionState, loss: Loss): SessionState => {
  const blind = loss === 'reader' && before.cardOnReader
  const unseen = blind ? transition(before, LIFTED, WHOLE).state : before
  return transition(unseen, CHANGED, worldWithout(loss)).state
}

/** The cable is put back: a card that has lain there all the time is read anew, a moment later. */
export const foundAgain = (before: SessionState, loss: Loss, cardLies: boolean): SessionState => {
  const back = transition(before, CHANGED, WHOLE).state
  const readAnew = loss === 'reader' && cardLies
  return readAnew ? transition(back, card(), { ...WHOLE, nowMs: WHOLE.nowMs + 900 }).state : back
}

export const lostAt = (page: TerminalView['name'], loss: Loss): SessionState => lost(stateAt(page), loss)
