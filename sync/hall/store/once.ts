/** What may happen only once, or only so often. */
import type { Sql } from './sql.ts'
import type { Allowance, AllowanceOutcome, KeptAnswer, Store } from './store.ts'

type OncePart = Pick<Store, 'takeOnce' | 'allow' | 'keepAnswer' | 'keptAnswer'>

/** What has run out is swept up each so many calls: it takes room only, and every sweep is a write of its own. */
const CALLS_BETWEEN_SWEEPS = 256

interface AnswerRow {
  request_hash: string
  status: number
  body: string
}

export function oncePart(sql: Sql): OncePart {
  const isTimeToSweepShown = everySoManyCalls()
  const isTimeToSweepUses = everySoManyCalls()

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
        await sql.run('DELETE FROM uses WHERE use = ? AND at <= ?', use, at.getTime() - windowMs)
      return await sql.transaction(`use ${use} ${by}`, async (within) => await allow(within, allowance))
    },
    async keepAnswer(deviceId, key, kept, at) {
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

async function allow(sql: Sql, { use, by, limit, windowMs, at }: Allowance): Promise<AllowanceOutcome> {
  const now = at.getTime()
  await sql.run('DELETE FROM uses WHERE use = ? AND by = ? AND at <= ?', use, by, now - windowMs)
  const uses = await sql.all<{ at: number }>(
    'SELECT at FROM uses WHERE use = ? AND by = ? ORDER BY at',
    use,
    by,
  )
  const blocking = uses[uses.length - limit]
  if (blocking !== undefined) return { allowed: false, retryAfterMs: blocking.at + windowMs - now }
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
