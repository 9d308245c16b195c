/** Keeping what a citizen leaves: sealed for the hall, then written, whether the line is up or not. */
import { Personal } from '../../drivers/personal.ts'
import type { Identity } from '../../sync/identity.ts'
import type { ClockState } from '../../sync/protocol/events.ts'
import { formatInstant } from '../../sync/protocol/identifiers.ts'
import { seal } from '../../sync/protocol/sealing.ts'
import { storageProblem } from '../../sync/sqlite-faults.ts'
import { isStoreClosed } from '../records-fault.ts'
import type { ErrandRunners } from '../session/errands.ts'
import type { FeedbackFacts, FeedbackOutcome, FeedbackWanted } from './feedback.ts'
import type { FeedbackFact, FeedbackStore } from './feedback-store.ts'

export interface FeedbackErrandOptions {
  identity: Identity
  store: FeedbackStore
  clock: () => ClockState
  /** Told of a store that cannot be written: the device then shows so until it can. */
  onTrouble: (error: unknown) => void
}

export const feedbackErrands = (options: FeedbackErrandOptions): Pick<ErrandRunners, 'feedback'> => ({
  // Not async: what was said is sealed at once, and held by nobody who waits.
  feedback({ key, about, said, user, answer }) {
    const { deviceId: device, sealingKey } = options.identity
    if (device === null || sealingKey === null)
      return Promise.resolve({ outcome: 'not-kept', why: 'no-hall' })
    const purpose = about.type
    const now = new Date()
    const text = said === null ? null : new Personal(JSON.stringify(said.reveal()))
    const sealed = Promise.all([
      text === null ? null : seal({ purpose, device, text }, sealingKey, now),
      user === null ? null : seal({ purpose, device, user }, sealingKey, now),
    ])
    return keep(options, { key, about, answer }, sealed, now)
  },
})

const keep = async (
  { store, clock, onTrouble }: FeedbackErrandOptions,
  { key, about, answer }: Pick<FeedbackWanted, 'key' | 'about' | 'answer'>,
  sealed: Promise<[said: string | null, user: string | null]>,
  now: Date,
): Promise<FeedbackOutcome> => {
  const [said, user] = await sealed
  const shared = {
    keptAt: formatInstant(now),
    answerBy: answer.day,
    provisional: answer.provisional,
    said,
    user,
    clock: clock(),
  }
  try {
    return { outcome: 'kept', kept: store.keep(key, factOf(about, shared), answer, now) }
  } catch (error) {
    if (storageProblem(error) === null && !isStoreClosed(error)) throw error
    onTrouble(error)
    return { outcome: 'not-kept', why: 'no-room' }
  }
}

type Shared = Omit<FeedbackFact['data'], 'ground' | 'kind' | 'pace' | 'item' | 'place' | 'named' | 'slot'>

const factOf = (about: FeedbackFacts, shared: Shared): FeedbackFact => {
  switch (about.type) {
    case 'report':
      return { type: 'report', data: { ...shared, ...about.facts } }
    case 'complaint':
      return { type: 'complaint', data: { ...shared, ...about.facts } }
    case 'request':
      return { type: 'request', data: { ...shared, ...about.facts } }
  }
}
