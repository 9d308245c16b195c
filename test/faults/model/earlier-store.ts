/** A device's store as the first release of this software wrote it, with a chain in it. */
import { join } from 'node:path'
import { STORE_FILE } from '../../../device/store/store.ts'
import { loadIdentity } from '../../../sync/identity.ts'
import { outboxMigrations } from '../../../sync/outbox.ts'
import { makeEvent } from '../../../sync/protocol/chain.ts'
import { FIRST_PREVHASH } from '../../../sync/protocol/identifiers.ts'
import { migrate, openDatabase } from '../../../sync/sqlite.ts'
import { ratingData } from '../../sync/hall/helpers.ts'

export interface EarlierEvent {
  sequence: number
  hash: string
  text: string
}

/** `dir` holds an enrolled identity and no store yet. Gives the events in order; none of them was ever sent. */
export function writeEarlierStore(dir: string, events: number): EarlierEvent[] {
  const identity = loadIdentity(dir)
  const { deviceId } = identity
  if (deviceId === null) throw new Error('the chain begins with enrolment')
  const made: EarlierEvent[] = []
  const db = openDatabase(join(dir, STORE_FILE))
  migrate(db, outboxMigrations.slice(0, 1))
  const insert = db.prepare(
    'INSERT INTO outbox_events (epoch, sequence, device_id, hash, time, text) VALUES (1, ?, ?, ?, ?, ?)',
  )
  let prevhash = FIRST_PREVHASH
  for (let sequence = 1; sequence <= events; sequence += 1) {
    const next = {
      deviceId,
      epoch: 1,
      sequence,
      prevhash,
      type: 'rating',
      time: new Date(),
      data: ratingData(),
    } as const
    const { event, text } = makeEvent(next)
    insert.run(sequence, deviceId, event.hash, event.time, text)
    made.push({ sequence, hash: event.hash, text })
    prevhash = event.hash
  }
  db.prepare('INSERT INTO outbox_head (one, epoch, sequence, hash) VALUES (1, 1, ?, ?)').run(events, prevhash)
  db.close()
  identity.rememberChain({ epoch: 1, hash: prevhash })
  return made
}
