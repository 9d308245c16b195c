import { expect, onTestFinished, test } from 'vitest'
import { openPort } from '../../../drivers/transport/open-port.ts'
import { type ByteMask, type SeenBytes, watchBytes } from '../../../drivers/transport/tap.ts'
import { closing, startPeer, until } from '../support.ts'

const EVEN_ONLY: ByteMask = {
  begin: () => {},
  shown: (_, bytes) => Array.from(bytes, (byte) => byte % 2 === 0),
}

async function line() {
  const peer = await startPeer((chunk, socket) => socket.write(chunk))
  const opened = await openPort(peer.port)
  if (!opened.ok) throw new Error(opened.detail)
  return { peer, connection: closing(opened.link) }
}

test('whoever looks at a port sees what passes both ways, as far as the mask lets it through', async () => {
  const { peer, connection } = await line()
  const seen: SeenBytes[] = []
  onTestFinished(watchBytes(peer.port, EVEN_ONLY, (one) => seen.push(one)))
  connection.onData((chunk) => chunk.fill(0))
  await connection.write(Uint8Array.of(2, 3, 4), 1000)
  await until('the echo was seen', () => seen.length === 2)
  expect(seen).toEqual([
    { direction: 'out', hex: '02 ·· 04', count: 3 },
    { direction: 'in', hex: '02 ·· 04', count: 3 },
  ])
})

test('nothing is told of another port, nor after the look has ended', async () => {
  const { peer, connection } = await line()
  const { peer: other, connection: elsewhere } = await line()
  const heard: number[] = []
  connection.onData((chunk) => heard.push(...chunk))
  elsewhere.onData(() => {})
  const seen: SeenBytes[] = []
  const stop = watchBytes(peer.port, EVEN_ONLY, (one) => seen.push(one))
  await elsewhere.write(Uint8Array.of(8), 1000)
  stop()
  await connection.write(Uint8Array.of(6), 1000)
  await until('the driver has it', () => heard.length === 1)
  expect(seen).toEqual([])
  expect(other.port).not.toBe(peer.port)
})

test('of a long chunk the beginning is shown and all of it is counted', async () => {
  const { peer, connection } = await line()
  const seen: SeenBytes[] = []
  onTestFinished(watchBytes(peer.port, EVEN_ONLY, (one) => seen.push(one)))
  await connection.write(new Uint8Array(1000).fill(16), 1000)
  expect(seen[0]?.count).toBe(1000)
  expect(seen[0]?.hex).toMatch(/^(10 ){40}…$/)
})
