/**
 * Stretches of a chain that the hall has not been answered for, kept as ranges: what is missing is known at
 * once, however long the chain has grown since. Whoever changes them holds the lock of that device.
 */
import type { Sql } from './sql.ts'

export interface Gap {
  first: number
  last: number
}

export async function openGap(sql: Sql, deviceId: string, epoch: number, gap: Gap): Promise<void> {
  await sql.run(
    'INSERT INTO gaps (device_id, epoch, first, last) VALUES (?, ?, ?, ?)',
    deviceId,
    epoch,
    gap.first,
    gap.last,
  )
}

/** From `first` to `last` nothing is missing any more. */
export async function fillGaps(sql: Sql, deviceId: string, epoch: number, filled: Gap): Promise<void> {
  const overlapping = await sql.all<Gap>(
    'SELECT first, last FROM gaps WHERE device_id = ? AND epoch = ? AND first <= ? AND last >= ?',
    deviceId,
    epoch,
    filled.last,
    filled.first,
  )
  for (const { first, last } of overlapping) {
    await sql.run('DELETE FROM gaps WHERE device_id = ? AND epoch = ? AND first = ?', deviceId, epoch, first)
    if (first < filled.first) await openGap(sql, deviceId, epoch, { first, last: filled.first - 1 })
    if (last > filled.last) await openGap(sql, deviceId, epoch, { first: filled.last + 1, last })
  }
}

/**
 * The missing sequences in order, the newest `limit` of them: the oldest may be on no device any more, and must not
 * keep those that can still come from being asked for.
 */
export async function missingIn(sql: Sql, deviceId: string, epoch: number, limit: number): Promise<number[]> {
  const newestFirst = await sql.all<Gap>(
    'SELECT first, last FROM gaps WHERE device_id = ? AND epoch = ? ORDER BY first DESC LIMIT ?',
    deviceId,
    epoch,
    limit,
  )
  const missing: number[] = []
  for (const gap of newestFirst)
    for (let sequence = gap.last; sequence >= gap.first && missing.length < limit; sequence -= 1)
      missing.push(sequence)
  return missing.reverse()
}
