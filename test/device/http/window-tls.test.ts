import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync } from 'node:fs'
import { request as secureRequest } from 'node:https'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { connect, type TLSSocket } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parseConfiguration } from '../../../device/configuration.ts'
import { type Device, startDevice } from '../../../device/device.ts'
import type { PadState } from '../../../device/http/contract.ts'
import type { Hall } from '../../../sync/hall/hall.ts'
import { type Authority, type Issued, makeAuthority } from '../../sync/support/certificates.ts'
import { letThanksBeBrief } from '../support/brief-thanks.ts'
import { deviceJson, startTestHall, temporaryFolder, WINDOW_TOKEN } from '../support/house.ts'
import { bodyOf, openPad, type TestScreen } from '../support/screen.ts'
import { secondAddress } from '../support/second-address.ts'
import { SILENT } from '../support/silent.ts'

/** As device/http/window/certificate.ts looks at its files: a change is taken when it stood from look to look. */
const LOOKS_MS = 10_000

/** A process of its own has to start; only a test that fails waits for it. */
const PATIENCE = { timeout: 20_000 }

const parts = new AsyncDisposableStack()
const lan = secondAddress()
let authority: Authority
let issued: Issued
let hall: Hall
let folder: string
/** One pad for most: a hall takes five enrolments a minute. */
let secured: Started
const files = () => ({ cert: join(folder, 'pad.crt'), key: join(folder, 'pad.key') })

const put = (issued: Issued): void => {
  copyFileSync(issued.certFile, files().cert)
  copyFileSync(issued.keyFile, files().key)
}

beforeAll(async () => {
  // What comes after thanks is what is looked at here.
  parts.defer(letThanksBeBrief())
  authority = makeAuthority()
  parts.defer(() => authority.close())
  folder = await temporaryFolder(parts)
  hall = await startTestHall(parts)
  issued = authority.issue('pad', { host: `IP:${lan}` })
  put(issued)
  // So that the looks at its certificate come when a test wants them.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  secured = await start({ listen: `${lan}:0`, tls: files() })
})
afterAll(async () => {
  vi.useRealTimers()
  await parts.disposeAsync()
})

interface Started {
  device: Device
  screen: TestScreen<PadState>
}

const start = async (window: object): Promise<Started> => {
  const json = {
    ...deviceJson({ role: 'pad', hallUrl: hall.url, enrolmentCode: hall.createEnrolmentCode() }),
  }
  const parsed = parseConfiguration({ ...json, window: { ...Object(json).window, ...window } })
  if (!parsed.ok) throw new Error(parsed.faults.join('\n'))
  const { configuration } = parsed
  const dataDir = await temporaryFolder(parts)
  const device = await startDevice({ configuration, dataDir, openScreen: true, logger: SILENT })
  parts.defer(() => device.close())
  const screen = await openPad(device.screenUrl)
  parts.defer(() => screen.close())
  await screen.until(({ view, hall: known }) => view.name === 'rest' && known !== null)
  return { device, screen }
}

const user = { type: '1', name: '林晚舟', idType: '111', idNumber: '330099198803120028', phone: null }
const evaluation = (caseNo: string) => ({ caseNo, itemCode: '11330099MB0A00010R3', itemName: '普通护照申领' })
const headers = { authorization: `Bearer ${WINDOW_TOKEN}`, 'content-type': 'application/json' }

/** Over TLS, trusting the test's authority alone. */
const secure = async (
  url: string,
  body: object,
  method = 'POST',
): Promise<{ status: number; body: Record<string, unknown> }> => {
  const asked = secureRequest(url, { method, headers, ca: authority.ca.pem, agent: false })
  asked.end(JSON.stringify(body))
  const [response] = await once(asked, 'response')
  return { status: response.statusCode, body: JSON.parse((await text(response)) || '{}') }
}

const servedSerial = async (url: string): Promise<string> => {
  const { hostname, port } = new URL(url)
  const socket: TLSSocket = connect({ host: hostname, port: Number(port), ca: authority.ca.pem })
  await once(socket, 'secureConnect')
  const { serialNumber } = socket.getPeerCertificate()
  socket.destroy()
  return serialNumber
}

describe('a person in plain', () => {
  it('is not taken from the LAN without TLS, whatever else is', async () => {
    const { device } = await start({ listen: `${lan}:0` })
    const ask = async (more: object) => {
      const body = JSON.stringify({ ...evaluation('PLAIN1'), ...more })
      const response = await fetch(`${device.windowUrl}/window/v1/evaluations`, {
        method: 'POST',
        headers,
        body,
      })
      return [response.status, (await bodyOf(response)).code]
    }
    expect(await ask({ user })).toEqual([400, 'insecure'])
    expect(await ask({})).toEqual([201, undefined])
  })

  it('is taken over TLS, and is on no screen', async () => {
    const { device, screen } = secured
    expect(device.windowUrl).toMatch(/^https:/)
    const asked = await secure(`${device.windowUrl}/window/v1/evaluations`, { ...evaluation('TLS1'), user })
    expect([asked.status, asked.body.state]).toEqual([201, 'waiting'])
    await screen.untilView('asking')
    expect(JSON.stringify(screen.state())).not.toContain(user.name)
    expect((await secure(`${device.windowUrl}/window/v1/service`, { state: 'paused' }, 'PUT')).status).toBe(
      204,
    )
    expect((await secure(`${device.windowUrl}/window/v1/service`, { state: 'open' }, 'PUT')).status).toBe(204)
    await screen.untilView('rest')
  })
})

describe('the certificate of a window', () => {
  it('is renewed without a restart, and a bad one in its place is told of and not taken', async () => {
    const url = String(secured.device.windowUrl)
    const first = await servedSerial(url)
    put(authority.issue('renewed', { host: `IP:${lan}` }))
    vi.advanceTimersByTime(LOOKS_MS)
    const second = await servedSerial(url)
    expect(second).not.toBe(first)
    copyFileSync(authority.ca.keyFile, files().key)
    vi.advanceTimersByTime(LOOKS_MS)
    expect(await servedSerial(url)).toBe(second)
  })

  it('that has run out is told of with its path, and the pad takes ratings all the same', async () => {
    put(authority.issue('old', { from: '20200101000000Z', until: '20210101000000Z' }))
    const warn = vi.spyOn(SILENT, 'warn')
    const { screen } = await start({ tls: files() })
    const said = warn.mock.calls.join()
    warn.mockRestore()
    expect(said).toContain(`window.tls.cert: the certificate ${files().cert} ran out on 2021-01-01: put`)
    expect(screen.state().view.name).toBe('rest')
  })

  it.each([
    ['cert', 'no certificate in PEM', () => copyFileSync(authority.ca.keyFile, files().cert)],
    ['key', 'no private key in PEM', () => copyFileSync(authority.ca.certFile, files().key)],
    ['key', 'is not the key of', () => copyFileSync(authority.ca.keyFile, files().key)],
  ])('that cannot be used is refused at window.tls.%s: %s', (file, words, spoil) => {
    put(issued)
    spoil()
    const pad = deviceJson({ role: 'pad', hallUrl: hall.url })
    const parsed = parseConfiguration({ ...pad, window: { tls: files() } })
    expect(parsed.ok ? [] : parsed.faults).toEqual([
      expect.stringMatching(new RegExp(`^window\\.tls\\.${file}: .*${words}`)),
    ])
  })
})

describe('the examples', () => {
  const example = (name: string) =>
    fileURLToPath(new URL(`../../../scripts/examples/window/${name}`, import.meta.url))
  const run = (name: string, url: string, caseNo: string, token = WINDOW_TOKEN) => {
    const [program, ...args] = name.endsWith('.sh') ? ['sh'] : [process.execPath]
    const child: ChildProcess = spawn(
      String(program),
      [...args, example(name), caseNo, '11330099MB0A00010R3', '护照 "申领"'],
      {
        env: {
          PATH: process.env.PATH,
          PAD: url,
          TOKEN: token,
          ...(url.startsWith('https:') && {
            CA: authority.ca.certFile,
            NODE_EXTRA_CA_CERTS: authority.ca.certFile,
          }),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    const said = { out: '', err: '' }
    child.stdout?.on('data', (chunk: Buffer) => {
      said.out += chunk.toString('utf8')
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      said.err += chunk.toString('utf8')
    })
    return { child, said, ended: once(child, 'close').then(([code]) => Number(code)) }
  }

  it('ask over TLS for one case, and follow its question to its end', async () => {
    const { device, screen } = secured
    const url = String(device.windowUrl)
    const followed = ['ask.sh', 'ask.ts'].map((name) => run(name, url, 'EXAMPLE1'))
    for (const { said } of followed) await expect.poll(() => said.out, PATIENCE).toBe('waiting\n')
    const { view } = await screen.untilView('asking')
    expect(view.itemName).toBe('护照 "申领"')
    await screen.act({ type: 'not-now', evaluationId: view.evaluationId })
    for (const { said, ended } of followed) {
      expect([await ended, said]).toEqual([0, { out: 'waiting\ndeclined\n', err: '' }])
    }
  })

  it.each(['ask.sh', 'ask.ts'])('%s cancels on Ctrl-C, and tells a refusal', async (name) => {
    const { device, screen } = secured
    const url = String(device.windowUrl)
    await screen.untilView('rest')
    const refused = run(name, url, 'EXAMPLE2', 'a token of another pad')
    const cancelled = run(name, url, 'EXAMPLE2')
    await expect.poll(() => cancelled.said.out, PATIENCE).toBe('waiting\n')
    cancelled.child.kill('SIGINT')
    expect([await cancelled.ended, cancelled.said.out]).toEqual([0, 'waiting\ncancelled\n'])
    expect(screen.state().view.name).toBe('rest')
    expect(await refused.ended).not.toBe(0)
    expect(refused.said.err).toContain('"code":"unauthorized"')
  })
})
