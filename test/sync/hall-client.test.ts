import { createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { HallAddressError, hallOrigin } from '../../sync/hall-address.ts'
import { createHallClient } from '../../sync/hall-client.ts'
import { createHallClock } from '../../sync/hall-clock.ts'
import { loadIdentity } from '../../sync/identity.ts'
import { publicSealingKey } from '../../sync/protocol/keys.ts'
import { verifyRequest } from '../../sync/protocol/signature.ts'
import { hallKeys } from './support/device.ts'
import { testFolder } from './support/folder.ts'
import { answerJson, answerProblem, type Handler, type Received, startHallStub } from './support/hall-stub.ts'

const sealingKey = publicSealingKey(hallKeys)
const enrolment = {
  enrolmentCode: 'K3Q7M0ZX1D',
  role: 'pad',
  name: '12',
  window: '12',
  software: '0.1.0',
} as const

async function clientWith(handler: Handler, options: { enrolled?: boolean; clock?: () => Date } = {}) {
  const stub = await startHallStub(handler)
  const identity = loadIdentity(testFolder())
  if (options.enrolled !== false) identity.enrol('P-0571-0012', sealingKey)
  const client = createHallClient({ url: stub.url, identity, clock: createHallClock(options.clock) })
  return { stub, identity, client }
}

const get = { method: 'GET', path: '/v1/content', timeoutMs: 5_000 } as const

describe('a hall server', () => {
  it.each([
    ['https://hall.example', 'https://hall.example'],
    ['https://hall.example:8026/', 'https://hall.example:8026'],
    ['http://127.0.0.1:8026', 'http://127.0.0.1:8026'],
    ['http://localhost:8026', 'http://localhost:8026'],
    ['http://[::1]:8026', 'http://[::1]:8026'],
  ])('may be at %s', (address, origin) => {
    expect(hallOrigin(address)).toBe(origin)
  })

  it.each([
    ['http://hall.example', /in the clear: use https/],
    ['http://10.0.0.8:8026', /in the clear/],
    ['http://127.0.0.1.example', /in the clear/],
    ['http://0.0.0.0:8026', /in the clear/],
    ['ftp://hall.example', /write https/],
    ['hall.example', /write https/],
    ['', /write https/],
    ['https://hall.example/v1', /without anything behind/],
    ['https://user:secret@hall.example', /without anything behind/],
  ])('is not at %s', (address, words) => {
    expect(() => hallOrigin(address)).toThrow(HallAddressError)
    expect(() => hallOrigin(address)).toThrow(words)
    expect(() => createHallClient({ url: address, identity: loadIdentity(testFolder()) })).toThrow(words)
  })
})

describe('a request', () => {
  it('is signed as the enrolled device over method, path, body and key', async () => {
    const { stub, identity, client } = await clientWith((_, response) => answerJson(response, 200, {}))
    const body = Buffer.from('{"kind":"tax"}')
    const extra = { body, contentType: 'application/json', idempotencyKey: 'k-1' }
    const answer = await client.request({ method: 'POST', path: '/v1/proofs', timeoutMs: 5_000, ...extra })
    expect(answer).toMatchObject({ ok: true, status: 200 })
    const [received] = stub.received as [Received]
    expect(received.body).toEqual(body)
    expect(received.headers['content-type']).toBe('application/json')
    const keyOf = (keyId: string) => (keyId === 'P-0571-0012' ? identity.publicKey : null)
    expect(await verifyRequest(received, keyOf, new Date())).toMatchObject({ ok: true })
  })

  it('that finds the clock wrong is signed again with the offset of the hall', async () => {
    const hallNow = new Date('2026-11-21T12:14:05Z')
    const { stub, identity, client } = await clientWith(
      async (request, response) => {
        const verdict = await verifyRequest(request, () => identity.publicKey, hallNow)
        if (verdict.ok) answerJson(response, 200, {})
        else answerProblem(response, 401, verdict.code, { time: hallNow.toISOString() })
      },
      { clock: () => new Date('1970-01-01T00:01:00Z') },
    )
    expect(await client.request(get)).toMatchObject({ ok: true })
    expect(await client.request(get)).toMatchObject({ ok: true })
    expect(stub.received).toHaveLength(3)
    expect(client.clock.state().synchronized).toBe(false)
    const offsetMs = hallNow.getTime() - Date.parse('1970-01-01T00:01:00Z')
    expect(Math.abs((client.clock.state().offsetMs ?? 0) - offsetMs)).toBeLessThan(5_000)
  })

  it('whose clock stays wrong is signed again once, no more', async () => {
    const { stub, client } = await clientWith((_, response) =>
      answerProblem(response, 401, 'clock', { time: '2001-01-01T00:00:00Z' }),
    )
    expect(await client.request(get)).toMatchObject({ kind: 'problem', problem: { code: 'clock' } })
    expect(stub.received).toHaveLength(2)
  })

  it.each([
    ['a problem of the hall', 403, 'revoked', { ok: false, kind: 'problem', status: 403 }],
    ['a code that is newer than we are', 418, 'tea', { ok: false, kind: 'problem', status: 418 }],
  ])('answered by %s gives it', async (_, status, code, expected) => {
    const { client } = await clientWith((_, response) => answerProblem(response, status, code))
    expect(await client.request(get)).toMatchObject({ ...expected, problem: { code } })
  })

  it('answered by a page of somebody else gives that nobody of ours answered', async () => {
    const { client } = await clientWith((_, response) => {
      response.writeHead(403, { 'content-type': 'text/html' }).end('<h1>Log in to the network</h1>')
    })
    expect(await client.request(get)).toMatchObject({ kind: 'unexpected', status: 403 })
  })

  it('is not led anywhere else', async () => {
    const { stub, client } = await clientWith((_, response) => {
      response.writeHead(307, { location: '/elsewhere' }).end()
    })
    expect(await client.request(get)).toMatchObject({ kind: 'unexpected', status: 307 })
    expect(stub.received).toHaveLength(1)
  })

  it.each([
    ['seconds', { 'retry-after': '7' }, 7_000],
    [
      'a date',
      { 'retry-after': 'Sat, 21 Nov 2026 12:00:09 GMT', date: 'Sat, 21 Nov 2026 12:00:00 GMT' },
      9_000,
    ],
    ['ten years', { 'retry-after': '315360000' }, 3_600_000],
    ['nonsense', { 'retry-after': 'soon' }, null],
  ])('is told to come back after %s', async (_, headers, retryAfterMs) => {
    const { client } = await clientWith((_, response) =>
      answerProblem(response, 503, 'internal', {}, headers),
    )
    expect(await client.request(get)).toMatchObject({ retryAfterMs })
  })

  it('that nobody answers ends as no answer', async () => {
    const { stub, client } = await clientWith(() => {})
    expect(await client.request({ ...get, timeoutMs: 50 })).toMatchObject({
      kind: 'no-answer',
      reason: 'timeout',
    })
    const cancel = new AbortController()
    const cancelled = client.request({ ...get, signal: cancel.signal })
    cancel.abort()
    expect(await cancelled).toMatchObject({ kind: 'no-answer', reason: 'cancelled' })
    await stub.cut()
    expect(await client.request(get)).toMatchObject({ kind: 'no-answer', reason: 'unreachable' })
  })

  it('whose answer is cut half way ends as no answer', async () => {
    const { client } = await clientWith((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
      response.write('{"half":', () => response.destroy())
    })
    expect(await client.request(get)).toMatchObject({ kind: 'no-answer', reason: 'unreachable' })
  })

  it('answered by noise that is no HTTP ends as no answer', async () => {
    const noise = createServer((socket) => {
      socket.on('error', () => {})
      socket.resume().end('\u0000\u0001 no http at all\r\n\r\n')
    })
    await new Promise<void>((resolve) => noise.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => new Promise<void>((resolve) => void noise.close(() => resolve())))
    const address = noise.address()
    const port = typeof address === 'object' ? address?.port : 0
    const client = createHallClient({ url: `http://127.0.0.1:${port}`, identity: loadIdentity(testFolder()) })
    expect(await client.request(get)).toMatchObject({ kind: 'no-answer' })
  })

  it('reads no more than it agreed to', async () => {
    const { client } = await clientWith((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end('x'.repeat(100_000))
    })
    const answer = await client.request({ ...get, maxAnswerBytes: 1_000 })
    expect(answer).toMatchObject({ kind: 'no-answer', reason: 'answer-too-large' })
  })
})

describe('enrolling', () => {
  it('is signed by thumbprint and writes who the device is now', async () => {
    const answer = { deviceId: 'P-0571-0012', sealingKey, time: new Date().toISOString() }
    const { stub, identity, client } = await clientWith((_, response) => answerJson(response, 201, answer), {
      enrolled: false,
    })
    expect(await client.enrol(enrolment)).toEqual({ ok: true, value: { deviceId: 'P-0571-0012' } })
    const [received] = stub.received as [Received]
    expect(JSON.parse(received.body.toString())).toEqual({ ...enrolment, publicKey: identity.publicKey })
    const keyOf = (keyId: string) => (keyId === identity.thumbprint ? identity.publicKey : null)
    expect(await verifyRequest(received, keyOf, new Date())).toMatchObject({ ok: true })
    expect(identity).toMatchObject({ deviceId: 'P-0571-0012', sealingKey })
    expect(client.clock.state().synchronized).toBe(true)

    expect(await client.enrol(enrolment)).toMatchObject({ ok: true })
    expect(stub.received).toHaveLength(1)
  })

  it.each([
    [
      'refused',
      (_: Received, response: Parameters<Handler>[1]) => answerProblem(response, 403, 'enrolment-code-bad'),
    ],
    [
      'answered with something else',
      (_: Received, response: Parameters<Handler>[1]) => answerJson(response, 201, {}),
    ],
    [
      'answered with an id that no path may hold',
      (_: Received, response: Parameters<Handler>[1]) =>
        answerJson(response, 201, { deviceId: '../x', sealingKey, time: new Date().toISOString() }),
    ],
  ])('that is %s leaves the device as it was', async (_, handler) => {
    const { identity, client } = await clientWith(handler, { enrolled: false })
    expect(await client.enrol(enrolment)).toMatchObject({ ok: false })
    expect(identity.deviceId).toBeNull()
  })
})

describe("the hall's clock", () => {
  it('is known from any answer, half a round trip old, and never moves this one', () => {
    let wall = Date.UTC(2026, 10, 21, 12, 0, 0)
    let steady = 1_000
    const clock = createHallClock(
      () => new Date(wall),
      () => steady,
    )
    expect(clock.state()).toEqual({ synchronized: false, offsetMs: null })
    expect(clock.hallNow().getTime()).toBe(wall)
    steady += 200
    wall += 200
    clock.learn(new Date(wall - 412).toISOString(), 1_000)
    expect(clock.state()).toEqual({ synchronized: true, offsetMs: -312 })
    // The wall clock is set by hand; the measure stays true.
    wall += 5_000
    expect(clock.state()).toEqual({ synchronized: false, offsetMs: -5_312 })
    expect(clock.hallNow().getTime()).toBe(wall - 5_312)
  })

  it('counts as synchronised for a day', () => {
    let steady = 0
    const start = Date.UTC(2026, 10, 21)
    const clock = createHallClock(
      () => new Date(start + steady),
      () => steady,
    )
    clock.learn(new Date(start).toISOString(), 0)
    steady = 24 * 60 * 60 * 1000 - 1
    expect(clock.state()).toEqual({ synchronized: true, offsetMs: 0 })
    steady += 1
    expect(clock.state()).toEqual({ synchronized: false, offsetMs: 0 })
  })

  it('is not measured by an upload that took long, unless there is nothing better', () => {
    let steady = 0
    const clock = createHallClock(
      () => new Date(steady),
      () => steady,
    )
    steady = 10_000
    clock.learn(new Date(10_000).toISOString(), 0)
    expect(clock.state().offsetMs).toBe(5_000)
    clock.learn(new Date(10_000).toISOString(), 10_000)
    expect(clock.state().offsetMs).toBe(0)
    clock.learn(new Date(10_000).toISOString(), 0)
    expect(clock.state().offsetMs).toBe(0)
    clock.learn(new Date(10_000).toISOString(), 0, true)
    expect(clock.state().offsetMs).toBe(5_000)
  })
})
