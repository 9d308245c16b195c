/**
 * Stretches of a chain that the hall has not been answered for, kept as ranges: what is missing is known at
 * once, however long the chain has grown since.
 */
import type { Db } from '../../sqlite.ts'

interface GapRow {
  first: number
  last: number
}

export interface GapTable {
  open(deviceId: string, epoch: number, first: number, last: number): void
  fill(deviceId: string, epoch: number, first: number, last: number): void
  /**
   * The missing sequences in order, the newest `limit` of them: the oldest may be on no device any more, and must not
   * keep those that can still come from being asked for.
   */
  list(deviceId: string, epoch: number, limit: number): number[]
}

export function gapTable(db: Db): GapTable {
  const insert = db.prepare<[string, number, number, number]>(
    'INSERT INTO gaps (device_id, epoch, first, last) VALUES (?, ?, ?, ?)',
  )
  const overlapping = db.prepare<[string, number, number, number], GapRow>(
    'SELECT first, last FROM gaps WHERE device_id = ? AND epoch = ? AND first <= ? AND last >= ?',
  )
  const remove = db.prepare<[string, number, number]>(
    'DELETE FROM gaps WHERE device_id = ? AND epoch = ? AND first = ?',
  )
  const newestFirst = db.prepare<[string, number, number], GapRow>(
    'SELECT first, last FROM gaps WHERE device_id = ? AND epoch = ? ORDER BY first DESC LIMIT ?',
  )
  return {
    open(deviceId, epoch, first, last) {
      insert.run(deviceId, epoch, first, last)
    },
    fill(deviceId, epoch, first, last) {
      for (const gap of overlapping.all(deviceId, epoch, last, first)) {
        remove.run(deviceId, epoch, gap.first)
        if (gap.first < first) insert.run(deviceId, epoch, gap.first, first - 1)
        if (gap.last > last) insert.run(deviceId, epoch, last + 1, gap.last)
      }
    },
    list(deviceId, epoch, limit) {
      const missing: number[] = []
      for (const gap of newestFirst.all(deviceId, epoch, limit))
        for (let sequence = gap.last; sequence >= gap.first && missing.length < limit; sequence -= 1)
          missing.push(sequence)
      return missing.reverse()
    },
  }
}
