/** How far each epoch of a damaged store went, how much of it the hall has, and what of the rest is gone. */
import { straightenLedger } from './outbox-ledger.ts'
import { placeOf } from './outbox-place.ts'
import type { EpochRow, HeadRow } from './outbox-statements.ts'
import { checkStoredText } from './outbox-text.ts'
import { FIRST_PREVHASH, formatSequence } from './protocol/identifiers.ts'
import type { Db } from './sqlite.ts'

/** A number that a flipped bit has made huge is no head: events come one at a time, and their loss is told one by one. */
export const AHEAD_AT_MOST = 100_000

export interface Lines {
  /** Of each epoch, as they went over. */
  first: Map<number, number>
  last: Map<number, number>
  /** As the damaged store has them, where they can be read. */
  told: Map<number, EpochRow>
  /** What the hall had confirmed, by the releases of the damaged store. */
  released: Map<number, number>
  /** Something was there that could not be read: only then can more have been than went over. */
  isSpoilt: boolean
}

/** Events that the hall may not have. */
export interface Unsent {
  carried: number
  lost: number
}

/** After the events and the other rows went over. A fact is left to be told for each event that is gone. */
export function writeLines(into: Db, lines: Lines, end: HeadRow | null): Unsent {
  const line = into.prepare<[number, number, number]>(
    'INSERT INTO outbox_epochs (epoch, last, through) VALUES (?, ?, ?)',
  )
  const release = into.prepare<[number]>(
    'INSERT INTO outbox_releases (place, at) VALUES (?, 1) ON CONFLICT DO NOTHING',
  )
  const askAgain = into.prepare<[number, number]>(
    `INSERT INTO outbox_again (place) SELECT place FROM outbox_events WHERE place BETWEEN ? AND ?
       AND place NOT IN (SELECT place FROM outbox_aside) ON CONFLICT DO NOTHING`,
  )
  let lost = 0
  for (const [epoch, lastThere] of lines.last) {
    const told = lines.isSpoilt ? (lines.told.get(epoch)?.last ?? 0) : 0
    const last = Math.max(lastThere, Math.min(told, lastThere + AHEAD_AT_MOST))
    const { surely, perhaps } = sentOf(lines, epoch, last)
    line.run(epoch, last, perhaps)
    if (perhaps > 0) release.run(placeOf(epoch, perhaps))
    // The hall may have them or not: sent once more they are no second time there.
    if (surely < perhaps) askAgain.run(placeOf(epoch, surely + 1), placeOf(epoch, perhaps))
    lost += noteLost(into, epoch, { through: perhaps, last }, end)
  }
  into.exec(`
    DELETE FROM outbox_releases WHERE NOT EXISTS (SELECT 1 FROM outbox_epochs AS line
      WHERE line.epoch = place >> 40 AND (place & 0xffffffffff) <= through);
    DELETE FROM outbox_aside WHERE NOT EXISTS (SELECT 1 FROM outbox_epochs AS line
      WHERE line.epoch = place >> 40 AND (place & 0xffffffffff) <= last);
    DELETE FROM outbox_again WHERE NOT EXISTS (SELECT 1 FROM outbox_epochs AS line
      WHERE line.epoch = place >> 40 AND (place & 0xffffffffff) <= through)`)
  straightenLedger(into)
  return { carried: unsentIn(into), lost }
}

/** The line and the newest release say the same twice; where one of them is damaged, what only one says is in doubt. */
function sentOf(lines: Lines, epoch: number, last: number): { surely: number; perhaps: number } {
  const witnesses = [lines.told.get(epoch)?.through, lines.released.get(epoch)].filter(
    (sequence) => sequence !== undefined && sequence <= last,
  ) as number[]
  const isPruned = (lines.first.get(epoch) ?? 1) - 1
  if (witnesses.length === 0) return { surely: isPruned, perhaps: isPruned }
  const surely = lines.released.has(epoch) ? Math.min(...witnesses) : 0
  return { surely, perhaps: Math.max(...witnesses) }
}

function noteLost(
  into: Db,
  epoch: number,
  { through, last }: { through: number; last: number },
  end: HeadRow | null,
): number {
  const isHere = into
    .prepare<[number, number], number>(
      'SELECT 1 FROM outbox_events WHERE place = ? UNION SELECT 1 FROM outbox_aside WHERE place = ?',
    )
    .pluck()
  const textAt = into.prepare<[number], string>('SELECT text FROM outbox_events WHERE place = ?').pluck()
  const aside = into.prepare<[number, number]>(
    "INSERT INTO outbox_aside (place, again, reason) VALUES (?, ?, 'damaged')",
  )
  const untold = into.prepare<[string]>('INSERT INTO outbox_untold (fact) VALUES (?)')
  let lost = 0
  for (let sequence = through + 1; sequence <= last; sequence += 1) {
    const place = placeOf(epoch, sequence)
    if (isHere.get(place, place) !== undefined) continue
    const following = textAt.get(place + 1)
    const link = following === undefined ? null : checkStoredText(following, epoch, sequence + 1)
    const isEnd = end?.epoch === epoch && end.sequence === sequence
    const hash = link?.prevhash ?? (isEnd ? end.hash : FIRST_PREVHASH)
    aside.run(place, place)
    const fact = { fact: 'set-aside', epoch, sequence: formatSequence(sequence), hash, reason: 'damaged' }
    untold.run(JSON.stringify(fact))
    lost += 1
  }
  return lost
}

function unsentIn(into: Db): number {
  const count = into
    .prepare<[], number>(
      `SELECT (SELECT count(*) FROM outbox_again) + (
         SELECT count(*) FROM outbox_events AS event JOIN outbox_epochs AS line ON line.epoch = event.place >> 40
         WHERE (event.place & 0xffffffffff) > line.through
           AND event.place NOT IN (SELECT place FROM outbox_aside))`,
    )
    .pluck()
    .get()
  return count ?? 0
}
