import { createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { openPort } from '../../../drivers/transport/open-port.ts'
import { until } from '../support.ts'
import { connect, refusal } from './connect.ts'
import { runApart } from './namespace.ts'

/** A peer that does this at once with whoever connects. */
async function startAcceptor(accepted: (socket: Socket) => void) {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    accepted(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  return { port: `tcp://127.0.0.1:${port}`, sockets }
}

test.each<[string, (socket: Socket) => void]>([
  ['closes', (socket) => void socket.end()],
  ['says something and closes', (socket) => void socket.end('Port already in use\r\n')],
  [
    'says something and breaks the line off',
    (socket) => void socket.write('in use\r\n', () => socket.resetAndDestroy()),
  ],
])('a device server that accepts, then %s at once, has let nobody in', async (_, accepted) => {
  const { port } = await startAcceptor(accepted)
  // A line that is broken off may be so before this end has learned that it was accepted.
  expect(await refusal(port)).toMatch(/accepts and closes at once|broke the line off/)
})

test('what a device says in the first moment is heard, in its order and before what comes later (field row 11)', async () => {
  const peer = await startAcceptor((socket) => {
    socket.write('first ')
    setTimeout(() => socket.write('second '), 50)
  })
  const connection = await connect(peer.port)
  let heard = ''
  connection.onData((chunk) => {
    heard += Buffer.from(chunk).toString()
  })
  expect(heard).toBe('')
  peer.sockets[0]?.write('third')
  await until('all is heard', () => heard === 'first second third')
})

test('whoever says more than a refusal at once has let us in, and all of it is heard', async () => {
  const peer = await startAcceptor((socket) => {
    socket.write(Buffer.alloc(100_000, 0xaa))
  })
  const connection = await connect(peer.port)
  let heard = 0
  connection.onData((chunk) => {
    heard += chunk.length
  })
  await until('all is heard', () => heard === 100_000)
})

test('an opening is called off while it waits to be let in', async () => {
  const peer = await startAcceptor(() => {})
  const abort = new AbortController()
  const opening = openPort(peer.port, abort.signal)
  await until('it is connected', () => peer.sockets.length === 1)
  abort.abort()
  expect(await opening).toEqual({ ok: false, detail: expect.stringContaining('closed while opening') })
  await until('the peer sees the end', () => peer.sockets[0]?.destroyed === true)
})

test('a dead host is given up in time, and a line whose other end lost power ends although nobody asks', async () => {
  const said = await runApart('net', './dead-network.ts', import.meta)
  expect(said).toEqual([
    {
      deadHost: { ok: false, detail: 'port tcp://10.9.9.9:9100: no connection within 3000 ms' },
      tookMs: expect.any(Number),
    },
    { lostLine: 'error', tookMs: expect.any(Number) },
  ])
  const [dead, lost] = said.map((line) => Number(Object(line).tookMs))
  expect(dead).toBeLessThan(6000)
  // Linux's own keepalive would say so after two hours.
  expect(lost).toBeLessThan(10_000)
})
