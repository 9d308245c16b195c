/** What the parts of a store may rely on, whatever database is under them. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EngineSql, RowShape } from '../../../sync/hall/store/sql.ts'
import { moment } from '../support/until.ts'

export interface SqlUnderTest {
  sql: EngineSql
  /** Another connection to the same data. */
  other: EngineSql
  remove(): Promise<void>
}

const SHAPE: RowShape = { table: 'things', columns: { id: 'integer', word: 'text' } }

export function sqlConformance(engine: string, make: () => Promise<SqlUnderTest>): void {
  describe(`the SQL of ${engine}`, () => {
    let under: SqlUnderTest
    let sql: EngineSql
    beforeEach(async () => {
      under = await make()
      sql = under.sql
      await sql.run('CREATE TABLE things (id BIGINT PRIMARY KEY, word TEXT NOT NULL)')
    })
    afterEach(async () => await under.remove())

    const things = async (): Promise<object[]> => await sql.all('SELECT id, word FROM things ORDER BY id')

    test('whole numbers come back as numbers, as large as they can be exact', async () => {
      await sql.run('INSERT INTO things (id, word) VALUES (?, ?)', Number.MAX_SAFE_INTEGER, '数')
      expect(await things()).toEqual([{ id: Number.MAX_SAFE_INTEGER, word: '数' }])
      expect(await sql.get('SELECT count(*) AS n, max(id) AS most FROM things')).toEqual({
        n: 1,
        most: Number.MAX_SAFE_INTEGER,
      })
    })

    test('rows changed are counted, also where they are returned', async () => {
      for (const id of [1, 2, 3]) await sql.run('INSERT INTO things (id, word) VALUES (?, ?)', id, 'a')
      expect(await sql.run('UPDATE things SET word = ? WHERE id > ?', 'b', 1)).toBe(2)
      expect(await sql.run('DELETE FROM things WHERE id > ? RETURNING id', 1)).toBe(2)
      expect(await sql.run('DELETE FROM things WHERE id > ?', 1)).toBe(0)
      expect(await sql.get('SELECT id FROM things WHERE id = ?', 2)).toBeUndefined()
    })

    test('many rows at once come back as they went, whatever their texts hold', async () => {
      const words = ['', 'a\nb', 'null', 'NULL', '\\N', '{"a":"b\\n"}', "it's", '🙂 满意', 'x,y', '{}']
      await sql.insertAll(
        SHAPE,
        words.map((word, id) => [id, word]),
      )
      await sql.insertAll(SHAPE, [[100, '']])
      await sql.insertAll(SHAPE, [
        [101, 'plain'],
        [102, 'words'],
      ])
      expect(await things()).toEqual([
        ...words.map((word, id) => ({ id, word })),
        { id: 100, word: '' },
        { id: 101, word: 'plain' },
        { id: 102, word: 'words' },
      ])
    })

    test('rows of which one cannot be kept leave nothing', async () => {
      const rows = [
        [1, 'a'],
        [1, 'b'],
      ] as const
      await expect(sql.insertAll(SHAPE, rows)).rejects.toThrow()
      await expect(sql.insertAll(SHAPE, [[1, null]])).rejects.toThrow()
      expect(await things()).toEqual([])
    })

    test('a transaction that throws leaves nothing', async () => {
      const failing = sql.transaction('lock', async (within) => {
        await within.run('INSERT INTO things (id, word) VALUES (1, ?)', 'a')
        throw new Error('half way')
      })
      await expect(failing).rejects.toThrow('half way')
      expect(await things()).toEqual([])
    })

    test('a failed statement that was passed over in silence does not become a commit', async () => {
      const done = sql.transaction('lock', async (within) => {
        await within.run('INSERT INTO things (id, word) VALUES (1, ?)', 'a')
        await within.run('INSERT INTO things (id, word) VALUES (1, ?)', 'b').catch(() => 0)
        return 'done'
      })
      // One engine keeps what went before, the other nothing; neither says "done" over less than it kept.
      const isDone = await done.then(
        () => true,
        () => false,
      )
      expect(await things()).toHaveLength(isDone ? 1 : 0)
    })

    test('two transactions with one lock never overlap, over one connection or two', async () => {
      const steps: string[] = []
      const count = async (on: EngineSql, name: string): Promise<void> =>
        await on.transaction('lock', async (within) => {
          steps.push(`${name} in`)
          const row = await within.get<{ n: number }>('SELECT count(*) AS n FROM things')
          await within.run('INSERT INTO things (id, word) VALUES (?, ?)', row?.n ?? -1, name)
          steps.push(`${name} out`)
        })
      await Promise.all([count(sql, 'a'), count(under.other, 'b'), count(sql, 'c'), count(under.other, 'd')])
      expect(await things()).toMatchObject([{ id: 0 }, { id: 1 }, { id: 2 }, { id: 3 }])
      for (let step = 0; step < steps.length; step += 2)
        expect(steps[step + 1]).toBe(steps[step]?.replace(' in', ' out'))
    })

    test('what another transaction has not kept yet is not seen', async () => {
      const written = Promise.withResolvers<void>()
      const mayEnd = Promise.withResolvers<void>()
      const writing = sql.transaction('lock', async (within) => {
        await within.run('INSERT INTO things (id, word) VALUES (1, ?)', 'a')
        written.resolve()
        await mayEnd.promise
      })
      await written.promise
      const reading = under.other.all('SELECT id FROM things')
      await moment()
      mayEnd.resolve()
      await writing
      // Asked before the end it saw nothing, or it waited for the end; half of it is never seen.
      expect([0, 1]).toContain((await reading).length)
      expect(await things()).toHaveLength(1)
    })

    test('a transaction within a transaction is refused, and nothing of either is kept', async () => {
      const nested = sql.transaction('lock', async (within) => {
        await within.run('INSERT INTO things (id, word) VALUES (1, ?)', 'a')
        await within.transaction('part', async (inner) => {
          await inner.run('INSERT INTO things (id, word) VALUES (2, ?)', 'b')
        })
      })
      await expect(nested).rejects.toThrow('within a transaction')
      expect(await things()).toEqual([])
    })

    test('the outer sql used within a transaction is an error, not a wait without end', async () => {
      const mixed = sql.transaction('lock', async () => await sql.run('DELETE FROM things'))
      await expect(mixed).rejects.toThrow('only the sql that it was given')
      const nested = sql.transaction('lock', async () => await sql.transaction('other', async () => 1))
      await expect(nested).rejects.toThrow('only the sql that it was given')
    })

    test('a transaction that has ended is not gone on with', async () => {
      const kept = await sql.transaction('lock', async (within) => within)
      await expect(kept.run('DELETE FROM things')).rejects.toThrow('has ended')
    })

    test('a connection is as good as before after a transaction has failed', async () => {
      for (let time = 0; time < 20; time += 1)
        await expect(
          sql.transaction('lock', async (within) => await within.run('INSERT INTO nowhere (id) VALUES (1)')),
        ).rejects.toThrow()
      await sql.run('INSERT INTO things (id, word) VALUES (1, ?)', 'a')
      expect(await things()).toHaveLength(1)
    })
  })
}
