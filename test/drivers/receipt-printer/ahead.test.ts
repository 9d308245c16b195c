import { expect, test } from 'vitest'
import { PaperAhead } from '../../../drivers/receipt-printer/ahead.ts'
import { heldBytes } from '../heap.ts'

const QUESTIONS = 200_000

test('a printer that is asked for weeks how it is, and prints nothing, is not remembered for each question', () => {
  const ahead = new PaperAhead()
  const before = heldBytes()
  for (let nowMs = 0; nowMs < QUESTIONS; nowMs += 1) ahead.sent(3, 0, nowMs)
  expect((heldBytes() - before) / QUESTIONS).toBeLessThan(4)
  expect(ahead.roomAtMs(1, QUESTIONS)).toBe(QUESTIONS)
})

test('what is still being printed is remembered through whatever is asked', () => {
  const ahead = new PaperAhead()
  ahead.sent(2_000, 500, 0)
  ahead.sent(3, 0, 100)
  expect(ahead.roomAtMs(100, 200)).toBe(500)
})
