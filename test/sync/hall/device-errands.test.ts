/** A device's own client against a real hall: papers, proofs, pickups, tickets, and the calls down its line. */
import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startEventLine } from '../../../sync/event-line.ts'
import { demoCaseSystem } from '../../../sync/hall/case-system/demo.ts'
import { readDemoData } from '../../../sync/hall/case-system/demo-data.ts'
import { loadContent } from '../../../sync/hall/content/content.ts'
import { openSqliteStore } from '../../../sync/hall/store/sqlite.ts'
import { createHallClient, type HallClient } from '../../../sync/hall-client.ts'
import { type Identity, loadIdentity } from '../../../sync/identity.ts'
import type { QueueNotice } from '../../../sync/protocol/queue.ts'
import { type SealPurpose, seal } from '../../../sync/protocol/sealing.ts'
import { newFolder, startTestHall, type TestHall } from './helpers.ts'
import { exampleServer } from './outside/example-server.ts'
import { caseHandlers } from './outside/example-systems.ts'
import { type DemoName, personOf } from './support/citizen.ts'
import { keptLog } from './support/log.ts'
import { pdfText } from './support/pdf-text.ts'

const DEMO = join(import.meta.dirname, '../../../sync/hall/demo')

let hall: TestHall
let identity: Identity
let client: HallClient
const folders: string[] = []

async function join_(options: Parameters<typeof startTestHall>[0]): Promise<void> {
  hall = await startTestHall(options)
  const folder = newFolder()
  folders.push(folder)
  identity = loadIdentity(folder)
  client = createHallClient({ url: hall.hall.url, identity })
  const enrolmentCode = hall.hall.createEnrolmentCode()
  const joined = await client.enrol({
    enrolmentCode,
    role: 'terminal',
    name: '自助终端',
    window: null,
    software: '0.1.0',
  })
  expect(joined.ok).toBe(true)
}

beforeEach(async () => await join_({ demo: true }))
afterEach(async () => {
  await hall.close()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

async function card(purpose: SealPurpose, by: DemoName = 'zhang'): Promise<string> {
  const { deviceId, sealingKey } = identity
  if (deviceId === null || sealingKey === null) throw new Error('not enrolled')
  const { name, number } = personOf(by)
  const user = { type: '1', name, idType: '111', idNumber: number, phone: null }
  return await seal({ purpose, device: deviceId, user }, sealingKey, client.clock.hallNow())
}

test('a proof is asked for, fetched and read', async () => {
  const made = await client.requestProof({ kind: 'housing-fund', user: await card('proof') }, randomUUID())
  if (!made.ok) throw new Error(JSON.stringify(made))
  const paper = await client.getDocument(made.value.handle)
  expect(paper.ok && (await pdfText(paper.value))).toContain(made.value.verificationCode)
  expect(await client.getDocument('A'.repeat(22))).toMatchObject({ ok: false, kind: 'problem', status: 404 })
})

test('a result is collected once', async () => {
  const collect = async () => {
    const proof = { kind: 'card' as const, user: await card('pickup') }
    return await client.collect({ caseNo: 'YX2026110007K3', proof }, randomUUID())
  }
  expect(await collect()).toMatchObject({ ok: true, value: { caseNo: 'YX2026110007K3' } })
  expect(await collect()).toMatchObject({ ok: false, problem: { code: 'already-collected' } })
})

test('a number is taken in the queue that the hall shows', async () => {
  const queue = await client.getQueue()
  expect(queue.ok && queue.value.types.length).toBe(7)
  // The duty desk gives numbers at every hour.
  const ticket = await client.takeTicket(
    { businessType: 'Z', user: await card('ticket', 'shen') },
    randomUUID(),
  )
  expect(ticket).toMatchObject({ ok: true, value: { priority: 'age' } })
})

test('what the windows serve comes down the line when it opens', async () => {
  const deviceId = identity.deviceId ?? ''
  const uplink = { lineReturned() {}, lineLost() {} }
  const line = startEventLine({ line: client, deviceId, uplink })
  const told: QueueNotice[] = []
  line.onQueue((notice) => told.push(notice))
  await expect.poll(() => told.length).toBeGreaterThan(0)
  expect(told[0]?.kind).toBe('serving')
  await line.close()
})

test('the business types and proofs of the hall are among its content', async () => {
  const manifest = await client.getManifest(null)
  if (!manifest.ok || !manifest.value.changed) throw new Error('no manifest')
  const names = manifest.value.manifest.items.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['business-types', 'proofs']))
})

test('a case system that hall.json names is asked in place of the demonstration’s', async () => {
  const data = readDemoData(DEMO)
  const { calendars } = loadContent(DEMO)
  const folder = newFolder()
  folders.push(folder)
  const store = openSqliteStore(join(folder, 'elsewhere.sqlite'))
  const clock = () => new Date()
  const system = demoCaseSystem({ data, calendars: () => calendars, clock, kept: store.demo })
  const server = await exampleServer('a-token-of-this-hall', caseHandlers(system, data, calendars, clock))
  const dataDir = join(folder, 'hall')
  mkdirSync(dataDir)
  const caseSystem = { url: server.url, token: 'a-token-of-this-hall' }
  writeFileSync(join(dataDir, 'hall.json'), JSON.stringify({ caseSystem }), { mode: 0o600 })
  await hall.close()
  await join_({ dataDir })
  const search = async () => await client.searchCases({ by: 'card', user: await card('search') })
  const found = await search()
  expect(found.ok && found.value.cases).toHaveLength(6)
  const handle = (found.ok && found.value.cases[0]?.documents[0]?.handle) || ''
  expect((await client.getDocument(handle)).ok).toBe(true)
  await server.close()
  await store.close()
  expect(await search()).toMatchObject({ ok: false, status: 503, problem: { code: 'case-system-down' } })
  expect(await client.getDocument(handle)).toMatchObject({ problem: { code: 'document-unavailable' } })
})

test('a hall whose next calendar is missing says so in its log at start', async () => {
  const { logger, text } = keptLog()
  const late = await startTestHall({ logger, clock: () => new Date('2026-12-15T08:00:00Z') })
  await late.close()
  expect(text()).toContain('calendar-missing')
  expect(text()).toContain('calendar-2027.json')
})
