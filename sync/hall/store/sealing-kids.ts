/**
 * Which sealing keys a hall has ever sealed for, by name alone: an instance or a restored folder whose key file lacks
 * one of them is found before it hands out a key of its own, for which the others could open nothing.
 */
import type { HallMigration } from './schema.ts'
import type { Sql } from './sql.ts'

export interface SealingKids {
  /** Names all the keys that the caller holds; answers with those it lacks, and notes the new ones if it lacks none. */
  adopt(held: readonly string[], at: Date): Promise<{ lacking: string[] }>
  /** True before the first key was ever noted. */
  isEmpty(): Promise<boolean>
}

export const sealingKidMigrations: readonly HallMigration[] = [
  {
    name: 'sealing-kids-1',
    sql: `
      CREATE TABLE sealing_kids (
        kid TEXT PRIMARY KEY,
        first_seen_at INTEGER NOT NULL
      ) STRICT;
    `,
  },
]

export function sealingKids(sql: Sql): SealingKids {
  return {
    async isEmpty() {
      return (await sql.get('SELECT kid FROM sealing_kids LIMIT 1')) === undefined
    },
    async adopt(held, at) {
      return await sql.transaction('sealing-kids', async (within) => {
        const known = await within.all<{ kid: string }>(
          'SELECT kid FROM sealing_kids ORDER BY first_seen_at, kid',
        )
        const lacking = known.map(({ kid }) => kid).filter((kid) => !held.includes(kid))
        if (lacking.length > 0) return { lacking }
        for (const kid of held)
          await within.run(
            'INSERT INTO sealing_kids (kid, first_seen_at) VALUES (?, ?) ON CONFLICT DO NOTHING',
            kid,
            at.getTime(),
          )
        return { lacking: [] }
      })
    },
  }
}
