import { expect, test } from 'vitest'
import { encodeFrame, encodeRequest, type RequestName } from '../../../drivers/id-reader/frame.ts'
import { FrameParser } from '../../../drivers/id-reader/parser.ts'
import { type SimulatedCard, startIdReaderSimulator } from '../../../drivers/simulators/id-reader.ts'
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

async function bench() {
  const simulator = closing(await startIdReaderSimulator({ listen: 'tcp://127.0.0.1:0' }))
  const opened = await openPort(simulator.port)
  if (!opened.ok) throw new Error(opened.detail)
  const connection = closing(opened.link)
  const parser = new FrameParser()
  const frames: Uint8Array[] = []
  let chunkCount = 0
  connection.onData((chunk) => {
    chunkCount += 1
    frames.push(...parser.push(chunk))
  })
  const say = async (bytes: Uint8Array): Promise<Uint8Array> => {
    const before = frames.length
    await connection.write(bytes, 1000)
    await until('an answer comes', () => frames.length > before)
    return frames.at(-1) ?? new Uint8Array(0)
  }
  const ask = async (name: RequestName): Promise<number> => (await say(encodeRequest(name)))[9] ?? 0
  return { simulator, ask, say, connection, chunks: () => chunkCount }
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

test('1295 bytes take the 112 ms of a line at 115200 baud, in pieces', async () => {
  const { simulator, ask, chunks } = await bench()
  simulator.placeCard(CARD)
  await ask('find-card')
  await ask('select-card')
  const before = chunks()
  const started = performance.now()
  await ask('read-base')
  expect(performance.now() - started).toBeGreaterThanOrEqual(112)
  expect(chunks() - before).toBeGreaterThan(3)
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

test('one client at a time: a second one is turned away', async () => {
  const { simulator, ask } = await bench()
  const second = await openPort(simulator.port)
  if (second.ok) await second.link.closed
  expect(await ask('sam-status')).toBe(0x90)
})
