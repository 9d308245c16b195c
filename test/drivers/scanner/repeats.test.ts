import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { RepeatFilter, SAME_CODE_MS } from '../../../drivers/scanner/repeats.ts'
import type { Scan } from '../../../drivers/scanner/text.ts'

beforeEach(() => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
})

const code = (text: string): Scan => ({ kind: 'scanned', text, symbology: null })

test('the same code is a new scan 2 s after it was last seen', () => {
  const filter = new RepeatFilter()
  expect(filter.isRepeat(code('A'))).toBe(false)
  vi.advanceTimersByTime(SAME_CODE_MS - 1)
  expect(filter.isRepeat(code('A'))).toBe(true)
  vi.advanceTimersByTime(SAME_CODE_MS - 1)
  expect(filter.isRepeat(code('A'))).toBe(true)
  vi.advanceTimersByTime(SAME_CODE_MS)
  expect(filter.isRepeat(code('A'))).toBe(false)
})

test('each code has its own time, whatever is seen between', () => {
  const filter = new RepeatFilter()
  expect(filter.isRepeat(code('A'))).toBe(false)
  vi.advanceTimersByTime(SAME_CODE_MS / 2)
  expect(filter.isRepeat(code('B'))).toBe(false)
  expect(filter.isRepeat({ kind: 'rejected', reason: 'not-text' })).toBe(false)
  vi.advanceTimersByTime(SAME_CODE_MS / 2)
  expect(filter.isRepeat(code('B'))).toBe(true)
  expect(filter.isRepeat(code('A'))).toBe(false)
})

test('nothing is known of a code once its time is over, nor after forgetting', () => {
  const filter = new RepeatFilter()
  for (const text of ['A', 'B', 'A']) filter.isRepeat(code(text))
  expect(vi.getTimerCount()).toBe(2)
  vi.advanceTimersByTime(SAME_CODE_MS)
  expect(vi.getTimerCount()).toBe(0)
  filter.isRepeat(code('A'))
  filter.forget()
  expect(vi.getTimerCount()).toBe(0)
  expect(filter.isRepeat(code('A'))).toBe(false)
})

test('of many codes only those seen last are known', () => {
  const filter = new RepeatFilter()
  for (let count = 0; count < 1000; count += 1) filter.isRepeat(code(`${count}`))
  expect(vi.getTimerCount()).toBe(16)
  expect(filter.isRepeat(code('984'))).toBe(true)
  expect(filter.isRepeat(code('985'))).toBe(true)
  expect(filter.isRepeat(code('0'))).toBe(false)
  expect(filter.isRepeat(code('984'))).toBe(true)
  expect(vi.getTimerCount()).toBe(16)
})

test('with no time every sight is a scan, and nothing is kept of it', () => {
  const filter = new RepeatFilter(0)
  expect([filter.isRepeat(code('A')), filter.isRepeat(code('A'))]).toEqual([false, false])
  expect(vi.getTimerCount()).toBe(0)
})

test('what is kept of a code is told from it by nobody who lacks the key of this process', async () => {
  const keys: string[] = []
  for (let count = 0; count < 2; count += 1) {
    vi.resetModules()
    const set = vi.spyOn(Map.prototype, 'set')
    const fresh = await import('../../../drivers/scanner/repeats.ts')
    set.mockClear()
    new fresh.RepeatFilter().isRepeat(code('330099199001011234'))
    // The clock that is simulated here keeps its timers in maps as well, by number.
    keys.push(...set.mock.calls.flatMap(([key]) => (typeof key === 'string' ? [key] : [])))
    set.mockRestore()
  }
  expect(keys).toHaveLength(2)
  expect(new Set(keys).size).toBe(2)
})
