/** Questions and what became of them, in SQLite: each answer is durable before anybody is shown the next page. */

import { createHmac, randomBytes } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { ClockState, type EventData, RatedCase, RatedStaff } from '../../sync/protocol/events.ts'
import { formatInstant } from '../../sync/protocol/identifiers.ts'
import type { LevelNumber } from '../../sync/protocol/levels.ts'
import type { AppendFact } from '../facts.ts'
import type { Channel, Declined, Question, Tap } from './rules.ts'

export type EvaluationOutcome = 'rated' | 'declined' | 'cancelled'

export interface Desk {
  staffId: string | null
  paused: boolean
  message: string | null
  ticketNo: string | null
}

const HASH_KEY_BYTES = 32
const MS_PER_DAY = 24 * 60 * 60 * 1000
/** A window's system that asks later than this has lost its own record. */
const OUTCOMES_KEPT_MS = 30 * MS_PER_DAY

interface QuestionRow {
  id: string
  service_key: string
  rated_case: string
  assess_number: number
  staff: string
  sealed_user: string | null
  anonymous: number
  labels: string
  asked_at: number
  level: LevelNumber | null
  tapped_at: number | null
  tapped_clock: string | null
  tapped_on: Channel
}

export class QuestionStore {
  readonly #db: Database
  readonly #append: AppendFact
  readonly #hashKey: Buffer
  /** Of 完成, made ready beforehand: somebody waits for it. */
  readonly #sql

  constructor(db: Database, append: AppendFact) {
    this.#db = db
    this.#append = append
    db.prepare('INSERT OR IGNORE INTO rating_key (only, key) VALUES (1, ?)').run(randomBytes(HASH_KEY_BYTES))
    db.prepare('INSERT OR IGNORE INTO desk (only, paused) VALUES (1, 0)').run()
    this.#sql = {
      endQuestion: db.prepare<[string]>('DELETE FROM question WHERE id = ?'),
      noteOutcome: db.prepare<[string, EvaluationOutcome, number]>(
        'INSERT INTO evaluation (id, outcome, closed_at) VALUES (?, ?, ?)',
      ),
      noteRated: db.prepare<[string]>(
        'INSERT INTO rated (service_key) SELECT service_key FROM question WHERE id = ?',
      ),
    }
    this.#hashKey = db.prepare<[], Buffer>('SELECT key FROM rating_key').pluck().get() ?? Buffer.alloc(0)
  }

  /** Knows a service again that was rated before; from outside this store it tells nothing. */
  serviceKey(ratedCase: RatedCase, assessNumber: number): string {
    const parts = [ratedCase.caseNo, ratedCase.serviceNumber, assessNumber]
    return createHmac('sha256', this.#hashKey).update(JSON.stringify(parts)).digest('base64url')
  }

  isRated(serviceKey: string): boolean {
    return this.#db.prepare('SELECT 1 FROM rated WHERE service_key = ?').get(serviceKey) !== undefined
  }

  open(question: Question): void {
    this.#db
      .prepare(
        `INSERT INTO question (id, service_key, rated_case, assess_number, staff, sealed_user, anonymous, asked_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        question.id,
        this.serviceKey(question.case, question.assessNumber),
        JSON.stringify(question.case),
        question.assessNumber,
        JSON.stringify(question.staff),
        question.user,
        question.anonymous ? 1 : 0,
        question.askedAt.getTime(),
      )
  }

  /** Opens a question in the place of one that nobody has answered, all or nothing. */
  replace(cancelled: Question, opened: Question, at: Date): void {
    this.#db.transaction(() => {
      this.decline(cancelled, 'cancelled', at)
      this.open(opened)
    })()
  }

  /** @throws Error when no such question is open */
  /** What the citizen may change while the question is open: whether it names them, and the labels. */
  amend({ id, anonymous, labels }: Question): void {
    const amended = this.#db.prepare('UPDATE question SET anonymous = ?, labels = ? WHERE id = ?')
    mustChange(amended.run(anonymous ? 1 : 0, JSON.stringify(labels), id).changes)
  }

  /**
   * The citizen's answer; when this returns it survives a pulled plug.
   * @throws Error when no such question is open
   */
  tap(id: string, { level, channel, at, clock }: Tap): void {
    mustChange(
      this.#db
        .prepare('UPDATE question SET level = ?, tapped_at = ?, tapped_clock = ?, tapped_on = ? WHERE id = ?')
        .run(level, at.getTime(), JSON.stringify(clock), channel, id).changes,
    )
  }

  /** Ends the question as a rating and puts its event into the chain, all or nothing. */
  complete(question: Question, rating: EventData<'rating'>, at: Date): void {
    this.#db.transaction(() => {
      mustChange(this.#sql.noteRated.run(question.id).changes)
      this.#close(question.id, 'rated', at)
      this.#append('rating', rating, at)
    })()
  }

  /** Ends the question without a rating, all or nothing. */
  decline(question: Question, outcome: Declined, at: Date): void {
    this.#db.transaction(() => {
      this.#close(question.id, outcome === 'cancelled' ? 'cancelled' : 'declined', at)
      const askedAt = formatInstant(question.askedAt)
      this.#append('rating-declined', { outcome, case: question.case, staff: question.staff, askedAt }, at)
    })()
  }

  outcomeOf(id: string): EvaluationOutcome | null {
    return (
      this.#db
        .prepare<[string], EvaluationOutcome>('SELECT outcome FROM evaluation WHERE id = ?')
        .pluck()
        .get(id) ?? null
    )
  }

  /** Questions that a stop of the program has left open. */
  leftOver(): Question[] {
    return this.#db.prepare<[], QuestionRow>('SELECT * FROM question').all().map(questionOf)
  }

  forgetOldOutcomes(now: Date): void {
    this.#db.prepare('DELETE FROM evaluation WHERE closed_at < ?').run(now.getTime() - OUTCOMES_KEPT_MS)
  }

  desk(): Desk {
    const row = this.#db
      .prepare<
        [],
        { staff_id: string | null; paused: number; message: string | null; ticket_no: string | null }
      >('SELECT staff_id, paused, message, ticket_no FROM desk')
      .get()
    return {
      staffId: row?.staff_id ?? null,
      paused: row?.paused === 1,
      message: row?.message ?? null,
      ticketNo: row?.ticket_no ?? null,
    }
  }

  saveDesk(desk: Desk): void {
    this.#db
      .prepare('UPDATE desk SET staff_id = ?, paused = ?, message = ?, ticket_no = ?')
      .run(desk.staffId, desk.paused ? 1 : 0, desk.message, desk.ticketNo)
  }

  #close(id: string, outcome: EvaluationOutcome, at: Date): void {
    this.#sql.endQuestion.run(id)
    this.#sql.noteOutcome.run(id, outcome, at.getTime())
  }
}

/** What was not written must not be thanked for. */
const mustChange = (rows: number): void => {
  if (rows !== 1) throw new Error('the question is not in the store')
}

const questionOf = (row: QuestionRow): Question => ({
  id: row.id,
  case: RatedCase.parse(JSON.parse(row.rated_case)),
  assessNumber: row.assess_number,
  staff: RatedStaff.parse(JSON.parse(row.staff)),
  user: row.sealed_user,
  anonymous: row.anonymous === 1,
  askedAt: new Date(row.asked_at),
  tap: tapOf(row),
  labels: z.array(z.string()).parse(JSON.parse(row.labels)),
})

const tapOf = ({ level, tapped_at, tapped_clock, tapped_on }: QuestionRow): Tap | null =>
  level === null || tapped_at === null || tapped_clock === null
    ? null
    : {
        level,
        channel: tapped_on,
        at: new Date(tapped_at),
        clock: ClockState.parse(JSON.parse(tapped_clock)),
      }
