/** What may happen only once, or only so often. */
import type { HallMigration } from './schema.ts'
import type { Sql } from './sql.ts'
import type { Allowance, AllowanceOutcome, KeptAnswer, Store } from './store.ts'

type OncePart = Pick<Store, 'takeOnce' | 'allow' | 'keepAnswer' | 'keptAnswer'>

/** What has run out is swept up each so many calls: it takes room only, and every sweep is a write of its own. */
const CALLS_BETWEEN_SWEEPS = 256

/** What integrators are told as well: an errand's key is known for a day. No device tries one longer. */
const ANSWERS_KEPT_MS = 24 * 60 * 60 * 1000
/** A hall has a few thousand a day. */
const ANSWERS_SWEPT_EVERY_MS = 60 * 60 * 1000

/** Longer than any window in which uses are counted: what is older is swept, whatever it was a use of. */
const USES_KEPT_MS = 48 * 60 * 60 * 1000

/** What is swept by its age is found by it: while all were looked through, a busy hall's batches waited. */
export const onceMigrations: readonly HallMigration[] = [
  {
    name: 'once-1',
    sql: `
      CREATE INDEX uses_by_age ON uses (at);
      CREATE INDEX answers_by_age ON answers (at);
    `,
  },
]

interface AnswerRow {
  request_hash: string
  status: number
  body: string
}

export function oncePart(sql: Sql): OncePart {
  const isTimeToSweepShown = everySoManyCalls()
  const isTimeToSweepUses = everySoManyCalls()
  let answersSweptAt = Number.NEGATIVE_INFINITY

  async function answer(deviceId: string, key: string): Promise<KeptAnswer | null> {
    const row = await sql.get<AnswerRow>(
      'SELECT request_hash, status, body FROM answers WHERE device_id = ? AND key = ?',
      deviceId,
      key,
    )
    return row === undefined ? null : { requestHash: row.request_hash, status: row.status, body: row.body }
  }

  return {
    async takeOnce(deviceId, jti, until, at) {
      if (isTimeToSweepShown()) await sql.run('DELETE FROM shown_once WHERE until <= ?', at.getTime())
      const taken = await sql.run(
        `INSERT INTO shown_once (device_id, jti, until) VALUES (?, ?, ?)
         ON CONFLICT (device_id, jti) DO UPDATE SET until = excluded.until WHERE shown_once.until <= ?`,
        deviceId,
        jti,
        until.getTime(),
        at.getTime(),
      )
      return taken === 1
    },
    async allow(allowance) {
      const { use, by, windowMs, at } = allowance
      if (isTimeToSweepUses())
        await sql.run('DELETE FROM uses WHERE at <= ?', at.getTime() - Math.max(windowMs, USES_KEPT_MS))
      return await sql.transaction(`use ${use} ${by}`, async (within) => await allow(within, allowance))
    },
    async keepAnswer(deviceId, key, kept, at) {
      if (Math.abs(at.getTime() - answersSweptAt) >= ANSWERS_SWEPT_EVERY_MS) {
        answersSweptAt = at.getTime()
        await sql.run('DELETE FROM answers WHERE at <= ?', at.getTime() - ANSWERS_KEPT_MS)
      }
      await sql.run(
        `INSERT INTO answers (device_id, key, request_hash, status, body, at) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (device_id, key) DO NOTHING`,
        deviceId,
        key,
        kept.requestHash,
        kept.status,
        kept.body,
        at.getTime(),
      )
      return (await answer(deviceId, key)) ?? kept
    },
    keptAnswer: answer,
  }
}

async function allow(sql: Sql, { use, by, limit, windowMs, at, ask }: Allowance): Promise<AllowanceOutcome> {
  const now = at.getTime()
  // What lies further ahead than a window was written by a clock that was wrong: it would bar for as long as that.
  await sql.run(
    'DELETE FROM uses WHERE use = ? AND by = ? AND (at <= ? OR at > ?)',
    ...[use, by, now - windowMs, now + windowMs],
  )
  const uses = await sql.all<{ at: number }>(
    'SELECT at FROM uses WHERE use = ? AND by = ? ORDER BY at',
    use,
    by,
  )
  const blocking = uses[uses.length - limit]
  if (blocking !== undefined) return { allowed: false, retryAfterMs: blocking.at + windowMs - now }
  if (ask === 'only') return { allowed: true }
  await sql.run('INSERT INTO uses (use, by, at) VALUES (?, ?, ?)', use, by, now)
  return { allowed: true }
}

function everySoManyCalls(): () => boolean {
  let calls = 0
  return () => {
    calls = (calls + 1) % CALLS_BETWEEN_SWEEPS
    return calls === 0
  }
}
