import { MessageChannel } from 'node:worker_threads'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startDeadline } from '../../drivers/deadline.ts'

/** As a process does that is not given its processor. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

test('what came while this process stood still is in time', async () => {
  const { port1, port2 } = new MessageChannel()
  onTestFinished(() => port1.close())
  const came: string[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  port1.on('message', () => {
    came.push('answer')
    callOff()
    resolve()
  })
  const callOff = startDeadline(80, () => {
    came.push('missed')
    resolve()
  })
  port2.postMessage('an answer')
  standStill(300)
  await promise
  expect(came).toEqual(['answer'])
})

test('a deadline comes after its time and no part of it sooner, and none that was called off', () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  let [missed, calledOff] = [0, 0]
  startDeadline(1000, () => {
    missed += 1
  })
  const callOff = startDeadline(1000, () => {
    calledOff += 1
  })
  vi.advanceTimersByTime(999)
  expect(missed).toBe(0)
  callOff()
  vi.advanceTimersByTime(1)
  expect(missed).toBe(1)
  vi.advanceTimersByTime(10_000)
  expect([missed, calledOff]).toEqual([1, 0])
})

test('a machine that never gives its timers their time still has deadlines', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  let turns = 0
  startDeadline(20, resolve)
  const still = setInterval(() => {
    turns += 1
    standStill(60)
  }, 1)
  await promise
  clearInterval(still)
  // As many again as it has parts, and those in which it stood still only half way.
  expect(turns).toBeLessThan(20)
})
