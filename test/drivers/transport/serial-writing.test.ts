import { SerialPort } from 'serialport'
import { expect, onTestFinished, test, vi } from 'vitest'
import { until } from '../support.ts'
import { connect } from './connect.ts'
import { startPty } from './pty.ts'

const A_SECOND_MS = 1000
/** Longer than any test lasts. */
const NEVER_MS = 60_000

// As the launcher sets it, before the serial transport is loaded.
vi.hoisted(() => {
  process.env.UV_THREADPOOL_SIZE = '8'
})

test('a write that a stalled line never takes ends with its deadline (field row 9), and the port is free', async () => {
  const pty = await startPty()
  const connection = await connect(pty.port)
  pty.peer.pause()
  expect(await connection.write(new Uint8Array(4 << 20), 200)).toBe(false)
  expect(await connection.closed).toEqual({
    cause: 'write-deadline',
    detail: expect.stringContaining('not taken within 200 ms'),
  })
  await connect(pty.port)
})

test('a line that takes nothing is heard all the same: a printer without paper says so', async () => {
  const pty = await startPty()
  const connection = await connect(pty.port)
  const heard: number[] = []
  connection.onData((chunk) => heard.push(...chunk))
  pty.peer.pause()
  const writing = connection.write(new Uint8Array(4 << 20), 5000)
  await new Promise((resolve) => setTimeout(resolve, 100))
  pty.peer.write(Uint8Array.of(0x12))
  await until('it is heard', () => heard.length === 1)
  pty.peer.resume()
  expect(await writing).toBe(true)
})

test('a long write goes on although a byte comes in meanwhile', async () => {
  const pty = await startPty()
  const connection = await connect(pty.port)
  const much = Buffer.alloc(20_000, 0xaa)
  const heard = { here: 0, there: 0 }
  connection.onData((chunk) => {
    heard.here += chunk.length
  })
  pty.peer.on('data', (chunk) => {
    heard.there += chunk.length
  })
  for (let round = 1; round <= 200; round += 1) {
    const writing = connection.write(much, 3000)
    if (round % 2 === 0) await new Promise((resolve) => setImmediate(resolve))
    pty.peer.write(Uint8Array.of(0x12))
    expect(await writing).toBe(true)
    await until('both have all', () => heard.here === round && heard.there === round * much.length)
  }
})

test('a write is done when the bytes have left, not when the kernel has taken them', async () => {
  const pty = await startPty()
  const connection = await connect(pty.port)
  const { promise: left, resolve: leave } = Promise.withResolvers<void>()
  const drain = vi.spyOn(SerialPort.prototype, 'drain').mockImplementation((done) => {
    void left.then(() => done?.(null))
  })
  onTestFinished(() => drain.mockRestore())
  let done = false
  const writing = connection.write(Uint8Array.of(1), 5000).then((ok) => {
    done = ok
  })
  await until('the kernel has taken them', () => drain.mock.calls.length === 1)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(done).toBe(false)
  leave()
  await writing
  expect(done).toBe(true)
})

test('lines that never drain hold no healthy one up (field rows 9 and 17)', async () => {
  const stalled = [await startPty(), await startPty(), await startPty()]
  const healthy = await startPty()
  const real = SerialPort.prototype.drain
  const held: (() => void)[] = []
  const drain = vi.spyOn(SerialPort.prototype, 'drain').mockImplementation(function (this: SerialPort, done) {
    if (this.path === healthy.link) real.call(this, done)
    else held.push(() => done?.(null))
  })
  onTestFinished(() => {
    drain.mockRestore()
    for (const release of held) release()
  })
  const stuck = await Promise.all(
    stalled.map(async (pty) => {
      const connection = await connect(pty.port)
      const writing = [1, 2, 3].map((number) => connection.write(Uint8Array.of(number), NEVER_MS))
      return { connection, writing }
    }),
  )
  await until('each of them is being drained', () => held.length === stalled.length)
  const connection = await connect(healthy.port)
  expect(await connection.write(Uint8Array.of(1), 5 * A_SECOND_MS)).toBe(true)
  // Still stalled, all of them: none has given the healthy one its turn.
  expect(held).toHaveLength(stalled.length)
  await Promise.all(stuck.map((one) => one.connection.close()))
  expect(await Promise.all(stuck.flatMap((one) => one.writing))).toEqual(Array(9).fill(false))
})

test('what was written before closing is never sent by the next connection (field row 8)', async () => {
  const pty = await startPty()
  const first = await connect(pty.port)
  const heard: Buffer[] = []
  pty.peer.on('data', (chunk) => heard.push(chunk))
  await first.close()
  expect(await first.write(Uint8Array.of(1), A_SECOND_MS)).toBe(false)
  const second = await connect(pty.port)
  expect(await second.write(Uint8Array.of(2), A_SECOND_MS)).toBe(true)
  await until('the second is heard', () => heard.length > 0)
  expect(Buffer.concat(heard)).toEqual(Buffer.of(2))
})

test('what a stalled line had not taken when it was given up is never sent (field row 8)', async () => {
  const pty = await startPty()
  const first = await connect(pty.port)
  await pty.stall(true)
  expect(await first.write(new Uint8Array(1 << 20).fill(0xaa), 200)).toBe(false)
  await first.closed
  const heard: number[] = []
  pty.peer.on('data', (chunk) => heard.push(...chunk))
  await pty.stall(false)
  const second = await connect(pty.port)
  expect(await second.write(Uint8Array.of(2), A_SECOND_MS)).toBe(true)
  await until('the second is heard', () => heard.includes(2))
  // The far end of a pty takes 4095 bytes in before anybody reads them: these had been sent.
  expect(heard.length).toBeLessThanOrEqual(4095 + 1)
})

test('many writes that are not awaited arrive in their order', async () => {
  const pty = await startPty()
  const connection = await connect(pty.port)
  const heard: number[] = []
  pty.peer.on('data', (chunk) => heard.push(...chunk))
  const written = await Promise.all(
    Array.from({ length: 50 }, (_, index) => connection.write(Uint8Array.of(index), A_SECOND_MS)),
  )
  expect(written.every(Boolean)).toBe(true)
  await until('all are there', () => heard.length === 50)
  expect(heard).toEqual(Array.from({ length: 50 }, (_, index) => index))
})

test('writes that are cut off by their line going hold no other line up', async () => {
  for (let round = 0; round < 8; round += 1) {
    const pty = await startPty()
    const connection = await connect(pty.port)
    const writing = Array.from({ length: 20 }, () => connection.write(new Uint8Array(512), A_SECOND_MS))
    await writing[round]
    if (round % 2 === 0) void connection.close()
    else await pty.vanish()
    await connection.closed
  }
  const pty = await startPty()
  const healthy = await connect(pty.port)
  expect(await healthy.write(Uint8Array.of(1), A_SECOND_MS)).toBe(true)
})
