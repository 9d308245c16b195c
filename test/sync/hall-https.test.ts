/** A device's own TLS, and lines that swallow, cut, or answer what is no answer. */
import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startEventLine } from '../../sync/event-line.ts'
import { createHallClient, type HallClient } from '../../sync/hall-client.ts'
import { createHallClock, type HallClock } from '../../sync/hall-clock.ts'
import { readAuthorities, readPin } from '../../sync/hall-trust.ts'
import { loadIdentity } from '../../sync/identity.ts'
import { newFolder, startTestHall, TestClock } from './hall/helpers.ts'
import { type Authority, type Issued, makeAuthority } from './support/certificates.ts'

let authority: Authority
let good: Issued
beforeAll(() => {
  authority = makeAuthority()
  good = authority.issue('good')
})
afterAll(() => authority.close())

async function listening(server: Server): Promise<string> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Takes every connection and never says a word, so that TLS never stands. */
function mute(onConnection: (socket: Socket) => void = () => {}): Promise<string> {
  return listening(createServer((socket) => onConnection(socket.on('error', () => {}).resume())))
}

function answering(answer: (response: ServerResponse) => void): Promise<string> {
  const options = { cert: good.pem, key: readFileSync(good.keyFile) }
  return listening(createTlsServer(options, (_, response) => answer(response)))
}

function client(url: string, pin: string | null = null, clock: HallClock = createHallClock()): HallClient {
  const trust = { ca: readAuthorities(authority.ca.certFile), pins: pin === null ? [] : [readPin(pin) ?? ''] }
  return createHallClient({ url, identity: loadIdentity(newFolder()), clock, trust })
}

const get = { method: 'GET', path: '/v1/content' } as const

describe('a line on which no connection comes about', () => {
  test('ends a request when its time is over', async () => {
    const { promise: closed, resolve: close } = Promise.withResolvers<void>()
    const url = await mute((socket) => socket.on('close', () => close()))
    const answer = await client(url).request({ ...get, timeoutMs: 50 })
    expect(answer).toMatchObject({ ok: false, kind: 'no-answer', reason: 'timeout' })
    await closed
  })

  test('ends a request that is given up, at once, also one that was given up before', async () => {
    const url = await mute()
    const giveUp = new AbortController()
    const asked = client(url).request({ ...get, timeoutMs: 60_000, signal: giveUp.signal })
    setImmediate(() => giveUp.abort())
    expect(await asked).toMatchObject({ ok: false, kind: 'no-answer', reason: 'cancelled' })
    expect(await client(url).request({ ...get, timeoutMs: 60_000, signal: giveUp.signal })).toMatchObject({
      reason: 'cancelled',
    })
  })

  test('does not hold an event line that is closed', async () => {
    const { promise: connected, resolve } = Promise.withResolvers<void>()
    const url = await mute(() => resolve())
    const uplink = { lineReturned: () => {}, lineLost: () => {} }
    const line = startEventLine({ line: client(url), deviceId: 'P-0571-0001', uplink })
    await connected
    await line.close()
    expect(line.status().line).toBe('down')
  })
})

describe('an answer that the wire spoils', () => {
  const spoilt: [string, (response: ServerResponse) => void, object][] = [
    [
      'cut in the middle of a body whose length was told',
      (response) => {
        response.writeHead(200, { 'content-length': '100' }).write('half')
        setImmediate(() => response.destroy())
      },
      { kind: 'no-answer', reason: 'unreachable' },
    ],
    [
      'cut in the middle of a body in chunks',
      (response) => {
        response.writeHead(200).write('half')
        setImmediate(() => response.destroy())
      },
      { kind: 'no-answer', reason: 'unreachable' },
    ],
    [
      'that never goes on after its beginning',
      (response) => response.writeHead(200, { 'content-length': '100' }).write('half'),
      { kind: 'no-answer', reason: 'timeout' },
    ],
    ['that never comes', () => {}, { kind: 'no-answer', reason: 'timeout' }],
    [
      'longer than agreed',
      (response) => response.end(Buffer.alloc(200_000)),
      { kind: 'no-answer', reason: 'answer-too-large' },
    ],
  ]
  test.each(spoilt)('%s is a fault and never an exception', async (_, answer, fault) => {
    const url = await answering(answer)
    const timeoutMs = 'reason' in fault && fault.reason === 'timeout' ? 100 : 10_000
    const got = await client(url, good.pin).request({ ...get, timeoutMs, maxAnswerBytes: 100_000 })
    expect(got).toMatchObject({ ok: false, ...fault })
  })

  test.each([600, 999])('a status of %i is not an answer of HTTP', async (status) => {
    const url = await answering((response) => response.writeHead(status).end('x'))
    expect(await client(url).request({ ...get, timeoutMs: 10_000 })).toMatchObject({
      ok: false,
      kind: 'unexpected',
      status,
    })
  })

  test('a protocol that nobody asked for is a fault', async () => {
    const url = await answering((response) => {
      response.writeHead(101, { connection: 'upgrade', upgrade: 'websocket' }).end()
    })
    expect(await client(url).request({ ...get, timeoutMs: 10_000 })).toMatchObject({
      ok: false,
      kind: 'unexpected',
      status: 101,
    })
  })

  test.each([204, 205, 304])('a status of %i has no body', async (status) => {
    const url = await answering((response) => response.writeHead(status).end())
    const answer = await client(url).request({ ...get, timeoutMs: 10_000 })
    expect(answer).toMatchObject({ ok: true, status })
    expect(answer.ok && answer.body.byteLength).toBe(0)
  })
})

test('a device that was told a wrong time asks again, and not with every request', async () => {
  const tls = authority.issue('era', { from: '20200101000000Z', until: '20210101000000Z' })
  const hallClock = new TestClock()
  hallClock.advance(Date.parse('2030-01-01T00:00:00Z') - Date.now())
  const hall = await startTestHall({ tls, clock: hallClock.now })
  onTestFinished(() => hall.close())
  let now = 1_000_000
  const who = client(
    hall.hall.url,
    tls.pin,
    createHallClock(
      () => new Date(),
      () => now,
    ),
  )
  const refused = { ok: false, kind: 'no-answer', detail: 'CERT_HAS_EXPIRED' }
  expect(await who.time()).toMatchObject(refused)
  hallClock.advance(Date.parse('2020-06-01T00:00:00Z') - hallClock.now().getTime())
  expect(await who.time(), 'within the half minute').toMatchObject(refused)
  now += 31_000
  expect(await who.time()).toMatchObject({ ok: true })
})
