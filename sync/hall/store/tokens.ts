/** Bearer tokens of integrating systems (PROTOCOLS.md §1.5): what lies here is the SHA-256 of each, never the token. */
import type { HallMigration } from './schema.ts'
import type { Sql } from './sql.ts'

export interface TokenFacts {
  /** Which system it was given to; unique among those that are not revoked. */
  name: string
  createdAt: Date
  /** To the minute at best; null when it was never shown. */
  lastUsedAt: Date | null
  revokedAt: Date | null
}

export interface Tokens {
  /** false: a token of that name is in use. */
  add(name: string, tokenHash: string, at: Date): Promise<boolean>
  /** In order of their making, revoked ones too. */
  list(): Promise<TokenFacts[]>
  /** false: no token of that name is in use. */
  revoke(name: string, at: Date): Promise<boolean>
  /** The name of a token that is in use; null for any other. */
  nameOf(tokenHash: string, at: Date): Promise<string | null>
}

/** A busy system asks many times a second; one writing a minute says as much. */
const USE_NOTED_EVERY_MS = 60 * 1000

export const tokenMigrations: readonly HallMigration[] = [
  {
    name: 'tokens-1',
    sql: `
      CREATE TABLE tokens (
        token_hash TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        last_used_at INTEGER,
        revoked_at INTEGER
      ) STRICT, WITHOUT ROWID;
      CREATE UNIQUE INDEX tokens_in_use ON tokens (name) WHERE revoked_at IS NULL;
    `,
  },
]

interface TokenRow {
  name: string
  created_at: number
  last_used_at: number | null
  revoked_at: number | null
}

export function tokenPart(sql: Sql): Tokens {
  return {
    async add(name, tokenHash, at) {
      const added = await sql.run(
        'INSERT INTO tokens (token_hash, name, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
        tokenHash,
        name,
        at.getTime(),
      )
      return added === 1
    },
    async list() {
      const rows = await sql.all<TokenRow>('SELECT * FROM tokens ORDER BY created_at, name')
      return rows.map((row) => ({
        name: row.name,
        createdAt: new Date(row.created_at),
        lastUsedAt: row.last_used_at === null ? null : new Date(row.last_used_at),
        revokedAt: row.revoked_at === null ? null : new Date(row.revoked_at),
      }))
    },
    async revoke(name, at) {
      return (
        (await sql.run(
          'UPDATE tokens SET revoked_at = ? WHERE name = ? AND revoked_at IS NULL',
          at.getTime(),
          name,
        )) === 1
      )
    },
    async nameOf(tokenHash, at) {
      const row = await sql.get<TokenRow>(
        'SELECT * FROM tokens WHERE token_hash = ? AND revoked_at IS NULL',
        tokenHash,
      )
      if (row === undefined) return null
      const now = at.getTime()
      if (row.last_used_at === null || now - row.last_used_at >= USE_NOTED_EVERY_MS)
        await sql.run('UPDATE tokens SET last_used_at = ? WHERE token_hash = ?', now, tokenHash)
      return row.name
    },
  }
}
