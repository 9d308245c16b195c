import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttp, type RequestListener } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { type AddressInfo, createServer as createTcp, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CaseSystem } from '../../../../sync/hall/case-system/case-system.ts'
import { httpCaseSystem } from '../../../../sync/hall/case-system/http.ts'
import { HallError } from '../../../../sync/hall/fault.ts'
import { BREAKER } from '../../../../sync/hall/outside/breaker.ts'
import { httpProofIssuer } from '../../../../sync/hall/proofs/http.ts'
import { proofIssuers } from '../../../../sync/hall/proofs/issuers.ts'
import { Personal } from '../../../../sync/protocol/personal.ts'
import { type KeptLog, keptLog } from '../support/log.ts'

const TOKEN = 'a-token-of-this-hall'
const PERSON = { name: '张小雨', idType: '111', idNumber: '330099199104160260' }

let log: KeptLog
let ending: (() => unknown)[]
beforeEach(() => {
  log = keptLog()
  ending = []
})
afterEach(async () => {
  for (const end of ending.reverse()) await end()
})

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ending.push(() => server.close())
  return (server.address() as AddressInfo).port
}

interface Options {
  timeoutMs?: number
  probeAfterMs?: number
  ca?: string
}

function caseSystem(url: string, { timeoutMs, probeAfterMs, ca }: Options = {}): CaseSystem {
  const system = httpCaseSystem({
    settings: { url, token: TOKEN, ...(ca === undefined ? {} : { ca }) },
    calendars: () => [],
    clock: () => new Date(),
    logger: log.logger,
    breaker: { ...BREAKER, probeAfterMs: probeAfterMs ?? BREAKER.probeAfterMs },
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  })
  ending.push(() => system.close())
  return system
}

async function behind(listener: RequestListener, options: Options = {}): Promise<CaseSystem> {
  return caseSystem(`http://127.0.0.1:${await listen(createHttp(listener))}`, options)
}

const json = (status: number, body: unknown): RequestListener => {
  return (request, response) => {
    request.resume()
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
}

const ask = async (system: CaseSystem): Promise<string> => {
  const answer = await system.searchByPerson(PERSON)
  return answer.outcome === 'unavailable' ? answer.detail : answer.outcome
}

describe('an outside system that breaks its contract counts as not answering', () => {
  test.each<[string, RequestListener, string]>([
    [
      'a page instead of JSON',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
      'no application/json',
    ],
    ['another shape', json(200, { found: [] }), 'breaks the contract at cases'],
    [
      'no JSON at all',
      (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"cases":'),
      'no JSON',
    ],
    ['an error', json(500, {}), 'answers 500'],
    ['a token that it does not take', json(401, {}), 'answers 401'],
    ['a proxy’s 404', json(404, { message: 'no route' }), 'answers 404'],
    [
      'a redirect',
      (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      'redirects (302)',
    ],
    [
      'more than any answer has',
      (_, response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end('9'.repeat(3 * 1024 * 1024)),
      'larger than',
    ],
    [
      'an answer that is cut off',
      (_, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{')
        setImmediate(() => response.destroy())
      },
      'cannot be reached',
    ],
    ['a closed door', (request) => request.socket.destroy(), 'cannot be reached'],
  ])('%s', async (_name, listener, detail) => {
    expect(await ask(await behind(listener))).toContain(detail)
    expect(log.text()).toContain('searchCases')
    for (const secret of ['张小雨', PERSON.idNumber, TOKEN]) expect(log.text()).not.toContain(secret)
  })

  test('silence, for as long as the operation may take', async () => {
    const system = await behind((request) => void request.resume(), { timeoutMs: 50 })
    expect(await ask(system)).toContain('within 50 ms')
  })

  test('an answer that trickles, at the same deadline', async () => {
    const system = await behind(
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        const drip = setInterval(() => response.write(' '), 10)
        response.on('close', () => clearInterval(drip))
      },
      { timeoutMs: 80 },
    )
    expect(await ask(system)).toContain('within 80 ms')
  })
})

test('what is asked is in the body alone, with the token, and redirects are not followed with either', async () => {
  const seen: { url: string | undefined; authorization: string | undefined; body: string }[] = []
  const system = await behind(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    seen.push({ url: request.url, authorization: request.headers.authorization, body })
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"cases":[]}')
  })
  expect(await ask(system)).toBe('found')
  expect(seen).toEqual([
    {
      url: '/case-searches',
      authorization: `Bearer ${TOKEN}`,
      body: JSON.stringify({ by: 'person', person: PERSON }),
    },
  ])
})

test('a kept connection that the other end closes just then is no failure', async () => {
  let connections = 0
  // Answers the first request of each connection, and hangs up on the second.
  const server = createTcp((socket) => {
    connections += 1
    let requests = 0
    socket.on('error', () => {})
    socket.on('data', () => {
      requests += 1
      if (requests > 1) socket.resetAndDestroy()
      else
        socket.write(
          'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 12\r\n\r\n{"cases":[]}',
        )
    })
  })
  const system = caseSystem(`http://127.0.0.1:${await listen(server)}`)
  for (let calls = 0; calls < 4; calls += 1) expect(await ask(system)).toBe('found')
  expect(connections).toBeGreaterThan(1)
})

describe('the circuit breaker', () => {
  test('opens when half of at least five calls fail, asks once after a while, and closes on an answer', async () => {
    let asked = 0
    let works = false
    const system = await behind(
      (request, response) => {
        asked += 1
        json(works ? 200 : 503, { cases: [] })(request, response)
      },
      { probeAfterMs: 100 },
    )
    for (let calls = 0; calls < 5; calls += 1) expect(await ask(system)).toContain('answers 503')
    expect(await ask(system)).toContain('not asked')
    expect(asked).toBe(5)

    // The probe fails: one call more, and it stays open.
    await expect.poll(() => ask(system), { interval: 20 }).toContain('answers 503')
    expect(asked).toBe(6)
    expect(await ask(system)).toContain('not asked')

    works = true
    await expect.poll(() => ask(system), { interval: 20 }).toBe('found')
    expect(await ask(system)).toBe('found')
    expect(log.text()).toContain('gives no answers')
    expect(log.text()).toContain('answers again')
  })

  test('takes a refusal for the answer that it is', async () => {
    const system = await behind(json(404, { code: 'not-found', words: '没有。' }))
    for (let calls = 0; calls < 12; calls += 1)
      expect(await system.document('any')).toEqual({ outcome: 'not-found' })
  })

  test('of one system says nothing of another', async () => {
    const [dead, living] = [await behind(json(503, {})), await behind(json(200, { cases: [] }))]
    for (let calls = 0; calls < 6; calls += 1) await ask(dead)
    expect(await ask(dead)).toContain('not asked')
    expect(await ask(living)).toBe('found')
  })
})

describe('several issuers', () => {
  test('each get their own kinds, and one that is silent stops no other', async () => {
    const issuer =
      (kinds: string[] | null): RequestListener =>
      (request, response) => {
        if (kinds === null) json(500, {})(request, response)
        else if (request.url === '/kinds') json(200, { kinds })(request, response)
        else
          json(201, { reference: 'r', title: '证明', pages: 1, verificationCode: 'ABCD' })(request, response)
      }
    const named = await Promise.all(
      Object.entries({ tax: ['tax-record'], fund: null }).map(async ([name, kinds]) => {
        const url = `http://127.0.0.1:${await listen(createHttp(issuer(kinds)))}`
        return [name, httpProofIssuer({ name, settings: { url, token: TOKEN }, logger: log.logger })] as const
      }),
    )
    const all = proofIssuers(new Map(named), () => new Date())
    ending.push(() => all.close())
    const person = new Personal(PERSON)
    expect(await all.kinds()).toEqual({ outcome: 'found', kinds: ['tax-record'] })
    expect(await all.make('tax-record', person, 'errand-1')).toMatchObject({ proof: { reference: 'tax:r' } })
    // It may be the silent one that makes it.
    expect(await all.make('housing-fund', person, 'errand-2')).toMatchObject({ outcome: 'unavailable' })
  })
})

describe('over TLS', () => {
  test('a system is believed by the authority that hall.json names, and by no other', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'w24-outside-'))
    ending.push(() => rmSync(folder, { recursive: true }))
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
    execFileSync('openssl', [...made, '-keyout', key, '-out', cert, '-days', '2', ...subject], {
      stdio: 'pipe',
    })
    const options = { key: readFileSync(key), cert: readFileSync(cert) }
    const port = await listen(createHttps(options, json(200, { cases: [] })))
    const url = `https://localhost:${port}`
    expect(await ask(caseSystem(url, { ca: cert }))).toBe('found')
    expect(await ask(caseSystem(url))).toContain('cannot be reached')
    // Whatever a technician once set to try something out.
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    ending.push(() => vi.unstubAllEnvs())
    expect(await ask(caseSystem(url))).toContain('cannot be reached')
  })

  test('a file that hall.json names and nobody can read is told at start', () => {
    const empty = join(mkdtempSync(join(tmpdir(), 'w24-outside-')), 'token')
    ending.push(() => rmSync(dirname(empty), { recursive: true }))
    for (const text of ['\n', 'short\n', `${TOKEN}\n${TOKEN}\n`]) {
      writeFileSync(empty, text)
      const settings = { url: 'https://localhost:1', tokenFile: empty }
      expect(() => httpProofIssuer({ name: 'tax', settings, logger: log.logger })).toThrow(/holds no token/)
    }
    expect(() => caseSystem('https://localhost:1', { ca: '/nowhere/ca.pem' })).toThrow(HallError)
    const settings = { url: 'https://localhost:1', tokenFile: '/nowhere/token' }
    expect(() => httpProofIssuer({ name: 'tax', settings, logger: log.logger })).toThrow(
      /\/nowhere\/token cannot be read/,
    )
  })

  test('a token may lie in a file of its own', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'w24-outside-'))
    ending.push(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'token'), `${TOKEN}\n`)
    let seen: string | undefined
    const port = await listen(
      createHttp((request, response) => {
        seen = request.headers.authorization
        json(200, { kinds: [] })(request, response)
      }),
    )
    const settings = { url: `http://127.0.0.1:${port}`, tokenFile: join(folder, 'token') }
    const issuer = httpProofIssuer({ name: 'tax', settings, logger: log.logger })
    ending.push(() => issuer.close())
    await issuer.kinds()
    expect(seen).toBe(`Bearer ${TOKEN}`)
  })
})
