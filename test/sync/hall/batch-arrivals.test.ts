/** A crowd that comes faster than anybody in it can be looked at: who is told to come again unseen, and at what cost. */
import { connect } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createArrivals } from '../../../sync/hall/http/batch-arrivals.ts'
import { createCallBack } from '../../../sync/hall/http/batch-call-back.ts'
import { createBatchGate } from '../../../sync/hall/http/batch-gate.ts'
import { enrolledDevice, startTestHall, TestChain, texts } from './helpers.ts'

const FULL_BYTES = 49_000
const LOOKED_AT = 128
const CROWD = 1_000

describe('a crowd', () => {
  test('is looked at as far as that goes quickly, and each eighth of it however long it is', () => {
    const arrivals = createArrivals()
    const told = Array.from({ length: CROWD }, () => arrivals.arrived())
    expect(new Set(told.slice(0, LOOKED_AT))).toEqual(new Set(['seen']))
    const behind = told.slice(LOOKED_AT)
    for (let from = 0; from + 8 <= behind.length; from += 8)
      expect(behind.slice(from, from + 8).filter((one) => one === 'seen')).toHaveLength(1)
    expect(arrivals.count()).toBe(CROWD)
  })

  test('is over with the first turn that brings nobody', async () => {
    const arrivals = createArrivals()
    for (let one = 0; one < CROWD; one += 1) arrivals.arrived()
    await turn()
    expect(arrivals.arrived()).toBe('unseen')
    for (let quiet = 0; quiet < 3; quiet += 1) await turn()
    expect(Array.from({ length: LOOKED_AT }, () => arrivals.arrived())).not.toContain('unseen')
  })

  test('that is told unseen is told to come spread over at most ten seconds', () => {
    const gate = createBatchGate(() => 1_000)
    const waits = Array.from({ length: 5_000 }, () => gate.arrived(FULL_BYTES)?.retryAfterMs ?? -1)
    const told = waits.filter((wait) => wait >= 0)
    expect(told.length).toBeGreaterThan(4_000)
    expect(Math.max(...told)).toBeLessThanOrEqual(10_000)
    for (let second = 0; second < 10; second += 1) {
      const inIt = told.filter((wait) => Math.floor(wait / 1000) === second)
      expect(inIt.length).toBeGreaterThan(told.length / 50)
      expect(inIt.length).toBeLessThan(told.length / 2)
    }
  })

  test('that only feigns to be devices takes nobody’s place, and delays nobody by more than seconds', () => {
    const callBack = createCallBack(() => 1_000)
    const before = callBack.book('P-0001', 20, 300)
    for (let one = 0; one < 20_000; one += 1) callBack.bookUnseen(20, 300)
    expect(callBack.book('P-0001', 20, 300)).toBe(before)
    expect(callBack.book('P-NEW', 20, 300)).toBeLessThanOrEqual(10_020)
  })
})

test('of requests that come all at once most are told to come again before anything of them is checked', async () => {
  const hall = await startTestHall()
  onTestFinished(async () => await hall.close())
  const device = await enrolledDevice(hall)
  const statuses = await pipelined(hall.hall.url, 400)
  expect(statuses.slice(0, LOOKED_AT)).toEqual(Array(LOOKED_AT).fill(401))
  const behind = statuses.slice(LOOKED_AT)
  expect(behind.filter((status) => status === 429).length).toBe((behind.length * 7) / 8)
  expect(behind.filter((status) => status === 401).length).toBe(behind.length / 8)
  expect(await device.sendBatch(texts(new TestChain(device.deviceId).ratings(2)))).toMatchObject({
    status: 200,
  })
})

/** So many unsigned batches within one packet, or as few as the kernel makes of it; the answers' statuses in order. */
function pipelined(url: string, count: number): Promise<number[]> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  onTestFinished(() => void socket.destroy())
  socket.write('POST /v1/batches HTTP/1.1\r\nhost: hall\r\ncontent-length: 0\r\n\r\n'.repeat(count))
  return new Promise((resolve, reject) => {
    let got = ''
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => {
      got += chunk
      const statuses = [...got.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
      const bodies = got.split('\r\n\r\n').length - 1
      if (statuses.length === count && bodies === count) resolve(statuses)
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server has closed it')))
  })
}
