/** A keypad at the end of a cable that is pulled, noisy, slow or cut. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { superviseKeypad } from '../../../drivers/keypad/driver.ts'
import { KEYPAD_TIMINGS } from '../../../drivers/keypad/timings.ts'
import { closing, faulty, hex, ready, startPeer, toHex, until } from '../support.ts'
import { bench, pty, settled, TCP } from './bench.ts'

describe.each([
  ['ff68 over TCP', { listen: () => TCP }],
  ['ff68 over a serial line', { listen: pty }],
  ['a table over TCP', { listen: () => TCP, profile: 'example-table' }],
  ['a table over a serial line', { listen: pty, profile: 'example-table' }],
])('%s:', (_, { listen, ...profile }) => {
  test('a press while a rating is open is told once, thanked for, and the lamps are out', async () => {
    const { simulator, keypad, keys, ask, told } = await bench({ listen: listen(), ...profile })
    keypad.lamps(4)
    await until('four lamps are lit', () => simulator.lamps() === 4)
    keypad.beep()
    await until('it has beeped', () => simulator.beeps() === 1)
    await ask()
    simulator.press(3)
    await told()
    keypad.acknowledge()
    await until(
      'it has thanked and is dark',
      () => simulator.acknowledgements() === 1 && simulator.lamps() === 0,
    )
    expect(simulator.asking()).toBe(false)
    expect(keys).toEqual([3])
    expect(keypad.counters()).toMatchObject({ ignoredPresses: 0, discardedBytes: 0, frames: 1 })
    expect(simulator.errors).toEqual([])
  })

  test('pulled out while it asks, it asks again when it is back, and nothing was counted', async () => {
    const { simulator, keypad, keys, ask, told } = await bench({ listen: listen(), ...profile })
    await ask()
    await simulator.unplug()
    await faulty(keypad, 'cannot-open')
    simulator.press(0)
    await simulator.plug()
    await ready(keypad)
    await until('it asks again', () => simulator.asking() && simulator.starts() === 2)
    expect(keys).toEqual([])
    simulator.press(1)
    await told()
    expect(keys).toEqual([1])
    expect(keypad.counters()).toMatchObject({ reopens: 1, ignoredPresses: 0 })
    expect(simulator.errors).toEqual([])
  })
})

test('a rating that opens while the unit is away is asked as soon as it is there', async () => {
  const { simulator, keypad, keys, told } = await bench()
  await simulator.unplug()
  await faulty(keypad, 'cannot-open')
  keypad.startRating()
  keypad.beep()
  await simulator.plug()
  await until('it asks', () => simulator.asking())
  simulator.press(0)
  await told()
  expect(keys).toEqual([0])
  // A beep for nobody: what is said into a loose cable is not said later (field row 8).
  expect(simulator.beeps()).toBe(0)
})

test('a unit that was left lit and asking is put to rest at opening', async () => {
  const { simulator, keypad } = await bench()
  keypad.lamps(5)
  await until('five lamps are lit', () => simulator.lamps() === 5)
  await simulator.unplug()
  await faulty(keypad, 'cannot-open')
  await simulator.plug()
  await until('it is dark', () => simulator.lamps() === 0)
})

test.each([
  ['split into single bytes', { kind: 'split', bytes: 1, gapMs: 5 }],
  ['merged', { kind: 'merge', holdMs: 40 }],
  ['carried at 1200 baud', { kind: 'slow', baud: 1200 }],
] as const)('a report %s is a report (field row 5)', async (_, fault) => {
  const { simulator, keypad, keys, ask, told } = await bench()
  simulator.faults.add(fault)
  await ask()
  simulator.press(4)
  await told()
  expect(keys).toEqual([4])
  expect(keypad.counters().discardedBytes).toBe(0)
  expect(simulator.errors).toEqual([])
})

test('noise is no answer, is counted, and a key between it is heard (field row 7)', async () => {
  const { simulator, keypad, keys, ask, told } = await bench()
  await ask()
  const end = simulator.faults.add({ kind: 'noise', everyMs: 2, bytes: 64 })
  await until('noise has come', () => keypad.counters().discardedBytes > 2000)
  expect(keys).toEqual([])
  end()
  simulator.press(1)
  await told()
  expect(keys).toEqual([1])
})

test('after a key that came as garbage the unit is asked again, so that the next press is heard', async () => {
  const { simulator, keypad, keys, ask, told } = await bench({ timings: { renewAfterDamageMs: 200 } })
  await ask()
  simulator.faults.add({ kind: 'flip', every: 6, mask: 0x40 })
  simulator.press(0)
  await until('the report is given up', () => keypad.counters().discardedBytes > 0)
  simulator.faults.clear()
  await until('it asks again', () => simulator.asking() && simulator.starts() === 2)
  simulator.press(1)
  await told()
  expect(keys).toEqual([1])
})

test('a crackle on the line does not ask again', async () => {
  const received: string[] = []
  const peer = await startPeer((chunk) => received.push(toHex(chunk)))
  const renewAfterDamageMs = 50
  const keypad = closing(
    superviseKeypad({ driver: 'ff68', port: peer.port }, { ...KEYPAD_TIMINGS, renewAfterDamageMs }),
  )
  keypad.startRating()
  await until('it is asked', () => received.length === 1)
  peer.sockets[0]?.write(hex('00 FE'))
  await until('the bytes are no frame', () => keypad.counters().discardedBytes === 2)
  await settled()
  expect(received).toHaveLength(1)
})

test('half a report is given up in time and does not swallow the next one (field row 6)', async () => {
  const peer = await startPeer()
  const frameDeadlineMs = 60
  const keypad = closing(
    superviseKeypad({ driver: 'ff68', port: peer.port }, { ...KEYPAD_TIMINGS, frameDeadlineMs }),
  )
  const keys: number[] = []
  keypad.onKey((key) => keys.push(key))
  keypad.startRating()
  await ready(keypad)
  await until('the peer has the line', () => peer.sockets.length === 1)
  peer.sockets[0]?.write(hex('FF 68 1E 1E 68 01 11'))
  await until('it is given up', () => keypad.counters().deadlineAborts === 1)
  peer.sockets[0]?.write(hex('FF 68 03 03 68 01 11 02 14 16'))
  await until('the next is told', () => keys.length === 1)
  expect(keys).toEqual([2])
  expect(keypad.counters()).toMatchObject({ discardedBytes: 7, frames: 1 })
})

test('a crackle before a report does not shorten the time that the report has (field row 6)', async () => {
  const peer = await startPeer()
  const frameDeadlineMs = 400
  const keypad = closing(
    superviseKeypad({ driver: 'ff68', port: peer.port }, { ...KEYPAD_TIMINGS, frameDeadlineMs }),
  )
  const keys: number[] = []
  keypad.onKey((key) => keys.push(key))
  await ready(keypad)
  keypad.startRating()
  const say = (bytes: string): void => void peer.sockets[0]?.write(hex(bytes))
  say('FF')
  await new Promise((resolve) => setTimeout(resolve, 300))
  say('FF 68 03 03 68')
  await until('the crackle is none of the report', () => keypad.counters().discardedBytes === 1)
  await new Promise((resolve) => setTimeout(resolve, 150))
  say('01 11 02 14 16')
  await until('the key is told', () => keys.length === 1)
  expect(keys).toEqual([2])
  expect(keypad.counters()).toMatchObject({ deadlineAborts: 0, discardedBytes: 1, frames: 1 })
})

test('a press that a device server kept while the line was down answers nothing, and is counted', async () => {
  // Longer than the transport itself waits for what a device server says first.
  const ROUND_TRIP_MS = 300
  const received: string[] = []
  const lines: Socket[] = []
  const server = createServer((line) => {
    line.on('error', () => {}).on('data', (chunk) => received.push(toHex(chunk)))
    if (lines.push(line) === 1) return
    setTimeout(() => line.write(hex('FF 68 03 03 68 01 11 04 16 16')), ROUND_TRIP_MS)
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const keypad = closing(
    superviseKeypad(
      { driver: 'ff68', port: `tcp://127.0.0.1:${port}` },
      { ...KEYPAD_TIMINGS, leftoversMs: 2 * ROUND_TRIP_MS },
    ),
  )
  const keys: number[] = []
  keypad.onKey((key) => keys.push(key))
  await ready(keypad)
  keypad.startRating()
  await until('it asks', () => received.length === 2)
  lines[0]?.destroy()
  await until('it asks again', () => received.length === 3)
  await settled()
  expect(keys).toEqual([])
  expect(keypad.counters()).toMatchObject({ frames: 1, ignoredPresses: 1 })
  lines[1]?.write(hex('FF 68 03 03 68 01 11 02 14 16'))
  await until('the next is told', () => keys.length === 1)
  expect(keys).toEqual([2])
})

test('frames leave one at a time: a unit that works on one would lose the next', async () => {
  const { simulator, keypad } = await bench()
  for (let beeps = 0; beeps < 12; beeps += 1) keypad.beep()
  await until('all have come', () => simulator.beeps() === 12)
  expect(simulator.errors).toEqual([])
})

test('only the newest state is sent to a unit that is slow, and nobody’s thanks come late', async () => {
  const received: string[] = []
  const peer = await startPeer((chunk) => received.push(toHex(chunk)))
  const keypad = closing(
    superviseKeypad({ driver: 'ff68', port: peer.port }, { ...KEYPAD_TIMINGS, frameGapMs: 100 }),
  )
  await ready(keypad)
  await until('it was put to rest', () => received.length === 1)
  for (let times = 0; times < 50; times += 1) {
    keypad.startRating()
    keypad.acknowledge()
  }
  keypad.startRating()
  await until('it asks', () => received.length === 2)
  await new Promise((resolve) => setTimeout(resolve, 250))
  expect(received.slice(1)).toEqual(['FF680303680101' + '0B0D16'])
})
