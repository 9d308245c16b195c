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

it('a cable that is back before long is not told at all', () => {
  change.see(ready)
  vi.advanceTimersByTime(LASTING_MS)
  for (let times = 0; times < 5; times++) {
    change.see(lost)
    vi.advanceTimersByTime(LASTING_MS / 2)
    change.see({ state: 'connecting', since: SINCE })
    change.see(ready)
    vi.advanceTimersByTime(LASTING_MS / 2)
  }
  vi.advanceTimersByTime(LASTING_MS)
  expect(told).toEqual(['ready'])
})

it('nothing is told after the end', () => {
  change.see(lost)
  change.stop()
  vi.advanceTimersByTime(LASTING_MS)
  expect(told).toEqual([])
})
