/** How far each chain is known, by epoch. Whoever changes it holds the lock of that device. */
import type { Sql } from './sql.ts'
import type { ChainHead } from './store.ts'

/** Held by all that reads and writes one device's chain. */
export const chainLock = (deviceId: string): string => `chain ${deviceId}`

interface HeadRow {
  epoch: number
  through: number | null
  told_sequence: number | null
  told_hash: string | null
  forked_at: number | null
}

export async function headsOf(sql: Sql, deviceId: string): Promise<ChainHead[]> {
  const rows = await sql.all<HeadRow>('SELECT * FROM heads WHERE device_id = ? ORDER BY epoch', deviceId)
  return rows.map(({ epoch, through, told_sequence: sequence, told_hash: hash, forked_at: forkedAt }) => ({
    epoch,
    through,
    told: sequence === null || hash === null ? null : { sequence, hash },
    forkedAt: forkedAt === null ? null : new Date(forkedAt),
  }))
}

/** The hall answers for everything up to `through`. */
export async function noteThrough(sql: Sql, deviceId: string, epoch: number, through: number): Promise<void> {
  await sql.run(
    `INSERT INTO heads (device_id, epoch, through) VALUES (?, ?, ?)
     ON CONFLICT (device_id, epoch) DO UPDATE SET through = excluded.through
       WHERE heads.through IS NULL OR heads.through < excluded.through`,
    deviceId,
    epoch,
    through,
  )
}

/** Only the first time is kept. */
export async function noteFork(sql: Sql, deviceId: string, epoch: number, at: Date): Promise<void> {
  await sql.run(
    `INSERT INTO heads (device_id, epoch, forked_at) VALUES (?, ?, ?)
     ON CONFLICT (device_id, epoch) DO UPDATE SET forked_at = excluded.forked_at WHERE heads.forked_at IS NULL`,
    deviceId,
    epoch,
    at.getTime(),
  )
}
