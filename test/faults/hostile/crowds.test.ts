import type { Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { HALL_TEST_TIMEOUT_MS, type HallProcess, startHallProcess } from './hall-process.ts'
import { hear, openSocket } from './raw.ts'
import { endBoth, type HonestDevice, Sender, startHonestDevice } from './sender.ts'

vi.setConfig({ testTimeout: HALL_TEST_TIMEOUT_MS, hookTimeout: HALL_TEST_TIMEOUT_MS })

const MIB = 1024 * 1024

/**
 * Half of what is sent: what Node has read and thrown away is garbage for a while, and nothing of it is kept. On a busy
 * machine a third of it has been seen.
 */
const UNSIGNED_BOUND_BYTES = 150 * MIB

let hall: HallProcess
let honest: HonestDevice
let sockets: Socket[] = []
beforeAll(async () => {
  hall = await startHallProcess()
  honest = await startHonestDevice(hall)
})
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  sockets = []
})
afterAll(async () => {
  expect(await endBoth(hall, honest)).toBe(0)
})

async function crowd(count: number): Promise<Socket[]> {
  const opened: Socket[] = []
  for (let at = 0; at < count; at += 100)
    opened.push(
      ...(await Promise.all(Array.from({ length: Math.min(100, count - at) }, () => openSocket(hall)))),
    )
  sockets.push(...opened)
  return opened
}

/** The honest device has been answered this much further on. */
async function goesOn(more = 5): Promise<void> {
  const aim = honest.stored + more
  while (honest.stored < aim) {
    if (honest.failure !== null) throw honest.failure
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

async function grown(attack: () => Promise<void>): Promise<number> {
  await goesOn()
  const before = hall.memory().now
  hall.resetPeak()
  await attack()
  await goesOn()
  return hall.memory().peak - before
}

describe('those who cannot sign take no memory to speak of', () => {
  test('300 bodies of 1 MiB that never end, under no signature', async () => {
    const bytes = await grown(async () => {
      const opened = await crowd(300)
      const head = `POST /v1/batches HTTP/1.1\r\nhost: hall\r\ncontent-length: ${MIB}\r\n\r\n`
      for (const socket of opened)
        socket.write(Buffer.concat([Buffer.from(head), Buffer.alloc(MIB - 1, ' ')]))
      await goesOn(10)
    })
    expect(bytes).toBeLessThan(UNSIGNED_BOUND_BYTES)
  })

  test('300 bodies of 1 MiB that never end, under a signature that is none', async () => {
    const forger = new Sender(hall)
    forger.deviceId = honest.deviceId
    const body = Buffer.alloc(MIB, ' ')
    const bytes = await grown(async () => {
      const opened = await crowd(300)
      const request = forger.bytes({ method: 'POST', path: '/v1/batches', body })
      for (const socket of opened) socket.write(request.subarray(0, request.length - 1))
      await goesOn(10)
    })
    expect(bytes).toBeLessThan(UNSIGNED_BOUND_BYTES)
  })

  test('1,000 idle connections', async () => {
    const bytes = await grown(async () => {
      await crowd(1_000)
      await goesOn()
    })
    expect(bytes).toBeLessThan(60 * MIB)
  })

  test('1,000 senders of one header byte at a time', async () => {
    const bytes = await grown(async () => {
      const opened = await crowd(1_000)
      for (let turn = 0; turn < 5; turn += 1) {
        for (const socket of opened) socket.write('GET /v1/time HTTP/1.1\r\n'.slice(turn, turn + 1))
        await goesOn(2)
      }
    })
    expect(bytes).toBeLessThan(80 * MIB)
  })
})

test('one device’s key used 200 times at once with whole batches does not keep the others waiting', async () => {
  const greedy = new Sender(hall)
  await greedy.enrol()
  const body = `[${'"a",'.repeat(100_000)}"a"]`
  const request = greedy.bytes({
    method: 'POST',
    path: '/v1/batches',
    body,
    headers: { 'content-type': 'application/cloudevents-batch+json' },
  })
  const bytes = await grown(async () => {
    const opened = await crowd(200)
    const heard = opened.map((socket) => {
      const one = hear(socket)
      socket.write(request)
      return one
    })
    while (heard.some((one) => one.statuses().length === 0 && !one.closed))
      await new Promise((resolve) => setTimeout(resolve, 20))
    for (const one of heard) expect([413, 429, undefined]).toContain(one.statuses()[0])
  })
  expect(bytes).toBeLessThan(200 * MIB)
})
