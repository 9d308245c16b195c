/** Asking a real hall for numbers, with the line as it is in the field. */
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ticketErrands } from '../../../device/tickets/errands.ts'
import type { TicketOutcome, TicketWanted } from '../../../device/tickets/ticket.ts'
import type { IdCard } from '../../../drivers/id-reader/card.ts'
import { Personal } from '../../../drivers/personal.ts'
import { createHallClient } from '../../../sync/hall-client.ts'
import { loadIdentity } from '../../../sync/identity.ts'
import { newFolder, startTestHall, type TestHall } from '../../sync/hall/helpers.ts'
import { keptLog } from '../../sync/hall/support/log.ts'
import { sampleCard } from '../support/samples.ts'
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'

/** A Friday morning: every window gives numbers. */
const FRIDAY_MORNING = Date.parse('2026-11-20T10:10:00+08:00')

let log: ReturnType<typeof keptLog>
let hall: TestHall
let line: TcpProxy
let facts: { type: string; data: object }[]
let errands: ReturnType<typeof ticketErrands>
const folder = newFolder()

beforeEach(async () => {
  log = keptLog()
  hall = await startTestHall({ demo: true, logger: log.logger })
  hall.clock.advance(FRIDAY_MORNING - hall.clock.now().getTime())
  line = await startTcpProxy(Number(new URL(hall.hall.url).port))
  const identity = loadIdentity(newFolder())
  const client = createHallClient({ url: `http://127.0.0.1:${line.port}`, identity })
  const enrolmentCode = hall.hall.createEnrolmentCode()
  const joined = await client.enrol({
    enrolmentCode,
    role: 'terminal',
    name: '一号',
    window: null,
    software: '0',
  })
  expect(joined.ok).toBe(true)
  facts = []
  errands = ticketErrands({
    client,
    identity,
    append: (type, data) => facts.push({ type, data }),
    onTrouble: (error) => {
      throw error
    },
  })
})
afterEach(async () => {
  await line.close()
  await hall.close()
  rmSync(folder, { recursive: true, force: true })
})

const take = (change: Partial<TicketWanted> = {}): Promise<TicketOutcome> =>
  errands.ticket({
    businessType: 'A',
    card: null,
    appointment: null,
    missed: null,
    key: randomUUID(),
    ...change,
  })

/** Born 1938: the hall calls the old first. */
const oldPerson = (): Personal<IdCard> =>
  new Personal({ ...sampleCard().reveal(), number: '330099193803120025', birth: '1938-03-12' })

test('a number is given, and the chain is told of it without a name', async () => {
  const given = await take()
  expect(given).toMatchObject({ outcome: 'given', ticket: { number: expect.stringMatching(/^A\d+$/) } })
  if (given.outcome !== 'given') return
  const { number, priority } = given.ticket
  expect(facts).toEqual([
    {
      type: 'ticket',
      data: { number, priority, businessType: 'A', withCard: false, appointment: false, missed: false },
    },
  ])
})

test('the card of somebody old brings the number that is called earlier', async () => {
  expect(await take({ card: oldPerson() })).toMatchObject({ outcome: 'given', ticket: { priority: 'age' } })
  expect(facts).toMatchObject([{ data: { withCard: true, priority: 'age' } }])
})

test('the same key again is the same number, with a card too', async () => {
  const key = randomUUID()
  expect(await take({ key })).toEqual(await take({ key }))
  expect(facts).toHaveLength(1)
  const byCard = { key: randomUUID(), card: oldPerson() }
  expect(await take(byCard)).toEqual(await take(byCard))
})

test('what the hall refuses comes with the reason that the page has words for', async () => {
  expect(await take({ appointment: 'YYA1500' })).toMatchObject({ outcome: 'refused', refusal: 'too-early' })
  expect(await take({ missed: 'A999' })).toMatchObject({ outcome: 'refused', refusal: 'not-missed' })
  hall.clock.advance(Date.parse('2026-11-20T23:00:00+08:00') - hall.clock.now().getTime())
  expect(await take()).toMatchObject({
    outcome: 'refused',
    refusal: 'closed',
    words: expect.stringContaining('开始'),
  })
  expect(facts).toEqual([])
})

test('a line that is down is said; nothing was taken', async () => {
  await line.close()
  // The first try may still meet the connection that was kept open.
  await expect.poll(() => take()).toEqual({ outcome: 'dead-end', deadEnd: 'line-down' })
  expect(await errands.queue({})).toEqual({ ok: false, deadEnd: 'line-down' })
})

test('an answer that is lost on the way is not known, and asked again is the same number', async () => {
  const key = randomUUID()
  line.silence()
  const lost = take({ key })
  // The hall has given it when its log of the request is written; then the cable goes.
  await expect.poll(() => log.text(), { timeout: 10_000 }).toContain('/v1/tickets')
  line.cut()
  expect(await lost).toEqual({ outcome: 'unknown' })
  expect(facts).toEqual([])
  line.mend()
  const again = await take({ key })
  expect(again).toMatchObject({ outcome: 'given' })
  expect(await take({ key })).toEqual(again)
})
