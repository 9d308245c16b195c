/** Which epoch a store goes on with (PROTOCOLS.md §1.2). */
import type { Identity } from './identity.ts'
import { placeOf } from './outbox-place.ts'
import type { HeadRow } from './outbox-statements.ts'
import { type Db, StoreError } from './sqlite.ts'

export function refuseForeignStore(db: Db, identity: Identity): void {
  const owner = db.prepare<[], string | null>('SELECT device_id FROM outbox_head').pluck().get() ?? null
  if (owner === null || owner === identity.deviceId) return
  if (identity.deviceId !== null && newestText(db)?.includes(`"source":"/devices/${identity.deviceId}"`))
    throw new StoreError('store-damaged', `${db.name} is damaged: its owner's name is not what was written`)
  throw new StoreError(
    'store-foreign',
    `${db.name} holds the facts of ${owner}, but identity.json is ${identity.deviceId ?? 'a device not enrolled'}: ` +
      'restore the identity.json that belongs to it, or move the store away',
  )
}

/**
 * A store that is new, or older than what identity.json remembers, begins a new epoch: identity.json first, so
 * that no epoch is ever used twice, and its first event links to the last hash that is known.
 */
export function beginEpoch(db: Db, identity: Identity): void {
  const head = db.prepare<[], HeadRow>('SELECT epoch, sequence, hash FROM outbox_head').get()
  const { epoch, hash } = identity.chain
  const remembers =
    head !== undefined &&
    head.epoch >= epoch &&
    (head.epoch > epoch ||
      head.hash === hash ||
      // Before its first event an epoch links to what identity.json remembers, and to nothing else.
      (head.sequence > 0 && (isKnown(db, hash) || isLinkOf(db, epoch, hash))))
  if (remembers) {
    identity.rememberChain({ epoch: head.epoch, hash: head.hash })
    return
  }
  identity.rememberChain({ epoch: epoch + 1, hash })
  startEpoch(db, epoch + 1, hash)
}

/** identity.json remembers that epoch already. */
export function startEpoch(db: Db, epoch: number, hash: string): void {
  db.transaction(() => {
    db.prepare('UPDATE outbox_epochs SET last = (SELECT sequence FROM outbox_head) WHERE last IS NULL').run()
    db.prepare<[number, string]>(
      'INSERT INTO outbox_head (one, epoch, sequence, hash) VALUES (1, ?, 0, ?) ' +
        'ON CONFLICT DO UPDATE SET epoch = excluded.epoch, sequence = 0, hash = excluded.hash',
    ).run(epoch, hash)
    db.prepare<[number]>('INSERT INTO outbox_epochs (epoch, last, through) VALUES (?, NULL, 0)').run(epoch)
  }).immediate()
}

/** Newest first: what identity.json remembers is never far from the end, unless the store is an old one. */
function isKnown(db: Db, hash: string): boolean {
  const newestFirst = db.prepare<[], string>('SELECT hash FROM outbox_events ORDER BY place DESC').pluck()
  for (const known of newestFirst.iterate()) if (known === hash) return true
  return false
}

/** Whether `hash` is what this epoch's first event links to: events came, identity.json was not yet written. */
function isLinkOf(db: Db, epoch: number, hash: string): boolean {
  const first = db
    .prepare<[number], string>('SELECT text FROM outbox_events WHERE place = ?')
    .pluck()
    .get(placeOf(epoch, 1))
  return first?.includes(`"prevhash":"${hash}","sequence":`) ?? false
}

function newestText(db: Db): string | undefined {
  return db.prepare<[], string>('SELECT text FROM outbox_events ORDER BY place DESC LIMIT 1').pluck().get()
}
