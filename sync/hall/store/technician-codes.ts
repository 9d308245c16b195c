/** Codes for technicians who have lost the PIN of a device: the SHA-256 of each, never the code. */
import type { HallMigration } from './schema.ts'
import type { Sql } from './sql.ts'

export interface TechnicianCode {
  codeHash: string
  /** The only device that it is good at. */
  deviceId: string
  createdAt: Date
  expiresAt: Date
}

export interface TechnicianCodes {
  add(code: TechnicianCode): Promise<void>
  /** True once: for the device that it was made for, before it expires. */
  take(codeHash: string, deviceId: string, at: Date): Promise<boolean>
}

export const technicianCodeMigrations: readonly HallMigration[] = [
  {
    name: 'technician-codes-1',
    sql: `
      CREATE TABLE technician_codes (
        code_hash TEXT PRIMARY KEY,
        device_id TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        used_at INTEGER
      ) STRICT, WITHOUT ROWID;
    `,
  },
]

export function technicianCodes(sql: Sql): TechnicianCodes {
  return {
    async add({ codeHash, deviceId, createdAt, expiresAt }) {
      await sql.run(
        'INSERT INTO technician_codes (code_hash, device_id, created_at, expires_at) VALUES (?, ?, ?, ?)',
        codeHash,
        deviceId,
        createdAt.getTime(),
        expiresAt.getTime(),
      )
    },
    async take(codeHash, deviceId, at) {
      const now = at.getTime()
      const taken = await sql.run(
        `UPDATE technician_codes SET used_at = ?
         WHERE code_hash = ? AND device_id = ? AND used_at IS NULL AND expires_at > ?`,
        now,
        codeHash,
        deviceId,
        now,
      )
      return taken === 1
    },
  }
}
