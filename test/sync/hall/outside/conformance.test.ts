import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CaseSystem } from '../../../../sync/hall/case-system/case-system.ts'
import { demoCaseSystem } from '../../../../sync/hall/case-system/demo.ts'
import { readDemoData } from '../../../../sync/hall/case-system/demo-data.ts'
import { httpCaseSystem } from '../../../../sync/hall/case-system/http.ts'
import { loadContent } from '../../../../sync/hall/content/content.ts'
import hall from '../../../../sync/hall/demo/hall.json' with { type: 'json' }
import { demoProofIssuer } from '../../../../sync/hall/proofs/demo.ts'
import { readDemoProofs } from '../../../../sync/hall/proofs/demo-data.ts'
import { httpProofIssuer } from '../../../../sync/hall/proofs/http.ts'
import { proofIssuers } from '../../../../sync/hall/proofs/issuers.ts'
import type { ProofIssuer } from '../../../../sync/hall/proofs/proof-issuer.ts'
import { demoQueue } from '../../../../sync/hall/queue/demo.ts'
import { readDemoQueue } from '../../../../sync/hall/queue/demo-data.ts'
import { httpQueueSystem } from '../../../../sync/hall/queue/http.ts'
import type { QueueSystem } from '../../../../sync/hall/queue/queue-system.ts'
import { openSqliteStore } from '../../../../sync/hall/store/sqlite.ts'
import { Case } from '../../../../sync/protocol/cases.ts'
import { Personal } from '../../../../sync/protocol/personal.ts'
import { QueueAnswer, TicketAnswer } from '../../../../sync/protocol/queue.ts'
import { newFolder } from '../helpers.ts'
import { personOf } from '../support/citizen.ts'
import { type ExampleServer, exampleServer } from './example-server.ts'
import { caseHandlers, proofHandlers, queueHandlers } from './example-systems.ts'

const FOLDER = join(import.meta.dirname, '../../../../sync/hall/demo')
const TOKEN = 'a-token-of-this-hall'
const FRIDAY_MORNING = new Date('2026-11-20T10:10:00+08:00')

const data = readDemoData(FOLDER)
const { calendars } = loadContent(FOLDER)
const logger = pino({ level: 'silent' })
const clock = (): Date => FRIDAY_MORNING
const card = (id: Parameters<typeof personOf>[0]) =>
  new Personal({ name: personOf(id).name, idType: '111', idNumber: personOf(id).number })

interface Systems {
  cases: CaseSystem
  proofs: ProofIssuer
  queue: QueueSystem
}

const folder = newFolder()
const servers: ExampleServer[] = []
const opened: { close(): unknown }[] = []
afterAll(async () => {
  for (const one of opened) await one.close()
  for (const server of servers) await server.close()
  rmSync(folder, { recursive: true, force: true })
})

function demo(name: string): Systems {
  const store = openSqliteStore(join(folder, `${name}.sqlite`))
  opened.push(store)
  const kept = store.demo
  return {
    cases: demoCaseSystem({ data, calendars: () => calendars, clock, kept }),
    proofs: demoProofIssuer(readDemoProofs(FOLDER), data.people, clock),
    queue: demoQueue({
      plan: readDemoQueue(FOLDER),
      hours: () => hall.hours,
      calendars: () => calendars,
      clock,
      kept,
    }),
  }
}

async function overHttp(): Promise<Systems> {
  const behind = demo('behind')
  const serve = async (handlers: Parameters<typeof exampleServer>[1]) => {
    const server = await exampleServer(TOKEN, handlers)
    servers.push(server)
    return { url: server.url, token: TOKEN }
  }
  const caseSettings = await serve(caseHandlers(behind.cases, data, calendars, clock))
  const proofSettings = await serve(proofHandlers(behind.proofs))
  const queueSettings = await serve(queueHandlers(behind.queue))
  const tax = httpProofIssuer({ name: 'proofs/all', settings: proofSettings, logger })
  const systems = {
    cases: httpCaseSystem({ settings: caseSettings, calendars: () => calendars, clock, logger }),
    proofs: proofIssuers(new Map([['all', tax]]), clock),
    queue: httpQueueSystem({ settings: queueSettings, logger }),
  }
  opened.push(systems.cases, systems.proofs, systems.queue)
  return systems
}

const makers: [string, () => Systems | Promise<Systems>][] = [
  ['embedded', () => demo('embedded')],
  ['over HTTP', overHttp],
]

describe.each(makers)('the outside systems %s', (_name, make) => {
  let systems: Systems
  beforeAll(async () => {
    systems = await make()
  })

  test('find every case by its receipt, as the contract has it', async () => {
    for (const { caseNo } of data.cases) {
      const found = await systems.cases.searchByReceipt(caseNo)
      if (found.outcome !== 'found') throw new Error(found.detail)
      expect(found.cases).toHaveLength(1)
      for (const one of found.cases) Case.parse({ ...one, documents: [] })
    }
  })

  test('find a person’s cases by the number, and nobody’s by another', async () => {
    const found = await systems.cases.searchByPerson(card('zhang').reveal())
    expect(found.outcome === 'found' && found.cases).toHaveLength(6)
    const nobody = await systems.cases.searchByPerson({
      ...card('zhang').reveal(),
      idNumber: '330099199912310018',
    })
    expect(nobody).toEqual({ outcome: 'found', cases: [] })
    expect(await systems.cases.searchByReceipt('YX0000000000')).toEqual({ outcome: 'found', cases: [] })
  })

  test('say what the province wants to know, and print as nothing personal', async () => {
    const found = await systems.cases.serviceFacts('YX2026110007K3', 1)
    if (found.outcome !== 'found') throw new Error('no facts')
    expect(found.facts.reveal()).toMatchObject({ progress: 'done', userProp: '1', userName: '张小雨' })
    expect(`${found.facts} ${JSON.stringify(found)}`).not.toContain('张小雨')
    expect(await systems.cases.serviceFacts('YX0000000000', 1)).toEqual({ outcome: 'not-found' })
  })

  test('give a paper’s bytes by its reference, and nothing for another', async () => {
    const found = await systems.cases.searchByPerson(card('ouyang').reveal())
    const papers = found.outcome === 'found' ? found.cases.flatMap(({ documents }) => documents) : []
    const result = papers.find(({ kind }) => kind === 'result')
    const fetched = await systems.cases.document(result?.reference ?? '')
    expect(fetched.outcome === 'found' && Buffer.from(fetched.pdf.subarray(0, 5)).toString()).toBe('%PDF-')
    expect(await systems.cases.document('YX0000000000.result')).toEqual({ outcome: 'not-found' })
  })

  test('hand a result over once, by what the case asks for', async () => {
    const { cases } = systems
    expect(await cases.collect('YX2026110007K3', { kind: 'receipt' }, 'errand-00')).toMatchObject({
      outcome: 'refused',
      code: 'card-needed',
    })
    const first = await cases.collect('YX2026110007K3', { kind: 'card', person: card('zhang') }, 'errand-01')
    expect(first.outcome).toBe('collected')
    expect(
      await cases.collect('YX2026110007K3', { kind: 'card', person: card('zhang') }, 'errand-01'),
    ).toEqual(first)
    expect(
      await cases.collect('YX2026110007K3', { kind: 'card', person: card('zhang') }, 'errand-02'),
    ).toEqual({
      outcome: 'already-collected',
    })
    expect(await cases.collect('YX0000000000', { kind: 'receipt' }, 'errand-03')).toEqual({
      outcome: 'not-found',
    })
  })

  test('make a proof once for an errand, and refuse in words', async () => {
    const { proofs } = systems
    expect(await proofs.kinds()).toMatchObject({
      outcome: 'found',
      kinds: expect.arrayContaining(['tax-record']),
    })
    const made = await proofs.make('tax-record', card('zhang'), 'errand-11')
    if (made.outcome !== 'made') throw new Error(made.outcome)
    expect(await proofs.make('tax-record', card('zhang'), 'errand-11')).toEqual(made)
    const other = await proofs.make('tax-record', card('zhang'), 'errand-12')
    expect(other.outcome === 'made' && other.proof.verificationCode).not.toBe(made.proof.verificationCode)
    expect((await proofs.document(made.proof.reference)).outcome).toBe('found')
    expect(await proofs.document('nothing')).toEqual({ outcome: 'not-found' })
    expect(await proofs.make('no-house', card('ouyang'), 'errand-13')).toMatchObject({ outcome: 'refused' })
    expect(await proofs.make('no-such-kind', card('zhang'), 'errand-14')).toEqual({ outcome: 'not-found' })
  })

  test('give numbers, once for an errand, and move them', async () => {
    const { queue } = systems
    const overview = await queue.overview()
    expect(overview.outcome === 'found' && QueueAnswer.shape.types.parse(overview.types)).toHaveLength(7)
    const wish = { businessType: 'F', person: card('shen'), appointment: null, missed: null }
    const given = await queue.take(wish, 'errand-21')
    if (given.outcome !== 'given') throw new Error(given.outcome)
    expect(TicketAnswer.parse(given.ticket).priority).toBe('age')
    expect(await queue.take(wish, 'errand-21')).toEqual(given)
    expect(await queue.take({ ...wish, businessType: 'X' }, 'errand-22')).toEqual({ outcome: 'not-found' })
    expect(await queue.take({ ...wish, missed: 'F999' }, 'errand-23')).toMatchObject({ code: 'not-missed' })
    const moved = await queue.transfer(given.ticket.number, 'G', 'errand-24')
    expect(moved).toMatchObject({
      outcome: 'given',
      ticket: { number: given.ticket.number, priority: 'transferred' },
    })
    expect(await queue.transfer('F999', 'G', 'errand-25')).toMatchObject({ code: 'not-in-queue' })
  })

  test('tell what is being served and what was called since', async () => {
    const serving = await systems.queue.serving()
    if (serving.outcome !== 'found') throw new Error('no calls')
    expect(serving.calls.length).toBeGreaterThan(10)
    const before = String(FRIDAY_MORNING.getTime() - 60 * 60 * 1000)
    const since = await systems.queue.calls(before)
    if (since.outcome !== 'found') throw new Error('no calls')
    const whats = new Set(since.calls.map(({ what }) => what))
    expect(whats).toEqual(new Set(['called', 'missed', 'transferred']))
    expect(since.calls).toEqual(since.calls.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)))
    expect(await systems.queue.calls(since.cursor)).toMatchObject({ outcome: 'found', calls: [] })
  })
})

test('over HTTP every case is what it is embedded: state, limits, overdue and all', async () => {
  const embedded = demo('same').cases
  const server = await exampleServer(TOKEN, caseHandlers(embedded, data, calendars, clock))
  const settings = { url: server.url, token: TOKEN }
  const http = httpCaseSystem({ settings, calendars: () => calendars, clock, logger })
  servers.push(server)
  opened.push(http)
  for (const { caseNo } of data.cases)
    expect(await http.searchByReceipt(caseNo)).toEqual(await embedded.searchByReceipt(caseNo))
})
