/**
 * Questions that the hall has for its pads (PROTOCOLS.md §1.5). A row holds what is to be asked only as long as it may
 * still be asked; what stays is an id and what became of it, for whoever asked.
 */
import { createHash } from 'node:crypto'
import {
  EVALUATION_AT_MOST_MS,
  EVALUATION_WAITS_MS,
  EVALUATIONS_KEPT_MS,
  type EvaluationState,
  OfferedQuestion,
  type PadAnswer,
  PadRefusal,
} from '../../protocol/evaluations.ts'
import { evaluationQueries as queries } from './evaluations-sql.ts'
import type { HallMigration } from './schema.ts'
import type { Sql } from './sql.ts'

/**
 * Whoever offered a question gives it up itself after 2 s. Where that instance died meanwhile, nobody has been told
 * anything: so much longer the pad may still take it, and the system that asks again finds it open.
 */
const ORPHAN_MS = 10_000

/** Beyond this no pad asks a question any more, whatever was heard of it. */
const OPEN_AT_MOST_MS = EVALUATION_AT_MOST_MS + 60_000

export interface NewEvaluation {
  id: string
  deviceId: string
  question: OfferedQuestion
  /** Of the system that asks. */
  tokenHash: string
  at: Date
}

export interface StoredEvaluation {
  id: string
  deviceId: string
  /** `offered`: the pad has not answered yet. */
  state: 'offered' | EvaluationState
  /** Why it was never asked; null otherwise. */
  refusal: PadRefusal | 'pad-offline' | null
  /** When the pad took it; null as long as it has not. */
  takenAt: Date | null
  /** Whoever asked has taken it back, and the pad has not said yet what became of it. */
  cancelAsked: boolean
}

/** What a pad has to be told of. */
export interface ToldEvaluation {
  id: string
  deviceId: string
  /** Null: too late to ask it; only what became of it is wanted. */
  question: OfferedQuestion | null
  cancelAsked: boolean
}

/** A pad that may be asked, and when it last said how it is. */
export interface PadAtWindow {
  deviceId: string
  heardAt: Date | null
}

export interface Evaluations {
  /** Enrolled pads with this window number that were not revoked, the newest first. */
  padsAt(window: string): Promise<PadAtWindow[]>
  /** `isNew` false: the same service is open on this pad already, and this system may see that question as well. */
  offer(asked: NewEvaluation): Promise<{ isNew: boolean; evaluation: StoredEvaluation }>
  /** Null: forgotten. */
  read(id: string): Promise<StoredEvaluation | null>
  /** For a system that asked it; null for any other, and for one that is not known. */
  readFor(tokenHash: string, id: string, at: Date): Promise<StoredEvaluation | null>
  /** Nobody waits for the pad any more; a pad that took it at that very moment has it all the same. */
  giveUp(id: string, at: Date): Promise<StoredEvaluation | null>
  /** Its end comes from the pad, or at once where the pad never took it. Null: as `readFor`. */
  cancel(tokenHash: string, id: string, at: Date): Promise<StoredEvaluation | null>
  /** What stands after a pad has said so: an end that was told stays. Null: forgotten, or another pad's. */
  answer(id: string, deviceId: string, said: PadAnswer['state'], at: Date): Promise<StoredEvaluation | null>
  /** All of one pad that the hall knows no end of, the oldest first. */
  openOf(deviceId: string, at: Date): Promise<ToldEvaluation[]>
  /** Those of all pads that wait for a word of theirs: offered and not taken, or taken back. */
  unanswered(at: Date): Promise<ToldEvaluation[]>
  /** Takes out what cannot be asked any more, and forgets what is old. */
  tidy(at: Date): Promise<void>
}

export const evaluationMigrations: readonly HallMigration[] = [
  {
    name: 'evaluations-1',
    sql: `
      CREATE TABLE evaluations (
        id TEXT PRIMARY KEY,
        device_id TEXT NOT NULL,
        -- Knows the same service again while it is open.
        service_key TEXT,
        -- What the pad is to ask, names sealed; gone as soon as it has ended.
        question TEXT,
        state TEXT NOT NULL,
        refusal TEXT,
        asked_at INTEGER NOT NULL,
        taken_at INTEGER,
        cancel_asked_at INTEGER,
        closed_at INTEGER
      ) STRICT, WITHOUT ROWID;
      CREATE UNIQUE INDEX evaluations_same ON evaluations (device_id, service_key) WHERE service_key IS NOT NULL;
      CREATE INDEX evaluations_open ON evaluations (device_id, asked_at) WHERE closed_at IS NULL;
      CREATE INDEX evaluations_by_age ON evaluations (asked_at);

      CREATE TABLE evaluation_askers (
        id TEXT NOT NULL,
        token_hash TEXT NOT NULL,
        asked_at INTEGER NOT NULL,
        PRIMARY KEY (id, token_hash)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX evaluation_askers_by_age ON evaluation_askers (asked_at);
    `,
  },
]

interface EvaluationRow {
  id: string
  device_id: string
  question: string | null
  state: StoredEvaluation['state']
  refusal: StoredEvaluation['refusal']
  asked_at: number
  taken_at: number | null
  cancel_asked_at: number | null
  closed_at: number | null
}

export function evaluationPart(sql: Sql): Evaluations {
  async function read(within: Sql, id: string): Promise<StoredEvaluation | null> {
    const row = await within.get<EvaluationRow>(queries.read, id)
    return row === undefined ? null : stored(row)
  }

  const told = (at: Date, rows: readonly EvaluationRow[]): ToldEvaluation[] =>
    rows.map(({ id, device_id, question, asked_at, cancel_asked_at }) => ({
      id,
      deviceId: device_id,
      question:
        question === null || at.getTime() - asked_at > EVALUATION_WAITS_MS
          ? null
          : OfferedQuestion.parse(JSON.parse(question)),
      cancelAsked: cancel_asked_at !== null,
    }))

  async function readFor(tokenHash: string, id: string, at: Date): Promise<StoredEvaluation | null> {
    const row = await sql.get<EvaluationRow & { revoked_at: number | null }>(queries.readFor, id, tokenHash)
    if (row === undefined) return null
    if (row.closed_at !== null || row.revoked_at === null) return stored(row)
    // Nothing is taken from a pad that was revoked: what became of its question nobody will ever say.
    await sql.run(queries.end, 'cancelled', null, at.getTime(), id, row.device_id)
    return await read(sql, id)
  }

  return {
    readFor,
    read: async (id) => await read(sql, id),

    async padsAt(window) {
      const rows = await sql.all<{ device_id: string; at: number | null }>(queries.padsAt, window)
      return rows.map(({ device_id, at }) => ({
        deviceId: device_id,
        heardAt: at === null ? null : new Date(at),
      }))
    },

    async offer({ id, deviceId, question, tokenHash, at }) {
      const key = serviceKey(question)
      const now = at.getTime()
      return await sql.transaction(`evaluations ${deviceId}`, async (within) => {
        await within.run(queries.orphanedOf, now, deviceId, now - ORPHAN_MS)
        await within.run(queries.overOf, deviceId, now - OPEN_AT_MOST_MS)
        const added = await within.run(queries.add, id, deviceId, key, JSON.stringify(question), now)
        const row = await within.get<EvaluationRow>(queries.same, deviceId, key)
        if (row === undefined) throw new Error('a question was offered and is not there')
        await within.run(queries.addAsker, row.id, tokenHash, now)
        return { isNew: added === 1, evaluation: stored(row) }
      })
    },

    async giveUp(id, at) {
      await sql.run(queries.giveUp, 'pad-offline', at.getTime(), id)
      return await read(sql, id)
    },

    async cancel(tokenHash, id, at) {
      const evaluation = await readFor(tokenHash, id, at)
      if (evaluation === null) return null
      await sql.run(queries.giveUp, null, at.getTime(), id)
      await sql.run(queries.cancel, at.getTime(), id)
      return await read(sql, id)
    },

    async answer(id, deviceId, said, at) {
      const now = at.getTime()
      const refusal = PadRefusal.safeParse(said).data ?? null
      if (said === 'waiting') {
        await sql.run(queries.take, now, id, deviceId, now - ORPHAN_MS)
        await sql.run(queries.orphanedOf, now, deviceId, now - ORPHAN_MS)
      } else await sql.run(queries.end, refusal === null ? said : 'cancelled', refusal, now, id, deviceId)
      const evaluation = await read(sql, id)
      return evaluation?.deviceId === deviceId ? evaluation : null
    },

    async openOf(deviceId, at) {
      return told(at, await sql.all<EvaluationRow>(queries.openOf, deviceId, at.getTime() - ORPHAN_MS))
    },

    async unanswered(at) {
      return told(at, await sql.all<EvaluationRow>(queries.unanswered, at.getTime() - ORPHAN_MS))
    },

    async tidy(at) {
      const now = at.getTime()
      await sql.run(queries.orphaned, now, now - ORPHAN_MS)
      await sql.run(queries.over, now - OPEN_AT_MOST_MS)
      await sql.run(queries.forget, now - EVALUATIONS_KEPT_MS)
      await sql.run(queries.forgetAskers, now - EVALUATIONS_KEPT_MS)
    },
  }
}

function stored(row: EvaluationRow): StoredEvaluation {
  return {
    id: row.id,
    deviceId: row.device_id,
    state: row.state,
    refusal: row.refusal,
    takenAt: row.taken_at === null ? null : new Date(row.taken_at),
    cancelAsked: row.cancel_asked_at !== null && row.closed_at === null,
  }
}

function serviceKey({ caseNo, serviceNumber, assessNumber }: OfferedQuestion): string {
  const parts = JSON.stringify([caseNo, serviceNumber, assessNumber])
  return createHash('sha256').update(parts).digest('base64url')
}
