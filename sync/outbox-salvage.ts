/**
 * The chain out of a damaged store: each event whose text is still its own hash's goes over exactly as it was, so
 * that the hall gets it in order; what lies between and is gone is named, so that it can be told.
 */

import type { ChainMemory, Identity } from './identity.ts'
import { epochOf, isPlace, placeOf, sequenceOf } from './outbox-place.ts'
import { AHEAD_AT_MOST, type Lines, writeLines } from './outbox-salvage-lines.ts'
import type { EpochRow, EventRow, HeadRow } from './outbox-statements.ts'
import { checkStoredText } from './outbox-text.ts'
import { DeviceId } from './protocol/identifiers.ts'
import { type Db, StoreError } from './sqlite.ts'
import { isUnreadable } from './sqlite-faults.ts'

export interface SalvagedChain {
  /** Events that the hall may not have. */
  carried: number
  /** Events that are gone and that the hall may not have. */
  lost: number
  /** All of it could be read, and was sound. */
  isWhole: boolean
  /** What the next epoch links to: the last event that is known, or what identity.json remembers. */
  known: { epoch: number; hash: string }
}

/** More in a row that cannot be read is the end of what there is. */
const SEARCH_ON_PLACES = 2 ** 17

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
    isSpoilt: false,
    told: new Map(
      quietly<EpochRow>(from, 'SELECT epoch, last, through FROM outbox_epochs')
        .filter(({ epoch, through }) => isPlace(epoch, through))
        .map((row) => [row.epoch, row]),
    ),
    released: new Map(
      quietly<{ place: number }>(from, 'SELECT place FROM outbox_releases ORDER BY place').map(
        ({ place }) => [epochOf(place), sequenceOf(place)],
      ),
    ),
  }
  let isWhole = true
  const onUnread = (): void => {
    isWhole = false
  }
  const insert = into.prepare<[number, string, string]>(
    'INSERT OR IGNORE INTO outbox_events (place, hash, text) VALUES (?, ?, ?)',
  )
  let newest: HeadRow | null = null
  let isRemembered = false
  const onGap = (): void => {
    lines.isSpoilt = true
    onUnread()
  }
  for (const { place, text } of readableEvents(from, onGap)) {
    const epoch = epochOf(place)
    const sequence = sequenceOf(place)
    const checked = checkStoredText(text, epoch, sequence)
    if (checked === null) {
      onGap()
      continue
    }
    insert.run(place, checked.hash, text)
    if (!lines.first.has(epoch)) lines.first.set(epoch, sequence)
    lines.last.set(epoch, sequence)
    newest = { epoch, sequence, hash: checked.hash }
    isRemembered ||= checked.hash === remembered.hash || checked.prevhash === remembered.hash
  }
  const end = endOf(from, into, newest, remembered)
  if (end !== null) lines.last.set(end.epoch, Math.max(lines.last.get(end.epoch) ?? 0, end.sequence))
  for (const table of ['outbox_aside', 'outbox_again', 'outbox_releases', 'outbox_dropped', 'outbox_untold'])
    copyRows(from, into, table, onUnread)
  const { carried, lost } = writeLines(into, lines, end)
  isRemembered ||= end?.hash === remembered.hash
  const goesOn =
    end !== null && (end.epoch > remembered.epoch || (end.epoch === remembered.epoch && isRemembered))
  const epoch = Math.max(end?.epoch ?? 0, remembered.epoch)
  return { carried, lost, isWhole, known: { epoch, hash: goesOn ? end.hash : remembered.hash } }
}

/**
 * The last event that is known to have been: what the head names only where no event that went over has its hash, for
 * then it is the number that is wrong, and what it promises never was.
 */
function endOf(from: Db, into: Db, newest: HeadRow | null, remembered: ChainMemory): HeadRow | null {
  const [head] = quietly<HeadRow>(from, 'SELECT epoch, sequence, hash FROM outbox_head')
  if (!isSoundHead(head) || !isBehind(newest, head)) return newest
  if (head.sequence === 0) return head.epoch === remembered.epoch ? { ...head, ...remembered } : head
  const isKnown = into.prepare<[string]>('SELECT 1 FROM outbox_events WHERE hash = ?').get(head.hash)
  return isKnown === undefined ? head : newest
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
function* readableEvents(from: Db, onGap: () => void): Generator<EventRow> {
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
    } catch (error) {
      if (!isUnreadable(error)) throw error
      onGap()
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

function copyRows(from: Db, into: Db, table: string, onUnread: () => void): void {
  for (const read of quietly<Record<string, unknown>>(from, `SELECT * FROM ${table}`, onUnread)) {
    // Before a place was written twice there was nothing to hold it against.
    const row = table === 'outbox_aside' ? { again: read.place, ...read } : read
    const names = Object.keys(row)
    try {
      const { changes } = into
        .prepare<unknown[]>(
          `INSERT OR IGNORE INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
        )
        .run(...Object.values(row))
      if (changes === 0) onUnread()
    } catch (error) {
      if (!isUnreadable(error)) throw error
      // A column that this version does not know: the row means nothing here.
      onUnread()
    }
  }
}

/** What can be read of it, perhaps nothing. */
function quietly<Row>(db: Db, query: string, onUnread: () => void = () => {}): Row[] {
  const rows: Row[] = []
  try {
    for (const row of db.prepare<[], Row>(query).iterate()) rows.push(row)
  } catch (error) {
    if (!isUnreadable(error)) throw error
    // A damaged page: the rows before it count.
    onUnread()
  }
  return rows
}

function isSoundHead(head: HeadRow | undefined): head is HeadRow {
  return head !== undefined && isPlace(head.epoch, head.sequence) && /^[A-Za-z0-9_-]{43}$/.test(head.hash)
}

function isBehind(newest: HeadRow | null, told: HeadRow): boolean {
  if (newest === null) return told.sequence <= AHEAD_AT_MOST
  if (told.epoch !== newest.epoch) return told.epoch === newest.epoch + 1 && told.sequence === 0
  return told.sequence > newest.sequence && told.sequence - newest.sequence <= AHEAD_AT_MOST
}
