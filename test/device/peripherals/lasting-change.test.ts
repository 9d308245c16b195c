import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LASTING_MS, lastingChange } from '../../../device/peripherals/lasting-change.ts'
import type { PeripheralStatus } from '../../../drivers/status.ts'

const SINCE = '2026-11-21T10:00:00.000+08:00'
const ready: PeripheralStatus = { state: 'ready', since: SINCE, warnings: [] }
const lost: PeripheralStatus = { state: 'fault', since: SINCE, reason: 'line-lost', detail: '' }

let told: string[]
let change: ReturnType<typeof lastingChange>

beforeEach(() => {
  vi.useFakeTimers()
  told = []
  change = lastingChange((status) => told.push(status.state === 'fault' ? status.reason : status.state))
})
afterEach(() => {
  change.stop()
  vi.useRealTimers()
})

it('a fault that lasts is told once', () => {
  change.see(lost)
  vi.advanceTimersByTime(LASTING_MS - 1)
  expect(told).toEqual([])
  vi.advanceTimersByTime(1)
  change.see({ ...lost, detail: 'another word for it' })
  vi.advanceTimersByTime(LASTING_MS)
  expect(told).toEqual(['line-lost'])
})

it('a fault that is told in ever other words lasts all the same', () => {
  for (let second = 0; second < LASTING_MS / 1000; second++) {
    expect(told).toEqual([])
    change.see({ ...lost, detail: `${second} tries` })
    vi.advanceTimersByTime(1000)
  }
  expect(told).toEqual(['line-lost'])
  for (let second = 0; second < LASTING_MS / 1000; second++) {
    expect(told).toEqual(['line-lost'])
    change.see({ ...lost, reason: 'no-answer', detail: `${second} tries` })
    vi.advanceTimersByTime(1000)
  }
  expect(told).toEqual(['line-lost', 'no-answer'])
})

it('a cable that is back before long is not told at all, however often that is in a day', () => {
  change.see(ready)
  vi.advanceTimersByTime(LASTING_MS)
  for (let times = 0; times < 5; times++) {
    change.see(lost)
    vi.advanceTimersByTime(LASTING_MS - 1)
    change.see(ready)
    vi.advanceTimersByTime(LASTING_MS)
  }
  expect(told).toEqual(['ready'])
})

it('a line that comes and goes is told once it has been gone for long enough together, and once it is back for good', () => {
  change.see(ready)
  vi.advanceTimersByTime(LASTING_MS)
  const round = (): void => {
    change.see(lost)
    vi.advanceTimersByTime(LASTING_MS / 5)
    change.see(ready)
    vi.advanceTimersByTime(LASTING_MS / 2)
  }
  for (let times = 0; times < 4; times++) round()
  expect(told).toEqual(['ready'])
  for (let times = 0; times < 50; times++) round()
  expect(told).toEqual(['ready', 'line-lost'])
  vi.advanceTimersByTime(LASTING_MS)
  expect(told).toEqual(['ready', 'line-lost', 'ready'])
})

it('a device that is out of work for one reason after another is told of, and not at each reason', () => {
  const missing: PeripheralStatus = { ...lost, reason: 'no-answer' }
  for (let times = 0; times < 50; times++) {
    change.see(times % 2 === 0 ? lost : missing)
    vi.advanceTimersByTime(LASTING_MS / 5)
  }
  expect(told).toEqual(['line-lost'])
  vi.advanceTimersByTime(LASTING_MS)
  expect(told).toEqual(['line-lost', 'no-answer'])
})

it('nothing is told after the end', () => {
  change.see(lost)
  change.stop()
  vi.advanceTimersByTime(LASTING_MS)
  expect(told).toEqual([])
})
