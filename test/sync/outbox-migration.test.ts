import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openStoreFile } from '../../device/store/store.ts'
import { loadIdentity } from '../../sync/identity.ts'
import { openOutbox, outboxMigrations } from '../../sync/outbox.ts'
import { makeEvent } from '../../sync/protocol/chain.ts'
import { FIRST_PREVHASH } from '../../sync/protocol/identifiers.ts'
import { publicSealingKey } from '../../sync/protocol/keys.ts'
import { migrate, openDatabase } from '../../sync/sqlite.ts'
import { DEVICE, hallKeys } from './support/device.ts'
import { STOP } from './support/facts.ts'
import { testFolder } from './support/folder.ts'

it('promise 1: a store of the first version goes on with all that it had: sent, asked for again, set aside, unsent', () => {
  const dir = testFolder()
  const path = join(dir, 'store.sqlite')
  const identity = loadIdentity(dir)
  identity.enrol(DEVICE, publicSealingKey(hallKeys))
  const old = openDatabase(path)
  migrate(old, outboxMigrations.slice(0, 1))
  const insert = old.prepare('INSERT INTO outbox_events VALUES (1, ?, ?, ?, ?, ?, ?, ?)')
  let prevhash = FIRST_PREVHASH
  const texts: string[] = []
  for (let sequence = 1; sequence <= 9; sequence += 1) {
    const { event, text } = makeEvent({
      deviceId: DEVICE,
      epoch: 1,
      sequence,
      prevhash,
      type: 'system',
      time: new Date(),
      data: STOP,
    })
    const releasedAt = sequence <= 6 && sequence !== 3 ? Date.now() : null
    insert.run(sequence, DEVICE, event.hash, event.time, text, releasedAt, sequence === 8 ? 'schema' : null)
    texts.push(text)
    prevhash = event.hash
  }
  old.prepare('INSERT INTO outbox_head VALUES (1, 1, 9, ?)').run(prevhash)
  old.close()
  identity.rememberChain({ epoch: 1, hash: prevhash })

  const db = openStoreFile(path)
  const outbox = openOutbox({ db, identity })
  expect(outbox.backlog().count).toBe(3)
  expect(outbox.nextBatch()).toEqual({ epoch: 1, first: 3, last: 3, joined: Buffer.from(texts[2] ?? '') })
  outbox.release(1, 3)
  expect(outbox.nextBatch()).toEqual({ epoch: 1, first: 7, last: 7, joined: Buffer.from(texts[6] ?? '') })
  outbox.release(1, 7)
  expect(outbox.nextBatch()).toEqual({ epoch: 1, first: 9, last: 9, joined: Buffer.from(texts[8] ?? '') })
  expect(outbox.sendAgain(1, [2, 8])).toBe(1)
  expect(outbox.head()?.sequence).toBe('00000000000000000009')
  expect(db.pragma('auto_vacuum', { simple: true })).toBe(2)
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  db.close()
})

it('promise 1: an old epoch that ends with what was set aside does not hold back what came after it', () => {
  const dir = testFolder()
  const path = join(dir, 'store.sqlite')
  const identity = loadIdentity(dir)
  identity.enrol(DEVICE, publicSealingKey(hallKeys))
  const old = openDatabase(path)
  migrate(old, outboxMigrations.slice(0, 1))
  const insert = old.prepare('INSERT INTO outbox_events VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  let prevhash = FIRST_PREVHASH
  const put = (epoch: number, sequence: number, releasedAt: number | null, aside: string | null): void => {
    const what = { deviceId: DEVICE, epoch, sequence, prevhash, type: 'system', data: STOP } as const
    const { event, text } = makeEvent({ ...what, time: new Date() })
    insert.run(epoch, sequence, DEVICE, event.hash, event.time, text, releasedAt, aside)
    prevhash = event.hash
  }
  for (let sequence = 1; sequence <= 5; sequence += 1) put(1, sequence, 1, null)
  put(1, 6, null, 'schema')
  put(2, 1, null, null)
  old.prepare('INSERT INTO outbox_head VALUES (1, 2, 1, ?)').run(prevhash)
  old.close()
  identity.rememberChain({ epoch: 2, hash: prevhash })

  const db = openStoreFile(path)
  const outbox = openOutbox({ db, identity })
  expect(outbox.backlog().count).toBe(1)
  expect(outbox.nextBatch()).toMatchObject({ epoch: 2, first: 1, last: 1 })
  db.close()
})
