import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FaultyLine } from '../../../drivers/simulators/wire-faults.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** What left either end of the line, each piece as text with its moment. */
function line() {
  const toDriver: string[] = []
  const toDevice: string[] = []
  const crowding: boolean[] = []
  const startedMs = performance.now()
  const note = (list: string[]) => (bytes: Uint8Array) =>
    list.push(`${Math.round(performance.now() - startedMs)}: ${Buffer.from(bytes).toString('latin1')}`)
  const faulty = new FaultyLine({
    toDriver: note(toDriver),
    toDevice: note(toDevice),
    crowded: (on) => crowding.push(on),
  })
  const say = (text: string) => faulty.fromDevice(Buffer.from(text, 'latin1'))
  const ask = (text: string) => faulty.fromDriver(Buffer.from(text, 'latin1'))
  return { faulty, toDriver, toDevice, crowding, say, ask }
}

test('a sound line passes everything at once, both ways', () => {
  const { toDriver, toDevice, say, ask } = line()
  say('a')
  ask('b')
  expect([toDriver, toDevice]).toEqual([['0: a'], ['0: b']])
})

test('faults stack in the order in which they were added', () => {
  const splitFirst = line()
  splitFirst.faulty.add({ kind: 'split', bytes: 2, gapMs: 10 })
  splitFirst.faulty.add({ kind: 'duplicate' })
  splitFirst.say('abcd')
  const duplicateFirst = line()
  duplicateFirst.faulty.add({ kind: 'duplicate' })
  duplicateFirst.faulty.add({ kind: 'split', bytes: 2, gapMs: 10 })
  duplicateFirst.say('abcd')
  vi.advanceTimersByTime(100)
  expect(splitFirst.toDriver).toEqual(['0: ab', '0: ab', '10: cd', '10: cd'])
  expect(duplicateFirst.toDriver).toEqual(['0: ab', '10: cd', '20: ab', '30: cd'])
})

test('a fault that begins later still has the place in which it was added', () => {
  const { faulty, toDriver, say } = line()
  faulty.add({ kind: 'split', bytes: 2, gapMs: 10 }, { afterMs: 50 })
  faulty.add({ kind: 'duplicate' })
  say('abcd')
  vi.advanceTimersByTime(50)
  say('efgh')
  vi.advanceTimersByTime(100)
  expect(toDriver).toEqual(['0: abcd', '0: abcd', '50: ef', '50: ef', '60: gh', '60: gh'])
})

test('a fault begins after its time and lasts for its time', () => {
  const { faulty, toDriver, toDevice, say, ask } = line()
  faulty.add({ kind: 'half-open' }, { afterMs: 100, forMs: 200 })
  for (let step = 0; step < 4; step += 1) {
    say('x')
    ask('y')
    vi.advanceTimersByTime(100)
  }
  expect(toDriver).toEqual(['0: x', '300: x'])
  expect(toDevice).toEqual(['0: y', '300: y'])
})

test('a fault that is ended before it began never begins', () => {
  const { faulty, toDriver, say } = line()
  const end = faulty.add({ kind: 'half-open' }, { afterMs: 100 })
  end()
  end()
  vi.advanceTimersByTime(200)
  say('x')
  expect(toDriver).toEqual(['200: x'])
})

test('what a fault held goes on through those behind it when it ends', () => {
  const { faulty, toDriver, say } = line()
  const end = faulty.add({ kind: 'stall' })
  faulty.add({ kind: 'split', bytes: 2, gapMs: 10 })
  say('ab')
  say('cd')
  vi.advanceTimersByTime(1000)
  expect(toDriver).toEqual([])
  end()
  vi.advanceTimersByTime(1000)
  expect(toDriver).toEqual(['1000: ab', '1010: cd'])
})

test('clearing ends every fault and lets go what they held, in order', () => {
  const { faulty, toDriver, say } = line()
  faulty.add({ kind: 'split', bytes: 1, gapMs: 1000 })
  faulty.add({ kind: 'stall' })
  faulty.add({ kind: 'noise', everyMs: 10, bytes: 4 }, { afterMs: 500 })
  say('abc')
  faulty.clear()
  say('d')
  vi.advanceTimersByTime(5000)
  expect(toDriver).toEqual(['0: abc', '0: d'])
})

test('bytes on their way do not outlive an unplugging, the faults do', () => {
  const { faulty, toDriver, say } = line()
  faulty.add({ kind: 'merge', holdMs: 100 })
  say('lost')
  faulty.forget()
  vi.advanceTimersByTime(1000)
  say('kept')
  vi.advanceTimersByTime(1000)
  expect(toDriver).toEqual(['1100: kept'])
})

test('a slow line is slow both ways and takes no more than a device server does', () => {
  const { faulty, toDevice, crowding, say, ask, toDriver } = line()
  faulty.add({ kind: 'slow', baud: 9600 })
  say('0123456789')
  vi.advanceTimersByTime(11)
  expect(toDriver.map((piece) => piece.split(': ')[1]).join('')).toBe('0123456789')
  ask('x'.repeat(4096))
  expect(crowding).toEqual([true])
  vi.advanceTimersByTime(2000)
  expect(crowding).toEqual([true])
  vi.advanceTimersByTime(3000)
  expect(crowding).toEqual([true, false])
  expect(toDevice.map((piece) => piece.split(': ')[1]).join('')).toBe('x'.repeat(4096))
})

test.each([
  ['driver', ['0: ab', '0: ab'], ['0: xy']],
  ['device', ['0: ab'], ['0: xy', '0: xy']],
  ['both', ['0: ab', '0: ab'], ['0: xy', '0: xy']],
] as const)('a fault towards the %s touches nobody else’s bytes', (towards, heard, obeyed) => {
  const { faulty, toDriver, toDevice, say, ask } = line()
  faulty.add({ kind: 'duplicate', towards })
  say('ab')
  ask('xy')
  expect([toDriver, toDevice]).toEqual([heard, obeyed])
})

test('what is lost one way is not counted the other way', () => {
  const { faulty, toDriver, toDevice, say, ask } = line()
  faulty.add({ kind: 'drop', every: 3, towards: 'both' })
  say('abcd')
  ask('wxyz')
  expect([toDriver, toDevice]).toEqual([['0: abd'], ['0: wxz']])
})

test('noise towards the device comes while nothing is said', () => {
  const { faulty, toDriver, toDevice } = line()
  faulty.add({ kind: 'noise', everyMs: 20, bytes: 8, towards: 'device' })
  vi.advanceTimersByTime(100)
  expect([toDriver.length, toDevice.length]).toEqual([0, 5])
})

test('commands are spoilt from a fault at them on until the driver comes anew', () => {
  const { faulty } = line()
  faulty.add({ kind: 'flip', every: 2, mask: 1 })
  faulty.add({ kind: 'half-open' })
  faulty.add({ kind: 'slow', baud: 9600 })
  expect(faulty.spoilsCommands).toBe(false)
  const end = faulty.add({ kind: 'drop', every: 2, towards: 'device' }, { afterMs: 100 })
  expect(faulty.spoilsCommands).toBe(false)
  vi.advanceTimersByTime(100)
  expect(faulty.spoilsCommands).toBe(true)
  faulty.forget()
  expect(faulty.spoilsCommands).toBe(true)
  end()
  expect(faulty.spoilsCommands).toBe(true)
  faulty.forget()
  expect(faulty.spoilsCommands).toBe(false)
})

test.each(['begins', 'ends'])('a half-open line that %s while a command is on its way tears it', (when) => {
  const { faulty, toDevice, ask } = line()
  faulty.add({ kind: 'slow', baud: 9600 })
  if (when === 'begins') ask('0123456789')
  vi.advanceTimersByTime(5)
  const end = faulty.add({ kind: 'half-open' })
  expect(faulty.spoilsCommands).toBe(when === 'begins')
  if (when === 'ends') ask('0123456789')
  vi.advanceTimersByTime(5)
  end()
  expect(faulty.spoilsCommands).toBe(true)
  vi.advanceTimersByTime(20)
  expect(toDevice.map((piece) => piece.replace(/^\d+: /, '')).join('')).not.toBe('0123456789')
})

test('faults are listed in their order until they are over, with those that have not begun', () => {
  const { faulty } = line()
  const stall = { kind: 'stall' } as const
  const drop = { kind: 'drop', every: 3, towards: 'device' } as const
  faulty.add(stall, { forMs: 50 })
  faulty.add(drop, { afterMs: 100 })
  expect(faulty.list()).toEqual([
    { fault: stall, timing: { forMs: 50 } },
    { fault: drop, timing: { afterMs: 100 } },
  ])
  vi.advanceTimersByTime(50)
  expect(faulty.list()).toEqual([{ fault: drop, timing: { afterMs: 100 } }])
  faulty.clear()
  expect(faulty.list()).toEqual([])
})

test('noise without a seed is the same in every run', () => {
  const heard = [line(), line()].map(({ faulty, toDriver }) => {
    faulty.add({ kind: 'noise', everyMs: 20, bytes: 8 })
    return toDriver
  })
  vi.advanceTimersByTime(200)
  expect(heard[0]?.length).toBe(10)
  expect(heard[0]).toEqual(heard[1])
})
