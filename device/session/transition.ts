/**
 * The citizen's session as one pure function (UX.md, Terminal; PROTOCOLS.md §3). An event that the present page
 * does not offer changes nothing: the page shows what is, so a late or doubled touch needs no error.
 */
import type { TerminalView } from '../http/contract.ts'
import { act } from './actions.ts'
import { cardLifted, cardPlaced, scanned, searchAnswered, unreadable } from './arrivals.ts'
import { isLeftCard, isSeenAgain, leftCardSeen, withLeftCard } from './left-card.ts'
import { pageTraits, paperMoves } from './pages.ts'
import { stillPatient } from './patience.ts'
import { paperFetched, runResumed } from './print-run.ts'
import { nothingCameOut, printOutcome, printSending, printSent, printSides, printWanted } from './prints.ts'
import { asksService, passesToRating } from './rating/asking.ts'
import { closesLabels, passesOn } from './rating/room.ts'
import { roomOfPage, rooms } from './rooms.ts'
import { hasSlip, refreshedSlip } from './slips.ts'
import {
  emptied,
  type SessionEvent,
  type SessionState,
  type TimerName,
  type Transition,
  type World,
} from './state.ts'
import { deadEnd, end, stay } from './steps.ts'
import { presentView } from './views.ts'

export const transition = (state: SessionState, event: SessionEvent, world: World): Transition => {
  if (state.view.name === 'not-enrolled' && !(event.type === 'world-changed' && world.enrolled)) {
    return stay(state)
  }
  const before = withLeftCard(state, world)
  const { state: after, effects } = step(before, event, world)
  return withTimer(before, event, { state: withLeftCard(after, world), effects })
}

const step = (state: SessionState, event: SessionEvent, world: World): Transition => {
  switch (event.type) {
    case 'action':
      return act(state, event.action, world)
    case 'print-wanted':
      return printWanted(state, event, world)
    case 'nothing-came-out':
      return nothingCameOut(state, event)
    case 'card-placed':
      return isLeftCard(state, event) ? stay(leftCardSeen(state)) : cardPlaced(state, event, world)
    case 'card-lifted':
      return cardLifted(state, world)
    case 'card-unreadable':
      return unreadable(
        state,
        'my-papers',
        event.numberWrong === true ? 'card-number-wrong' : 'unreadable-card',
        world,
      )
    case 'scanned':
      return scanned(state, event.text, world)
    case 'scan-rejected':
      return unreadable(
        state,
        'progress',
        event.reason === 'too-long' ? 'code-too-long' : 'code-not-text',
        world,
      )
    case 'answer':
      return searchAnswered(state, event, world)
    case 'errand-done':
      return errandDone(state, event, world)
    case 'errand-broke': {
      const { view, lookup } = state
      if (!awaits(state) || lookup?.number !== event.number) return stay(state)
      if (view.name === 'print-run')
        return paperFetched({ ...state, lookup: null }, { ok: false, problem: 'hall-trouble' }, world)
      return stay(deadEnd(state, lookup.service, 'hall-trouble'))
    }
    case 'print-sending':
      return printSending(state, event, world)
    case 'print-sent':
      return printSent(state, event, world)
    case 'print-sides':
      return printSides(state, event, world)
    case 'print-outcome':
      return printOutcome(state, event, world)
    case 'interrupted-print': {
      if (state.view.name !== 'rest') return stay(state)
      return stay({
        ...state,
        view: { name: 'paper-left', paper: event.paper },
        usage: { startedAtMs: world.nowMs, services: [] },
      })
    }
    case 'timer':
      return timer(state, event.timer, world)
    case 'world-changed':
      return worldChanged(state, world)
  }
}

const timer = (state: SessionState, name: TimerName, world: World): Transition => {
  const { view } = state
  if (name === 'ending') return view.name === 'ending' ? stay(emptied(state, { name: 'rest' })) : stay(state)
  if (timerOf(state) !== name) return stay(state)
  if (name === 'settled') return asksService(state, 'back')
  if (name === 'labels') return closesLabels(state)
  if (name === 'thanks') return passesOn(state)
  if (name !== 'idle') return end(state, 'idle', world)
  const patient = stillPatient(state, world)
  if (patient !== null) return { state: patient, effects: [{ type: 'arm', timer: 'idle' }] }
  return stay({ ...state, warning: true })
}

const worldChanged = (state: SessionState, world: World): Transition => {
  if (state.view.name === 'not-enrolled') return stay(emptied(state, { name: 'rest' }))
  const anew = (view: TerminalView): TerminalView => refreshed(view, state, world)
  return runResumed({ ...state, view: anew(state.view), trail: state.trail.map(anew) }, world)
}

/** The same page after a printer, the reader, the scanner or the content has changed. */
const refreshed = (view: TerminalView, state: SessionState, world: World): TerminalView => {
  if (view.name === 'present') return presentView(view.service, world, view.problem) ?? view
  return refreshedSlip(roomOfPage(view.name)?.refreshed?.(view, state, world) ?? view, state, world)
}

/** Whoever has gone by now hears nothing of it; whoever gave it up, only what its room would not keep from them. */
const errandDone = (
  state: SessionState,
  { number, done, jobId }: Extract<SessionEvent, { type: 'errand-done' }>,
  world: World,
): Transition => {
  const room = rooms.find(({ errands }) => errands?.includes(done.kind))
  if (!awaits(state) || state.lookup?.number !== number)
    return room?.errandLate?.(state, number, done, world, jobId) ?? stay(state)
  if (room?.errandDone === undefined) return stay(state)
  return room.errandDone({ ...state, lookup: null }, done, world, jobId)
}

/** Several papers are printed on one page, which fetches each of them in its turn; a rating's steps are quick. */
const awaits = ({ view, personal }: SessionState): boolean =>
  view.name === 'waiting' || view.name === 'print-run' || personal.rating.open !== null

const timerOf = (state: SessionState): TimerName | null => {
  const { view } = state
  if (paperMoves(view) || (hasSlip(view) && view.slip.state === 'printing')) return null
  if (passesToRating(state)) return 'settled'
  const { timer } = pageTraits[view.name]
  return timer === 'idle' && state.warning ? 'warning' : timer
}

/** Whoever touches the page stays on it. */
const BEGIN_ANEW: readonly TimerName[] = ['idle', 'settled', 'labels']

/** What a person did: it keeps the session alive. */
const isTouch = (before: SessionState, event: SessionEvent, after: SessionState): boolean => {
  switch (event.type) {
    case 'world-changed':
    case 'timer':
    case 'interrupted-print':
    // One that lies badly is seen and lost again and again with nobody there.
    case 'card-lifted':
      return false
    // One that lies badly or whose reader comes and goes counts where it changes the page, as one that cannot be read.
    case 'card-placed':
      return isSeenAgain(before, event) ? after.view !== before.view : !isLeftCard(before, event)
    case 'card-unreadable':
      return after.view !== before.view
    default:
      return true
  }
}

const withTimer = (before: SessionState, event: SessionEvent, { state, effects }: Transition): Transition => {
  const touched = isTouch(before, event, state)
  const isFresh = !state.warning && state.patience === null
  const settled = touched && !isFresh ? { ...state, warning: false, patience: null } : state
  const wanted = timerOf(settled)
  const running = timerOf(before)
  if (wanted === null)
    return { state: settled, effects: running === null ? effects : [...effects, { type: 'disarm' }] }
  // The neutral page lasts its time whatever is touched; a living page begins its time anew at each touch.
  const anew = wanted !== running || (touched && BEGIN_ANEW.includes(wanted))
  return { state: settled, effects: anew ? [...effects, { type: 'arm', timer: wanted }] : effects }
}
