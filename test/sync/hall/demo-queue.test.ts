import { join } from 'node:path'
import fc from 'fast-check'
import { pino } from 'pino'
import { afterAll, describe, expect, test } from 'vitest'
import { loadContent } from '../../../sync/hall/content/content.ts'
import hall from '../../../sync/hall/demo/hall.json' with { type: 'json' }
import { demoQueue } from '../../../sync/hall/queue/demo.ts'
import { readDemoQueue } from '../../../sync/hall/queue/demo-data.ts'
import type { QueueSystem, TicketWish } from '../../../sync/hall/queue/queue-system.ts'
import { watchQueue } from '../../../sync/hall/queue/watch.ts'
import { openSqliteStore } from '../../../sync/hall/store/sqlite.ts'
import type { QueueCall, QueueNotice } from '../../../sync/protocol/queue.ts'
import { newFolder } from './helpers.ts'

const FOLDER = join(import.meta.dirname, '../../../sync/hall/demo')
const MINUTE_MS = 60_000
const { calendars } = loadContent(FOLDER)
const plan = readDemoQueue(FOLDER)

const stores: { close(): Promise<void> }[] = []
afterAll(async () => {
  for (const store of stores) await store.close()
})

class Morning {
  now = Date.parse('2026-11-20T10:10:00+08:00')
  readonly path = join(newFolder(), 'hall.sqlite')
  queue = this.start()
  #errand = 0

  start(): QueueSystem {
    const store = openSqliteStore(this.path)
    stores.push(store)
    return demoQueue({
      plan,
      hours: () => hall.hours,
      calendars: () => calendars,
      clock: () => new Date(this.now),
      kept: store.demo,
    })
  }

  async take(businessType: string, wish: Partial<TicketWish> = {}) {
    this.#errand += 1
    const given = await this.queue.take(
      { businessType, person: null, appointment: null, missed: null, ...wish },
      `errand-${this.#errand}`,
    )
    if (given.outcome !== 'given') throw new Error(JSON.stringify(given))
    return given.ticket
  }

  async calls(sinceMs = 24 * 60 * MINUTE_MS): Promise<QueueCall[]> {
    const found = await this.queue.calls(String(this.now - sinceMs))
    if (found.outcome !== 'found') throw new Error('no calls')
    return found.calls
  }

  /** Whatever happens to a number from now on, until the evening. */
  async later(number: string): Promise<QueueCall[]> {
    this.now += 6 * 60 * MINUTE_MS
    return (await this.calls()).filter((call) => call.number === number)
  }
}

describe('the demonstration’s queue', () => {
  test('on a day is the same at every start, and goes on with the numbers that were taken', async () => {
    const morning = new Morning()
    const { number } = await morning.take('A')
    const before = [await morning.queue.overview(), await morning.queue.serving(), await morning.calls()]
    morning.queue = morning.start()
    expect([await morning.queue.overview(), await morning.queue.serving(), await morning.calls()]).toEqual(
      before,
    )
    expect((await morning.take('A')).number).not.toBe(number)
  })

  test('has called once, at one window, whoever took a number', async () => {
    const morning = new Morning()
    const { number } = await morning.take('G')
    const calls = await morning.later(number)
    expect(calls.map(({ what, businessType }) => [what, businessType])).toEqual([['called', 'G']])
    expect(plan.types.find(({ businessType }) => businessType === 'G')?.windows).toContain(calls[0]?.window)
  })

  test('what has happened stays as it was, whatever is taken later', async () => {
    const types = plan.types.map(({ businessType }) => businessType)
    const steps = fc.array(
      fc.record({ type: fc.constantFrom(...types), afterMs: fc.integer({ min: 1, max: 40 * MINUTE_MS }) }),
      { maxLength: 8 },
    )
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const morning = new Morning()
        let known: QueueCall[] = []
        const numbers = new Set<string>()
        for (const { type, afterMs } of taken) {
          const given = await morning.queue.take(
            { businessType: type, person: null, appointment: null, missed: null },
            `errand-${numbers.size}`,
          )
          if (given.outcome === 'given') {
            expect(numbers.has(given.ticket.number)).toBe(false)
            numbers.add(given.ticket.number)
          }
          morning.now += afterMs
          const calls = await morning.calls()
          expect(calls.slice(0, known.length)).toEqual(known)
          known = calls
        }
      }),
      { numRuns: 15 },
    )
  })

  test('nobody is called twice without having been missed, and never before coming', async () => {
    const morning = new Morning()
    morning.now = Date.parse('2026-11-20T20:00:00+08:00')
    const calls = await morning.calls()
    const called = calls.filter(({ what }) => what === 'called')
    const sentOn = calls.filter(({ what }) => what === 'transferred')
    expect(called.length).toBeGreaterThan(400)
    expect(called.length - new Set(called.map(({ number }) => number)).size).toBe(sentOn.length)
    expect(calls.filter(({ what }) => what === 'missed').length).toBeGreaterThan(20)
  })

  test('a missed number is taken again, for three more people’s time', async () => {
    const morning = new Morning()
    // The last that was missed: others may have been taken for lost long ago.
    const missed = (await morning.calls()).findLast(
      ({ what, businessType }) => what === 'missed' && businessType === 'B',
    )
    const again = await morning.take('B', { missed: missed?.number ?? '' })
    expect(again).toMatchObject({ number: missed?.number, priority: 'missed' })
    expect(again.waiting).toBeLessThanOrEqual(3)
    const calls = await morning.later(again.number)
    expect(calls.map(({ what }) => what)).toEqual(['called', 'missed', 'called'])
  })

  test('a number that is moved keeps its name, waits first there, and is called there', async () => {
    const morning = new Morning()
    const { number } = await morning.take('A')
    const moved = await morning.queue.transfer(number, 'F', 'move-1')
    expect(moved).toMatchObject({ outcome: 'given', ticket: { number, priority: 'transferred' } })
    const calls = await morning.later(number)
    const last = calls.at(-1)
    expect(calls).toContainEqual(expect.objectContaining({ what: 'transferred', businessType: 'A', to: 'F' }))
    expect([last?.what, last?.businessType]).toEqual(['called', 'F'])
  })

  test('is closed on a holiday, and open on the Saturday that is worked for it', async () => {
    const morning = new Morning()
    const open = async (at: string): Promise<string[]> => {
      morning.now = Date.parse(at)
      const found = await morning.queue.overview()
      return found.outcome === 'found'
        ? found.types.filter((type) => type.open).map(({ businessType }) => businessType)
        : []
    }
    expect(await open('2026-10-02T10:00:00+08:00')).toEqual(['Z'])
    expect(await open('2026-10-10T15:00:00+08:00')).toHaveLength(7)
    // An ordinary Saturday's window closes at noon.
    expect(await open('2026-11-21T10:00:00+08:00')).toHaveLength(7)
    expect(await open('2026-11-21T15:00:00+08:00')).toEqual(['Z'])
  })
})

describe('at closing', () => {
  const ofTheHall = (calls: readonly QueueCall[]) => calls.filter(({ businessType }) => businessType !== 'Z')

  test.each([
    ['an ordinary day', '2026-11-20', '17:00'],
    ['a Saturday', '2026-11-21', '12:00'],
  ])('windows call nobody any more, serve nobody and nobody waits: %s', async (_name, date, closes) => {
    const day = new Morning()
    day.now = Date.parse(`${date}T10:10:00+08:00`)
    await day.take('A')
    day.now = Date.parse(`${date}T23:30:00+08:00`)
    const called = ofTheHall(await day.calls()).filter(({ what }) => what === 'called')
    expect(called.length).toBeGreaterThan(10)
    for (const { at } of called) expect(at.slice(11, 16) < closes).toBe(true)
    const [serving, overview] = [await day.queue.serving(), await day.queue.overview()]
    expect(serving.outcome === 'found' && ofTheHall(serving.calls)).toEqual([])
    const types = overview.outcome === 'found' ? overview.types : []
    for (const { businessType, waiting } of types) if (businessType !== 'Z') expect(waiting).toBe(0)
  })

  test('a missed number is no longer taken again, and none is moved to where nobody works', async () => {
    const day = new Morning()
    const missed = (await day.calls()).findLast(
      ({ what, businessType }) => what === 'missed' && businessType === 'B',
    )
    day.now = Date.parse('2026-11-20T18:00:00+08:00')
    await expect(day.take('B', { missed: missed?.number ?? '' })).rejects.toThrow('closed')
    const { number } = await day.take('Z')
    expect(await day.queue.transfer(number, 'A', 'move-1')).toMatchObject({
      outcome: 'refused',
      code: 'closed',
    })
  })
})

describe('whoever watches the queue', () => {
  test('is told what is being served, then every call once and in order', async () => {
    const morning = new Morning()
    const told: QueueNotice[] = []
    const watch = watchQueue(morning.queue, (notice) => told.push(notice), pino({ level: 'silent' }), 5)
    await expect.poll(() => told.length).toBe(1)
    expect(told[0]?.kind).toBe('serving')
    const from = morning.now
    for (let minutes = 0; minutes < 5; minutes += 1) {
      const before = told.length
      morning.now += 10 * MINUTE_MS
      await expect.poll(() => told.length).toBeGreaterThan(before)
    }
    watch.close()
    const calls = told.slice(1).flatMap((notice) => notice.calls)
    const expected = (await morning.calls()).filter(({ at }) => Date.parse(at) >= from)
    expect(calls).toEqual(expected)
    expect(watch.serving().calls.length).toBeGreaterThan(10)
  })

  test('misses nothing while the queue system does not answer', async () => {
    const morning = new Morning()
    let silent = false
    const shaky: QueueSystem = {
      ...morning.queue,
      calls: async (cursor) =>
        silent ? { outcome: 'unavailable', detail: 'silent' } : await morning.queue.calls(cursor),
    }
    const told: QueueCall[] = []
    const watch = watchQueue(
      shaky,
      ({ kind, calls }) => kind === 'calls' && told.push(...calls),
      pino({ level: 'silent' }),
      5,
    )
    await expect.poll(() => watch.serving().calls.length).toBeGreaterThan(0)
    const from = morning.now
    silent = true
    morning.now += 30 * MINUTE_MS
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(told).toEqual([])
    silent = false
    const expected = (await morning.calls()).filter(({ at }) => Date.parse(at) >= from)
    await expect.poll(() => told).toEqual(expected)
    watch.close()
  })
})
