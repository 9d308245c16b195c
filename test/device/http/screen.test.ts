import { mkdir, stat, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Action } from '../../../device/http/contract.ts'
import { type Screen, type ScreenOptions, startScreen } from '../../../device/http/screen.ts'
import { loadScreenToken } from '../../../device/http/screen-token.ts'
import { publisher } from '../../../device/publisher.ts'
import { temporaryFolder } from '../support/house.ts'

let parts: AsyncDisposableStack
let acted: Action[]

beforeEach(() => {
  parts = new AsyncDisposableStack()
  acted = []
})
afterEach(() => parts.disposeAsync())

const start = async (change: Partial<ScreenOptions> = {}): Promise<Screen & { port: number }> => {
  const screen = await startScreen({
    listen: { host: '127.0.0.1', port: 0 },
    role: () => 'terminal',
    // The listener passes it on as it is; the rooms make it.
    state: () => ({ role: 'terminal', view: { name: 'rest' } }) as never,
    act: async (action) => {
      acted.push(action)
      return { ok: true }
    },
    media: { recordings: () => new Map(), medium: () => null },
    pagesFolder: await temporaryFolder(parts),
    embeddedBy: () => [],
    setup: null,
    token: null,
    onTrouble: () => {},
    ...change,
  })
  parts.defer(() => screen.close())
  return { ...screen, port: screen.listener.address.port }
}

/** A connection of a browser's, and what comes down it. */
const wire = (port: number, onData: (text: string) => void) => {
  const socket = connect(port, '127.0.0.1')
  socket.setEncoding('utf8').on('data', onData)
  parts.defer(() => void socket.destroy())
  return (path: string, body?: string) => {
    const head = [`${body === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`]
    if (body !== undefined) head.push('Content-Type: application/json', `Content-Length: ${body.length}`)
    socket.write(`${head.join('\r\n')}\r\n\r\n${body ?? ''}`)
  }
}

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** `fetch` sets Host and Origin as a browser would; an attacker's browser is what is tested here. */
const send = (
  port: number,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Answer> => {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const outgoing = request(
    { host: '127.0.0.1', port, path, method: body === undefined ? 'GET' : 'POST', headers },
    (response) => {
      // A stream has no end: its head is the answer.
      if (response.headers['content-type'] === 'text/event-stream') {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' })
        response.destroy()
        return
      }
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      )
    },
  )
  outgoing.on('error', reject)
  outgoing.end(body)
  return promise
}

const TOKEN = 'a-token-of-this-test-that-nobody-can-guess-1'
const JSON_TYPE = { 'content-type': 'application/json' }
const ROUTES: [string, string | undefined][] = [
  ['/', undefined],
  ['/terminal/', undefined],
  ['/api/state', undefined],
  ['/api/events', undefined],
  ['/api/actions', '{"type":"wake"}'],
  ['/nowhere', undefined],
]

describe('the screen’s listener', () => {
  it('answers to its loopback names only, on every route, streams too', async () => {
    const { port } = await start()
    for (const [path, body] of ROUTES) {
      for (const host of [
        'evil.example',
        `evil.example:${port}`,
        '127.0.0.1',
        `127.0.0.1:${port + 1}`,
        '192.168.1.5',
      ]) {
        const answer = await send(port, path, { host, ...JSON_TYPE }, body)
        expect(answer.status, `${path} as ${host}`).toBe(403)
        expect(JSON.parse(answer.body).code).toBe('host-not-allowed')
      }
    }
    expect(acted).toEqual([])
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`]) {
      expect((await send(port, '/api/state', { host })).status).toBe(200)
    }
  })

  it('is closed to the pages of every other origin, on every route, streams too', async () => {
    const { port } = await start()
    for (const [path, body] of ROUTES) {
      for (const origin of [
        'http://evil.example',
        'null',
        `http://127.0.0.1:${port + 1}`,
        `https://127.0.0.1:${port}`,
      ]) {
        const answer = await send(port, path, { origin, ...JSON_TYPE }, body)
        expect(answer.status, `${path} from ${origin}`).toBe(403)
        expect(answer.headers['access-control-allow-origin']).toBeUndefined()
      }
    }
    expect(acted).toEqual([])
    const own = await send(
      port,
      '/api/actions',
      { origin: `http://localhost:${port}`, ...JSON_TYPE },
      '{"type":"wake"}',
    )
    expect(own.status).toBe(200)
    expect(acted).toEqual([{ type: 'wake' }])
  })

  it('takes actions as JSON of the contract only', async () => {
    const { port } = await start()
    const post = (body: string, type = 'application/json') =>
      send(port, '/api/actions', { 'content-type': type }, body)
    const wrong: [string, string, number, string][] = [
      ['{"type":"wake"}', 'text/plain', 415, 'media-type'],
      ['type=wake', 'application/x-www-form-urlencoded', 415, 'media-type'],
      ['{"type":', 'application/json', 400, 'body-invalid'],
      ['{"type":"format-disk"}', 'application/json', 400, 'body-invalid'],
      ['{"type":"wake","more":1}', 'application/json', 400, 'body-invalid'],
      ['{"type":"not-now","evaluationId":"x"}', 'application/json', 400, 'body-invalid'],
      ['[]', 'application/json', 400, 'body-invalid'],
      [`{"type":"open-case","caseNo":"${'9'.repeat(65 * 1024)}"}`, 'application/json', 413, 'body-too-large'],
    ]
    for (const [body, type, status, code] of wrong) {
      const answer = await post(body, type)
      expect([answer.status, JSON.parse(answer.body).code], body.slice(0, 60)).toEqual([status, code])
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
    }
    expect(acted).toEqual([])
  })

  it('tells its pages what a touch has changed before the touch is answered', async () => {
    let publish = (): void => {}
    const { port, ...screen } = await start({
      act: async () => {
        publish()
        return { ok: true }
      },
    })
    publish = publisher(screen, parts, () => {})
    const came: string[] = []
    const stream = wire(port, (text) => {
      if (text.includes('event: state')) came.push('state')
    })
    const touches = wire(port, (text) => {
      if (text.startsWith('HTTP/1.1 200')) came.push('answer')
    })
    stream('/api/events')
    const wanted = ['state']
    await vi.waitFor(() => expect(came).toEqual(wanted))
    for (let touch = 0; touch < 20; touch++) {
      touches('/api/actions', '{"type":"wake"}')
      wanted.push('state', 'answer')
      await vi.waitFor(() => expect(came).toEqual(wanted), { interval: 5 })
    }
  })

  it('tells a refusal of the house as a problem, and a defect without its words', async () => {
    const troubles: unknown[] = []
    const refusing = await start({ act: async () => ({ ok: false, code: 'not-open', detail: 'closed' }) })
    const refused = await send(refusing.port, '/api/actions', JSON_TYPE, '{"type":"wake"}')
    expect([refused.status, JSON.parse(refused.body)]).toEqual([
      409,
      {
        type: 'urn:w24:problem:not-open',
        code: 'not-open',
        title: 'This question is closed',
        detail: 'closed',
      },
    ])
    const broken = await start({
      act: async () => {
        throw new Error('林晚舟')
      },
      onTrouble: (error) => troubles.push(error),
    })
    const failed = await send(broken.port, '/api/actions', JSON_TYPE, '{"type":"wake"}')
    expect([failed.status, JSON.parse(failed.body).code]).toEqual([500, 'internal'])
    expect(failed.body).not.toContain('林')
    expect(troubles).toHaveLength(1)
  })

  it('opens by its one-time address, once, for one browser', async () => {
    const screen = await start({ token: TOKEN })
    const { port } = screen
    for (const [path, body] of ROUTES)
      expect((await send(port, path, JSON_TYPE, body)).status, path).toBe(401)
    expect((await send(port, '/?key=guessed')).status).toBe(401)
    const first = await send(port, screen.startUrl.slice(screen.listener.url.length))
    expect([first.status, first.headers.location]).toEqual([303, '/'])
    const [setCookie = ''] = first.headers['set-cookie'] ?? []
    expect(setCookie).toMatch(/; HttpOnly; SameSite=Strict$/)
    expect(setCookie).toContain(`; Max-Age=${400 * 24 * 60 * 60}; `)
    const cookie = setCookie.split(';')[0] ?? ''
    expect((await send(port, '/api/state', { cookie })).status).toBe(200)
    expect((await send(port, '/api/state', { cookie: 'w24-screen=guessed' })).status).toBe(401)
    expect((await send(port, screen.startUrl.slice(screen.listener.url.length))).status).toBe(401)
  })

  it('knows its browser again after a restart of either, also by the address that was used', async () => {
    const first = await start({ token: TOKEN })
    const opened = await send(first.port, first.startUrl.slice(first.listener.url.length))
    const cookie = opened.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
    const usedPath = first.startUrl.slice(first.listener.url.length)
    await first.close()
    const second = await start({ token: TOKEN })
    const state = await send(second.port, '/api/state', { cookie })
    expect([state.status, state.headers['set-cookie']?.[0]]).toEqual([
      200,
      expect.stringContaining('; Max-Age='),
    ])
    const again = await send(second.port, usedPath, { cookie })
    expect([again.status, again.headers.location]).toEqual([303, '/'])
    expect((await send(second.port, usedPath)).status).toBe(401)
    // The new start's own address is still good, once.
    const path = second.startUrl.slice(second.listener.url.length)
    expect((await send(second.port, path)).status).toBe(303)
    expect((await send(second.port, path)).status).toBe(401)
  })

  it('keeps its token in the data folder, for the owner alone, made once', async () => {
    const folder = await temporaryFolder(parts)
    const token = loadScreenToken(folder)
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(loadScreenToken(folder)).toBe(token)
    expect((await stat(join(folder, 'screen-token'))).mode & 0o777).toBe(0o600)
    expect(loadScreenToken(await temporaryFolder(parts))).not.toBe(token)
    await writeFile(join(folder, 'screen-token'), '')
    expect(loadScreenToken(folder)).toMatch(/^[A-Za-z0-9_-]{43}$/)
  })

  it('serves the pages of its role under a strict policy, framed by nobody unless it was told', async () => {
    const folder = await temporaryFolder(parts)
    for (const path of ['terminal', 'pad', 'assets']) await mkdir(join(folder, path))
    await writeFile(join(folder, 'terminal', 'index.html'), '<!doctype html><title>terminal</title>')
    await writeFile(join(folder, 'pad', 'index.html'), '<!doctype html><title>pad</title>')
    await writeFile(join(folder, 'assets', 'a-1b2c.js'), 'export {}')
    await writeFile(join(folder, 'build.json'), '{"build":"b1"}')
    const { port } = await start({ pagesFolder: folder })
    const root = await send(port, '/')
    expect([root.status, root.headers.location]).toEqual([302, '/terminal/'])
    const page = await send(port, '/terminal/')
    expect(page.body).toContain('<title>terminal</title>')
    const policy = String(page.headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect((await send(port, '/assets/a-1b2c.js')).headers['cache-control']).toContain('immutable')
    for (const path of ['/pad/', '/build.json', '/terminal/../build.json', '/terminal/%2e%2e/build.json']) {
      expect((await send(port, path)).status, path).toBe(404)
    }
    const docked = await start({ pagesFolder: folder, embeddedBy: () => ['http://127.0.0.1:8027'] })
    const framed = await send(docked.port, '/terminal/')
    expect(framed.headers['content-security-policy']).toContain('frame-ancestors http://127.0.0.1:8027')
  })

  it('says so when the pages were not built', async () => {
    const { port } = await start()
    const answer = await send(port, '/terminal/')
    expect([answer.status, JSON.parse(answer.body).code]).toEqual([503, 'pages-not-built'])
  })

  it('says in one line that its port is taken', async () => {
    const { port } = await start()
    await expect(start({ listen: { host: '127.0.0.1', port } })).rejects.toMatchObject({
      code: 'port-taken',
      message: `screen.listen: 127.0.0.1:${port} is taken by another program; stop it or choose another port`,
    })
  })
})
