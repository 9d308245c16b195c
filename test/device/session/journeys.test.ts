/** Whatever comes in whatever order: the session never falls, and an empty terminal holds nothing of anybody. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { TerminalAction } from '../../../device/http/contract.ts'
import {
  initialState,
  type PrintAction,
  type SessionEvent,
  type SessionState,
} from '../../../device/session/state.ts'
import { transition } from '../../../device/session/transition.ts'
import { PERSON, sampleCard, sampleCase, sampleGuide, sampleWorld } from '../support/samples.ts'

type Plain = Exclude<TerminalAction, { type: PrintAction['type'] | 'nothing-came-out' }>

const plain: Plain[] = [
  { type: 'wake' },
  { type: 'open-service', service: 'guides' },
  { type: 'open-service', service: 'my-papers' },
  { type: 'open-service', service: 'pickup' },
  { type: 'choose-life-event', lifeEvent: 'travel' },
  { type: 'open-guide', itemCode: sampleGuide.itemCode },
  { type: 'open-case', caseNo: 'YX2026110001' },
  { type: 'back' },
  { type: 'home' },
  { type: 'end' },
  { type: 'touch' },
  { type: 'prefer', preferences: { largeType: true } },
]

const anyEvent: fc.Arbitrary<SessionEvent> = fc.oneof(
  fc.constantFrom(...plain).map((action): SessionEvent => ({ type: 'action', action })),
  fc
    .constantFrom('lin', 'another')
    .map(
      (person): SessionEvent => ({ type: 'card-placed', card: sampleCard(), person, masked: PERSON.masked }),
    ),
  fc.constant<SessionEvent>({ type: 'card-lifted' }),
  fc.constant<SessionEvent>({ type: 'card-unreadable' }),
  fc.string({ unit: 'binary' }).map((text): SessionEvent => ({ type: 'scanned', text })),
  fc.constant<SessionEvent>({ type: 'scanned', text: 'YX2026110001' }),
  fc.nat(8).map(
    (lookup): SessionEvent => ({
      type: 'answer',
      lookup,
      answer: { ok: true, cases: [sampleCase('YX2026110001')] },
    }),
  ),
  fc.nat(3).map(
    (number): SessionEvent => ({
      type: 'print-wanted',
      action: { type: 'print-paper', paperId: '1-0-0', key: `k${number}` },
      jobId: `job-${number}`,
      known: null,
    }),
  ),
  fc.nat(3).map(
    (number): SessionEvent => ({
      type: 'print-outcome',
      jobId: `job-${number}`,
      outcome: { outcome: 'unknown', reason: 'no-answer' },
    }),
  ),
  fc
    .nat(3)
    .map((number): SessionEvent => ({ type: 'nothing-came-out', jobId: `job-${number}`, noted: true })),
  fc.constantFrom('idle', 'warning', 'ending').map((timer): SessionEvent => ({ type: 'timer', timer })),
  fc.constant<SessionEvent>({ type: 'world-changed' }),
)

it('any journey keeps its promises', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), fc.boolean(), (events, online) => {
      let state: SessionState = initialState(true)
      let timer: string | null = null
      for (const event of events) {
        const before = state
        const result = transition(state, event, sampleWorld({ online }))
        state = result.state
        for (const effect of result.effects) {
          if (effect.type === 'arm') timer = effect.timer
          if (effect.type === 'disarm') timer = null
        }
        const empty = state.view.name === 'rest' || state.view.name === 'ending'
        // Nobody here: nothing of anybody. Somebody here: a session that an end will be told of.
        expect(state.usage === null).toBe(empty)
        if (empty) {
          expect(state).toMatchObject({
            trail: [],
            personal: { person: null, masked: null, card: null, documents: {}, lastPrint: null },
          })
          expect(state.preferences).toEqual(initialState(true).preferences)
          expect(JSON.stringify(state)).not.toContain(PERSON.masked)
          if (before.usage !== null) expect(result.effects.map(({ type }) => type)).toContain('end')
        }
        // Every page that waits for a person ends by itself; no other does.
        const waits = !['rest', 'printing', 'looking-up', 'not-enrolled'].includes(state.view.name)
        expect(timer !== null, `${before.view.name}, ${event.type}`).toBe(waits)
        expect(state.trail.length).toBeLessThanOrEqual(events.length)
      }
    }),
    { numRuns: 400 },
  )
})
