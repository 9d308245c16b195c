import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { QueueAnswer, TicketAnswer } from '../../../sync/protocol/queue.ts'
import { enrolledDevice, type Reply, startTestHall, type TestDevice, type TestHall } from './helpers.ts'
import { type DemoName, post, sealed } from './support/citizen.ts'

/** A Friday morning at the hall. */
const FRIDAY_MORNING = Date.parse('2026-11-20T10:10:00+08:00')

let hall: TestHall
let device: TestDevice
beforeEach(async () => {
  hall = await startTestHall({ demo: true })
  hall.clock.advance(FRIDAY_MORNING - hall.clock.now().getTime())
  device = await enrolledDevice(hall)
})
afterEach(async () => await hall.close())

const take = (body: object, key?: string): Promise<Reply> => post(device, '/v1/tickets', body, key)

async function byCard(businessType: string, by: DemoName): Promise<Reply> {
  return await take({ businessType, user: await sealed(hall, device, { by, purpose: 'ticket' }) })
}

async function queue(): Promise<QueueAnswer> {
  const answer = await device.ask({ method: 'GET', path: '/v1/queue' })
  expect(answer.status).toBe(200)
  return QueueAnswer.parse(answer.json)
}

const typeOf = ({ types }: QueueAnswer, id: string): QueueAnswer['types'][number] => {
  const type = types.find(({ businessType }) => businessType === id)
  if (type === undefined) throw new Error(`no type ${id}`)
  return type
}

describe('the queue', () => {
  test('shows who waits and the quiet hours of every business type', async () => {
    const { types } = await queue()
    expect(types).toHaveLength(7)
    for (const { quietHours, open, waitMinutes } of types) {
      expect([open, waitMinutes === null]).toEqual([true, false])
      for (const { from, to } of quietHours) expect(from < to).toBe(true)
    }
    expect(typeOf(await queue(), 'A').quietHours).toContainEqual({ from: '11:30', to: '13:30' })
  })

  test('at night gives numbers at the duty desk only, and says when the others are given', async () => {
    hall.clock.advance(Date.parse('2026-11-21T23:00:00+08:00') - hall.clock.now().getTime())
    const shown = await queue()
    expect(shown.types.filter(({ open }) => open).map(({ businessType }) => businessType)).toEqual(['Z'])
    // A Sunday follows.
    expect(typeOf(shown, 'A').opensAt).toBe('2026-11-23T08:30:00+08:00')
    const refused = await take({ businessType: 'A' })
    expect([refused.status, refused.json.code, refused.json.reason]).toEqual([
      409,
      'ticket-refused',
      'closed',
    ])
    expect(refused.json.detail).toContain('11月23日08:30')
    expect((await take({ businessType: 'Z' })).status).toBe(201)
  })
})

describe('a number', () => {
  test('is given behind those who wait', async () => {
    const before = typeOf(await queue(), 'A').waiting
    const ticket = TicketAnswer.parse((await take({ businessType: 'A' })).json)
    expect(ticket.number).toMatch(/^A\d{3}$/)
    expect(ticket).toMatchObject({ priority: null, area: '1楼 A区 01–04号窗口' })
    expect(Math.abs(ticket.waiting - before)).toBeLessThanOrEqual(1)
    expect(typeOf(await queue(), 'A').waiting).toBeGreaterThan(0)
  })

  test('of an old person’s card comes before the others', async () => {
    const ordinary = TicketAnswer.parse((await byCard('F', 'zhang')).json)
    const old = TicketAnswer.parse((await byCard('F', 'shen')).json)
    expect([ordinary.priority, old.priority]).toEqual([null, 'age'])
    expect(old.waiting).toBeLessThan(ordinary.waiting)
  })

  test('of an appointment comes first, in its half hour, once', async () => {
    const kept = TicketAnswer.parse((await take({ businessType: 'F', appointment: 'YYF1030' })).json)
    expect([kept.priority, kept.waiting]).toEqual(['appointment', 0])
    const reasons = []
    for (const appointment of ['YYF1030', 'YYF1400', 'YYF0900', 'YYA1000', 'YYF0300', 'nonsense'])
      reasons.push((await take({ businessType: 'F', appointment })).json.reason)
    expect(reasons).toEqual([
      'appointment-used',
      'too-early',
      'too-late',
      'other-business',
      'no-appointment',
      'no-appointment',
    ])
  })

  test('that was not called in vain is not taken again', async () => {
    const { number } = TicketAnswer.parse((await take({ businessType: 'A' })).json)
    const answer = await take({ businessType: 'A', missed: number })
    expect([answer.status, answer.json.reason]).toEqual([409, 'not-missed'])
    expect(answer.json.detail).toContain(number)
  })

  test('is the same for the same errand, and no two errands share one', async () => {
    const key = randomUUID()
    const answers = await Promise.all(
      [key, key, randomUUID(), randomUUID()].map((one) => take({ businessType: 'B' }, one)),
    )
    const numbers = answers.map(({ json }) => TicketAnswer.parse(json).number)
    expect(numbers[0]).toBe(numbers[1])
    expect(new Set(numbers).size).toBe(3)
  })

  test('for something that nobody queues for is not given', async () => {
    expect((await take({ businessType: 'X' })).status).toBe(404)
  })
})

test('a sealed card for something else gives no priority', async () => {
  const user = await sealed(hall, device, { by: 'shen', purpose: 'search' })
  const answer = await take({ businessType: 'A', user })
  expect([answer.status, answer.json.code]).toEqual([403, 'seal-purpose'])
})

test('a hall without a queue says so', async () => {
  const plain = await startTestHall()
  const terminal = await enrolledDevice(plain)
  for (const answer of [
    await terminal.ask({ method: 'GET', path: '/v1/queue' }),
    await post(terminal, '/v1/tickets', { businessType: 'A' }),
  ])
    expect([answer.status, answer.json.code]).toEqual([503, 'queue-down'])
  await plain.close()
})
