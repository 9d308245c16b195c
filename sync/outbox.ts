/**
 * The one way of a fact out of a device: into its chain in the caller's transaction, to the hall in batches,
 * let go when the hall has it (PROTOCOLS.md §1.2, §1.3).
 */
import { reopen, reopenBefore } from './outbox-again.ts'
import { beginEpoch, refuseForeignStore } from './outbox-epoch.ts'
import type { Outbox, OutboxOptions } from './outbox-face.ts'
import { passAsides, refuseDamagedLedger, straightenLedger } from './outbox-ledger.ts'
import { epochOf, placeOf, sequenceOf } from './outbox-place.ts'
import { openQuota } from './outbox-quota.ts'
import { readBatch } from './outbox-read.ts'
import { outboxMigrations } from './outbox-schema.ts'
import { type HeadRow, statements } from './outbox-statements.ts'
import { checkStoredText } from './outbox-text.ts'
import { tellUntold } from './outbox-untold.ts'
import { startUpkeep } from './outbox-upkeep.ts'
import { MAX_BATCH_BYTES, MAX_BATCH_EVENTS } from './protocol/batch.ts'
import { makeEvent } from './protocol/chain.ts'
import type { EventData, EventType } from './protocol/events.ts'
import { FIRST_PREVHASH, formatSequence, type Head } from './protocol/identifiers.ts'
import { StoreError } from './sqlite.ts'
import { storageProblem } from './sqlite-faults.ts'

export type { Backlog, BatchLimits, Outbox, OutboxOptions, OutgoingBatch, Stretch } from './outbox-face.ts'
export { outboxMigrations }

/**
 * @throws StoreError `store-foreign` when the store holds the facts of another device; `store-damaged` when its own
 * numbers and its events do not agree
 */
export function openOutbox(options: OutboxOptions): Outbox {
  const { db, identity, reserve, clock = () => new Date(), onTrouble = () => {} } = options
  refuseForeignStore(db, identity)
  refuseDamagedLedger(db, identity)
  withRoom(() => {
    straightenLedger(db)
    beginEpoch(db, identity)
  })

  const sql = statements(db)
  const remembered = (): string => identity.chain.hash
  const hallNow = options.hallNow ?? clock
  const upkeep = startUpkeep({ db, clock: hallNow, remembered, withRoom, onTrouble, reserve })
  const quota = openQuota(db, options.quotaBytes ?? Number.POSITIVE_INFINITY, upkeep.makeRoom)
  const listeners = new Set<() => void>()
  let settling: NodeJS.Immediate | null = null
  /** As it was left: nobody who waits pays for reading it. Where that was undone, it cannot be moved, and is read. */
  let lastHead: HeadRow | null = null
  /** identity.json knows the chain up to here; what it need not know yet costs no sync. */
  let rememberedPlace = placeAtStart()

  function headRow(): HeadRow {
    const row = sql.head.get()
    if (row === undefined) throw new Error('the outbox has lost its head')
    return row
  }

  function placeAtStart(): number {
    const { epoch, sequence, hash } = headRow()
    return hash === identity.chain.hash ? placeOf(epoch, sequence) : placeOf(epoch, 0)
  }

  /** On a full disk the reserve is given for it: what was kept must be able to go. */
  function withRoom<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      if (storageProblem(error) !== 'disk-full' || !reserve?.give()) throw error
      onTrouble(error)
      upkeep.wake()
      return work()
    }
  }

  /** What comes after a thing is done must not make it look undone. */
  function tried(work: () => void): void {
    try {
      work()
    } catch (error) {
      onTrouble(error)
    }
  }

  /** Before the hall sees anything up to `place`: a restored store then knows that it is one. */
  function remember(place: number): void {
    if (place <= rememberedPlace) return
    const { epoch, sequence, hash } = headRow()
    try {
      withRoom(() => identity.rememberChain({ epoch, hash }))
      rememberedPlace = placeOf(epoch, sequence)
    } catch (error) {
      onTrouble(error)
    }
  }

  /** After the caller's transaction, however it ended: what is in the store now is what counts. */
  function settle(): void {
    settling = null
    if (!db.open) return
    if (db.inTransaction) {
      settling = setImmediate(settle)
      return
    }
    upkeep.noteTransaction()
    for (const listener of listeners) listener()
  }

  function add<T extends EventType>(type: T, data: EventData<T>, at: Date): Head {
    const { deviceId } = identity
    if (deviceId === null) throw new Error('the chain begins with enrolment: this device has none')
    const head = lastHead ?? headRow()
    const { epoch, sequence, hash } = head
    const next = { deviceId, epoch, sequence: sequence + 1, prevhash: hash, type, time: at, data }
    const { event, text } = makeEvent(next)
    const moved = sql.moveHead.run(sequence + 1, event.hash, deviceId, epoch, sequence, hash)
    if (moved.changes === 0) {
      if (lastHead === null) throw new Error('the outbox has lost its head')
      lastHead = null
      return add(type, data, at)
    }
    sql.insert.run(placeOf(epoch, sequence + 1), event.hash, text)
    lastHead = { epoch, sequence: sequence + 1, hash: event.hash }
    settling ??= setImmediate(settle)
    return { epoch, sequence: event.sequence, hash: event.hash }
  }

  function takeAside(place: number, hash: string, reason: string): void {
    const epoch = epochOf(place)
    const sequence = sequenceOf(place)
    withRoom(() =>
      db
        .transaction(() => {
          sql.setAside.run(place, place, reason)
          sql.settleAgain.run(place, place)
          const line = sql.epoch.get(epoch)
          if (line !== undefined && sequence === line.through + 1)
            sql.moveThrough.run(passAsides(db, epoch, line.through), epoch)
          add(
            'system',
            { fact: 'set-aside', epoch, sequence: formatSequence(sequence), hash, reason },
            clock(),
          )
        })
        .immediate(),
    )
  }

  /** The event after it names the hash it had; where that is gone too, nobody knows it any more. */
  function takeDamagedAside(place: number): void {
    const following = sql.event.get(place + 1)
    const link = following && checkStoredText(following.text, epochOf(place), sequenceOf(place + 1))
    const own = sql.event.get(place)?.hash ?? ''
    const head = headRow()
    const isHead = placeOf(head.epoch, head.sequence) === place
    const hash = link?.prevhash ?? (isHead ? head.hash : isHash(own) ? own : FIRST_PREVHASH)
    takeAside(place, hash, 'damaged')
    onTrouble(
      new StoreError(
        'event-damaged',
        `${db.name}: event ${epochOf(place)}/${sequenceOf(place)} is not what was written; it was set aside: replace this disk`,
      ),
    )
  }

  /** Once there is room, one fact tells what was not kept. */
  function tellDropped(): void {
    const fact = quota.toTell()
    if (fact === null || identity.deviceId === null) return
    db.transaction(() => {
      quota.told()
      add('system', fact, clock())
    }).immediate()
  }

  const outbox: Outbox = {
    append(type, data, at) {
      if (!db.inTransaction) throw new Error('a fact is appended inside a transaction of its caller')
      if (reserve?.held === false) throw full(`${db.name}: the disk is full; make room on it`)
      switch (quota.admit(type, data)) {
        case 'append':
          return add(type, data, at)
        case 'count':
          quota.count(type, at)
          return null
        case 'refuse':
          throw full(
            `${db.name}: its quota is used up; let the hall take what waits, or raise storage.quotaMiB`,
          )
      }
    },

    nextBatch({ maxEvents = MAX_BATCH_EVENTS, maxBytes = MAX_BATCH_BYTES, ...limits } = {}) {
      for (;;) {
        const read = readBatch(sql, { maxEvents, maxBytes, ...limits })
        if (read.found === 'damaged') {
          // Its turn comes when what is before it has gone.
          if (limits.after !== undefined) return null
          takeDamagedAside(read.place)
        } else {
          if (read.batch !== null) remember(placeOf(read.batch.epoch, read.batch.last))
          return read.batch
        }
      }
    },

    release(epoch, through) {
      withRoom(() =>
        db
          .transaction(() => {
            const line = sql.epoch.get(epoch)
            if (line === undefined) return
            const to = Math.min(through, line.last)
            sql.settleAgain.run(placeOf(epoch, 0), placeOf(epoch, to))
            if (to <= line.through) return
            sql.moveThrough.run(passAsides(db, epoch, to), epoch)
            sql.noteRelease.run(placeOf(epoch, to), Math.max(1, (hallNow() ?? clock()).getTime()))
          })
          .immediate(),
      )
      upkeep.noteTransaction()
      upkeep.wake()
      tried(() => {
        reserve?.take()
        tellDropped()
      })
    },

    sendAgain: (epoch, sequences) => withRoom(() => reopen(db, sql, epoch, sequences)),

    sendAgainBefore: (epoch) => withRoom(() => reopenBefore(db, sql, epoch)),

    setAside(epoch, sequence, reason) {
      const row = sql.event.get(placeOf(epoch, sequence))
      if (row === undefined) throw new Error(`there is no event ${epoch}/${sequence} to set aside`)
      takeAside(row.place, checkStoredText(row.text, epoch, sequence)?.hash ?? row.hash, reason)
    },

    backlog() {
      const read = readBatch(sql, { maxEvents: 1, maxBytes: MAX_BATCH_BYTES })
      const oldestAt = read.found === 'batch' ? read.oldestAt : null
      return { count: sql.count.get() ?? 0, oldestAt }
    },

    head() {
      const { epoch, sequence, hash } = headRow()
      if (sequence === 0) return null
      remember(placeOf(epoch, sequence))
      return { epoch, sequence: formatSequence(sequence), hash }
    },

    refusing() {
      if (reserve?.take() === false) return 'disk-full'
      return quota.isUsedUp() ? 'quota-full' : null
    },

    probe() {
      const { epoch, sequence, hash } = headRow()
      db.transaction(() =>
        sql.moveHead.run(sequence, hash, identity.deviceId, epoch, sequence, hash),
      ).immediate()
      const why = outbox.refusing()
      if (why !== null) throw full(`${db.name}: ${why}`)
    },

    tidy: () => upkeep.step(),

    onAppended(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    close() {
      if (settling !== null) clearImmediate(settling)
      settling = null
      listeners.clear()
      upkeep.close()
      if (db.open && !db.inTransaction) remember(Number.POSITIVE_INFINITY)
    },
  }
  tried(() => {
    if (identity.deviceId !== null) withRoom(() => tellUntold(db, (fact) => add('system', fact, clock())))
    tellDropped()
  })
  if (reserve?.held === false) upkeep.wake()
  return outbox
}

function full(message: string): StoreError {
  return new StoreError('store-full', message)
}

function isHash(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text)
}
