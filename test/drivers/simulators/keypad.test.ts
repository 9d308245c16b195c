import { expect, test } from 'vitest'
import { keypadCodec } from '../../../drivers/keypad/codec.ts'
import { FrameParser } from '../../../drivers/keypad/parser.ts'
import { type KeypadForm, keypadProfile } from '../../../drivers/keypad/profile.ts'
import { type KeypadSimulatorOptions, startKeypadSimulator } from '../../../drivers/simulators/keypad.ts'
import { openPort } from '../../../drivers/transport/open-port.ts'
import { closing, hex, join, until } from '../support.ts'

/** What a driver has: the bytes of the public table, and nothing of the simulator. */
async function bench(options: Partial<KeypadSimulatorOptions> = {}, form: KeypadForm = 'ff68') {
  const unit = closing(await startKeypadSimulator({ listen: 'tcp://127.0.0.1:0', ...options }))
  const opened = await openPort(unit.port)
  if (!opened.ok) throw new Error(opened.detail)
  const connection = closing(opened.link)
  const profile = keypadProfile(form, options.profile)
  if (profile === undefined) throw new Error('no such profile')
  const codec = keypadCodec(profile)
  const parser = new FrameParser(codec.match)
  const keys: (number | null)[] = []
  connection.onData((chunk) => keys.push(...parser.push(chunk)))
  const say = (...frames: Uint8Array[]) => connection.write(join(...frames), 1000)
  return { unit, say, codec, keys }
}

test('it asks when it is told to, reports one key, and sleeps until it is asked again', async () => {
  const { unit, say, codec, keys } = await bench()
  expect(unit.press(0)).toBe(false)
  await say(...codec.start)
  await until('it asks', () => unit.asking())
  expect(unit.press(3)).toBe(true)
  expect(unit.press(1)).toBe(false)
  await until('the key has come', () => keys.length > 0)
  expect(keys).toEqual([3])
})

test('a unit that is always awake reports keys at rest', async () => {
  const { unit, say, codec, keys } = await bench({ awake: true })
  await say(...codec.beep)
  await until('it has beeped', () => unit.beeps() === 1)
  unit.press(4)
  unit.bounce(2, 2)
  await until('all have come', () => keys.length === 3)
  expect(keys).toEqual([4, 2, 2])
})

test('it falls asleep by itself', async () => {
  const { unit, say, codec } = await bench({ asksForMs: 50 })
  await say(...codec.start)
  await until('it asks', () => unit.starts() === 1)
  await until('it sleeps', () => !unit.asking())
})

test('a unit of the table form is another on the wire and the same to the driver', async () => {
  const { unit, say, codec, keys } = await bench({ profile: 'example-table' }, 'table')
  await say(...codec.lamps(3), ...codec.beep, ...codec.start)
  await until('it asks', () => unit.asking())
  unit.pressTogether([4, 0])
  await until('both have come', () => keys.length === 2)
  expect(keys).toEqual([4, 0])
  expect([unit.lamps(), unit.beeps()]).toEqual([3, 1])
  await say(...codec.start, ...codec.stop)
  await until('it is at rest', () => unit.starts() === 2 && !unit.asking() && unit.lamps() === 0)
  expect(unit.errors).toEqual([])
})

test.each([
  ['a wrong checksum', 'FF 68 03 03 68 01 01 0B 0E 16', 'that are no frame'],
  ['bytes between frames', '00', 'that are no frame'],
  ['another unit’s address', 'FF 68 03 03 68 02 01 0B 0E 16', 'for address 2'],
  ['a function it has not', 'FF 68 03 03 68 01 09 00 0A 16', 'function 9 with 0'],
  ['a voice it has not', 'FF 68 03 03 68 01 01 77 79 16', 'function 1 with 119'],
  ['more lamps than it has', 'FF 68 03 03 68 01 02 06 09 16', 'function 2 with 6'],
  ['a beep with data', 'FF 68 03 03 68 01 03 01 05 16', 'a beep with data'],
  ['a voice without data', 'FF 68 02 02 68 01 01 02 16', 'function 1 with 0 bytes'],
])('%s is the driver’s error', async (_, bytes, error) => {
  const told: string[] = []
  const { unit, say } = await bench({ onError: (one) => told.push(one) })
  await say(hex(bytes))
  await until('it is recorded', () => unit.errors.length > 0)
  expect(unit.errors[0]).toContain(error)
  expect(told).toEqual(unit.errors)
})

test.each([
  ['at once', { count: 20 }],
  ['faster than a slow unit works', { count: 2, workMs: 1000 }],
])('frames that come %s are the driver’s error: the unit works on one at a time', async (_, given) => {
  const { count, ...options } = given
  const { unit, say, codec } = await bench(options)
  await say(...Array.from({ length: count }, () => codec.beep).flat())
  await until('it is recorded', () => unit.errors.length > 0)
  expect(unit.errors[0]).toContain('at work on another')
})

test('half a frame that is left lying is the driver’s error, on a whole line and not on a pulled one', async () => {
  const { unit, say, codec } = await bench()
  await say(...codec.beep.map((frame) => frame.subarray(0, 6)))
  await until('it is recorded', () => unit.errors.length > 0)
  expect(unit.errors).toEqual(["6 bytes that are no frame of this unit's"])
  const pulled = await bench()
  await pulled.say(...pulled.codec.beep, ...pulled.codec.beep.map((frame) => frame.subarray(0, 6)))
  await until('it has beeped', () => pulled.unit.beeps() === 1)
  await pulled.unit.unplug()
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect(pulled.unit.errors).toEqual([])
})

test('a profile that is not there is told before anything listens', async () => {
  await expect(startKeypadSimulator({ listen: 'tcp://127.0.0.1:0', profile: 'none' })).rejects.toThrow(
    'no keypad profile "none"',
  )
})
