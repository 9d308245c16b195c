/**
 * Whether a PIN is a clerk's. Each wrong one doubles the wait before that number may try again, up to a quarter of an
 * hour, and the wait is on disk: pulling the plug takes nothing off it. A try is counted before it is looked at.
 */

import { isPin } from '../../../sync/protocol/staff-pin.ts'
import type { Db } from '../../../sync/sqlite.ts'
import { waitLeftMs } from '../../pin-wait.ts'

/** A hash takes a pad some tenths of a second: who sends more at once is no clerk. */
const WAITING_AT_MOST = 4
const MS_PER_SECOND = 1_000

export const PIN_TRIES = `
  -- Wrong PINs since the last right one. Never what was typed.
  CREATE TABLE pin_try (
    staff_id TEXT PRIMARY KEY,
    wrong INTEGER NOT NULL CHECK (wrong > 0),
    tried_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`

export type PinVerdict =
  | { verdict: 'right' | 'wrong' | 'no-pin' }
  | { verdict: 'too-many-tries'; retryAfterSeconds: number }

export class PinGate {
  readonly #db: Db
  readonly #hashOf: (staffId: string) => string | null
  readonly #now: () => number
  /** One after the other: a right one that comes twice at once finds no try under way that counts as a wrong one. */
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /** @param now milliseconds since the epoch: the wait outlasts the process */
  constructor(db: Db, hashOf: (staffId: string) => string | null, now: () => number = Date.now) {
    this.#db = db
    this.#hashOf = hashOf
    this.#now = now
  }

  /** @throws what the store says when a try cannot be counted: nobody is let in then */
  async check(staffId: string, pin: string): Promise<PinVerdict> {
    if (this.#waiting >= WAITING_AT_MOST) return { verdict: 'too-many-tries', retryAfterSeconds: 1 }
    this.#waiting += 1
    const verdict = this.#last.then(() => this.#checked(staffId, pin))
    this.#last = verdict.catch(() => {})
    return await verdict.finally(() => {
      this.#waiting -= 1
    })
  }

  async #checked(staffId: string, pin: string): Promise<PinVerdict> {
    const hash = this.#hashOf(staffId)
    if (hash === null) return { verdict: 'no-pin' }
    const { wrong, waitMs } = this.#standing(staffId)
    if (waitMs > 0) {
      return { verdict: 'too-many-tries', retryAfterSeconds: Math.ceil(waitMs / MS_PER_SECOND) }
    }
    this.#db
      .prepare('INSERT OR REPLACE INTO pin_try (staff_id, wrong, tried_at) VALUES (?, ?, ?)')
      .run(staffId, wrong + 1, this.#now())
    if (!(await isPin(pin, hash))) return { verdict: 'wrong' }
    this.#db.prepare('DELETE FROM pin_try WHERE staff_id = ?').run(staffId)
    return { verdict: 'right' }
  }

  #standing(staffId: string): { wrong: number; waitMs: number } {
    const row = this.#db
      .prepare<[string], { wrong: number; tried_at: number }>(
        'SELECT wrong, tried_at FROM pin_try WHERE staff_id = ?',
      )
      .get(staffId)
    if (row === undefined) return { wrong: 0, waitMs: 0 }
    return { wrong: row.wrong, waitMs: waitLeftMs(row.wrong, row.tried_at, this.#now()) }
  }
}
