/** What a hall asks its store all the time is found by an index, however much lies there: SQLite says how it would look. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { oncePart } from '../../../sync/hall/store/once.ts'
import { provinceQueue } from '../../../sync/hall/store/province-queue.ts'
import type { Sql, SqlValue } from '../../../sync/hall/store/sql.ts'
import { openSqliteStore } from '../../../sync/hall/store/sqlite.ts'
import { AT, later } from './support/store-values.ts'

/** More calls than lie between two sweeps. */
const CALLS = 300

/** A real store whose every question is kept, to be asked how it is answered. */
async function questions(ask: (sql: Sql) => Promise<void>): Promise<Map<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'w24-questions-'))
  const path = join(folder, 'hall.sqlite')
  await openSqliteStore(path).close()
  const db = new Database(path)
  onTestFinished(() => {
    db.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const plans = new Map<string, string>()
  const note = (text: string, values: SqlValue[]): void => {
    const steps = db.prepare<SqlValue[], { detail: string }>(`EXPLAIN QUERY PLAN ${text}`).all(...values)
    plans.set(text, steps.map(({ detail }) => detail).join('\n'))
  }
  const sql: Sql = {
    async all<Row>(text: string, ...values: SqlValue[]) {
      note(text, values)
      return db.prepare(text).all(...values) as Row[]
    },
    async get<Row>(text: string, ...values: SqlValue[]) {
      note(text, values)
      return db.prepare(text).get(...values) as Row | undefined
    },
    async run(text, ...values) {
      note(text, values)
      return db.prepare(text).run(...values).changes
    },
    transaction: async (_, work) => await work(sql),
    tidy: async () => {},
  }
  await ask(sql)
  return plans
}

test('what may go to the province is taken up and claimed in the order of an index', async () => {
  const plans = await questions(async (sql) => {
    const queue = provinceQueue(sql)
    await queue.claim({ by: 'one', at: AT.getTime(), leaseMs: 1_000 }, 8)
  })
  expect(plans.size).toBe(2)
  for (const plan of plans.values()) expect(plan).not.toMatch(/SCAN|TEMP B-TREE/)
  const all = [...plans.values()].join('\n')
  expect(all).toContain('province_reports_untaken')
  expect(all).toContain('province_reports_in_hand')
  expect(all).toContain('province_reports_of_case')
})

test('what has run out is found by its age', async () => {
  const plans = await questions(async (sql) => {
    const once = oncePart(sql)
    for (let call = 0; call < CALLS; call += 1) {
      await once.takeOnce('P-1', `jti ${call}`, later(1_000), AT)
      await once.allow({ use: 'search', by: 'P-1', limit: 3, windowMs: 1_000, at: AT })
    }
    await once.keepAnswer('P-1', 'key', { requestHash: 'h', status: 200, body: '' }, AT)
  })
  const sweeps = [...plans].filter(([text]) => text.startsWith('DELETE'))
  const tables = ['shown_once', 'uses', 'answers']
  for (const table of tables) expect(sweeps.some(([text]) => text.includes(table))).toBe(true)
  for (const [text, plan] of sweeps) expect(plan, text).toMatch(/^SEARCH /)
})
