/** Asking a real hall for numbers, with the line as it is in the field. */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ticketErrands } from '../../../device/tickets/errands.ts'
import type { TicketOutcome, TicketWanted } from '../../../device/tickets/ticket.ts'
import type { IdCard } from '../../../drivers/id-reader/card.ts'
import { Personal } from '../../../drivers/personal.ts'
import { type HallOnALine, hallOnALine } from '../support/hall-on-a-line.ts'
import { sampleCard } from '../support/samples.ts'

/** A Friday morning: every window gives numbers. */
const FRIDAY_MORNING = Date.parse('2026-11-20T10:10:00+08:00')

let far: HallOnALine
let facts: { type: string; data: object }[]
let errands: ReturnType<typeof ticketErrands>

beforeEach(async () => {
  far = await hallOnALine(FRIDAY_MORNING)
  facts = []
  errands = ticketErrands({
    client: far.client,
    identity: far.identity,
    append: (type, data) => facts.push({ type, data }),
    onTrouble: (error) => {
      throw error
    },
  })
})
afterEach(() => far.close())

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
  far.hall.clock.advance(Date.parse('2026-11-20T23:00:00+08:00') - far.hall.clock.now().getTime())
  expect(await take()).toMatchObject({
    outcome: 'refused',
    refusal: 'closed',
    words: expect.stringContaining('开始'),
  })
  expect(facts).toEqual([])
})

test('a line that is down is said; nothing was taken', async () => {
  await far.line.close()
  // The first try may still meet the connection that was kept open.
  await expect.poll(() => take()).toEqual({ outcome: 'dead-end', deadEnd: 'line-down' })
  expect(await errands.queue({})).toEqual({ ok: false, deadEnd: 'line-down' })
})

test('an answer that is lost on the way is not known, and asked again is the same number', async () => {
  const key = randomUUID()
  far.line.silence()
  const lost = take({ key })
  // The hall has given it when its log of the request is written; then the cable goes.
  await expect.poll(() => far.log.text(), { timeout: 10_000 }).toContain('/v1/tickets')
  far.line.cut()
  expect(await lost).toEqual({ outcome: 'unknown' })
  expect(facts).toEqual([])
  far.line.mend()
  const again = await take({ key })
  expect(again).toMatchObject({ outcome: 'given' })
  expect(await take({ key })).toEqual(again)
})
