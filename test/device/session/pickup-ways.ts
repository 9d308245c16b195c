/** How the pages of a result that waits are come by. */
import type { PickupOutcome } from '../../../device/pickup/pickup.ts'
import type { SessionEvent } from '../../../device/session/state.ts'
import type { Case } from '../../../sync/protocol/cases.ts'
import { PERSON, sampleCard, sampleCase } from '../support/samples.ts'

type Act = Extract<SessionEvent, { type: 'action' }>['action']
export const act = (action: Act): SessionEvent => ({ type: 'action', action })

export const LOCKER: NonNullable<Case['pickup']> = {
  state: 'waiting',
  where: '24小时自助服务区取件柜 12号格',
  needs: '本人居民身份证',
  at: 'locker',
}
export const WINDOW: NonNullable<Case['pickup']> = {
  ...LOCKER,
  where: '2楼 B区 15号窗口',
  at: 'window',
}

export const found = (pickup: Case['pickup']): SessionEvent => ({
  type: 'answer',
  lookup: 1,
  answer: { ok: true, cases: [sampleCase('YX2026110001', { state: 'ready', pickup })] },
})
export const card: SessionEvent = {
  type: 'card-placed',
  card: sampleCard(),
  person: 'digest-of-lin',
  masked: PERSON.masked,
}
export const scanned: SessionEvent = { type: 'scanned', text: 'YX2026110001' }
export const answered = (outcome: PickupOutcome, number = 2): SessionEvent => ({
  type: 'errand-done',
  number,
  done: { kind: 'pickup', outcome },
  jobId: 'job-3',
})
export const collected = answered({
  outcome: 'collected',
  pickup: { caseNo: 'YX2026110001', collectedAt: '2026-11-20T22:40:00+08:00', where: LOCKER.where },
})

/** By the receipt, as most come. */
export const shown = (pickup: Case['pickup'] = LOCKER): SessionEvent[] => [
  act({ type: 'wake' }),
  act({ type: 'open-service', service: 'pickup' }),
  scanned,
  found(pickup),
]
export const collect = act({ type: 'collect', key: 'intent-1' })

export const pickupWays = {
  pickup: shown(),
  collected: [...shown(), collect, collected],
  'pickup-refused': [
    ...shown(),
    collect,
    answered({ outcome: 'refused', refusal: 'already-collected', words: '' }),
  ],
  'pickup-unknown': [...shown(), collect, answered({ outcome: 'unknown' })],
} satisfies Record<string, SessionEvent[]>
