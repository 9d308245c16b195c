/** Questions and what became of them, in SQLite: each answer is durable before anybody is shown the next page. */

import { createHmac, randomBytes } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { ClockState, type EventData, RatedCase, RatedStaff } from '../../sync/protocol/events.ts'
import { formatInstant } from '../../sync/protocol/identifiers.ts'
import type { LevelNumber } from '../../sync/protocol/levels.ts'
import type { AppendFact } from '../facts.ts'
import type { Channel, Declined, LeftOver, Question, Tap } from './rules.ts'

export type EvaluationOutcome = 'rated' | 'declined' | 'cancelled'

export interface Desk {
  staffId: string | null
  paused: boolean
  message: string | null
  ticketNo: string | null
}

const HASH_KEY_BYTES = 32
const MS_PER_DAY = 24 * 60 * 60 * 1000
/** The service key of what has no case: nothing is known again by it. */
const NO_CASE = ''
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
  comment: string | null
  asked_at: number
  level: LevelNumber | null
  tapped_at: number | null
  tapped_clock: string | null
  tapped_on: Channel
  proof: Question['proof']
  dictionary: string
}

export class QuestionStore {
  readonly #db: Database
  readonly #append: AppendFact
  readonly #hashKey: Buffer
  /** Made ready beforehand: somebody waits for each of them. */
  readonly #sql
  readonly #inOne

  constructor(db: Database, append: AppendFact) {
    this.#db = db
    this.#append = append
    db.prepare('INSERT OR IGNORE INTO rating_key (only, key) VALUES (1, ?)').run(randomBytes(HASH_KEY_BYTES))
    db.prepare('INSERT OR IGNORE INTO desk (only, paused) VALUES (1, 0)').run()
    this.#sql = statements(db)
    this.#inOne = {
      open: db.transaction((question: Question) => this.#insert(question)),
      replace: db.transaction((cancelled: Question, opened: Question, at: Date) => {
        this.decline(cancelled, 'cancelled', at)
        this.#insert(opened)
      }),
      complete: db.transaction(({ id }: Question, rating: EventData<'rating'>, at: Date) => {
        mustChange(this.#sql.end.run('rated', at.getTime(), id).changes)
        this.#append('rating', rating, at)
      }),
      decline: db.transaction((question: Question, outcome: Declined, at: Date) => {
        this.#close(question.id, outcome === 'cancelled' ? 'cancelled' : 'declined', at)
        const askedAt = formatInstant(question.askedAt)
        const { case: rated, staff } = question
        this.#append('rating-declined', { outcome, case: rated, staff, askedAt }, at)
      }),
      forgetOld: db.transaction((before: number) => {
        this.#fileEnded()
        this.#sql.forgetBefore.run(before)
      }),
    }
    this.#hashKey = db.prepare<[], Buffer>('SELECT key FROM rating_key').pluck().get() ?? Buffer.alloc(0)
  }

  /** Knows a service again that was rated before; from outside this store it tells nothing. */
  serviceKey(ratedCase: RatedCase | null, assessNumber: number): string {
    if (ratedCase === null) return NO_CASE
    const parts = [ratedCase.caseNo, ratedCase.serviceNumber, assessNumber]
    return createHmac('sha256', this.#hashKey).update(JSON.stringify(parts)).digest('base64url')
  }

  isRated(serviceKey: string): boolean {
    return serviceKey !== NO_CASE && this.#sql.isRated.get(serviceKey, serviceKey) !== undefined
  }

  open(question: Question): void {
    this.#inOne.open.immediate(question)
  }

  /** Opens a question in the place of one that nobody has answered, all or nothing. */
  replace(cancelled: Question, opened: Question, at: Date): void {
    this.#inOne.replace.immediate(cancelled, opened, at)
  }

  /**
   * What the citizen may change while the question is open: whether it names them, and the labels.
   * @throws Error when no such question is open
   */
  amend({ id, anonymous, labels }: Question): void {
    mustChange(this.#sql.amend.run(anonymous ? 1 : 0, JSON.stringify(labels), id).changes)
  }

  /**
   * What the citizen has written so far, sealed; null when it was wiped again.
   * @throws Error when no such question is open
   */
  write(id: string, comment: string | null): void {
    mustChange(this.#sql.write.run(comment, id).changes)
  }

  /**
   * The citizen's answer; when this returns it survives a pulled plug.
   * @throws Error when no such question is open
   */
  tap(id: string, { level, channel, at, clock }: Tap): void {
    mustChange(this.#sql.tap.run(level, at.getTime(), JSON.stringify(clock), channel, id).changes)
  }

  /**
   * Ends the question as a rating and puts its event into the chain, all or nothing.
   * @throws Error when no such question is open
   */
  complete(question: Question, rating: EventData<'rating'>, at: Date): void {
    this.#inOne.complete.immediate(question, rating, at)
  }

  /** Ends the question without a rating, all or nothing. */
  decline(question: Question, outcome: Declined, at: Date): void {
    this.#inOne.decline.immediate(question, outcome, at)
  }

  outcomeOf(id: string): EvaluationOutcome | null {
    return this.#sql.outcomeOf.get(id, id) ?? null
  }

  /** Questions that a stop of the program has left open. */
  leftOver(): LeftOver[] {
    return this.#sql.open.all().map((row) => ({ ...questionOf(row), comment: row.comment }))
  }

  forgetOldOutcomes(now: Date): void {
    this.#inOne.forgetOld.immediate(now.getTime() - OUTCOMES_KEPT_MS)
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

  #insert(question: Question): void {
    this.#fileEnded()
    this.#sql.insert.run(
      question.id,
      this.serviceKey(question.case, question.assessNumber),
      JSON.stringify(question.case),
      question.assessNumber,
      JSON.stringify(question.staff),
      question.user,
      question.anonymous ? 1 : 0,
      question.askedAt.getTime(),
      question.proof,
      question.dictionary,
    )
  }

  /** A question that had to wait, and was cancelled before it was opened, has no row. */
  #close(id: string, outcome: EvaluationOutcome, at: Date): void {
    const { changes } = this.#sql.end.run(outcome, at.getTime(), id)
    if (changes === 0) this.#sql.noteOutcome.run(id, outcome, at.getTime())
  }

  /** Puts the questions that have ended where they stay, while nobody waits for thanks. */
  #fileEnded(): void {
    this.#sql.fileRated.run()
    this.#sql.fileOutcomes.run()
    this.#sql.forgetEnded.run()
  }
}

function statements(db: Database) {
  return {
    insert: db.prepare(
      // One that had to wait stands there already, without the dictionary that it opens with.
      `INSERT OR REPLACE INTO question (id, service_key, rated_case, assess_number, staff, sealed_user, anonymous, asked_at,
         proof, dictionary)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    open: db.prepare<[], QuestionRow>('SELECT * FROM question WHERE outcome IS NULL'),
    amend: db.prepare<[number, string, string]>(
      'UPDATE question SET anonymous = ?, labels = ? WHERE id = ? AND outcome IS NULL',
    ),
    write: db.prepare<[string | null, string]>(
      'UPDATE question SET comment = ? WHERE id = ? AND outcome IS NULL',
    ),
    tap: db.prepare<[LevelNumber, number, string, Channel, string]>(
      `UPDATE question SET level = ?, tapped_at = ?, tapped_clock = ?, tapped_on = ?
       WHERE id = ? AND outcome IS NULL`,
    ),
    /** What was asked and answered leaves with it. */
    end: db.prepare<[EvaluationOutcome, number, string]>(
      `UPDATE question SET outcome = ?, closed_at = ?, rated_case = '', staff = '', sealed_user = NULL,
         level = NULL, tapped_at = NULL, tapped_clock = NULL, labels = '[]', comment = NULL
       WHERE id = ? AND outcome IS NULL`,
    ),
    noteOutcome: db.prepare<[string, EvaluationOutcome, number]>(
      'INSERT INTO evaluation (id, outcome, closed_at) VALUES (?, ?, ?)',
    ),
    fileRated: db.prepare(
      `INSERT INTO rated (service_key) SELECT service_key FROM question WHERE outcome = 'rated' AND service_key <> ''
       ON CONFLICT DO NOTHING`,
    ),
    fileOutcomes: db.prepare(
      `INSERT INTO evaluation (id, outcome, closed_at) SELECT id, outcome, closed_at FROM question
       WHERE outcome IS NOT NULL ON CONFLICT DO NOTHING`,
    ),
    forgetEnded: db.prepare('DELETE FROM question WHERE outcome IS NOT NULL'),
    forgetBefore: db.prepare<[number]>('DELETE FROM evaluation WHERE closed_at < ?'),
    isRated: db.prepare<[string, string]>(
      `SELECT 1 FROM rated WHERE service_key = ?
       UNION ALL SELECT 1 FROM question WHERE service_key = ? AND outcome = 'rated'`,
    ),
    outcomeOf: db
      .prepare<[string, string], EvaluationOutcome>(
        `SELECT outcome FROM evaluation WHERE id = ?
         UNION ALL SELECT outcome FROM question WHERE id = ? AND outcome IS NOT NULL`,
      )
      .pluck(),
  }
}

/** What was not written must not be thanked for. */
const mustChange = (rows: number): void => {
  if (rows !== 1) throw new Error('the question is not in the store')
}

const questionOf = (row: QuestionRow): Question => ({
  id: row.id,
  case: RatedCase.nullable().parse(JSON.parse(row.rated_case)),
  assessNumber: row.assess_number,
  staff: RatedStaff.parse(JSON.parse(row.staff)),
  user: row.sealed_user,
  proof: row.proof,
  dictionary: row.dictionary,
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
