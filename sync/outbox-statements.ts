/** What the outbox says to its tables. */
import type { Db } from './sqlite.ts'

export interface HeadRow {
  epoch: number
  sequence: number
  hash: string
}

export interface EventRow {
  place: number
  hash: string
  text: string
}

export interface EpochRow {
  epoch: number
  last: number
  through: number
}

export type Statements = ReturnType<typeof statements>

export function statements(db: Db) {
  const epochs =
    'SELECT e.epoch, coalesce(e.last, h.sequence) AS last, e.through FROM outbox_epochs AS e, outbox_head AS h'
  return {
    head: db.prepare<[], HeadRow>('SELECT epoch, sequence, hash FROM outbox_head'),
    /** From where it stands: nothing is changed where it stands elsewhere. */
    moveHead: db.prepare<[number, string, string | null, number, number, string]>(
      `UPDATE outbox_head SET sequence = ?, hash = ?, device_id = ?
       WHERE one = 1 AND epoch = ? AND sequence = ? AND hash = ?`,
    ),
    insert: db.prepare<[number, string, string]>(
      'INSERT INTO outbox_events (place, hash, text) VALUES (?, ?, ?)',
    ),
    event: db.prepare<[number], EventRow>('SELECT place, hash, text FROM outbox_events WHERE place = ?'),
    /** Bytes of the texts; null for one that is none any more. */
    lengthsFrom: db.prepare<[number, number], { place: number; length: number | null }>(
      'SELECT place, octet_length(text) AS length FROM outbox_events WHERE place >= ? ORDER BY place LIMIT ?',
    ),
    /**
     * Joined by SQLite: a string for each of them is most of what a drain would leave to the collector, and bytes lie
     * outside of the heap, where too many of them wait for it.
     */
    joined: db
      .prepare<[number, number], string | null>(
        "SELECT group_concat(text, ',' ORDER BY place) FROM outbox_events WHERE place BETWEEN ? AND ?",
      )
      .pluck(),
    epoch: db.prepare<[number], EpochRow>(`${epochs} WHERE e.epoch = ?`),
    unsentEpochs: db.prepare<[], EpochRow>(
      `${epochs} WHERE coalesce(e.last, h.sequence) > e.through ORDER BY e.epoch`,
    ),
    moveThrough: db.prepare<[number, number]>('UPDATE outbox_epochs SET through = ? WHERE epoch = ?'),
    noteRelease: db.prepare<[number, number]>(
      'INSERT INTO outbox_releases (place, at) VALUES (?, ?) ON CONFLICT DO UPDATE SET at = excluded.at',
    ),
    askAgain: db.prepare<[number]>('INSERT INTO outbox_again (place) VALUES (?) ON CONFLICT DO NOTHING'),
    askAgainBefore: db.prepare<[number]>(
      `INSERT INTO outbox_again (place)
       SELECT o.place FROM outbox_events AS o JOIN outbox_epochs AS e ON e.epoch = o.place >> 40
       WHERE o.place < ? AND (o.place & 0xffffffffff) <= e.through
         AND o.place NOT IN (SELECT place FROM outbox_aside)
       ON CONFLICT DO NOTHING`,
    ),
    firstAgain: db
      .prepare<[number], number | null>('SELECT min(place) FROM outbox_again WHERE place > ?')
      .pluck(),
    isAgain: db.prepare<[number], number>('SELECT 1 FROM outbox_again WHERE place = ?').pluck(),
    settleAgain: db.prepare<[number, number]>('DELETE FROM outbox_again WHERE place BETWEEN ? AND ?'),
    setAside: db.prepare<[number, number, string]>(
      `INSERT INTO outbox_aside (place, again, reason) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET reason = excluded.reason`,
    ),
    isAside: db.prepare<[number], number>('SELECT 1 FROM outbox_aside WHERE place = ?').pluck(),
    hasAside: db.prepare<[number], number>('SELECT 1 FROM outbox_aside WHERE place >= ? LIMIT 1').pluck(),
    /** No table counted here grows with the backlog: epochs, what was set aside, what is asked for again. */
    count: db
      .prepare<[], number>(
        `SELECT coalesce((SELECT sum(last - through) FROM (${epochs})), 0)
           + (SELECT count(*) FROM outbox_again)
           - (SELECT count(*) FROM outbox_aside AS a JOIN outbox_epochs AS e ON e.epoch = a.place >> 40
              WHERE (a.place & 0xffffffffff) > e.through)`,
      )
      .pluck(),
  }
}
