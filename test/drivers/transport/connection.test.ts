import { PassThrough } from 'node:stream'
import { expect, test, vi } from 'vitest'
import { openPort } from '../../../drivers/transport/open-port.ts'
import { connectionOver } from '../../../drivers/transport/stream.ts'
import { heldBytes } from '../heap.ts'
import { deadPort, startPeer, until } from '../support.ts'
import { connect } from './connect.ts'

test('bytes go both ways', async () => {
  const peer = await startPeer((chunk, socket) => socket.write(chunk))
  const connection = await connect(peer.port)
  const heard: number[] = []
  connection.onData((chunk) => heard.push(...chunk))
  expect(await connection.write(Uint8Array.of(1, 2, 3), 1000)).toBe(true)
  await until('the echo is back', () => heard.length === 3)
  expect(heard).toEqual([1, 2, 3])
})

test('a port that nobody listens on is a value that names the port', async () => {
  const port = await deadPort()
  const opened = await openPort(port)
  expect(opened).toEqual({
    ok: false,
    detail: `port ${port}: the machine is there, but nothing listens on that port (ECONNREFUSED)`,
  })
})

test('a serial device that is not there is a value that names it', async () => {
  const opened = await openPort('serial:/dev/does-not-exist?baud=9600')
  expect(opened).toEqual({ ok: false, detail: expect.stringContaining('/dev/does-not-exist') })
})

test.each([
  ['ipp://127.0.0.1/printers/a4', 'an address is for page printers only'],
  ['dir:/tmp', 'a folder is for page printers only'],
  ['nonsense', 'write serial:'],
])('%s says in one line why it is not opened', async (port, detail) => {
  expect(await openPort(port)).toEqual({ ok: false, detail: expect.stringContaining(detail) })
})

test('opening is given up at once when it is aborted', async () => {
  const peer = await startPeer()
  const abort = new AbortController()
  const opening = openPort(peer.port, abort.signal)
  abort.abort()
  expect(await opening).toEqual({ ok: false, detail: expect.stringContaining('closed while opening') })
})

test('a connection that the other end closed says so and takes no more bytes', async () => {
  const peer = await startPeer()
  const connection = await connect(peer.port)
  await until('the peer has it', () => peer.sockets.length === 1)
  peer.sockets[0]?.end()
  expect((await connection.closed).cause).toBe('closed-there')
  expect(await connection.write(Uint8Array.of(1), 1000)).toBe(false)
})

test('a connection that was reset says that there was an error', async () => {
  const peer = await startPeer()
  const connection = await connect(peer.port)
  await until('the peer has it', () => peer.sockets.length === 1)
  peer.sockets[0]?.resetAndDestroy()
  expect(await connection.closed).toEqual({
    cause: 'error',
    detail: 'the other end broke the line off (ECONNRESET)',
  })
})

test('what is written after closing is never sent, and closing twice is closing once', async () => {
  const heard: Buffer[] = []
  const peer = await startPeer((chunk) => heard.push(chunk))
  const connection = await connect(peer.port)
  await Promise.all([connection.close(), connection.close()])
  expect((await connection.closed).cause).toBe('closed-here')
  expect(await connection.write(Uint8Array.of(1), 1000)).toBe(false)
  const next = await connect(peer.port)
  await next.write(Uint8Array.of(2), 1000)
  await until('the new connection is heard', () => heard.length > 0)
  expect(Buffer.concat(heard)).toEqual(Buffer.of(2))
})

test('a write that is not taken within its deadline ends the connection', async () => {
  const peer = await startPeer()
  const connection = await connect(peer.port)
  await until('the peer has it', () => peer.sockets.length === 1)
  peer.sockets[0]?.pause()
  const block = new Uint8Array(1 << 20)
  let written = true
  for (let round = 0; written && round < 100; round += 1) written = await connection.write(block, 60)
  expect(written).toBe(false)
  expect(await connection.closed).toEqual({
    cause: 'write-deadline',
    detail: expect.stringContaining('not taken within 60 ms'),
  })
})

test('a listener that throws ends its own connection, and the process goes on (field row 17)', async () => {
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  const peer = await startPeer()
  const connection = await connect(peer.port)
  await until('the peer has it', () => peer.sockets.length === 1)
  connection.onData(() => {
    throw new Error('secret of 张小雨')
  })
  peer.sockets[0]?.write('x')
  expect((await connection.closed).cause).toBe('error')
  expect(String(warned.mock.calls[0])).not.toContain('张小雨')
  warned.mockRestore()
})

test('bytes that nobody hears are wiped, for they may be half a card', async () => {
  const stream = new PassThrough()
  const { connection } = connectionOver(stream, 'tcp://127.0.0.1:1', { shut: async () => {} })
  const unheard = Buffer.from('half a card')
  stream.write(unheard)
  await until('it is wiped', () => unheard.every((byte) => byte === 0))
  await connection.close()
})

test('nothing is left to keep the program running once the last connection is closed', async () => {
  const peer = await startPeer()
  const connection = await connect(peer.port)
  // An opening ends within a timer's turn.
  await new Promise((resolve) => setImmediate(resolve))
  const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
  const before = timers()
  await connection.close()
  expect(timers()).toBeLessThanOrEqual(before)
})

test('bytes of before there was a connection are wiped when it ends unheard', async () => {
  const early = Buffer.from('half a card')
  const wire = { shut: async () => {}, early: [early] }
  const { connection } = connectionOver(new PassThrough(), 'tcp://127.0.0.1:1', wire)
  await connection.close()
  expect(early.every((byte) => byte === 0)).toBe(true)
})

test('a wire that never finishes closing does not hold its owner', async () => {
  const { connection } = connectionOver(new PassThrough(), 'tcp://127.0.0.1:1', {
    shut: () => new Promise(() => {}),
  })
  await connection.close()
  expect((await connection.closed).cause).toBe('closed-here')
})

test('a reader that is asked four times a second for weeks leaves nothing of it behind', async () => {
  const peer = await startPeer()
  const connection = await connect(peer.port)
  const ask = async (times: number) => {
    for (let count = 0; count < times; count += 1) await connection.write(Uint8Array.of(1), 1000)
  }
  // Until all of it is compiled.
  await ask(5_000)
  const before = heldBytes()
  await ask(QUESTIONS)
  expect((heldBytes() - before) / QUESTIONS).toBeLessThan(HELD_BYTES_MAXIMUM)
})

const QUESTIONS = 20_000
/** The smallest object that could stay of a question takes more. */
const HELD_BYTES_MAXIMUM = 16
