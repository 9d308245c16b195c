/**
 * Whether the outbox's own numbers agree with its events. SQLite keeps no checksums of its pages: one flipped bit in
 * the head or in a line of what was sent would lose, forge or stop ratings in a store that looks sound.
 */
import type { Identity } from './identity.ts'
import { isPlace, LAST_SEQUENCE, placeOf, sequenceOf } from './outbox-place.ts'
import type { EventRow, HeadRow } from './outbox-statements.ts'
import { checkStoredText } from './outbox-text.ts'
import { type Db, StoreError } from './sqlite.ts'

interface LineRow {
  epoch: number
  /** Null in the epoch that goes on. */
  last: number | null
  through: number
}

/** @throws StoreError `store-damaged` when what was sent, or where the chain ends, cannot be trusted */
export function refuseDamagedLedger(db: Db, identity: Identity): void {
  const fault = ledgerFault(db, identity)
  if (fault !== null) throw new StoreError('store-damaged', `${db.name} is damaged: ${fault}`)
}

/** Moves each line past what was set aside right behind it, and forgets what was asked for again and is not here. */
export function straightenLedger(db: Db): void {
  const lines = db.prepare<[], LineRow>('SELECT epoch, last, through FROM outbox_epochs').all()
  const move = db.prepare<[number, number]>('UPDATE outbox_epochs SET through = ? WHERE epoch = ?')
  const moved = lines
    .map(({ epoch, through }) => ({ epoch, through, passed: passAsides(db, epoch, through) }))
    .filter(({ through, passed }) => passed > through)
  const strange = db
    .prepare<[], number>(
      'SELECT count(*) FROM outbox_again WHERE place NOT IN (SELECT place FROM outbox_events)',
    )
    .pluck()
    .get()
  if (moved.length === 0 && !strange) return
  db.transaction(() => {
    for (const { epoch, passed } of moved) move.run(passed, epoch)
    db.exec('DELETE FROM outbox_again WHERE place NOT IN (SELECT place FROM outbox_events)')
  }).immediate()
}

/** Where the line stands once what was set aside next to it is behind it. */
export function passAsides(db: Db, epoch: number, through: number): number {
  const isAside = db.prepare<[number], number>('SELECT 1 FROM outbox_aside WHERE place = ?').pluck()
  let passed = through
  while (isAside.get(placeOf(epoch, passed + 1)) !== undefined) passed += 1
  return passed
}

function ledgerFault(db: Db, { chain }: Identity): string | null {
  const head = db.prepare<[], HeadRow>('SELECT epoch, sequence, hash FROM outbox_head').get()
  const lines = db.prepare<[], LineRow>('SELECT epoch, last, through FROM outbox_epochs').all()
  const newest = db
    .prepare<[], EventRow>('SELECT place, hash, text FROM outbox_events ORDER BY place DESC LIMIT 1')
    .get()
  if (head === undefined)
    return newest === undefined && lines.length === 0 ? null : 'its chain has lost its head'
  if (!isPlace(head.epoch, head.sequence)) return 'the head of its chain is no place in one'
  const open = lines.filter(({ last }) => last === null)
  if (open.length !== 1 || open[0]?.epoch !== head.epoch) return 'its head is in no epoch that goes on'
  for (const line of lines) {
    const fault = lineFault(db, { ...line, last: line.last ?? head.sequence }, line.last === null)
    if (fault !== null) return `epoch ${line.epoch}: ${fault}`
  }
  const released = open[0].through
  return headFault(head, newest, head.hash === chain.hash && head.sequence <= released)
}

/** @param isKnownSent its event may be gone: the hall has it, and identity.json says the same of its hash */
function headFault(head: HeadRow, newest: EventRow | undefined, isKnownSent: boolean): string | null {
  const at = placeOf(head.epoch, head.sequence)
  if (newest !== undefined && newest.place > at) return 'events stand behind the head of its chain'
  if (head.sequence === 0) return null
  if (newest === undefined || newest.place < at)
    return isKnownSent ? null : 'the head of its chain is no event'
  const checked = checkStoredText(newest.text, head.epoch, head.sequence)
  // A damaged last event is set aside when its turn comes: its hash is known twice besides.
  const hash = checked === null ? newest.hash : checked.hash
  return hash === head.hash ? null : 'the hash of its head is not that of its last event'
}

function lineFault(
  db: Db,
  { epoch, last, through }: LineRow & { last: number },
  goesOn: boolean,
): string | null {
  if (!isPlace(epoch, last) || !isPlace(epoch, through)) return 'its line is no place in a chain'
  if (through > last) return 'more was sent than there is'
  const from = placeOf(epoch, 0)
  const to = placeOf(epoch, LAST_SEQUENCE)
  const newestOf = (table: 'outbox_events' | 'outbox_releases'): number => {
    const query = `SELECT max(place) FROM ${table} WHERE place BETWEEN ? AND ?`
    const place = db.prepare<[number, number], number | null>(query).pluck().get(from, to) ?? null
    return place === null ? 0 : sequenceOf(place)
  }
  const released = newestOf('outbox_releases')
  if (through < released || through > passAsides(db, epoch, released))
    return 'what was sent is not what the hall had confirmed'
  const newest = newestOf('outbox_events')
  if (newest > last) return 'events stand behind its end'
  const isSettled = last <= through || passAsides(db, epoch, last - 1) >= last
  return goesOn || newest === last || isSettled ? null : 'its last event is gone'
}
