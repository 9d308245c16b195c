import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PressJudge } from '../../../drivers/keypad/presses.ts'

const open = (): PressJudge => {
  const judge = new PressJudge()
  judge.open()
  return judge
}

test('the first press counts, and then none until the next rating', () => {
  const judge = open()
  expect(judge.press(2)).toBe(true)
  expect(judge.settle()).toBe(2)
  expect(judge.isOpen).toBe(false)
  expect(judge.press(4)).toBe(false)
  expect(judge.settle()).toBeUndefined()
  judge.open()
  judge.press(4)
  expect(judge.settle()).toBe(4)
  expect(judge.ignored).toBe(1)
})

test('a press at rest is nothing and counted', () => {
  const judge = new PressJudge()
  expect(judge.press(0)).toBe(false)
  expect(judge.settle()).toBeUndefined()
  expect(judge.ignored).toBe(1)
})

test('a bounce is the same press', () => {
  const judge = open()
  judge.press(1)
  judge.press(1)
  judge.press(1)
  expect(judge.settle()).toBe(1)
  expect(judge.ignored).toBe(2)
})

test('two keys at once are none, and the rating stays open', () => {
  const judge = open()
  judge.press(0)
  expect(judge.press(4)).toBe(true)
  expect(judge.press(0)).toBe(true)
  expect(judge.settle()).toBeUndefined()
  expect(judge.isOpen).toBe(true)
  expect(judge.ignored).toBe(3)
  judge.press(3)
  expect(judge.settle()).toBe(3)
})

test.each(['open', 'close'] as const)('a press that is still looked at is dropped by %s', (change) => {
  const judge = open()
  judge.press(0)
  judge[change]()
  expect(judge.settle()).toBeUndefined()
  expect(judge.ignored).toBe(1)
})

test('whatever is done to a unit, one rating gets one press at most, and every press is counted somewhere', () => {
  const step = fc.oneof(fc.nat(4), fc.constantFrom('open', 'close', 'settle'))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const judge = new PressJudge()
      let presses = 0
      let told = 0
      let toldThisRating = 0
      for (const one of [...steps, 'close'] as const) {
        if (typeof one === 'number') {
          presses += 1
          judge.press(one)
        } else if (one === 'settle') {
          if (judge.settle() === undefined) continue
          told += 1
          toldThisRating += 1
          expect(toldThisRating).toBe(1)
        } else {
          judge[one === 'open' ? 'open' : 'close']()
          toldThisRating = 0
        }
      }
      expect(told + judge.ignored).toBe(presses)
    }),
  )
})
