import { expect, test } from 'vitest'
import { encodeFrame } from '../../../drivers/id-reader/frame.ts'
import { FrameParser } from '../../../drivers/id-reader/parser.ts'
import { encodeRequest, type RequestName } from '../../../drivers/id-reader/requests.ts'
import {
  type IdReaderSimulator,
  type SimulatedCard,
  startIdReaderSimulator,
} from '../../../drivers/simulators/id-reader.ts'
import type { Connection } from '../../../drivers/transport/connection.ts'
import { openPort } from '../../../drivers/transport/open-port.ts'
import { closing, until } from '../support.ts'

const CARD: SimulatedCard = {
  name: '李小雨',
  sex: 'male',
  ethnicGroup: '回',
  birth: '19491231',
  address: '北京市',
  number: '11010519491231002X',
  issuer: '北京市公安局',
  validFrom: '20200101',
  validTo: '20400101',
}

let current: Connection | undefined

/** A plain client of a simulator; of one that is there already it is the next one. */
async function bench(given?: IdReaderSimulator) {
  const simulator = given ?? closing(await startIdReaderSimulator({ listen: 'tcp://127.0.0.1:0' }))
  await current?.close()
  const opened = await openPort(simulator.port)
  if (!opened.ok) throw new Error(opened.detail)
  const connection = closing(opened.link)
  current = connection
  const parser = new FrameParser()
  const frames: Uint8Array[] = []
  connection.onData((chunk) => {
    frames.push(...parser.push(chunk))
  })
  const say = async (bytes: Uint8Array): Promise<Uint8Array> => {
    const before = frames.length
    await connection.write(bytes, 1000)
    await until('an answer comes', () => frames.length > before)
    return frames.at(-1) ?? new Uint8Array(0)
  }
  const ask = async (name: RequestName): Promise<number> => (await say(encodeRequest(name)))[9] ?? 0
  return { simulator, ask, say, connection }
}

test('it answers as a reader does with the same card lying there', async () => {
  const { simulator, ask } = await bench()
  expect(await ask('find-card')).toBe(0x80)
  simulator.placeCard(CARD)
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await ask('find-card')).toBe(0x9f)
  expect(await ask('select-card')).toBe(0x90)
  expect(await ask('read-base')).toBe(0x90)
  expect(await ask('card-management-number')).toBe(0x90)
  expect(await ask('select-card')).toBe(0x81)
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await ask('find-card')).toBe(0x80)
  simulator.liftCard()
  expect(await ask('card-management-number')).toBe(0x41)
  expect(simulator.errors).toEqual([])
})

test('1295 bytes take the 112 ms of a line at 115200 baud', async () => {
  const { simulator, ask } = await bench()
  simulator.placeCard(CARD)
  await ask('find-card')
  await ask('select-card')
  const started = performance.now()
  await ask('read-base')
  expect(performance.now() - started).toBeGreaterThanOrEqual(112)
})

test('what no reader would understand is recorded', async () => {
  const { simulator, ask, say, connection } = await bench()
  simulator.placeCard(CARD)
  await ask('select-card')
  await ask('read-base')
  await ask('find-card')
  await ask('find-card')
  await say(encodeFrame(Uint8Array.of(0x77, 0x01)))
  await connection.write(Uint8Array.of(1, 2, 3), 1000)
  await until('the noise is heard', () => simulator.errors.length >= 5)
  expect(simulator.errors).toEqual([
    'select before find',
    'read before select',
    expect.stringMatching(/^find asked again after \d+ ms$/),
    'unknown command 77 1',
    'bytes that are no frame',
  ])
})

test('a card that was read is remembered through a reconnect, and forgotten without power', async () => {
  const { simulator, ask } = await bench()
  simulator.placeCard(CARD)
  for (const request of ['find-card', 'select-card', 'read-base'] as const) await ask(request)
  const again = await bench(simulator)
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await again.ask('find-card')).toBe(0x80)
  expect(await again.ask('card-management-number')).toBe(0x90)
  await simulator.unplug()
  await simulator.plug()
  const third = await bench(simulator)
  expect(await third.ask('card-management-number')).toBe(0x41)
  expect(await third.ask('find-card')).toBe(0x9f)
})

test('a reset lets the same card be found again', async () => {
  const { simulator, ask } = await bench()
  simulator.placeCard(CARD)
  for (const request of ['find-card', 'select-card', 'read-base', 'reset-sam'] as const) await ask(request)
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await ask('find-card')).toBe(0x9f)
})

test('it fails as often as it is told, and as what it is told', async () => {
  const { simulator, ask } = await bench()
  simulator.failNext(0x47, 2, 'sam-id')
  simulator.failNext(0x24)
  expect(await ask('sam-status')).toBe(0x24)
  expect([await ask('sam-id'), await ask('sam-id'), await ask('sam-id')]).toEqual([0x47, 0x47, 0x90])
  simulator.authorise(false)
  expect(await ask('sam-status')).toBe(0x66)
})

test('who does not wait for an answer that is being worked on is recorded', async () => {
  const { simulator, say, connection } = await bench()
  simulator.think(100)
  await connection.write(encodeRequest('sam-status'), 1000)
  await say(encodeRequest('sam-id'))
  expect(simulator.errors).toEqual(['a request before the deadline of the one that is being worked on'])
})

test('a technician’s new speed holds from the next answer on', async () => {
  const { simulator, ask } = await bench()
  simulator.placeCard(CARD)
  expect(await ask('baud-9600')).toBe(0x90)
  await ask('find-card')
  await ask('select-card')
  const started = performance.now()
  await ask('read-base')
  expect(performance.now() - started).toBeGreaterThanOrEqual(1348)
  expect(simulator.errors).toEqual([])
})

test('one client at a time: a second one is turned away', async () => {
  const { simulator, ask } = await bench()
  const second = await openPort(simulator.port)
  if (second.ok) await second.link.closed
  expect(await ask('sam-status')).toBe(0x90)
})
