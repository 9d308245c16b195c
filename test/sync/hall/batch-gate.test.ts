import { beforeEach, describe, expect, test } from 'vitest'
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
    pass.leave()
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
    const thirdTime = gate.enter('P-999', FULL_BYTES)
    const firstTime = gate.enter('P-NEW', FULL_BYTES)
    if (thirdTime.admitted || firstTime.admitted) throw new Error('the hall is full')
    expect(thirdTime.retryAfterMs).toBeLessThan(firstTime.retryAfterMs * 0.6)
  })

  test('are not kept waiting when the server turns out slower than thought', async () => {
    const { waiting } = await crowd(20)
    now += 701
    expect(await Promise.all(waiting)).toEqual(new Array(20).fill(false))
  })
})

test('a device that has two bodies on their way is not let in with a third; another device is', () => {
  const passes = [enter('P-0001'), enter('P-0001')]
  expect(gate.enter('P-0001', FULL_BYTES).admitted).toBe(false)
  expect(gate.enter('P-0002', FULL_BYTES).admitted).toBe(true)
  passes[0]?.leave()
  passes[0]?.leave()
  expect(gate.enter('P-0001', FULL_BYTES).admitted).toBe(true)
  expect(gate.enter('P-0001', FULL_BYTES).admitted).toBe(false)
})

test('at most 256 bodies are on their way at once, whatever they weigh', () => {
  const passes = Array.from({ length: 256 }, (_, one) => enter(`P-${one}`, 1))
  expect(gate.enter('P-LATE', 1).admitted).toBe(false)
  passes[7]?.leave()
  expect(gate.enter('P-LATE', 1).admitted).toBe(true)
})

test('bodies on their way weigh at most 64 MiB together, as announced', () => {
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
