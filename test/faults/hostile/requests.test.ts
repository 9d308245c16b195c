import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { contentDigest } from '../../../sync/protocol/signature.ts'
import { TestChain } from '../../sync/hall/helpers.ts'
import { HALL_TEST_TIMEOUT_MS, type HallProcess, startHallProcess } from './hall-process.ts'
import { sendRaw } from './raw.ts'
import { type Ask, endBoth, type HonestDevice, Sender, startHonestDevice } from './sender.ts'

vi.setConfig({ testTimeout: HALL_TEST_TIMEOUT_MS, hookTimeout: HALL_TEST_TIMEOUT_MS })

/** At once, on a busy machine; who waits for the end of a head or a body does not get there. */
const AT_ONCE_MS = 14_000
/** Stands in whatever is sent; in a log it would show that something of a request gets there. */
const MARK = 'zzmarkzz'

let hall: HallProcess
let sender: Sender
let other: Sender
let honest: HonestDevice
beforeAll(async () => {
  hall = await startHallProcess()
  sender = new Sender(hall)
  other = new Sender(hall)
  await sender.enrol()
  await other.enrol()
  honest = await startHonestDevice(hall)
})
afterAll(async () => {
  expect(await endBoth(hall, honest)).toBe(0)
  expect(hall.log()).not.toContain('unforeseen')
  expect(hall.log()).not.toContain(MARK)
})

const TIME = 'GET /v1/time HTTP/1.1\r\nhost: hall\r\n\r\n'
const raw = async (bytes: string | Uint8Array): Promise<string> => {
  const { statuses, closed } = await sendRaw(hall, bytes, { patienceMs: AT_ONCE_MS })
  expect(hall.alive()).toBe(true)
  return statuses.length === 0 && closed ? 'closed' : statuses.join(' ')
}

describe('bytes that are no request', () => {
  const cases: [string, string | Uint8Array, RegExp][] = [
    ['noise', Buffer.from(Array.from({ length: 4_000 }, (_, at) => (at * 197 + 13) % 256)), /^(400|closed)$/],
    ['a TLS hello', Buffer.from('16030100f1010000ed0303', 'hex'), /^(400|closed)$/],
    ['HTTP/0.9', 'GET /v1/time\r\n\r\n', /^(200|400|closed)$/],
    ['HTTP/2 by force', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', /^(400|closed)$/],
    [
      'a header of 1 MiB',
      `GET /v1/time HTTP/1.1\r\nhost: hall\r\nx-${MARK}: ${'a'.repeat(1024 * 1024)}\r\n\r\n`,
      /^(431|closed)$/,
    ],
    [
      'headers without an end',
      `GET /v1/time HTTP/1.1\r\nhost: hall\r\n${`x-${MARK}: a\r\n`.repeat(100_000)}`,
      /^(431|closed)$/,
    ],
    [
      'a path of 1 MiB',
      `GET /${'a'.repeat(1024 * 1024)} HTTP/1.1\r\nhost: hall\r\n\r\n`,
      /^(431|414|closed)$/,
    ],
    [
      'a chunk that says it is 4 GiB',
      `POST /v1/batches HTTP/1.1\r\nhost: hall\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\nffffffff\r\n${'a'.repeat(1100 * 1024)}`,
      /^(413|401|429|400|closed)$/,
    ],
    [
      'a chunk length that is none',
      'POST /v1/batches HTTP/1.1\r\nhost: hall\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n',
      /^(400|401|closed)/,
    ],
    [
      'a chunk length past 64 bits',
      'POST /v1/batches HTTP/1.1\r\nhost: hall\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n',
      /^(400|401|closed)/,
    ],
    [
      'an endless chunk extension',
      `POST /v1/batches HTTP/1.1\r\nhost: hall\r\ntransfer-encoding: chunked\r\n\r\n1;${'a'.repeat(64 * 1024)}`,
      /^(413|401|400|closed)/,
    ],
    [
      'two lengths',
      'POST /v1/batches HTTP/1.1\r\nhost: hall\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello',
      /^(400|closed)$/,
    ],
    [
      'a length and chunks',
      'POST /v1/batches HTTP/1.1\r\nhost: hall\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      /^(400|closed)$/,
    ],
    [
      'a negative length',
      'POST /v1/batches HTTP/1.1\r\nhost: hall\r\ncontent-length: -1\r\n\r\n',
      /^(400|closed)$/,
    ],
    [
      'a length past 64 bits',
      'POST /v1/batches HTTP/1.1\r\nhost: hall\r\ncontent-length: 99999999999999999999\r\n\r\n',
      /^(400|413|closed)$/,
    ],
    [
      'a body longer than its length',
      'POST /v1/batches HTTP/1.1\r\nhost: hall\r\ncontent-length: 2\r\n\r\nhello world, this is no request\r\n\r\n',
      /^(40\d|429)( 400)?$/,
    ],
    ['no host', 'GET /v1/time HTTP/1.1\r\n\r\n', /^(400|200|closed)$/],
    ['CONNECT', `CONNECT ${MARK}.example:443 HTTP/1.1\r\nhost: hall\r\n\r\n`, /^(4\d\d|closed)$/],
    [
      'an upgrade',
      'GET /v1/time HTTP/1.1\r\nhost: hall\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
      /^(200|4\d\d|closed)$/,
    ],
    [
      'an expectation nobody knows',
      `GET /v1/time HTTP/1.1\r\nhost: hall\r\nexpect: ${MARK}\r\n\r\n`,
      /^(417|closed)$/,
    ],
    ['OPTIONS *', 'OPTIONS * HTTP/1.1\r\nhost: hall\r\n\r\n', /^4\d\d$/],
    ['TRACE', 'TRACE /v1/time HTTP/1.1\r\nhost: hall\r\n\r\n', /^4\d\d$/],
    ['a bare line feed before a header', 'GET /v1/time HTTP/1.1\nhost: hall\n\n', /^(200|400|closed)$/],
    [
      'a zero byte in a header',
      `GET /v1/time HTTP/1.1\r\nhost: hall\r\nx: a\u0000b\r\n\r\n`,
      /^(400|closed)$/,
    ],
  ]
  for (const [name, bytes, expected] of cases)
    test(`${name}: refused or closed at once`, async () => expect(await raw(bytes)).toMatch(expected))

  test('500 requests at once on one connection are answered one after the other', async () => {
    const { statuses } = await sendRaw(hall, TIME.repeat(500), { answers: 500 })
    expect(statuses).toHaveLength(500)
    expect(new Set(statuses)).toEqual(new Set([200]))
  })
})

describe('paths', () => {
  for (const path of [
    `/v1/devices/..%2f..%2fhall.sqlite/status`,
    `/v1/devices/%2e%2e/status`,
    '/v1/devices/%00/status',
    '/v1/devices/%ff/status',
    '/v1/devices/%/status',
    "/v1/devices/'%20OR%201=1--/settings",
    '/v1/content/..%2f..%2f..%2fetc%2fpasswd',
    '/v1/content/%5c..%5chall.sqlite',
    `/v1/content/${'a'.repeat(63)}'`,
    '//v1/time',
    '/v1/../v1/time',
    '/v1/./time',
    '/v1/time/',
    '/V1/time',
    '/v1/time%00',
    '/v1%2ftime',
    '/v1;x=1/time',
    '/__proto__',
    '/constructor/prototype',
    `/${MARK}`,
  ])
    test(`${path} reaches nothing`, async () => {
      const { statuses, text } = await sendRaw(hall, `GET ${path} HTTP/1.1\r\nhost: hall\r\n\r\n`)
      expect([400, 401, 403, 404, 405]).toContain(statuses[0])
      expect(text).toContain('application/problem+json')
      expect(text).not.toContain('root:')
      const signed = await sender.ask({ method: 'GET', path, keyId: sender.deviceId }).catch(() => null)
      if (signed !== null && path !== '/v1/../v1/time' && path !== '/v1/./time')
        expect(signed.status).toBeGreaterThanOrEqual(400)
    })

  test('a whole URL as the target is no other path than its own', async () => {
    expect(await raw(`GET http://${MARK}.example/v1/content HTTP/1.1\r\nhost: hall\r\n\r\n`)).toMatch(
      /^(400|401|404)$/,
    )
  })
})

describe('signatures', () => {
  const status = (): string => `/v1/devices/${sender.deviceId}/settings`
  const get = (forged: Record<string, string | null>): Ask => ({ method: 'GET', path: status(), forged })
  const input = (): string => sender.headers({ method: 'GET', path: status() })['signature-input'] ?? ''
  const refused = async (ask: Ask): Promise<string> => {
    const { status: seen, code } = await sender.ask(ask)
    expect(seen).toBeGreaterThanOrEqual(400)
    expect(seen).toBeLessThan(500)
    return String(code)
  }

  test('over other components than agreed are refused', async () => {
    const parameters = input().slice(input().indexOf(';created'))
    for (const components of [
      '("@method")',
      '("@path" "@method")',
      '("@method" "@path" "@authority")',
      '("@method" "@path" "host")',
      '()',
      '("@method" "@path" "@method")',
      '("@method" "@target-uri")',
    ])
      expect(await refused(get({ 'signature-input': `w24=${components}${parameters}` }))).toBe(
        'signature-malformed',
      )
  })

  test('with other parameters, labels, algorithms or keyids are refused', async () => {
    const good = input()
    for (const changed of [
      good.replace('w24=', 'sig1='),
      `${good}, sig1=()`,
      good.replace('ed25519', 'hmac-sha256'),
      good.replace('ed25519', 'none'),
      `${good};expires=1`,
      good.replace(/created=\d+/, 'created=1e9'),
      good.replace(/created=\d+/, 'created=-1'),
      good.replace(/created=\d+/, `created=${'9'.repeat(400)}`),
      good.replace(/keyid="[^"]*"/, `keyid="${'k'.repeat(8_000)}"`),
      good.replace(/keyid="[^"]*"/, `keyid="${MARK}' OR 1=1--"`),
      good.replace(/keyid="[^"]*"/, 'keyid="__proto__\\""'),
    ])
      expect(await refused(get({ 'signature-input': changed }))).toBe('signature-malformed')
    for (const keyId of ['__proto__', 'constructor', 'toString', other.deviceId])
      expect(await refused({ method: 'GET', path: status(), keyId })).toMatch(
        /unknown-key|signature-bad|wrong-device|signature-malformed/,
      )
    for (const created of ['0', '999999999999'])
      expect(
        await refused(get({ 'signature-input': good.replace(/created=\d+/, `created=${created}`) })),
      ).toBe('signature-bad')
  })

  test('that are not there, not base64, too short, or of another', async () => {
    expect(await refused(get({ signature: null, 'signature-input': null }))).toBe('signature-missing')
    for (const signature of [
      null,
      '',
      'w24=::',
      'w24=:!!!:',
      `w24=:${'A'.repeat(86)}==:`,
      `w24=:${'A'.repeat(9_000)}==:`,
    ])
      expect(await refused(get({ signature }))).toMatch(/signature-malformed|signature-bad/)
    const theirs = other.headers({ method: 'GET', path: status(), keyId: sender.deviceId }).signature ?? ''
    expect(await refused(get({ signature: theirs }))).toBe('signature-bad')
  })

  test('taken from one request serve no other', async () => {
    const body = Buffer.from(`[${new TestChain(sender.deviceId).next('system', { fact: 'stop' }).text}]`)
    const forged = sender.headers({ method: 'POST', path: '/v1/batches', body })
    const refusedAs = async (ask: Ask): Promise<string> => await refused({ ...ask, forged })
    expect(await refusedAs({ method: 'POST', path: '/v1/case-searches', body })).toBe('signature-bad')
    expect(await refusedAs({ method: 'PUT', path: `/v1/devices/${sender.deviceId}/status`, body })).toBe(
      'signature-bad',
    )
    expect(await refusedAs({ method: 'POST', path: '/v1/batches', body: '[{}]' })).toBe('digest-mismatch')
    expect(
      await refusedAs({
        method: 'POST',
        path: '/v1/batches',
        body: gzipSync(body),
        headers: { 'content-encoding': 'gzip' },
      }),
    ).toBe('digest-mismatch')
  })

  test('over a digest that is not the body’s, of another kind, or twice', async () => {
    const body = '[{}]'
    const wrong = contentDigest(Buffer.from('other'))
    for (const digest of [
      wrong,
      `${wrong}, ${contentDigest(Buffer.from(body))}`,
      'sha-512=:AAAA:',
      'sha-256=AAAA',
      '',
      null,
    ])
      expect(
        await refused({ method: 'POST', path: '/v1/batches', body, forged: { 'content-digest': digest } }),
      ).toMatch(/signature-bad|digest-mismatch|signature-malformed/)
  })

  test('repeated within their five minutes change nothing that was answered for', async () => {
    const chain = new TestChain(other.deviceId)
    const body = `[${chain.next('system', { fact: 'stop' }).text}]`
    const headers = { 'content-type': 'application/cloudevents-batch+json' }
    const bytes = other.bytes({ method: 'POST', path: '/v1/batches', body, headers })
    const inTurn = async (): Promise<string> => {
      const { text } = await sendRaw(hall, bytes)
      if (!text.includes('"code":"hall-busy"')) return text
      await new Promise((resolve) => setTimeout(resolve, 100))
      return await inTurn()
    }
    expect(await inTurn()).toContain('"stored":1')
    for (let time = 0; time < 20; time += 1) expect(await inTurn()).toContain('"stored":0,"duplicate":1')
    const again = await sendRaw(hall, Array<Buffer>(20).fill(bytes), { answers: 20 })
    // One device holds two places at once: what comes beyond them is told to come again, and changes nothing either.
    const duplicates = again.text.match(/"stored":0,"duplicate":1/g)?.length ?? 0
    expect(duplicates + (again.text.match(/"code":"hall-busy"/g)?.length ?? 0)).toBe(20)
    expect(duplicates).toBeGreaterThanOrEqual(2)
  })
})
