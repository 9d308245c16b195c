/** What was set aside because the hall refused it: for the technician, who can send it again (PROTOCOLS.md §1.3). */
import { epochOf, placeOf, sequenceOf } from './outbox-place.ts'
import { checkStoredText } from './outbox-text.ts'
import { formatSequence } from './protocol/identifiers.ts'
import type { Db } from './sqlite.ts'

export interface SetAside {
  epoch: number
  sequence: string
  /** The hall's code, or `damaged` for one that is no longer what was appended. */
  reason: string
  /** RFC 3339, when it happened; null where nobody can tell any more. */
  at: string | null
}

interface AsideRow {
  place: number
  reason: string
  text: string | null
}

const ROWS = `SELECT aside.place, aside.reason, events.text FROM outbox_aside AS aside
  LEFT JOIN outbox_events AS events ON events.place = aside.place`

export const countSetAside = (db: Db): number =>
  db.prepare<[], number>('SELECT count(*) FROM outbox_aside').pluck().get() ?? 0

/** The oldest first, at most so many. */
export const listSetAside = (db: Db, atMost: number): SetAside[] =>
  db
    .prepare<[number], AsideRow>(`${ROWS} ORDER BY aside.place LIMIT ?`)
    .all(atMost)
    .map((row) => ({
      epoch: epochOf(row.place),
      sequence: formatSequence(sequenceOf(row.place)),
      reason: row.reason,
      at: storedTime(row),
    }))

/**
 * Puts back what can be sent: it goes with the next batches, and is set aside again if it is refused again. What is
 * damaged, or gone, stays aside for good.
 * @returns how many go again
 */
export const takeBackSetAside = (db: Db): number => {
  const leave = db.prepare<[number]>('DELETE FROM outbox_aside WHERE place = ?')
  const through = db.prepare<[number], number>('SELECT through FROM outbox_epochs WHERE epoch = ?').pluck()
  const askAgain = db.prepare<[number]>('INSERT INTO outbox_again (place) VALUES (?) ON CONFLICT DO NOTHING')
  return db
    .transaction(() => {
      const whole = db
        .prepare<[], AsideRow>(ROWS)
        .all()
        .filter((row) => storedTime(row) !== null)
      for (const { place } of whole) {
        leave.run(place)
        // Beyond the line of what was sent it is simply the next to go.
        if (place <= placeOf(epochOf(place), through.get(epochOf(place)) ?? 0)) askAgain.run(place)
      }
      return whole.length
    })
    .immediate()
}

const storedTime = ({ place, text }: AsideRow): string | null =>
  text === null ? null : (checkStoredText(text, epochOf(place), sequenceOf(place))?.time ?? null)
