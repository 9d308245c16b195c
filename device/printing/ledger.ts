/**
 * The print ledger (DESIGN.md, "How a paper travels"): one row a wish, written and synced before the first byte
 * leaves. A key that was used before names the job it stands for, whatever reloads or restarts lie between.
 */
import type { Database } from 'better-sqlite3'
import type { FaultReason, PrintOutcome } from '../../drivers/status.ts'
import type { PaperKind } from '../../sync/protocol/cases.ts'
import type { AppendFact } from '../facts.ts'
import type { GuidePaperKind, PrintPaper, SlipKind } from '../http/contract.ts'

/** A job is called after its kind of paper, so that a ledger, a spool or a log tells of nobody. */
export type PrintedKind = PaperKind | GuidePaperKind | SlipKind | 'proof'

/**
 * `accepted`: written down, no byte has left. `sending`: bytes leave. `sent`: all of them are with the printer, which
 * has said nothing yet. `printed` has the printer's word; the others are those of drivers/status.ts.
 */
export type JobState = 'accepted' | 'sending' | 'sent' | EndState
type EndState = 'printed' | 'probable' | 'unknown' | 'failed'

/** A driver's word, or that the document could not be made at all (`failed` without a printer's reason). */
export type JobOutcome = PrintOutcome | { outcome: 'failed'; reason: null }

export interface NewJob {
  jobId: string
  key: string
  retryOf: string | null
  kind: PrintedKind
  /** Of a guide, its notice or form; null for a case's paper, whose item would tell who stood here. */
  itemCode: string | null
  paper: PrintPaper
}

export interface LedgerJob extends NewJob {
  pages: number | null
  state: JobState
  reason: FaultReason | null
  nothingReported: boolean
  acceptedAt: Date
}

interface JobRow {
  job_id: string
  key: string
  retry_of: string | null
  kind: PrintedKind
  item_code: string | null
  paper: PrintPaper
  pages: number | null
  state: Exclude<JobState, 'sent'>
  sent_at: number | null
  reason: FaultReason | null
  nothing_reported: number
  accepted_at: number
}

const MS_PER_DAY = 24 * 60 * 60 * 1000
/** Long enough for a technician to be asked about a paper; a key is never used again after so long. */
const JOBS_KEPT_MS = 30 * MS_PER_DAY

export class PrintLedger {
  readonly #db: Database
  readonly #append: AppendFact

  constructor(db: Database, append: AppendFact) {
    this.#db = db
    this.#append = append
  }

  /** @throws when the key is in the ledger already: ask `find` first, in the same turn. */
  accept(job: NewJob, at: Date): void {
    this.#db
      .prepare(
        `INSERT INTO print_job (job_id, key, retry_of, kind, item_code, paper, state, accepted_at)
         VALUES (?, ?, ?, ?, ?, ?, 'accepted', ?)`,
      )
      .run(job.jobId, job.key, job.retryOf, job.kind, job.itemCode, job.paper, at.getTime())
  }

  find(key: string): LedgerJob | null {
    const row = this.#db.prepare<[string], JobRow>('SELECT * FROM print_job WHERE key = ?').get(key)
    return row === undefined ? null : jobOf(row)
  }

  /** From here on bytes may have left; when this returns it survives a pulled plug. */
  sending(jobId: string, pages: number | null): void {
    this.#db
      .prepare("UPDATE print_job SET state = 'sending', pages = ? WHERE job_id = ? AND state = 'accepted'")
      .run(pages, jobId)
  }

  /** All bytes are with the printer. */
  sent(jobId: string, at: Date): void {
    this.#db
      .prepare("UPDATE print_job SET sent_at = ? WHERE job_id = ? AND state = 'sending'")
      .run(at.getTime(), jobId)
  }

  /** Writes the outcome and its fact, all or nothing. A job that has ended keeps its first outcome. */
  finish(jobId: string, outcome: JobOutcome, at: Date): void {
    this.#db.transaction(() => {
      const row = this.#db.prepare<[string], JobRow>('SELECT * FROM print_job WHERE job_id = ?').get(jobId)
      if (row === undefined || !isUnfinished(row.state)) return
      this.#end(row, stateOf(outcome), outcome.outcome === 'printed' ? null : outcome.reason, at)
    })()
  }

  /** The citizen says that nothing came out. True the first time; a retry of a retry is not to be had. */
  noteNothing(jobId: string): boolean {
    const noted = this.#db
      .prepare(
        `UPDATE print_job SET nothing_reported = 1
         WHERE job_id = ? AND nothing_reported = 0 AND retry_of IS NULL AND state IN ('probable', 'unknown')`,
      )
      .run(jobId)
    return noted.changes === 1
  }

  /** At start: jobs that a stop of the program cut off. Nobody can say what came out; none is sent again. */
  endInterrupted(at: Date): LedgerJob[] {
    return this.#db.transaction(() => {
      const rows = this.#db
        .prepare<[], JobRow>(
          "SELECT * FROM print_job WHERE state IN ('accepted', 'sending') ORDER BY accepted_at",
        )
        .all()
      for (const row of rows) this.#end(row, 'unknown', null, at)
      return rows.map((row) => jobOf({ ...row, state: 'unknown' }))
    })()
  }

  forgetOld(now: Date): void {
    // A retry goes with the job it names.
    this.#db
      .prepare(
        'DELETE FROM print_job WHERE accepted_at < ? AND job_id NOT IN (SELECT retry_of FROM print_job WHERE retry_of IS NOT NULL AND accepted_at >= ?)',
      )
      .run(now.getTime() - JOBS_KEPT_MS, now.getTime() - JOBS_KEPT_MS)
  }

  #end(row: JobRow, state: EndState, reason: string | null, at: Date): void {
    this.#db
      .prepare('UPDATE print_job SET state = ?, reason = ? WHERE job_id = ?')
      .run(state, reason, row.job_id)
    this.#append(
      'print',
      {
        job: row.job_id,
        retryOf: row.retry_of,
        kind: row.kind,
        itemCode: row.item_code,
        paper: row.paper,
        pages: row.pages,
        outcome: state,
        reason,
      },
      at,
    )
  }
}

const isUnfinished = (state: JobRow['state']): boolean => state === 'accepted' || state === 'sending'

const stateOf = (outcome: JobOutcome): EndState => {
  if (outcome.outcome !== 'printed') return outcome.outcome
  return outcome.proof === 'confirmed' ? 'printed' : 'probable'
}

const jobOf = (row: JobRow): LedgerJob => ({
  jobId: row.job_id,
  key: row.key,
  retryOf: row.retry_of,
  kind: row.kind,
  itemCode: row.item_code,
  paper: row.paper,
  pages: row.pages,
  state: row.state === 'sending' && row.sent_at !== null ? 'sent' : row.state,
  reason: row.reason,
  nothingReported: row.nothing_reported === 1,
  acceptedAt: new Date(row.accepted_at),
})
