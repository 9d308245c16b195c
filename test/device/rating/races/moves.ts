/** What can happen to a pad, and what of it in one tick. */
import fc from 'fast-check'
import type { CitizenAction } from '../../../../device/rating/pad-types.ts'
import { LEVELS, type LevelName } from '../../../../sync/protocol/levels.ts'

export type Move =
  /** `again`: the case of the question before. */
  | { do: 'ask'; again: boolean; replace: boolean }
  /** The last question but so many. */
  | { do: 'cancel'; back: number }
  | { do: 'desk'; paused: boolean }
  | { do: 'staff'; staffId: string | null }
  | { do: 'choose'; level: LevelName; on: 'pad' | 'keypad' }
  | { do: 'touch' }
  /** `words`: finishes with some. */
  | { do: 'anonymous' | 'label' | 'words' | 'finish' | 'not-now' }
  | { do: 'pass'; ms: number }
  | { do: 'restart' }

/** The pad's own times, to the millisecond and one before. */
const PASSES_MS = [1, 2_999, 3_000, 14_999, 15_000, 59_999, 60_000]
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('ask' as const), again: fc.boolean(), replace: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), back: fc.nat({ max: 2 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('desk' as const), paused: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('staff' as const),
      staffId: fc.constantFrom('S012', 'S007', null),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('choose' as const),
      level: fc.constantFrom(...LEVELS),
      on: fc.constantFrom('pad' as const, 'keypad' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'touch' as const,
        'anonymous' as const,
        'label' as const,
        'words' as const,
        'finish' as const,
        'not-now' as const,
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(...PASSES_MS) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
)

/** What falls on the same tick: nothing is waited for in between. */
export const movesAtOnce: fc.Arbitrary<Move[]> = fc.array(move, { minLength: 1, maxLength: 4 })

export type Touched = Extract<Move, { do: 'choose' | 'anonymous' | 'label' | 'words' | 'finish' | 'not-now' }>

export const actionOf = (one: Touched, evaluationId: string, labels: string[]): CitizenAction => {
  switch (one.do) {
    case 'choose':
      return { type: 'choose-level', evaluationId, level: one.level }
    case 'anonymous':
      return { type: 'set-anonymous', evaluationId, anonymous: true }
    case 'label':
      return { type: 'set-labels', evaluationId, labels }
    case 'words':
      return { type: 'finish', evaluationId, labels, comment: '等了一会儿' }
    case 'finish':
      return { type: 'finish', evaluationId, labels, comment: null }
    case 'not-now':
      return { type: 'not-now', evaluationId }
  }
}

const asked: Move = { do: 'ask', again: false, replace: false }
const askedAgain: Move = { do: 'ask', again: true, replace: false }
const replaced: Move = { do: 'ask', again: false, replace: true }
const cancelled: Move = { do: 'cancel', back: 0 }
const paused: Move = { do: 'desk', paused: true }
const staffChanged: Move = { do: 'staff', staffId: 'S007' }
const touched: Move = { do: 'touch' }
const tapped: Move = { do: 'choose', level: 'dissatisfied', on: 'pad' }
const pressed: Move = { do: 'choose', level: 'very-satisfied', on: 'keypad' }
const finished: Move = { do: 'words' }
const stopped: Move = { do: 'restart' }
const passed = (ms: number): Move => ({ do: 'pass', ms })

/** The moments that are known to be narrow; each is tried before any others are. */
export const atTheVeryMoment: Move[][][] = [
  ...[cancelled, replaced, paused, staffChanged, stopped, pressed, passed(60_000)].flatMap((other) => [
    [[asked], [tapped, other]],
    [[asked], [other, tapped]],
    [[asked], [tapped], [finished, other]],
    [[asked], [touched, other]],
  ]),
  [[asked, askedAgain, replaced, askedAgain]],
  [[asked], [pressed, pressed, tapped]],
  // One that waits for the citizen before it, and the power goes.
  [[asked], [touched], [replaced], [stopped]],
  [[asked], [tapped], [replaced, paused], [finished, passed(3_000)]],
  [[asked], [tapped], [passed(14_999)], [finished, passed(1)]],
]
