/**
 * Which request a sealing came with first. A sealing opens once (PROTOCOLS.md §1.2); but a request under an
 * Idempotency-Key may be sent again when its answer was lost, and then brings the very same sealing.
 */
import type { HallMigration } from './schema.ts'
import type { Sql } from './sql.ts'

/**
 * As long as somebody waits at a device for an answer that was lost; whoever comes later shows the card again. Longer
 * than a sealing is taken for fresh by either way of the clock, so that nothing forgotten is taken for new.
 */
const REMEMBERED_MS = 10 * 60 * 1000

export interface SealedRequests {
  /** `new`: taken now, by this request. `same`: this request had it before. `other`: another request had. */
  take(deviceId: string, jti: string, requestHash: string, at: Date): Promise<'new' | 'same' | 'other'>
  /** Whether this very request brought this sealing within the last ten minutes. */
  known(deviceId: string, jti: string, requestHash: string, at: Date): Promise<boolean>
}

export const sealedRequestMigrations: readonly HallMigration[] = [
  {
    name: 'sealed-requests-1',
    sql: `
      CREATE TABLE sealed_requests (
        device_id TEXT NOT NULL,
        jti TEXT NOT NULL,
        request_hash TEXT NOT NULL,
        until INTEGER NOT NULL,
        PRIMARY KEY (device_id, jti)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX sealed_requests_by_end ON sealed_requests (until);
    `,
  },
]

export function sealedRequests(sql: Sql): SealedRequests {
  async function first(deviceId: string, jti: string, at: Date): Promise<string | undefined> {
    const row = await sql.get<{ request_hash: string }>(
      'SELECT request_hash FROM sealed_requests WHERE device_id = ? AND jti = ? AND until > ?',
      deviceId,
      jti,
      at.getTime(),
    )
    return row?.request_hash
  }

  return {
    async take(deviceId, jti, requestHash, at) {
      await sql.run('DELETE FROM sealed_requests WHERE until <= ?', at.getTime())
      const taken = await sql.run(
        `INSERT INTO sealed_requests (device_id, jti, request_hash, until) VALUES (?, ?, ?, ?)
         ON CONFLICT DO NOTHING`,
        deviceId,
        jti,
        requestHash,
        at.getTime() + REMEMBERED_MS,
      )
      if (taken === 1) return 'new'
      return (await first(deviceId, jti, at)) === requestHash ? 'same' : 'other'
    },
    async known(deviceId, jti, requestHash, at) {
      return (await first(deviceId, jti, at)) === requestHash
    },
  }
}
