/** Does the keypad light up and speak, and does each of its keys mean what its profile says? */
import type { Keypad } from '../../../drivers/keypad/driver.ts'
import { answers, asked, type Bench, type TestMaker } from './bench.ts'
import { failed, PASSED, type Step, type StepEnd } from './steps.ts'

export const keypadTest: TestMaker = (bench, timings) => {
  const { keypad } = bench
  if (keypad === null) return null
  const lamps = asked('lamps', () => {
    keypad.startRating()
    return () => bench.isSomebodys() || keypad.stopRating()
  })
  const keys = keypad.levels.map((level, index) => pressKey(bench, keypad, { index, level }, timings.handMs))
  return [answers(keypad, timings), lamps, ...keys]
}

const pressKey = (
  bench: Bench,
  keypad: Keypad,
  { index, level }: { index: number; level: number },
  limitMs: number,
): Step => ({
  code: `key-${index + 1}`,
  limitMs,
  run: async ({ signal, show }) => {
    // A question that has come meanwhile is a citizen's, and so is what is pressed now.
    if (bench.isSomebodys()) return failed('busy')
    show({ key: String(index + 1), level: String(level), pressed: null })
    keypad.startRating()
    let reason = 'not-pressed'
    let isLast = false
    try {
      return await new Promise<StepEnd>((resolve) => {
        const settle = (end: StepEnd): void => {
          stopKeys()
          stopStatus()
          signal.removeEventListener('abort', late)
          resolve(end)
        }
        const late = (): void => settle(failed(reason))
        const stopKeys = keypad.onKey((key) => {
          if (bench.isSomebodys()) return settle(failed('busy'))
          if (key === index) {
            isLast = key === keypad.levels.length - 1
            return settle(PASSED)
          }
          reason = 'wrong-key'
          show({ pressed: String(key + 1) })
          keypad.startRating()
        })
        const stopStatus = keypad.onStatus((status) => {
          if (status.state === 'fault') settle(failed(status.reason))
        })
        signal.addEventListener('abort', late, { once: true })
        if (signal.aborted) late()
      })
    } finally {
      show({ pressed: null })
      if (!bench.isSomebodys()) {
        // Thanks are said after the last key, as after a citizen's.
        if (isLast) keypad.acknowledge()
        else keypad.stopRating()
      }
    }
  },
})
