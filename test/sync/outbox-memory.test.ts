import { copyFileSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { loadIdentity } from '../../sync/identity.ts'
import { openOutbox } from '../../sync/outbox.ts'
import { FIRST_PREVHASH, formatSequence } from '../../sync/protocol/identifiers.ts'
import { StoreError } from '../../sync/sqlite.ts'
import { textsOf } from './support/batch-texts.ts'
import { eventsOf, openStore, openTestDevice } from './support/device.ts'
import { STOP } from './support/facts.ts'
import { testFolder } from './support/folder.ts'

const remembered = (dir: string) => {
  const { epoch, hash } = JSON.parse(readFileSync(join(dir, 'identity.json'), 'utf8'))
  return { epoch, hash }
}

describe('the memory in identity.json', () => {
  it('holds the last hash before the hall is told of it or any batch is out, and is not written for each event', async () => {
    const dir = testFolder()
    const device = openTestDevice(dir)
    device.append(1)
    await setImmediate()
    expect(remembered(dir).hash).toBe(FIRST_PREVHASH)
    const [first] = eventsOf(device)
    expect(remembered(dir)).toEqual({ epoch: 1, hash: first?.hash })
    device.append(1)
    expect(remembered(dir)).toEqual({ epoch: 1, hash: first?.hash })
    const head = device.outbox.head()
    expect(remembered(dir)).toEqual({ epoch: 1, hash: head?.hash })
  })

  it('does not raise the epoch for a restart, with events or without', () => {
    const dir = testFolder()
    openTestDevice(dir, { enrolled: false }).close()
    openTestDevice(dir).close()
    const device = openTestDevice(dir)
    device.append(1)
    device.close()
    openTestDevice(dir).append(1)
    expect(remembered(dir).epoch).toBe(1)
  })

  it('that is behind its store after a cut of power catches up', () => {
    const dir = testFolder()
    const device = openTestDevice(dir)
    device.append(1)
    device.close()
    copyFileSync(join(dir, 'identity.json'), join(dir, 'kept'))
    const again = openTestDevice(dir)
    again.append(2)
    again.close()
    copyFileSync(join(dir, 'kept'), join(dir, 'identity.json'))
    const after = openTestDevice(dir)
    after.append(1)
    expect(after.outbox.head()).toMatchObject({ epoch: 1, sequence: formatSequence(4) })
  })

  it('that was not written at all since the first events catches up too', () => {
    const dir = testFolder()
    openTestDevice(dir).close()
    copyFileSync(join(dir, 'identity.json'), join(dir, 'kept'))
    const device = openTestDevice(dir)
    device.append(2)
    device.close()
    copyFileSync(join(dir, 'kept'), join(dir, 'identity.json'))
    expect(openTestDevice(dir).outbox.head()).toMatchObject({ epoch: 1, sequence: formatSequence(2) })
  })

  it.each(['restored from an older copy', 'new'])(
    'begins a new epoch when the store is %s, linked to the last hash',
    (how) => {
      const dir = testFolder()
      const device = openTestDevice(dir)
      device.append(2)
      device.close()
      copyFileSync(join(dir, 'store.sqlite'), join(dir, 'backup'))
      const later = openTestDevice(dir)
      later.append(3)
      const last = later.outbox.head()
      later.close()

      if (how === 'new') rmSync(join(dir, 'store.sqlite'))
      else copyFileSync(join(dir, 'backup'), join(dir, 'store.sqlite'))
      const restored = openTestDevice(dir)
      expect(remembered(dir)).toEqual({ epoch: 2, hash: last?.hash })
      restored.append(2)
      restored.outbox.release(1, 99)
      const events = eventsOf(restored)
      expect(events.map((event) => [event.epoch, event.sequence])).toEqual([
        [2, formatSequence(1)],
        [2, formatSequence(2)],
      ])
      expect(events[0]?.prevhash).toBe(last?.hash)
      restored.close()
      expect(openTestDevice(dir).outbox.head()).toMatchObject({ epoch: 2, sequence: formatSequence(2) })
    },
  )

  it('sends one epoch after the other, never two in one batch', () => {
    const dir = testFolder()
    const device = openTestDevice(dir)
    device.append(2)
    device.close()
    copyFileSync(join(dir, 'store.sqlite'), join(dir, 'backup'))
    const later = openTestDevice(dir)
    later.append(1)
    later.close()
    copyFileSync(join(dir, 'backup'), join(dir, 'store.sqlite'))
    const restored = openTestDevice(dir)
    restored.append(1)
    expect(restored.outbox.nextBatch()).toMatchObject({ epoch: 1, first: 1, last: 2 })
    restored.outbox.release(1, 2)
    expect(restored.outbox.nextBatch()).toMatchObject({ epoch: 2, first: 1, last: 1 })
    restored.outbox.release(2, 1)
    restored.append(1)
    restored.outbox.sendAgain(1, [1])
    expect(restored.outbox.nextBatch()).toMatchObject({ epoch: 1, first: 1, last: 1 })
  })

  it('that cannot be written stops neither facts nor batches, and is told', () => {
    const dir = testFolder()
    openTestDevice(dir).close()
    const db = openStore(dir)
    const troubles: unknown[] = []
    const outbox = openOutbox({ db, identity: loadIdentity(dir), onTrouble: (error) => troubles.push(error) })
    rmSync(dir, { recursive: true })
    db.transaction(() => outbox.append('system', STOP, new Date()))()
    expect(textsOf(outbox.nextBatch())).toHaveLength(1)
    expect(troubles).toHaveLength(1)
    db.close()
  })

  it('of another device does not go with this store', () => {
    const dir = testFolder()
    const device = openTestDevice(dir)
    device.append(1)
    device.close()
    rmSync(join(dir, 'identity.json'))
    const db = openStore(dir)
    expect(() => openOutbox({ db, identity: loadIdentity(dir) })).toThrow(StoreError)
    expect(() => openOutbox({ db, identity: loadIdentity(dir) })).toThrow(/holds the facts of T-0571-0001/)
    db.close()
  })
})
