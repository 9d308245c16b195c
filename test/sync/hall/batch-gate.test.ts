import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type BatchGate, type BatchPass, createBatchGate } from '../../../sync/hall/http/batch-gate.ts'
import { createRequestLimits } from '../../../sync/hall/http/limits.ts'

/** A full batch of demo ratings as it is sent. */
const FULL_BYTES = 49_000
/** What a small server does in a second. */
const WORK_MS = 10

let now = 0
let gate: BatchGate
beforeEach(() => {
  now = 1_000_000
  gate = createBatchGate(() => now)
})

afterEach(() => void vi.useRealTimers())

const enter = (device: string, bytes = FULL_BYTES): BatchPass => {
  const entrance = gate.enter(device, bytes)
  if (!entrance.admitted) throw new Error(`${device} was sent away for ${entrance.retryAfterMs} ms`)
  return entrance.pass
}
const turn = async (pass: BatchPass, bytes = FULL_BYTES): Promise<boolean> =>
  (await pass.turn(bytes)).admitted

/** One device after the other is served, so that the gate knows how fast the server is. */
async function learnSpeed(): Promise<void> {
  for (let round = 0; round < 60; round += 1) {
    const pass = enter('P-0001')
    await turn(pass)
    now += WORK_MS
    pass.leave('stored')
  }
}

test('a server with nothing to do takes whoever comes', async () => {
  const pass = enter('P-0001')
  expect(await turn(pass)).toBe(true)
  pass.leave()
})

describe('many devices at once', () => {
  /** All whose bodies are here and who wait; the others' times to come again. */
  async function crowd(count: number): Promise<{ waiting: Promise<boolean>[]; away: number[] }> {
    const waiting: Promise<boolean>[] = []
    const away: number[] = []
    for (let one = 0; one < count; one += 1) {
      const entrance = gate.enter(`P-${one}`, FULL_BYTES)
      if (entrance.admitted) waiting.push(turn(entrance.pass))
      else away.push(entrance.retryAfterMs)
    }
    return { waiting, away }
  }

  test('are let in for as much as is done within a moment, and the others told at once', async () => {
    await learnSpeed()
    const { waiting, away } = await crowd(400)
    expect(waiting.length).toBeGreaterThan(10)
    expect(waiting.length).toBeLessThan(50)
    expect(away).toHaveLength(400 - waiting.length)
  })

  test('are called back one after the other, a little faster than they can be served', async () => {
    await learnSpeed()
    const { away } = await crowd(400)
    expect(away).toEqual([...away].sort((one, other) => one - other))
    const apart = (Number(away.at(-1)) - Number(away[0])) / (away.length - 1)
    expect(apart).toBeLessThan(WORK_MS)
    expect(apart).toBeGreaterThan(WORK_MS / 2)
  })

  test('sent away before go before those that come for the first time', async () => {
    await learnSpeed()
    const { away } = await crowd(400)
    expect(away.length).toBeGreaterThan(0)
    expect(gate.enter('P-NEW', FULL_BYTES).admitted).toBe(false)
    expect(gate.enter('P-399', FULL_BYTES).admitted).toBe(true)
  })

  test('sent away three times are called sooner than the first time', async () => {
    await learnSpeed()
    await crowd(1_000)
    // The door is closed to them as well while so many wait inside.
    const inside: BatchPass[] = []
    for (let one = 0; one < 1_000; one += 1) {
      const entrance = gate.enter(`P-${one}`, FULL_BYTES)
      if (entrance.admitted) inside.push(entrance.pass)
    }
    for (const pass of inside) void pass.turn(FULL_BYTES)
    now += 12_000
    await crowd(999)
    gate.enter('P-999', FULL_BYTES)
    now += 12_000
    await crowd(999)
    const thirdTime = gate.enter('P-999', FULL_BYTES)
    const firstTime = gate.enter('P-NEW', FULL_BYTES)
    if (thirdTime.admitted || firstTime.admitted) throw new Error('the hall is full')
    expect(thirdTime.retryAfterMs).toBeLessThan(firstTime.retryAfterMs * 0.6)
  })

  test('are told to come again though none of those before them is ever done', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { waiting } = await crowd(20)
    await vi.waitUntil(async () => (await settled(waiting)).length === 4)
    now += 700
    vi.advanceTimersByTime(700)
    const answers = await Promise.all(waiting)
    expect(answers.filter((admitted) => admitted)).toHaveLength(4)
    now += 1
    expect(gate.enter('P-LATE', FULL_BYTES).admitted).toBe(false)
  })

  test('take turns, and nobody’s second goes before another’s first', async () => {
    const order: string[] = []
    const inWork: BatchPass[] = []
    const come = (device: string): Promise<void> => {
      const pass = enter(device)
      return turn(pass).then(() => {
        order.push(device)
        inWork.push(pass)
      })
    }
    const blocking = ['A', 'B', 'C', 'D'].map(come)
    await Promise.all(blocking)
    const all = [come('P-0001'), come('P-0001'), come('P-0002'), come('P-0003')]
    while (order.length < 8) {
      inWork.shift()?.leave('stored')
      await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all(all)
    expect(order.slice(4)).toEqual(['P-0001', 'P-0002', 'P-0003', 'P-0001'])
  })

  test('are not sent away for long because one batch stood for half a minute', async () => {
    await learnSpeed()
    const stood = enter('P-0001')
    await turn(stood)
    now += 30_000
    stood.leave('stored')
    const { waiting, away } = await crowd(400)
    expect(waiting.length).toBeGreaterThan(10)
    expect(Math.max(...away)).toBeLessThan(10_000)
  })

  test('are never told to stay away for over 10 s where few are waiting, however slow the server seems', async () => {
    for (let one = 0; one < 100; one += 1) {
      const pass = enter('P-0001')
      await turn(pass)
      now += 30_000
      pass.leave('stored')
    }
    const { away } = await crowd(400)
    expect(Math.max(...away)).toBeLessThanOrEqual(10_000)
  })

  test('have one place each, however often one of them asks before its time', async () => {
    await learnSpeed()
    const { away } = await crowd(400)
    const last = away.at(-1)
    // Until the hall is full for those that come again, too.
    expect((await crowd(400)).away.at(-1)).toBe(last)
    const before = gate.enter('P-BEFORE', FULL_BYTES)
    const wild = Array.from({ length: 50 }, () => gate.enter('P-399', FULL_BYTES))
    expect(wild).toEqual(new Array(50).fill({ admitted: false, retryAfterMs: last }))
    const after = gate.enter('P-AFTER', FULL_BYTES)
    expect(!before.admitted && !after.admitted && after.retryAfterMs - before.retryAfterMs).toBeLessThan(
      WORK_MS,
    )
  })

  test('that were sent away are no reason to send others away once the queue is empty', async () => {
    await learnSpeed()
    const passes: BatchPass[] = []
    const come = (device: string): number => {
      const entrance = gate.enter(device, FULL_BYTES)
      if (!entrance.admitted) return entrance.retryAfterMs
      passes.push(entrance.pass)
      void entrance.pass.turn(FULL_BYTES).then(() => entrance.pass.leave())
      return 0
    }
    const first = Array.from({ length: 400 }, (_, one) => come(`P-${one}`))
    await vi.waitUntil(() => enterAndLeave())
    const second = Array.from({ length: 40 }, (_, one) => come(`Q-${one}`))
    expect(Math.max(...second)).toBeLessThan(Math.max(...first) / 4)
  })
})

/** The answers that are there. */
async function settled(answers: Promise<boolean>[]): Promise<boolean[]> {
  await new Promise((resolve) => setImmediate(resolve))
  const open = Symbol()
  const seen = await Promise.all(answers.map((one) => Promise.race([one, Promise.resolve(open)])))
  return seen.filter((one): one is boolean => one !== open)
}

function enterAndLeave(): boolean {
  const entrance = gate.enter('P-LOOKS', 1)
  if (entrance.admitted) entrance.pass.leave()
  return entrance.admitted
}

test('what was not stored says nothing of the server’s speed', async () => {
  await learnSpeed()
  for (let one = 0; one < 100; one += 1) {
    const pass = enter('P-0001')
    await turn(pass)
    now += 0.1
    pass.leave()
  }
  let waiting = 0
  for (; waiting < 200; waiting += 1) {
    const entrance = gate.enter(`P-${waiting}`, FULL_BYTES)
    if (!entrance.admitted) break
    void entrance.pass.turn(FULL_BYTES)
  }
  expect(waiting).toBeLessThan(50)
})

test('who was let in while nobody’s body was here is told to come again when all of them come at once', async () => {
  await learnSpeed()
  const passes = Array.from({ length: 200 }, (_, one) => enter(`P-${one}`))
  const told = await settled(passes.map((pass) => turn(pass)))
  expect(told.filter((admitted) => !admitted).length).toBeGreaterThan(150)
})

test('who was not served in time is no work any more, and as many are let in again', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  await learnSpeed()
  const letIn = (name: string): { pass: BatchPass; answer: Promise<boolean> }[] => {
    const inside = []
    for (let one = 0; one < 100; one += 1) {
      const entrance = gate.enter(`${name}-${one}`, FULL_BYTES)
      if (entrance.admitted) inside.push({ pass: entrance.pass, answer: turn(entrance.pass) })
    }
    return inside
  }
  const first = letIn('P')
  await vi.waitUntil(async () => (await settled(first.map(({ answer }) => answer))).length === 4)
  now += 700
  vi.advanceTimersByTime(700)
  for (const { pass, answer } of first) {
    await answer
    pass.leave()
  }
  expect(first.length).toBeGreaterThan(10)
  expect(letIn('Q').length).toBeGreaterThan(first.length / 2)
})

test('a device that has two batches here is not let in with a third before one is answered; another device is', async () => {
  const passes = [enter('P-0001'), enter('P-0001')]
  for (const pass of passes) expect(await turn(pass)).toBe(true)
  expect(gate.enter('P-0001', FULL_BYTES).admitted).toBe(false)
  expect(gate.enter('P-0002', FULL_BYTES).admitted).toBe(true)
  passes[0]?.leave()
  passes[0]?.leave()
  expect(gate.enter('P-0001', FULL_BYTES).admitted).toBe(true)
  expect(gate.enter('P-0001', FULL_BYTES).admitted).toBe(false)
})

test('at most 256 batches are held at once, whatever they weigh', () => {
  const passes = Array.from({ length: 256 }, (_, one) => enter(`P-${one}`, 1))
  expect(gate.enter('P-LATE', 1).admitted).toBe(false)
  passes[7]?.leave()
  expect(gate.enter('P-LATE', 1).admitted).toBe(true)
})

test('batches held weigh at most 64 MiB together, as announced', () => {
  const passes = Array.from({ length: 64 }, (_, one) => enter(`P-${one}`, 1024 * 1024))
  expect(gate.enter('P-LATE', 1).admitted).toBe(false)
  passes[3]?.leave()
  expect(gate.enter('P-LATE', 1024 * 1024).admitted).toBe(true)
})

describe('a device’s own limits', () => {
  test('let a month’s backlog through and stop one that runs wild, for as long as it takes', () => {
    const limits = createRequestLimits(() => now)
    const take = (device: string): { retryAfterMs: number } | null => limits.take(device, 'POST /v1/batches')
    for (let one = 0; one < 6_000; one += 1) expect(take('P-0001')).toBeNull()
    const limited = take('P-0001')
    expect(limited?.retryAfterMs).toBeCloseTo(10)
    expect(take('P-0002')).toBeNull()
    now += 10
    expect(take('P-0001')).toBeNull()
    expect(take('P-0001')).not.toBeNull()
  })

  test('count each kind of request by itself', () => {
    const limits = createRequestLimits(() => now)
    for (let one = 0; one < 600; one += 1) expect(limits.take('P-0001', 'GET /v1/content')).toBeNull()
    expect(limits.take('P-0001', 'GET /v1/content')).not.toBeNull()
    expect(limits.take('P-0001', 'PUT /v1/devices/:id/status')).toBeNull()
  })
})
