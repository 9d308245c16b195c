import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { type MoodyCounts, moodyRun } from './moody-run.ts'

/** Seconds where nobody else works; a busy machine is no fault. */
const PATIENCE_MS = 180_000

function expectWhole(counts: MoodyCounts, kills: number): void {
  expect(counts).toMatchObject({
    kills,
    lost: 0,
    doubled: 0,
    altered: 0,
    'out of order': 0,
    'refused here': 0,
    'at once': 1,
  })
  // Otherwise the moods have not been felt.
  expect(counts.again).toBeGreaterThan(0)
  expect(counts['clock off']).toBeGreaterThan(0)
  expect(counts['old key']).toBeGreaterThan(0)
}

describe('whatever the mood of the province', () => {
  it('hundreds of ratings are each there once, in order, at the stored level, with two instances on one file that are killed', {
    timeout: PATIENCE_MS,
  }, async () => {
    expectWhole(await moodyRun({ profile: 'zhejiang', ratings: 200, instances: 2, kills: 2, seed: 24 }), 2)
  })
})

describe('on PostgreSQL', () => {
  let postgres: TestPostgres

  beforeAll(async () => {
    postgres = await startPostgres()
  }, PATIENCE_MS)

  afterAll(async () => {
    await postgres.remove()
  })

  it('two instances share the reports and never send one twice at once', {
    timeout: PATIENCE_MS,
  }, async () => {
    const database = await postgres.newDatabase()
    expectWhole(
      await moodyRun({ profile: 'shandong', ratings: 100, instances: 2, kills: 1, seed: 7, database }),
      1,
    )
  })
})
