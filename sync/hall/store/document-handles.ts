/**
 * The handles that papers are fetched by (PROTOCOLS.md §1.4): each of one device and good for ten minutes, at any
 * instance of the hall. A handle lies here as its SHA-256, and what it stands for is locked with it.
 */
import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { HANDLE_BYTES } from '../../protocol/documents.ts'
import { lock, unlock } from './locked.ts'
import type { HallMigration } from './schema.ts'
import type { Sql } from './sql.ts'

/** Of the contract. */
const HANDLE_LIFETIME_MS = 10 * 60 * 1000

/** Rows of one statement: SQLite takes 32,766 parameters, PostgreSQL 65,535. */
const ROWS_AT_ONCE = 200

/** Who gives the bytes. */
export type DocumentSource = 'case' | 'proof'

export interface HandledDocument {
  source: DocumentSource
  reference: string
  /** As many as its search or its making promised. */
  pages: number
}

/** A paper as its issuer names it. */
const Named = z.object({ reference: z.string(), pages: z.int() })
export type NamedDocument = z.infer<typeof Named>

export interface DocumentHandles {
  /** One fresh handle for each paper, in their order. */
  give(
    deviceId: string,
    source: DocumentSource,
    papers: readonly NamedDocument[],
    at: Date,
  ): Promise<string[]>
  /** Null for a handle that is unknown, too old, or another device's: these cannot be told apart. */
  find(deviceId: string, handle: string, at: Date): Promise<HandledDocument | null>
}

export const documentMigrations: readonly HallMigration[] = [
  {
    name: 'document-handles-1',
    sql: `
      CREATE TABLE document_handles (
        handle_hash TEXT PRIMARY KEY,
        device_id TEXT NOT NULL,
        source TEXT NOT NULL,
        locked TEXT NOT NULL,
        until INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX document_handles_by_end ON document_handles (until);
    `,
  },
]

interface Row {
  source: DocumentSource
  locked: string
}

export function documentHandles(sql: Sql): DocumentHandles {
  return {
    async give(deviceId, source, papers, at) {
      await sql.run('DELETE FROM document_handles WHERE until <= ?', at.getTime())
      const until = at.getTime() + HANDLE_LIFETIME_MS
      const given = papers.map(({ reference, pages }) => {
        return { text: JSON.stringify({ reference, pages }), secret: randomBytes(HANDLE_BYTES) }
      })
      for (let first = 0; first < given.length; first += ROWS_AT_ONCE) {
        const rows = given.slice(first, first + ROWS_AT_ONCE)
        await sql.run(
          `INSERT INTO document_handles (handle_hash, device_id, source, locked, until)
           VALUES ${rows.map(() => '(?, ?, ?, ?, ?)').join(', ')}`,
          ...rows.flatMap(({ text, secret }) => [
            hashOf(secret),
            deviceId,
            source,
            lock(secret, text),
            until,
          ]),
        )
      }
      return given.map(({ secret }) => secret.toString('base64url'))
    },

    async find(deviceId, handle, at) {
      const secret = Buffer.from(handle, 'base64url')
      const row = await sql.get<Row>(
        'SELECT source, locked FROM document_handles WHERE handle_hash = ? AND device_id = ? AND until > ?',
        hashOf(secret),
        deviceId,
        at.getTime(),
      )
      const text = row === undefined ? null : unlock(secret, row.locked)
      const named = text === null ? null : namedIn(text)
      return row === undefined || named === null ? null : { source: row.source, ...named }
    },
  }
}

/** Null: as written by an earlier release, whose handles are over in ten minutes. */
function namedIn(text: string): NamedDocument | null {
  return text.startsWith('{') ? Named.parse(JSON.parse(text)) : null
}

function hashOf(secret: Uint8Array): string {
  return createHash('sha256').update(secret).digest('base64url')
}
