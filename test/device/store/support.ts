/** A device's folder with ratings in its chain, and what a disk can do to it. */
import { copyFileSync, cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openRecords, type Records, type RecordsOptions } from '../../../device/store/records.ts'
import { checkEvent } from '../../../sync/protocol/chain.ts'
import type { Envelope, EventData } from '../../../sync/protocol/events.ts'
import { createSealingKeyPair, publicSealingKey } from '../../../sync/protocol/keys.ts'
import { textsOf } from '../../sync/support/batch-texts.ts'

const hallKey = publicSealingKey(createSealingKeyPair())
const AT = '2026-11-21T20:14:05.123+08:00'

export const RESERVE_BYTES = 1024 * 1024

export interface TestRecords extends Records {
  troubles: unknown[]
}

export const openTestRecords = (dataDir: string, more: Partial<RecordsOptions> = {}): TestRecords => {
  const troubles: unknown[] = []
  const onTrouble = (error: unknown): void => void troubles.push(error)
  const records = openRecords({ dataDir, reserveBytes: RESERVE_BYTES, onTrouble, ...more })
  records.identity.enrol('P-0571-0001', hallKey)
  onTestFinished(() => records.close())
  return { ...records, troubles }
}

export const rating = (number: number): EventData<'rating'> => ({
  level: 5,
  labels: ['510', '517'],
  reasonPending: false,
  dictionary: '2019.1',
  comment: null,
  channel: 'pad',
  assessNumber: 1,
  proof: 'none',
  case: {
    caseNo: `YX2026${number}`,
    itemCode: '11330099MB0A00010R3000101010000',
    itemName: '普通护照申领',
    handleItem: null,
    serviceName: '受理',
    serviceNumber: 1,
    ticketNo: null,
  },
  staff: { staffId: 'S001', window: '12' },
  anonymous: true,
  user: null,
  askedAt: AT,
  capturedAt: AT,
  clock: { synchronized: true, offsetMs: -12 },
})

export const rate = ({ db, outbox }: Records, count: number): void => {
  for (let number = 0; number < count; number += 1)
    db.transaction(() => outbox.append('rating', rating(number), new Date())).immediate()
}

/** Everything unsent, in the order in which it is sent, each event checked; afterwards all of it is released. */
export const drain = ({ outbox }: Records): Envelope[] => {
  const events: Envelope[] = []
  for (let batch = outbox.nextBatch(); batch !== null; batch = outbox.nextBatch()) {
    for (const text of textsOf(batch)) {
      const checked = checkEvent(text)
      if (!checked.ok) throw new Error(`${checked.code}: ${checked.detail}`)
      events.push(checked.event)
    }
    outbox.release(batch.epoch, batch.last)
  }
  return events
}

export const textsIn = ({ db }: Records): string[] =>
  db.prepare<[], string>('SELECT text FROM outbox_events ORDER BY place').pluck().all()

/** The folder as a cut of power leaves it: what was committed is in it, and nobody has closed anything. */
export const crashedCopy = (dataDir: string, to: string): void => {
  for (const name of readdirSync(dataDir).filter((one) => /^(identity\.json|store\.sqlite)/.test(one)))
    copyFileSync(join(dataDir, name), join(to, name))
}

export const copyFolder = (from: string, to: string): void => cpSync(from, to, { recursive: true })

export const changeFile = (path: string, change: (bytes: Buffer) => void): void => {
  const bytes = readFileSync(path)
  change(bytes)
  writeFileSync(path, bytes)
}

export const flipBit = (bytes: Buffer, at: number, bit: number): void => {
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
}
