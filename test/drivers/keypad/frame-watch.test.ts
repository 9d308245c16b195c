import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { matchFrame } from '../../../drivers/keypad/frame.ts'
import { FrameWatch } from '../../../drivers/keypad/frame-watch.ts'
import { FrameParser } from '../../../drivers/keypad/parser.ts'
import { hex } from '../support.ts'

const DEADLINE_MS = 500

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A parser that is watched, and when it was late for what. */
function watched() {
  const parser = new FrameParser(matchFrame)
  const startedMs = performance.now()
  const late: string[] = []
  const watch = new FrameWatch(parser, DEADLINE_MS, (before) => {
    late.push(`${performance.now() - startedMs}: ${before}`)
    parser.abandon(before)
  })
  const hear = (bytes: string, afterMs: number): void => {
    vi.advanceTimersByTime(afterMs)
    parser.push(hex(bytes))
    watch.heard()
  }
  return { parser, watch, late, hear }
}

test('half a frame is late a deadline after its first byte, whatever comes meanwhile', () => {
  const { late, hear } = watched()
  hear('FF 68', 0)
  hear('1E 1E', 400)
  hear('68', 99)
  vi.advanceTimersByTime(1000)
  expect(late).toEqual(['500: 2'])
})

test('a whole frame is never late', () => {
  const { late, hear } = watched()
  hear('FF 68 03 03 68', 0)
  hear('01 11 02 14 16', 499)
  vi.advanceTimersByTime(2000)
  expect(late).toEqual([])
})

test('a frame behind bytes that turned out to be none has its whole time', () => {
  const { parser, late, hear } = watched()
  hear('FF', 0)
  hear('FF 68 03 03 68', 480)
  hear('01 11 02 14 16', 480)
  vi.advanceTimersByTime(2000)
  expect(late).toEqual([])
  expect([parser.framedBytes, parser.discardedBytes]).toEqual([10, 1])
})

test('a frame that came behind a lying length is waited for from its own first byte', () => {
  const { parser, late, hear } = watched()
  hear('FF 68 20 20 68', 0)
  hear('FF 68 03 03 68', 480)
  vi.advanceTimersByTime(20)
  expect(late).toEqual(['500: 5'])
  hear('01 11 02 14 16', 400)
  vi.advanceTimersByTime(2000)
  expect(late).toEqual(['500: 5'])
  expect([parser.framedBytes, parser.discardedBytes]).toEqual([10, 5])
})

test('nothing is late on a line that was given up', () => {
  const { watch, late, hear } = watched()
  hear('FF 68', 0)
  watch.stop()
  vi.advanceTimersByTime(2000)
  expect(late).toEqual([])
})
