/** What a hall takes in before it knows whom it serves, over real sockets. */
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { readBody } from '../../../sync/hall/http/body.ts'
import { BATCH_MEDIA_TYPE } from '../../../sync/protocol/batch.ts'
import { signEd25519 } from '../../../sync/protocol/keys.ts'
import { signRequest } from '../../../sync/protocol/signature.ts'
import { enrolledDevice, startTestHall, TestChain, type TestDevice, type TestHall, texts } from './helpers.ts'

let hall: TestHall
let device: TestDevice
beforeEach(async () => {
  hall = await startTestHall()
  device = await enrolledDevice(hall)
})
afterEach(async () => await hall.close())

/** Sends what is given and nothing more; gives the answer's first line and Retry-After. */
function answerTo(url: string, head: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  onTestFinished(() => void socket.destroy())
  socket.write(head)
  return new Promise((resolve, reject) => {
    let got = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => {
      got += chunk
      if (got.includes('\r\n\r\n')) resolve(got)
    })
    socket.on('error', reject)
    socket.on('end', () => resolve(got))
  })
}

/** The head of a batch of 1 MiB that never comes. */
function headOnly(headers: Record<string, string>): string {
  const all = {
    host: 'hall',
    'content-type': BATCH_MEDIA_TYPE,
    'content-length': String(1024 * 1024),
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `POST /v1/batches HTTP/1.1\r\n${lines.join('')}\r\n`
}

test('who has not signed is answered before any of the body has come', async () => {
  expect(await answerTo(hall.hall.url, headOnly({}))).toMatch(/^HTTP\/1\.1 401 /)
})

test('who has signed with another key is answered before any of the body has come', async () => {
  const stranger = { keyId: device.deviceId, sign: (bytes: Uint8Array) => signEd25519(otherKey, bytes) }
  const { privateKey: otherKey } = (await enrolledDevice(hall)).keys
  const body = Buffer.alloc(1024 * 1024)
  const headers = signRequest({ method: 'POST', path: '/v1/batches', body }, stranger, hall.clock.now())
  expect(await answerTo(hall.hall.url, headOnly(headers))).toMatch(/^HTTP\/1\.1 401 [\s\S]*signature-bad/)
})

test('a head signed long ago is answered with the time before its body, and takes none of the device’s places', async () => {
  const signer = {
    keyId: device.deviceId,
    sign: (bytes: Uint8Array) => signEd25519(device.keys.privateKey, bytes),
  }
  const body = Buffer.alloc(1024 * 1024)
  const yearAgo = new Date(hall.clock.now().getTime() - 365 * 24 * 60 * 60 * 1000)
  const head = headOnly(signRequest({ method: 'POST', path: '/v1/batches', body }, signer, yearAgo))
  for (let one = 0; one < 3; one += 1)
    expect(await answerTo(hall.hall.url, head)).toMatch(/^HTTP\/1\.1 401 [\s\S]*"clock"/)
  const chain = new TestChain(device.deviceId)
  expect(await device.sendBatch(texts(chain.ratings(2)))).toMatchObject({ status: 200 })
})

test('who only claims to be a device takes none of its places', async () => {
  const claimed = `w24=("@method" "@path" "content-digest");created=1;keyid="${device.deviceId}";alg="ed25519"`
  const head = headOnly({
    'signature-input': claimed,
    'content-digest': 'sha-256=:x:',
    signature: `w24=:${Buffer.alloc(64).toString('base64')}:`,
  })
  const answers = await Promise.all([1, 2, 3, 4].map(() => answerTo(hall.hall.url, head)))
  for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 401 /)
  const chain = new TestChain(device.deviceId)
  expect(await device.sendBatch(texts(chain.ratings(2)))).toMatchObject({ status: 200 })
})

test('a device with two batches on their way is told to come again with the third, and others are served', async () => {
  const other = await enrolledDevice(hall)
  const signer = {
    keyId: device.deviceId,
    sign: (bytes: Uint8Array) => signEd25519(device.keys.privateKey, bytes),
  }
  const body = Buffer.alloc(1024 * 1024)
  const head = headOnly(signRequest({ method: 'POST', path: '/v1/batches', body }, signer, hall.clock.now()))
  const answers = [1, 2, 3].map(() => answerTo(hall.hall.url, head))
  const first = await Promise.race(answers)
  expect(first).toMatch(/^HTTP\/1\.1 429 /)
  expect(first).toMatch(/retry-after: [1-9]/i)
  expect(first).toContain('hall-busy')
  const chain = new TestChain(other.deviceId)
  expect(await other.sendBatch(texts(chain.ratings(2)))).toMatchObject({ status: 200 })
})

test('a device that runs wild is told to wait, and its own batches and other devices are served', async () => {
  const other = await enrolledDevice(hall)
  const waits: (string | null)[] = []
  const ask = async (): Promise<number> => {
    const { status, headers } = await device.ask({ method: 'GET', path: '/v1/content' })
    if (status === 429) waits.push(headers.get('retry-after'))
    return status
  }
  const seen: number[] = []
  while (!seen.includes(429) && seen.length < 2_000)
    seen.push(...(await Promise.all(Array.from({ length: 25 }, ask))))
  expect(seen.filter((status) => status === 200).length).toBeGreaterThanOrEqual(600)
  expect(seen).toContain(429)
  expect(waits).not.toHaveLength(0)
  expect(new Set(waits)).toEqual(new Set(['1']))
  expect(await other.ask({ method: 'GET', path: '/v1/content' })).toMatchObject({ status: 200 })
  const chain = new TestChain(device.deviceId)
  expect(await device.sendBatch(texts(chain.ratings(1)))).toMatchObject({ status: 200 })
})

test('a body that comes too slowly is not waited for, and nothing of it is kept', async () => {
  const server = createServer(async (request, response) => {
    const { outcome } = await readBody(request, 100, 50)
    response.end(outcome)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const head = 'POST / HTTP/1.1\r\nhost: hall\r\ncontent-length: 50\r\n\r\nslowly'
  expect(await answerTo(`http://127.0.0.1:${port}`, head)).toContain('too-slow')
})

test('a client that has gone before its body was asked for is not waited for', async () => {
  const { promise: ended, resolve } = Promise.withResolvers<string>()
  const server = createServer(async (request) => {
    await new Promise<void>((closed) => request.socket.on('close', () => closed()))
    resolve((await readBody(request, 100)).outcome)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', () => listening()))
  onTestFinished(() => void server.close())
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.write('POST / HTTP/1.1\r\nhost: hall\r\ncontent-length: 50\r\n\r\ngone', () => socket.destroy())
  expect(await ended).toBe('aborted')
})
