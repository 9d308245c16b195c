/**
 * The chain out of a damaged store: each event whose text is still its own hash's goes over exactly as it was, so
 * that the hall gets it in order; what lies between and is gone is named, so that it can be told.
 */

import type { Identity } from './identity.ts'
import { epochOf, placeOf, sequenceOf } from './outbox-place.ts'
import type { EpochRow, EventRow, HeadRow } from './outbox-statements.ts'
import { checkStoredText } from './outbox-text.ts'
import { DeviceId, FIRST_PREVHASH, formatSequence } from './protocol/identifiers.ts'
import { type Db, StoreError } from './sqlite.ts'

export interface SalvagedChain {
  /** Events that the hall may not have. */
  carried: number
  /** Events that are gone and that the hall may not have. */
  lost: number
  /** What the next epoch links to: the last event that is known, or what identity.json remembers. */
  known: { epoch: number; hash: string }
}

/** More in a row that cannot be read is the end of what there is. */
const SEARCH_ON_PLACES = 2 ** 17

interface Lines {
  first: Map<number, number>
  last: Map<number, number>
  /** As the damaged store has them, where they can be read. */
  told: Map<number, EpochRow>
}

/**
 * Within a transaction of `into`, whose outbox is new. Never throws for what is wrong with `from`.
 * @param remembered what identity.json holds
 * @throws StoreError `store-foreign` when the store is another device's
 */
export function salvageOutbox(from: Db, into: Db, identity: Identity): SalvagedChain {
  refuseForeign(from, identity)
  const { chain: remembered } = identity
  const lines: Lines = {
    first: new Map(),
    last: new Map(),
    told: new Map(
      quietly<EpochRow>(from, 'SELECT epoch, last, through FROM outbox_epochs').map((row) => [
        row.epoch,
        row,
      ]),
    ),
  }
  const insert = into.prepare<[number, string, string]>(
    'INSERT OR IGNORE INTO outbox_events (place, hash, text) VALUES (?, ?, ?)',
  )
  let carried = 0
  let newest: HeadRow | null = null
  let isRemembered = false
  for (const { place, text } of readableEvents(from)) {
    const epoch = epochOf(place)
    const sequence = sequenceOf(place)
    const checked = checkStoredText(text, epoch, sequence)
    if (checked === null) continue
    insert.run(place, checked.hash, text)
    if (sequence > (lines.told.get(epoch)?.through ?? 0)) carried += 1
    if (!lines.first.has(epoch)) lines.first.set(epoch, sequence)
    lines.last.set(epoch, sequence)
    newest = { epoch, sequence, hash: checked.hash }
    isRemembered ||= checked.hash === remembered.hash || checked.prevhash === remembered.hash
  }
  const [head] = quietly<HeadRow>(from, 'SELECT epoch, sequence, hash FROM outbox_head')
  const end = isSoundHead(head) && isBehind(newest, head) ? head : newest
  if (end !== null) lines.last.set(end.epoch, Math.max(lines.last.get(end.epoch) ?? 0, end.sequence))
  for (const table of ['outbox_aside', 'outbox_again', 'outbox_releases', 'outbox_dropped', 'outbox_untold'])
    copyRows(from, into, table)
  const lost = noteLost(into, lines, end)
  isRemembered ||= end?.hash === remembered.hash
  const goesOn =
    end !== null && (end.epoch > remembered.epoch || (end.epoch === remembered.epoch && isRemembered))
  const epoch = Math.max(end?.epoch ?? 0, remembered.epoch)
  return { carried, lost, known: { epoch, hash: goesOn ? end.hash : remembered.hash } }
}

/** Writes how far each epoch went, and a fact for each event that is gone; gives how many those are. */
function noteLost(into: Db, lines: Lines, end: HeadRow | null): number {
  const isHere = into
    .prepare<[number, number], number>(
      'SELECT 1 FROM outbox_events WHERE place = ? UNION SELECT 1 FROM outbox_aside WHERE place = ?',
    )
    .pluck()
  const textAt = into.prepare<[number], string>('SELECT text FROM outbox_events WHERE place = ?').pluck()
  const line = into.prepare<[number, number, number]>(
    'INSERT INTO outbox_epochs (epoch, last, through) VALUES (?, ?, ?)',
  )
  const aside = into.prepare<[number]>("INSERT INTO outbox_aside (place, reason) VALUES (?, 'damaged')")
  const untold = into.prepare<[string]>('INSERT INTO outbox_untold (fact) VALUES (?)')
  let lost = 0
  for (const [epoch, lastThere] of lines.last) {
    const told = lines.told.get(epoch)
    const last = Math.max(lastThere, Math.min(told?.last ?? 0, lastThere + AHEAD_AT_MOST))
    const through = Math.min(told?.through ?? (lines.first.get(epoch) ?? 1) - 1, last)
    for (let sequence = through + 1; sequence <= last; sequence += 1) {
      const place = placeOf(epoch, sequence)
      if (isHere.get(place, place) !== undefined) continue
      const following = textAt.get(place + 1)
      const link = following === undefined ? null : checkStoredText(following, epoch, sequence + 1)
      const isEnd = end?.epoch === epoch && end.sequence === sequence
      const hash = link?.prevhash ?? (isEnd ? end.hash : FIRST_PREVHASH)
      aside.run(place)
      const fact = { fact: 'set-aside', epoch, sequence: formatSequence(sequence), hash, reason: 'damaged' }
      untold.run(JSON.stringify(fact))
      lost += 1
    }
    let passed = through
    while (passed < last && isAside(into, placeOf(epoch, passed + 1))) passed += 1
    line.run(epoch, last, passed)
  }
  return lost
}

function isAside(db: Db, place: number): boolean {
  return db.prepare('SELECT 1 FROM outbox_aside WHERE place = ?').get(place) !== undefined
}

function refuseForeign(from: Db, identity: Identity): void {
  const [row] = quietly<{ device_id: string | null }>(from, 'SELECT device_id FROM outbox_head')
  // A damaged name belongs to nobody.
  const owner = DeviceId.safeParse(row?.device_id).data
  const [first] = quietly<{ text: string }>(from, 'SELECT text FROM outbox_events LIMIT 1')
  if (owner === undefined || owner === identity.deviceId) return
  if (first !== undefined && !first.text.includes(`"source":"/devices/${owner}"`)) return
  throw new StoreError(
    'store-foreign',
    `${from.name} is damaged and holds the facts of ${owner}, but identity.json is another device: move the store away`,
  )
}

/** In order. Past a page that cannot be read, each place is asked for by itself until it goes on. */
function* readableEvents(from: Db): Generator<EventRow> {
  let after = -1
  const place = placeColumn(from)
  for (;;) {
    try {
      const rows = from.prepare<[number], EventRow>(
        `SELECT ${place} AS place, hash, text FROM outbox_events WHERE ${place} > ? ORDER BY ${place}`,
      )
      for (const row of rows.iterate(after)) {
        if (row.place <= after) return
        after = row.place
        yield row
      }
      return
    } catch {
      const next = place === PLACE ? searchOn(from, after) : null
      if (next === null) return
      after = next.place
      yield next
    }
  }
}

const PLACE = 'place'

/** A store that was never migrated to places has epoch and sequence. */
function placeColumn(from: Db): string {
  const columns = quietly<{ name: string }>(from, "SELECT name FROM pragma_table_info('outbox_events')")
  return columns.some(({ name }) => name === PLACE) ? PLACE : '(epoch << 40 | sequence)'
}

function searchOn(from: Db, after: number): EventRow | null {
  const start = after < 0 ? placeOf(1, 0) : after
  for (let place = start + 1; place <= start + SEARCH_ON_PLACES; place += 1) {
    const [row] = quietly<EventRow>(
      from,
      `SELECT place, hash, text FROM outbox_events WHERE place = ${place}`,
    )
    if (row !== undefined) return row
  }
  return null
}

function copyRows(from: Db, into: Db, table: string): void {
  for (const row of quietly<Record<string, unknown>>(from, `SELECT * FROM ${table}`)) {
    const names = Object.keys(row)
    try {
      into
        .prepare<unknown[]>(
          `INSERT OR IGNORE INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
        )
        .run(...Object.values(row))
    } catch {
      // A column that this version does not know: the row means nothing here.
    }
  }
}

/** What can be read of it, perhaps nothing. */
function quietly<Row>(db: Db, query: string): Row[] {
  const rows: Row[] = []
  try {
    for (const row of db.prepare<[], Row>(query).iterate()) rows.push(row)
  } catch {
    // A damaged page: the rows before it count.
  }
  return rows
}

function isSoundHead(head: HeadRow | undefined): head is HeadRow {
  return (
    head !== undefined &&
    Number.isSafeInteger(head.sequence) &&
    head.epoch >= 1 &&
    head.sequence >= 0 &&
    /^[A-Za-z0-9_-]{43}$/.test(head.hash)
  )
}

/** A number that a flipped bit has made huge is no head: events come one at a time, and their loss is told one by one. */
const AHEAD_AT_MOST = 100_000

function isBehind(head: HeadRow | null, told: HeadRow): boolean {
  if (head === null) return true
  if (told.epoch !== head.epoch) return told.epoch === head.epoch + 1 && told.sequence === 0
  return told.sequence > head.sequence && told.sequence - head.sequence <= AHEAD_AT_MOST
}
