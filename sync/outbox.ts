/**
 * The one way of a fact out of a device: into its chain in the caller's transaction, to the hall in batches,
 * let go when the hall has it (PROTOCOLS.md §1.2, §1.3).
 */
import type { Identity } from './identity.ts'
import { outboxMigrations } from './outbox-schema.ts'
import { MAX_BATCH_BYTES, MAX_BATCH_EVENTS } from './protocol/batch.ts'
import { makeEvent } from './protocol/chain.ts'
import type { EventData, EventType } from './protocol/events.ts'
import { formatSequence, type Head } from './protocol/identifiers.ts'
import { type Db, StoreError } from './sqlite.ts'

export { outboxMigrations }

/** The contract's: so long can a hall that lost its own store ask again. */
const RELEASED_KEPT_MS = 30 * 24 * 60 * 60 * 1000

/** Before this no device of this version ran: a clock that says less has lost its battery, not gone back. */
const CLOCK_BELIEVED_FROM_MS = Date.UTC(2026, 0, 1)

/** Old events are let go a few at a time, so that a release after a month without a line stays short. */
const PRUNE_ROWS = 2_000

const COMMA_BYTES = 1
const BRACKETS_BYTES = 2

export interface BatchLimits {
  maxEvents?: number
  maxBytes?: number
}

/** Consecutive events of one epoch. */
export interface OutgoingBatch {
  epoch: number
  first: number
  last: number
  texts: string[]
}

export interface Backlog {
  count: number
  /** RFC 3339, when the oldest of them happened; null when there is none. */
  oldestAt: string | null
}

export interface Outbox {
  /**
   * Adds a fact to the chain, inside the caller's transaction: it is there when that commits.
   * @throws Error outside a transaction, before enrolment, or when the data break their schema: all defects
   */
  append<T extends EventType>(type: T, data: EventData<T>, at: Date): Head
  /** The oldest events that the hall has not got, at most as many as one batch takes; null when there are none. */
  nextBatch(limits?: BatchLimits): OutgoingBatch | null
  /** The hall has everything of `epoch` up to `through`; what was set aside stays so. */
  release(epoch: number, through: number): void
  /** Makes events unsent again that are still here and not set aside; gives how many. */
  sendAgain(epoch: number, sequences: readonly number[]): number
  /** Takes an event that the hall refuses out of the way, and tells so in the chain. */
  setAside(epoch: number, sequence: number, reason: string): void
  backlog(): Backlog
  /** Null before the first event. */
  head(): Head | null
  /** Called soon after a transaction in which something was appended; returns how to stop listening. */
  onAppended(listener: () => void): () => void
  /** Writes what identity.json has still to remember. */
  close(): void
}

interface HeadRow {
  epoch: number
  sequence: number
  hash: string
}

/**
 * @param onTrouble told when identity.json cannot be written; it is tried again with the next event
 * @throws StoreError `store-foreign` when the store holds the facts of another device
 */
export function openOutbox(options: {
  db: Db
  identity: Identity
  clock?: () => Date
  onTrouble?: (error: unknown) => void
}): Outbox {
  const { db, identity, clock = () => new Date(), onTrouble = () => {} } = options
  refuseForeignStore(db, identity)
  beginEpoch(db, identity)

  const sql = statements(db)
  const listeners = new Set<() => void>()
  let settling: NodeJS.Immediate | null = null

  const headRow = (): HeadRow => {
    const row = sql.head.get()
    if (row === undefined) throw new Error('the outbox has lost its head')
    return row
  }

  /** After the caller's transaction, however it ended: what is in the store now is what counts. */
  const settle = (): void => {
    settling = null
    if (!db.open) return
    if (db.inTransaction) {
      settling = setImmediate(settle)
      return
    }
    remember()
    for (const listener of listeners) listener()
  }

  const remember = (): void => {
    const { epoch, hash } = headRow()
    try {
      identity.rememberChain({ epoch, hash })
    } catch (error) {
      onTrouble(error)
    }
  }

  const outbox: Outbox = {
    append(type, data, at) {
      if (!db.inTransaction) throw new Error('a fact is appended inside a transaction of its caller')
      if (identity.deviceId === null) throw new Error('the chain begins with enrolment: this device has none')
      const { epoch, sequence, hash } = headRow()
      const { deviceId } = identity
      const made = makeEvent({
        deviceId,
        epoch,
        sequence: sequence + 1,
        prevhash: hash,
        type,
        time: at,
        data,
      })
      const { event, text } = made
      sql.insert.run(epoch, sequence + 1, deviceId, event.hash, event.time, text)
      sql.moveHead.run(epoch, sequence + 1, event.hash)
      settling ??= setImmediate(settle)
      return { epoch, sequence: event.sequence, hash: event.hash }
    },

    nextBatch({ maxEvents = MAX_BATCH_EVENTS, maxBytes = MAX_BATCH_BYTES } = {}) {
      // Whatever the hall is about to see, identity.json remembers: a restored store then knows that it is one.
      remember()
      const batch: OutgoingBatch = { epoch: 0, first: 0, last: 0, texts: [] }
      let bytes = BRACKETS_BYTES
      for (const row of sql.unsent.iterate(maxEvents)) {
        bytes += Buffer.byteLength(row.text) + COMMA_BYTES
        if (batch.texts.length === 0) Object.assign(batch, { epoch: row.epoch, first: row.sequence })
        else if (row.epoch !== batch.epoch || row.sequence !== batch.last + 1 || bytes > maxBytes) break
        batch.last = row.sequence
        batch.texts.push(row.text)
      }
      return batch.texts.length === 0 ? null : batch
    },

    release(epoch, through) {
      const now = clock().getTime()
      db.transaction(() => {
        sql.release.run(now, epoch, through)
        sql.believe.run(now, CLOCK_BELIEVED_FROM_MS)
        sql.prune.run(now - RELEASED_KEPT_MS, PRUNE_ROWS)
      }).immediate()
    },

    sendAgain(epoch, sequences) {
      return db
        .transaction(() => sequences.reduce((sum, one) => sum + sql.sendAgain.run(epoch, one).changes, 0))
        .immediate()
    },

    setAside(epoch, sequence, reason) {
      db.transaction(() => {
        const hash = sql.hashOf.get(epoch, sequence)
        if (hash === undefined) throw new Error(`there is no event ${epoch}/${sequence} to set aside`)
        sql.setAside.run(reason, epoch, sequence)
        const data = { fact: 'set-aside', epoch, sequence: formatSequence(sequence), hash, reason } as const
        outbox.append('system', data, clock())
      }).immediate()
    },

    backlog() {
      return { count: sql.count.get() ?? 0, oldestAt: sql.oldest.get() ?? null }
    },

    head() {
      const { epoch, sequence, hash } = headRow()
      return sequence === 0 ? null : { epoch, sequence: formatSequence(sequence), hash }
    },

    onAppended(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    close() {
      if (settling !== null) clearImmediate(settling)
      settling = null
      listeners.clear()
      if (db.open && !db.inTransaction) remember()
    },
  }
  return outbox
}

function refuseForeignStore(db: Db, identity: Identity): void {
  const owner = db.prepare<[], string>('SELECT device_id FROM outbox_events LIMIT 1').pluck().get()
  if (owner === undefined || owner === identity.deviceId) return
  throw new StoreError(
    'store-foreign',
    `${db.name} holds the facts of ${owner}, but identity.json is ${identity.deviceId ?? 'a device not enrolled'}: ` +
      'restore the identity.json that belongs to it, or move the store away',
  )
}

/**
 * A store that is new, or older than what identity.json remembers, begins a new epoch: identity.json first, so
 * that no epoch is ever used twice, and its first event links to the last hash that is known (§1.2).
 */
function beginEpoch(db: Db, identity: Identity): void {
  const head = db.prepare<[], HeadRow>('SELECT epoch, sequence, hash FROM outbox_head').get()
  const { epoch, hash } = identity.chain
  const known = db.prepare<[string], number>('SELECT count(*) FROM outbox_events WHERE hash = ?').pluck()
  const remembers =
    head !== undefined &&
    head.epoch >= epoch &&
    (head.epoch > epoch || head.hash === hash || (known.get(hash) ?? 0) > 0 || isLinkOf(db, epoch, hash))
  if (remembers) {
    identity.rememberChain({ epoch: head.epoch, hash: head.hash })
    return
  }
  identity.rememberChain({ epoch: epoch + 1, hash })
  db.prepare<[number, string]>(
    'INSERT INTO outbox_head (one, epoch, sequence, hash) VALUES (1, ?, 0, ?) ' +
      'ON CONFLICT DO UPDATE SET epoch = excluded.epoch, sequence = 0, hash = excluded.hash',
  ).run(epoch + 1, hash)
}

/** Whether `hash` is what this epoch's first event links to: events came, identity.json was not yet written. */
function isLinkOf(db: Db, epoch: number, hash: string): boolean {
  const first = db
    .prepare<[number], string>('SELECT text FROM outbox_events WHERE epoch = ? AND sequence = 1')
    .pluck()
    .get(epoch)
  return first !== undefined && JSON.parse(first).prevhash === hash
}

function statements(db: Db) {
  const unsent = 'released_at IS NULL AND set_aside IS NULL'
  return {
    head: db.prepare<[], HeadRow>('SELECT epoch, sequence, hash FROM outbox_head'),
    moveHead: db.prepare<[number, number, string]>(
      'UPDATE outbox_head SET epoch = ?, sequence = ?, hash = ?',
    ),
    insert: db.prepare<[number, number, string, string, string, string]>(
      'INSERT INTO outbox_events (epoch, sequence, device_id, hash, time, text) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    unsent: db.prepare<[number], { epoch: number; sequence: number; text: string }>(
      `SELECT epoch, sequence, text FROM outbox_events WHERE ${unsent} ORDER BY epoch, sequence LIMIT ?`,
    ),
    release: db.prepare<[number, number, number]>(
      `UPDATE outbox_events SET released_at = ? WHERE epoch = ? AND sequence <= ? AND ${unsent}`,
    ),
    believe: db.prepare<[number, number]>('UPDATE outbox_events SET released_at = ? WHERE released_at < ?'),
    prune: db.prepare<[number, number]>(
      'DELETE FROM outbox_events WHERE rowid IN (SELECT rowid FROM outbox_events WHERE released_at < ? LIMIT ?)',
    ),
    sendAgain: db.prepare<[number, number]>(
      `UPDATE outbox_events SET released_at = NULL
       WHERE epoch = ? AND sequence = ? AND released_at IS NOT NULL AND set_aside IS NULL`,
    ),
    hashOf: db
      .prepare<[number, number], string>('SELECT hash FROM outbox_events WHERE epoch = ? AND sequence = ?')
      .pluck(),
    setAside: db.prepare<[string, number, number]>(
      'UPDATE outbox_events SET set_aside = ? WHERE epoch = ? AND sequence = ?',
    ),
    count: db.prepare<[], number>(`SELECT count(*) FROM outbox_events WHERE ${unsent}`).pluck(),
    oldest: db
      .prepare<[], string>(`SELECT time FROM outbox_events WHERE ${unsent} ORDER BY epoch, sequence LIMIT 1`)
      .pluck(),
  }
}
