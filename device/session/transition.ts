/**
 * The citizen's session as one pure function (UX.md, Terminal; PROTOCOLS.md §3). An event that the present page
 * does not offer changes nothing: the page shows what is, so a late or doubled touch needs no error.
 */
import type { TerminalView } from '../http/contract.ts'
import { act } from './actions.ts'
import { cardLifted, cardPlaced, scanned, searchAnswered, unreadable } from './arrivals.ts'
import { isLeftCard, withLeftCard } from './left-card.ts'
import { pageTraits } from './pages.ts'
import { hasSlip, nothingCameOut, printOutcome, printSending, printWanted } from './prints.ts'
import { roomOfPage, rooms } from './rooms.ts'
import {
  emptied,
  type SessionEvent,
  type SessionState,
  type TimerName,
  type Transition,
  type World,
} from './state.ts'
import { deadEnd, end, stay } from './steps.ts'
import { jobView, presentView } from './views.ts'

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
      return isLeftCard(state, event)
        ? stay({ ...state, cardOnReader: true })
        : cardPlaced(state, event, world)
    case 'card-lifted':
      return cardLifted(state, world)
    case 'card-unreadable':
      return unreadable(state, 'my-papers', 'unreadable-card', world)
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
      if (view.name !== 'waiting' || lookup?.number !== event.number) return stay(state)
      return stay(deadEnd(state, lookup.service, 'hall-trouble'))
    }
    case 'print-sending':
      return printSending(state, event)
    case 'print-outcome':
      return printOutcome(state, event)
    case 'interrupted-print': {
      if (state.view.name !== 'rest') return stay(state)
      const view = jobView({ job: event.job, state: 'unknown', reason: null, canReportNothing: false })
      return stay({ ...state, view, usage: { startedAtMs: world.nowMs, services: [] } })
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
  return name === 'idle' ? stay({ ...state, warning: true }) : end(state, 'idle', world)
}

const worldChanged = (state: SessionState, world: World): Transition => {
  if (state.view.name === 'not-enrolled') return stay(emptied(state, { name: 'rest' }))
  const anew = (view: TerminalView): TerminalView => refreshed(view, state, world)
  return stay({ ...state, view: anew(state.view), trail: state.trail.map(anew) })
}

/** The same page after a printer, the reader, the scanner or the content has changed. */
const refreshed = (view: TerminalView, state: SessionState, world: World): TerminalView => {
  if (view.name === 'present') return presentView(view.service, world, view.problem) ?? view
  return roomOfPage(view.name)?.refreshed?.(view, state, world) ?? view
}

/** Whoever gave it up or has gone by now hears nothing of it. */
const errandDone = (
  state: SessionState,
  { number, done, jobId }: Extract<SessionEvent, { type: 'errand-done' }>,
  world: World,
): Transition => {
  if (state.view.name !== 'waiting' || state.lookup?.number !== number) return stay(state)
  const room = rooms.find(({ errands }) => errands?.includes(done.kind))
  if (room?.errandDone === undefined) return stay(state)
  return room.errandDone({ ...state, lookup: null }, done, world, jobId)
}

const timerOf = (state: SessionState): TimerName | null => {
  const { view } = state
  if (hasSlip(view) && view.slip?.state === 'printing') return null
  const { timer } = pageTraits[view.name]
  return timer === 'idle' && state.warning ? 'warning' : timer
}

/** What a person did: it keeps the session alive. */
const isTouch = (before: SessionState, event: SessionEvent, after: SessionState): boolean => {
  switch (event.type) {
    case 'world-changed':
    case 'timer':
    case 'interrupted-print':
    // One that lies badly is seen and lost again and again with nobody there.
    case 'card-lifted':
      return false
    case 'card-placed':
      return !isLeftCard(before, event)
    // It counts where it changes the page.
    case 'card-unreadable':
      return after.view !== before.view
    default:
      return true
  }
}

const withTimer = (before: SessionState, event: SessionEvent, { state, effects }: Transition): Transition => {
  const touched = isTouch(before, event, state)
  const settled = touched && state.warning ? { ...state, warning: false } : state
  const wanted = timerOf(settled)
  const running = timerOf(before)
  if (wanted === null)
    return { state: settled, effects: running === null ? effects : [...effects, { type: 'disarm' }] }
  // The neutral page lasts its time whatever is touched; a living page begins its time anew at each touch.
  const anew = wanted !== running || (wanted === 'idle' && touched)
  return { state: settled, effects: anew ? [...effects, { type: 'arm', timer: wanted }] : effects }
}
