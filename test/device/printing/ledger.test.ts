import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type NewJob, PrintLedger } from '../../../device/printing/ledger.ts'
import { openStore } from '../../../device/store/store.ts'
import { loadIdentity } from '../../../sync/identity.ts'
import { openOutbox } from '../../../sync/outbox.ts'
import { Envelope } from '../../../sync/protocol/events.ts'
import { createSealingKeyPair, publicSealingKey } from '../../../sync/protocol/keys.ts'
import { temporaryFolder } from '../support/house.ts'

const NOW = new Date('2026-11-21T10:00:00+08:00')
const DAY_MS = 24 * 60 * 60 * 1000

const job = (number: number, change: Partial<NewJob> = {}): NewJob => ({
  jobId: `01a20028-8011-7e7c-9cf7-11300000000${number}`,
  key: `key ${number}`,
  retryOf: null,
  kind: 'receipt',
  itemCode: null,
  paper: 'receipt',
  ...change,
})

let parts: AsyncDisposableStack
let folder: string
let ledger: PrintLedger
let facts: () => Record<string, unknown>[]
let close: () => void

const open = (): void => {
  const identity = loadIdentity(folder)
  identity.enrol('T-0571-0001', publicSealingKey(createSealingKeyPair()))
  const db = openStore(folder)
  const outbox = openOutbox({ db, identity })
  ledger = new PrintLedger(db, outbox.append)
  facts = () =>
    db
      .prepare<[], string>('SELECT text FROM outbox_events ORDER BY sequence')
      .pluck()
      .all()
      .map((text) => Envelope.parse(JSON.parse(text)).data)
  close = () => {
    outbox.close()
    db.close()
  }
}

beforeEach(async () => {
  parts = new AsyncDisposableStack()
  folder = await temporaryFolder(parts)
  open()
})
afterEach(async () => {
  close()
  await parts.disposeAsync()
})

describe('the print ledger', () => {
  it('knows a job by the key of its wish, before anything is sent', () => {
    ledger.accept(job(1), NOW)
    expect(ledger.find('key 1')).toMatchObject({ jobId: job(1).jobId, state: 'accepted' })
    expect(ledger.find('key 2')).toBeNull()
  })

  it('tells bytes that leave from those that are all with the printer', () => {
    ledger.accept(job(1), NOW)
    ledger.sent(job(1).jobId, NOW)
    expect(ledger.find('key 1')?.state).toBe('accepted')
    ledger.sending(job(1).jobId, 2)
    expect(ledger.find('key 1')?.state).toBe('sending')
    ledger.sent(job(1).jobId, NOW)
    expect(ledger.find('key 1')?.state).toBe('sent')
    ledger.finish(job(1).jobId, { outcome: 'printed', proof: 'confirmed' }, NOW)
    ledger.sent(job(1).jobId, NOW)
    expect(ledger.find('key 1')?.state).toBe('printed')
  })

  it('calls what was all with the printer at a stop unknown, as everything that had begun', () => {
    ledger.accept(job(1), NOW)
    ledger.sending(job(1).jobId, 2)
    ledger.sent(job(1).jobId, NOW)
    expect(ledger.endInterrupted(NOW)).toMatchObject([{ jobId: job(1).jobId, state: 'unknown' }])
    expect(ledger.find('key 1')?.state).toBe('unknown')
  })

  it('takes a key once only', () => {
    ledger.accept(job(1), NOW)
    expect(() => ledger.accept(job(2, { key: 'key 1' }), NOW)).toThrow()
  })

  it('puts each outcome into the chain, once, and it stays the first one', () => {
    ledger.accept(job(1), NOW)
    ledger.sending(job(1).jobId, null)
    ledger.finish(job(1).jobId, { outcome: 'printed', proof: 'confirmed' }, NOW)
    ledger.finish(job(1).jobId, { outcome: 'unknown', reason: 'no-answer' }, NOW)
    ledger.accept(job(2, { kind: 'guide', itemCode: 'ITEM1', paper: 'a4' }), NOW)
    ledger.sending(job(2).jobId, 2)
    ledger.finish(job(2).jobId, { outcome: 'failed', reason: 'paper-out' }, NOW)
    expect(ledger.find('key 1')?.state).toBe('printed')
    expect(facts()).toEqual([
      {
        job: job(1).jobId,
        retryOf: null,
        kind: 'receipt',
        itemCode: null,
        paper: 'receipt',
        pages: null,
        outcome: 'printed',
        reason: null,
      },
      {
        job: job(2).jobId,
        retryOf: null,
        kind: 'guide',
        itemCode: 'ITEM1',
        paper: 'a4',
        pages: 2,
        outcome: 'failed',
        reason: 'paper-out',
      },
    ])
  })

  it('calls every unfinished job unknown after a restart, and its key still names it', () => {
    ledger.accept(job(1), NOW)
    ledger.accept(job(2), NOW)
    ledger.sending(job(2).jobId, null)
    ledger.accept(job(3), NOW)
    ledger.finish(job(3).jobId, { outcome: 'printed', proof: 'probable' }, NOW)
    close()
    open()
    expect(ledger.endInterrupted(NOW).map(({ jobId }) => jobId)).toEqual([job(1).jobId, job(2).jobId])
    expect(['key 1', 'key 2', 'key 3'].map((key) => ledger.find(key)?.state)).toEqual([
      'unknown',
      'unknown',
      'probable',
    ])
    expect(ledger.endInterrupted(NOW)).toEqual([])
    expect(facts().map(({ outcome }) => outcome)).toEqual(['probable', 'unknown', 'unknown'])
  })

  it('takes “nothing came out” once, of a job without proof, and never of a retry', () => {
    for (const number of [1, 2, 3]) ledger.accept(job(number), NOW)
    ledger.accept(job(4, { retryOf: job(1).jobId }), NOW)
    ledger.finish(job(1).jobId, { outcome: 'unknown', reason: 'line-lost' }, NOW)
    ledger.finish(job(2).jobId, { outcome: 'printed', proof: 'confirmed' }, NOW)
    ledger.finish(job(4).jobId, { outcome: 'printed', proof: 'probable' }, NOW)
    expect([1, 1, 2, 3, 4].map((number) => ledger.noteNothing(job(number).jobId))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ])
  })

  it('allows one retry of a job', () => {
    ledger.accept(job(1), NOW)
    ledger.accept(job(2, { retryOf: job(1).jobId }), NOW)
    expect(() => ledger.accept(job(3, { retryOf: job(1).jobId }), NOW)).toThrow()
  })

  it('forgets jobs after 30 days, a retry with the job that it repeats', () => {
    ledger.accept(job(1), new Date(NOW.getTime() - 31 * DAY_MS))
    ledger.accept(job(2, { retryOf: job(1).jobId }), new Date(NOW.getTime() - 31 * DAY_MS))
    ledger.accept(job(3), new Date(NOW.getTime() - 29 * DAY_MS))
    ledger.forgetOld(NOW)
    expect(['key 1', 'key 2', 'key 3'].map((key) => ledger.find(key)?.jobId ?? null)).toEqual([
      null,
      null,
      job(3).jobId,
    ])
  })
})
