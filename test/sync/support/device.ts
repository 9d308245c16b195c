/** A device's identity and store as they lie in one folder. */
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { downlinkMigrations } from '../../../sync/downlink.ts'
import { type Identity, loadIdentity } from '../../../sync/identity.ts'
import { type Outbox, openOutbox, outboxMigrations } from '../../../sync/outbox.ts'
import { checkEvent } from '../../../sync/protocol/chain.ts'
import type { Envelope } from '../../../sync/protocol/events.ts'
import { createSealingKeyPair, publicSealingKey } from '../../../sync/protocol/keys.ts'
import { type Db, migrate, openDatabase } from '../../../sync/sqlite.ts'
import { textsOf } from './batch-texts.ts'
import { STOP } from './facts.ts'

export const hallKeys = createSealingKeyPair()
export const DEVICE = 'T-0571-0001'

export interface TestDevice {
  identity: Identity
  db: Db
  outbox: Outbox
  /** Appends so many facts in one transaction each. */
  append(count: number): void
  close(): void
}

export function openStore(dir: string): Db {
  const db = openDatabase(join(dir, 'store.sqlite'))
  migrate(db, [...outboxMigrations, ...downlinkMigrations])
  return db
}

export function openTestDevice(
  dir: string,
  options: { clock?: () => Date; enrolled?: boolean } = {},
): TestDevice {
  const identity = loadIdentity(dir)
  if (options.enrolled !== false) identity.enrol(DEVICE, publicSealingKey(hallKeys))
  const db = openStore(dir)
  const outbox = openOutbox({
    db,
    identity,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  })
  let open = true
  const close = () => {
    if (!open) return
    open = false
    outbox.close()
    db.close()
  }
  onTestFinished(close)
  return {
    identity,
    db,
    outbox,
    append(count) {
      for (let i = 0; i < count; i += 1)
        db.transaction(() => outbox.append('system', STOP, new Date())).immediate()
    },
    close,
  }
}

/** The oldest unsent events, each checked. */
export function eventsOf(device: TestDevice): Envelope[] {
  return textsOf(device.outbox.nextBatch()).map((text) => {
    const checked = checkEvent(text)
    if (!checked.ok) throw new Error(checked.detail)
    return checked.event
  })
}
