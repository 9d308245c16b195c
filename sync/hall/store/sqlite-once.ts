/** What may happen only once, or only so often, in SQLite. */
import type { Db } from '../../sqlite.ts'
import type { Allowance, AllowanceOutcome, KeptAnswer, Store } from './store.ts'

type OncePart = Pick<Store, 'takeOnce' | 'allow' | 'keepAnswer' | 'keptAnswer'>

interface AnswerRow {
  request_hash: string
  status: number
  body: string
}

export function oncePart(db: Db): OncePart {
  const forgetShown = db.prepare<[number]>('DELETE FROM shown_once WHERE until <= ?')
  const show = db.prepare<[string, string, number]>(
    'INSERT INTO shown_once (device_id, jti, until) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const takeOnce = db.transaction((deviceId: string, jti: string, until: number, at: number): boolean => {
    forgetShown.run(at)
    return show.run(deviceId, jti, until).changes === 1
  })

  const forgetUses = db.prepare<[string, number]>('DELETE FROM uses WHERE use = ? AND at <= ?')
  const usesInOrder = db.prepare<[string, string], { at: number }>(
    'SELECT at FROM uses WHERE use = ? AND by = ? ORDER BY at',
  )
  const addUse = db.prepare<[string, string, number]>('INSERT INTO uses (use, by, at) VALUES (?, ?, ?)')
  const allow = db.transaction(({ use, by, limit, windowMs, at }: Allowance): AllowanceOutcome => {
    const now = at.getTime()
    forgetUses.run(use, now - windowMs)
    const uses = usesInOrder.all(use, by)
    const blocking = uses[uses.length - limit]
    if (blocking !== undefined) return { allowed: false, retryAfterMs: blocking.at + windowMs - now }
    addUse.run(use, by, now)
    return { allowed: true }
  })

  const addAnswer = db.prepare(
    `INSERT INTO answers (device_id, key, request_hash, status, body, at)
     VALUES (@deviceId, @key, @requestHash, @status, @body, @at) ON CONFLICT DO NOTHING`,
  )
  const findAnswer = db.prepare<[string, string], AnswerRow>(
    'SELECT request_hash, status, body FROM answers WHERE device_id = ? AND key = ?',
  )
  function answer(deviceId: string, key: string): KeptAnswer | null {
    const row = findAnswer.get(deviceId, key)
    return row === undefined ? null : { requestHash: row.request_hash, status: row.status, body: row.body }
  }

  return {
    async takeOnce(deviceId, jti, until, at) {
      return takeOnce.immediate(deviceId, jti, until.getTime(), at.getTime())
    },
    async allow(allowance) {
      return allow.immediate(allowance)
    },
    async keepAnswer(deviceId, key, kept, at) {
      addAnswer.run({ deviceId, key, ...kept, at: at.getTime() })
      return answer(deviceId, key) ?? kept
    },
    async keptAnswer(deviceId, key) {
      return answer(deviceId, key)
    },
  }
}
