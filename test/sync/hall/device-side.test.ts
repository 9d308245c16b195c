/** The hall together with what really talks to it: a device's own outbox, uplink, event line and downlink. */
import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { downlinkMigrations, openDownlink } from '../../../sync/downlink.ts'
import { startEventLine } from '../../../sync/event-line.ts'
import { type Hall, startHall } from '../../../sync/hall/hall.ts'
import { openSqliteStore } from '../../../sync/hall/store/sqlite.ts'
import { verifyStore } from '../../../sync/hall/verify.ts'
import { createHallClient, type HallClient } from '../../../sync/hall-client.ts'
import { type Identity, loadIdentity } from '../../../sync/identity.ts'
import { type Outbox, openOutbox, outboxMigrations } from '../../../sync/outbox.ts'
import { seal } from '../../../sync/protocol/sealing.ts'
import { type Db, migrate, openDatabase } from '../../../sync/sqlite.ts'
import { startUplink, type Uplink } from '../../../sync/uplink.ts'
import { newFolder, ratingData } from './helpers.ts'

let hallDir: string
let deviceDir: string
let hall: Hall
let address: string
let identity: Identity
let client: HallClient
let db: Db
let outbox: Outbox
let uplink: Uplink

beforeEach(async () => {
  hallDir = newFolder()
  deviceDir = newFolder()
  hall = await startHall({ dataDir: hallDir, listen: '127.0.0.1:0', demo: true })
  address = new URL(hall.url).host
  identity = loadIdentity(deviceDir)
  client = createHallClient({ url: hall.url, identity })
  const enrolmentCode = hall.createEnrolmentCode()
  const about = { role: 'terminal', name: '东门 1号', window: null, software: '0.1.0' } as const
  expect(await client.enrol({ enrolmentCode, ...about })).toMatchObject({ ok: true })
  openStore('store.sqlite')
})

afterEach(async () => {
  await uplink.close()
  outbox.close()
  db.close()
  await hall.close()
  for (const folder of [hallDir, deviceDir]) rmSync(folder, { recursive: true, force: true })
})

function openStore(name: string): void {
  db = openDatabase(join(deviceDir, name))
  migrate(db, [...outboxMigrations, ...downlinkMigrations])
  outbox = openOutbox({ db, identity })
  uplink = startUplink({ outbox, line: client })
}

async function rate(times: number): Promise<void> {
  const sent = allSent()
  db.transaction(() => {
    for (let time = 0; time < times; time += 1) outbox.append('rating', ratingData(), new Date())
  })()
  await sent
}

/** When the hall has stored something new and nothing is left to send. */
async function allSent(): Promise<void> {
  await new Promise<void>((resolve) => {
    const before = uplink.status().lastStoredAt
    const stop = uplink.onChange(({ backlog, state, lastStoredAt }) => {
      if (backlog > 0 || state !== 'idle' || lastStoredAt === before) return
      stop()
      resolve()
    })
  })
}

async function faults(): Promise<unknown[]> {
  const store = openSqliteStore(join(hallDir, 'hall.sqlite'))
  const reports = await verifyStore(store)
  await store.close()
  return reports.flatMap((report) => report.faults)
}

test('what a device appends is at the hall once, in a chain without faults', async () => {
  await rate(3)
  await rate(600)
  expect(await hall.counts()).toEqual({ rating: 603, events: 603 })
  expect(await faults()).toEqual([])
})

test('a device whose store was lost goes on in a new epoch, and the chain is whole', async () => {
  await rate(4)
  await uplink.close()
  outbox.close()
  db.close()
  openStore('new-store.sqlite')
  await rate(2)
  expect(await hall.counts()).toEqual({ rating: 6, events: 6 })
  expect(await faults()).toEqual([])
})

test('a hall restored from an old backup asks for what it lost and gets it', async () => {
  await rate(2)
  await hall.close()
  copyFileSync(join(hallDir, 'hall.sqlite'), join(hallDir, 'backup.sqlite'))
  hall = await startHall({ dataDir: hallDir, listen: address, demo: true })
  await rate(3)

  await hall.close()
  copyFileSync(join(hallDir, 'backup.sqlite'), join(hallDir, 'hall.sqlite'))
  hall = await startHall({ dataDir: hallDir, listen: address, demo: true })
  expect((await hall.counts()).events).toBe(2)
  await rate(1)
  expect((await hall.counts()).events).toBe(6)
  expect(await faults()).toEqual([])
})

test('the event line tells the version, and the downlink takes that whole content', async () => {
  const downlink = openDownlink({ db, client })
  const eventLine = startEventLine({ line: client, deviceId: identity.deviceId ?? '', uplink })
  const version = await new Promise((resolve) => eventLine.on('content', resolve))
  expect(await downlink.refresh()).toMatchObject({ ok: true })
  const content = downlink.content()
  expect(content?.version).toBe(version)
  expect(content?.guides.length).toBeGreaterThanOrEqual(40)
  expect(content?.staff).toHaveLength(6)
  expect(content?.notices).toHaveLength(3)
  expect(content?.hall?.name).toBe('云溪区政务服务中心')
  await eventLine.close()
})

test('a card sealed by the device finds its holder’s cases', async () => {
  const { deviceId, sealingKey } = identity
  if (deviceId === null || sealingKey === null) throw new Error('not enrolled')
  const user = { type: '1', name: '王䶮', idType: '111', idNumber: '330099199409020576', phone: null }
  const jwe = await seal({ purpose: 'search', device: deviceId, user }, sealingKey, client.clock.hallNow())
  const answer = await client.searchCases({ by: 'card', user: jwe })
  expect(answer.ok && answer.value.cases.map(({ itemName }) => itemName)).toContain('新生儿户口登记')
})
