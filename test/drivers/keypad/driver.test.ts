/** Which press counts, and what the unit is told of it. */
import { expect, onTestFinished, test, vi } from 'vitest'
import { superviseKeypad } from '../../../drivers/keypad/driver.ts'
import { until } from '../support.ts'
import { bench, settled } from './bench.ts'

test('keys at rest, after the one that counted, and after the question are nothing, and counted', async () => {
  const { simulator, keypad, keys, ask, told } = await bench({ awake: true })
  simulator.press(0)
  await until('it is counted', () => keypad.counters().ignoredPresses === 1)
  await ask()
  simulator.press(2)
  await told()
  simulator.press(4)
  await until('it is counted', () => keypad.counters().ignoredPresses === 2)
  await ask()
  keypad.stopRating()
  simulator.press(1)
  await until('it is counted', () => keypad.counters().ignoredPresses === 3)
  await settled()
  expect(keys).toEqual([2])
  expect(simulator.acknowledgements()).toBe(0)
})

test('a bouncing contact is one press', async () => {
  const { simulator, keypad, keys, ask, told } = await bench()
  await ask()
  simulator.bounce(4, 5)
  await told()
  await settled()
  expect(keys).toEqual([4])
  expect(keypad.counters()).toMatchObject({ frames: 5, ignoredPresses: 4 })
})

test('a report that comes twice is one press', async () => {
  const { simulator, keypad, keys, ask, told } = await bench()
  simulator.faults.add({ kind: 'duplicate' })
  await ask()
  simulator.press(1)
  await told()
  await settled()
  expect(keys).toEqual([1])
  expect(keypad.counters().ignoredPresses).toBe(1)
})

test('two keys at once are no answer: the unit is asked again, and the next single press counts', async () => {
  const { simulator, keypad, keys, ask, told } = await bench()
  await ask()
  simulator.pressTogether([0, 4])
  await until('it asks again', () => simulator.asking() && simulator.starts() === 2)
  expect(keys).toEqual([])
  simulator.press(3)
  await told()
  expect(keys).toEqual([3])
  expect(keypad.counters().ignoredPresses).toBe(2)
})

test('a press just before the next question does not answer it', async () => {
  const debounceMs = 600
  const { simulator, keypad, keys, ask } = await bench({ timings: { debounceMs } })
  await ask()
  simulator.press(0)
  await until('the report is in', () => keypad.counters().frames === 1)
  await ask()
  await new Promise((resolve) => setTimeout(resolve, 1.5 * debounceMs))
  expect(keys).toEqual([])
  expect(keypad.counters().ignoredPresses).toBe(1)
  expect(simulator.starts()).toBe(2)
})

test('a question that is withdrawn while a press is looked at is neither answered nor asked again', async () => {
  const debounceMs = 600
  const { simulator, keypad, keys, ask } = await bench({ timings: { debounceMs } })
  await ask()
  simulator.press(0)
  await until('the report is in', () => keypad.counters().frames === 1)
  keypad.stopRating()
  await new Promise((resolve) => setTimeout(resolve, 1.5 * debounceMs))
  expect(keys).toEqual([])
  expect([simulator.starts(), simulator.acknowledgements()]).toEqual([1, 0])
})

test('a unit that falls asleep by itself is asked again before it does', async () => {
  const asksForMs = 400
  const renewAheadMs = 9_800
  const { simulator, keys, ask, told } = await bench({ asksForMs, timings: { renewAheadMs } })
  await ask()
  await until('it was asked again twice', () => simulator.starts() >= 3)
  expect(simulator.press(2)).toBe(true)
  await told()
  expect(keys).toEqual([2])
  const { length } = keys
  await new Promise((resolve) => setTimeout(resolve, 2 * asksForMs))
  expect(simulator.asking()).toBe(false)
  expect(keys).toHaveLength(length)
})

test('a listener that throws does not stop the keypad (field row 17)', async () => {
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  onTestFinished(() => warned.mockRestore())
  const { simulator, keypad, keys, ask, told } = await bench()
  keypad.onKey(() => {
    throw new Error('somebody pressed 0')
  })
  await ask()
  simulator.press(0)
  await told()
  await ask()
  simulator.press(1)
  await told(2)
  expect(keys).toEqual([0, 1])
  expect(warned).toHaveBeenCalledTimes(2)
  // Its place and not its message, which would tell the answer.
  expect(JSON.stringify(warned.mock.calls)).not.toContain('somebody pressed')
})

test('nothing is told after the keypad was closed', async () => {
  const debounceMs = 600
  const { simulator, keypad, keys, ask } = await bench({ timings: { debounceMs } })
  await ask()
  simulator.press(0)
  await until('the report is in', () => keypad.counters().frames === 1)
  await keypad.close()
  await new Promise((resolve) => setTimeout(resolve, 1.5 * debounceMs))
  expect(keys).toEqual([])
})

test('a profile that is not there, or of the other form, is refused at once', () => {
  const port = 'tcp://127.0.0.1:1'
  expect(() => superviseKeypad({ driver: 'table', port })).toThrow('none of the table form')
  expect(() => superviseKeypad({ driver: 'ff68', port, profile: 'example-table' })).toThrow('"example-table"')
})
