/** Facts as properties want them: any that the schemas allow. */
import fc from 'fast-check'
import type { EventData, EventType } from '../../../sync/protocol/events.ts'
import { formatInstant } from '../../../sync/protocol/identifiers.ts'

/** Words as people write them, emoji and rare characters among them; no C0 control but LF. */
export const anyWords = (maxLength: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: 'binary', maxLength })
    .map((text) => [...text.toWellFormed()].filter((one) => one === '\n' || one >= ' ').join(''))

const anyInstant = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map(formatInstant)

const anyCase = fc.record({
  caseNo: fc.stringMatching(/^[0-9A-Za-z]{1,50}$/),
  itemCode: fc.stringMatching(/^[0-9A-Z]{31}$/),
  itemName: anyWords(40).map((name) => `事项${name}`),
  handleItem: fc.option(fc.stringMatching(/^[0-9A-Z]{1,33}$/)),
  serviceName: anyWords(40),
  serviceNumber: fc.integer({ min: 1, max: 99 }),
  ticketNo: fc.option(fc.stringMatching(/^[A-Z][0-9]{3}$/)),
})

const anySealed = fc.option(fc.constant('eyJhbGciOiJFQ0RILUVTIn0..YWJj.ZGVm.Z2hp'))

export const anyRating: fc.Arbitrary<EventData<'rating'>> = fc
  .record({
    level: fc.integer({ min: 1, max: 5 }),
    labels: fc.uniqueArray(fc.stringMatching(/^\d{3}$/), { maxLength: 8 }),
    dictionary: fc.constant('2019.1'),
    comment: anySealed,
    channel: fc.constantFrom('pad', 'terminal', 'keypad'),
    assessNumber: fc.constantFrom(1, 2),
    proof: fc.constantFrom('none', 'receipt', 'card'),
    case: fc.option(anyCase),
    staff: fc.record({ staffId: fc.stringMatching(/^S\d{3}$/), window: fc.stringMatching(/^\d{2}$/) }),
    anonymous: fc.boolean(),
    user: anySealed,
    askedAt: anyInstant,
    capturedAt: anyInstant,
    clock: fc.record({ synchronized: fc.boolean(), offsetMs: fc.option(fc.integer()) }),
  })
  .map((rating) => ({
    ...rating,
    user: rating.anonymous ? null : rating.user,
    reasonPending: rating.level <= 2 && rating.labels.length === 0 && rating.comment === null,
  }))

const anySystem: fc.Arbitrary<EventData<'system'>> = fc.oneof(
  fc.constant({ fact: 'stop' } as const),
  fc.record({ fact: fc.constant('start' as const), software: fc.constant('0.1.0'), bootId: fc.uuid() }),
  fc.record({
    fact: fc.constant('clock' as const),
    synchronized: fc.boolean(),
    offsetMs: fc.option(fc.integer()),
  }),
)

const anySession: fc.Arbitrary<EventData<'session'>> = fc.record({
  services: fc.array(fc.constantFrom('guides', 'my-papers', 'progress'), { maxLength: 5 }),
  seconds: fc.nat(),
  endedBy: fc.constantFrom('citizen', 'idle', 'next-card', 'fault', 'stop'),
})

export type AnyFact = { [T in EventType]: { type: T; data: EventData<T> } }[EventType]

export const anyFact: fc.Arbitrary<AnyFact> = fc.oneof(
  anyRating.map((data) => ({ type: 'rating' as const, data })),
  anySystem.map((data) => ({ type: 'system' as const, data })),
  anySession.map((data) => ({ type: 'session' as const, data })),
)

export const STOP = { fact: 'stop' } as const
