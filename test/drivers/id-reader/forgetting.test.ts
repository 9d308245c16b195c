/** What is left of a card, of a line and of a listener when they are over. */
import { fork } from 'node:child_process'
import { Session } from 'node:inspector/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { type CardEvent, type IdReader, superviseIdReader } from '../../../drivers/id-reader/driver.ts'
import { startIdReaderSimulator } from '../../../drivers/simulators/id-reader.ts'
import { closing, ready, until } from '../support.ts'
import { bench, CARD } from './bench.ts'
import type { ToSimulator } from './simulator-process.ts'

/** Which of these bytes, as latin1 strings, stand in any living buffer of this process. */
async function inBuffers(needles: Record<string, string>): Promise<Record<string, boolean>> {
  const session = new Session()
  session.connect()
  try {
    await session.post('HeapProfiler.collectGarbage')
    const { result: prototype } = await session.post('Runtime.evaluate', {
      expression: 'ArrayBuffer.prototype',
    })
    const { objects } = await session.post('Runtime.queryObjects', {
      prototypeObjectId: prototype.objectId ?? '',
    })
    const { result } = await session.post('Runtime.callFunctionOn', {
      objectId: objects.objectId ?? '',
      returnByValue: true,
      arguments: [{ value: Object.entries(needles) }],
      // Views of the buffers, not copies of them.
      functionDeclaration: `function (needles) {
        const held = this.map((buffer) => Buffer.from(buffer).toString('latin1'))
        return Object.fromEntries(needles.map(([name, text]) => [name, held.some((one) => one.includes(text))]))
      }`,
    })
    return result.value
  } finally {
    session.disconnect()
  }
}

/** Bytes as a string of as many characters: in no buffer, where they would find themselves. */
function bytesOf(text: string): string {
  const bytes = Buffer.from(text, 'utf16le')
  const string = bytes.toString('latin1')
  bytes.fill(0)
  return string
}

const TRACES = {
  name: bytesOf(`${CARD.name}  `),
  number: bytesOf(CARD.number),
  address: bytesOf(CARD.address),
  photo: 'F'.repeat(64),
  prints: 'C'.repeat(64),
}

test('of a card nothing but its pictures stands in any buffer, and of these nothing once it is lifted', async () => {
  const child = fork(fileURLToPath(new URL('simulator-process.ts', import.meta.url)), { execArgv: [] })
  onTestFinished(() => void child.kill())
  const port = await new Promise<string>((resolve) => child.once('message', (told) => resolve(String(told))))
  const tell = (what: ToSimulator): void => void child.send(what)
  const reader = closing(superviseIdReader({ driver: 'sdt', port, fingerprints: true, extraAddress: true }))
  const kinds: string[] = []
  reader.onCard(({ kind }) => kinds.push(kind))
  await ready(reader)
  tell({ place: CARD })
  await until('the card is read', () => kinds.length === 1)
  const nothing = { name: false, number: false, address: false, photo: false, prints: false }
  expect(await inBuffers(TRACES)).toEqual({ ...nothing, photo: true, prints: true })
  tell('lift')
  await until('it is lifted', () => kinds.length === 2)
  expect(await inBuffers(TRACES)).toEqual(nothing)
})

/** What keeps this process alive, by kind. */
function resources(kind: string): number {
  return process.getActiveResourcesInfo().filter((name) => name === kind).length
}

test('closing in the middle of a reading tells nothing of the card and leaves no timer and no socket', async () => {
  const before = { timers: resources('Timeout'), sockets: resources('TCPSocketWrap') }
  const simulator = await startIdReaderSimulator({ listen: 'tcp://127.0.0.1:0', baud: 9600 })
  const reader = superviseIdReader({ driver: 'sdt', port: simulator.port })
  const events: CardEvent[] = []
  reader.onCard((event) => events.push(event))
  await ready(reader)
  simulator.placeCard(CARD)
  const { frames } = reader.counters()
  // At 9600 baud, found and selected leave 1.4 s in which the base data is on its way.
  await until('the card is selected', () => reader.counters().frames >= frames + 2)
  await sleep(200)
  expect(events).toEqual([])
  await reader.close()
  await simulator.close()
  expect(resources('Timeout')).toBeLessThanOrEqual(before.timers)
  await until('the sockets are gone', () => resources('TCPSocketWrap') <= before.sockets)
  expect(events).toEqual([])
})

test('a reader that was closed holds on to no listener', async () => {
  const { reader } = await bench()
  const listeners = listening(reader)
  await reader.close()
  await inBuffers({})
  expect(listeners.deref()).toBeUndefined()
})

function listening(reader: IdReader): WeakRef<object> {
  const heard = (): void => {}
  reader.onCard(heard)
  return new WeakRef(heard)
}
