/**
 * A device at work, as a process that can be stopped and killed: it opens its records, ends what stood open, joins
 * the hall and captures ratings while its uplink sends, until it has captured enough or somebody kills it.
 */
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import type { LevelNumber } from '../../../sync/protocol/levels.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { connect, finished, newQuestion, openRecords, type Records, recover, tapped } from './records.ts'
import { type Seeded, seeded } from './seeded.ts'

export interface WriterOptions {
  folder: string
  ledger: string
  hallUrl: string
  enrolmentCode: string
  seed: number
  /** Then it ends by itself, as a device that is stopped. */
  ratings: number
  /** Begins the numbers of its cases: no two writers of one store share them. */
  caseBegin: string
}

/**
 * Its hall may be stopped, or killed, at any moment of the joining, for as long as a busy machine takes to copy and
 * judge what that leaves: a device goes on asking until it is there.
 */
const JOIN_PATIENCE_MS = 120_000
/** How often a question is declined, or left for the next one, in place of being rated. */
const DECLINED = 0.1
/** How often a device tells of a peripheral between two ratings. */
const OTHER_FACT = 0.3
/** Citizens come one by one; now and then the line has a moment to catch up. */
const REST = 0.05
const REST_MS = 5

export async function work(options: WriterOptions): Promise<void> {
  const random = seeded(options.seed)
  const ledger = openLedger(options.ledger)
  const records = openRecords(options.folder)
  const line = await connect(records, options.hallUrl, options.enrolmentCode, JOIN_PATIENCE_MS)
  ledger.note({ kind: 'enrolled', deviceId: records.identity.deviceId ?? '' })
  recover(records)
  for (let n = 1; n <= options.ratings; n += 1) {
    await capture(records, `${options.caseBegin}${n}`, random, ledger)
    await (random.chance(REST) ? sleep(REST_MS) : setImmediate())
  }
  await line.close()
  records.close()
  ledger.close()
}

/** One citizen; what the store refuses is noted as refused and given, and the next one may come. */
export async function capture(
  records: Records,
  caseNo: string,
  random: Seeded,
  ledger: Ledger,
): Promise<unknown> {
  const { db, outbox, questions } = records
  try {
    if (random.chance(OTHER_FACT))
      db.transaction(() =>
        outbox.append('session', { services: ['progress'], seconds: 9, endedBy: 'idle' }, new Date()),
      )()
    const question = await newQuestion(records, caseNo)
    questions.open(question)
    if (random.chance(DECLINED)) {
      questions.decline(question, 'timed-out', new Date())
      return null
    }
    const level = random.between(1, 5) as LevelNumber
    const answered = tapped(records, question, level)
    ledger.note({ kind: 'tapped', caseNo, level })
    finished(records, answered)
    ledger.note({ kind: 'rated', caseNo, level })
    return null
  } catch (error) {
    ledger.note({ kind: 'refused', caseNo, code: codeOf(error) })
    return error
  }
}

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)
