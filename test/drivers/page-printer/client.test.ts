import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type IppResult, ippRequest, reasonOfTrouble } from '../../../drivers/page-printer/client.ts'
import { ownUserName } from '../../../drivers/page-printer/identity.ts'
import { isLoopback, readTarget } from '../../../drivers/page-printer/target.ts'
import { targetBehind } from '../../../drivers/page-printer/watch.ts'
import { closing } from '../support.ts'
import { rawServer, simulator } from './support.ts'

function ask(port: string, options: { deadlineMs?: number; signal?: AbortSignal } = {}): Promise<IppResult> {
  const read = readTarget(port)
  if (!read.ok) throw new Error(read.detail)
  const request = { operation: 'Get-Printer-Attributes' } as const
  return ippRequest(read.target, request, { user: 'window24-0badcafe', deadlineMs: 5000, ...options })
}

test('a printer is asked at 631 unless its address says otherwise', () => {
  expect(readTarget('ipp://printer/printers/a4')).toMatchObject({ target: { port: 631, tls: false } })
  expect(readTarget('ipps://printer:8631/ipp/print?x=1')).toMatchObject({
    target: { port: 8631, tls: true, path: '/ipp/print?x=1' },
  })
  expect(readTarget('ipp://[fe80::1]/ipp/print')).toMatchObject({ target: { host: 'fe80::1' } })
  expect(readTarget('ipp://h/printers/打印机')).toMatchObject({
    target: { path: '/printers/%E6%89%93%E5%8D%B0%E6%9C%BA' },
  })
  expect(readTarget('ipp://name:word@printer/a4')).toMatchObject({ ok: false })
})

test('a printer behind a queue is asked only where its address means the same machine from here', () => {
  const behind = (deviceUri: string, front: string) => {
    const read = readTarget(front)
    return read.ok ? targetBehind(deviceUri, read.target)?.host : undefined
  }
  expect(behind('ipp://10.0.0.9/ipp/print', 'ipp://server/printers/a4')).toBe('10.0.0.9')
  expect(behind('ipp://localhost:60000/ipp/print', 'ipp://127.0.0.1/printers/a4')).toBe('localhost')
  expect(behind('ipp://localhost:60000/ipp/print', 'ipp://server/printers/a4')).toBeUndefined()
  expect(behind('usb://Example/Laser', 'ipp://127.0.0.1/printers/a4')).toBeUndefined()
  expect(isLoopback('::1')).toBe(true)
})

test('IPv6 is a way to a printer', async () => {
  const wire = await simulator({ listen: 'tcp://[::1]:0' })
  expect(wire.port).toContain('[::1]')
  expect(await ask(wire.port)).toMatchObject({ kind: 'done' })
})

test.each([
  [401, 'wants a login'],
  [403, 'does not let this machine print'],
  [404, 'has no printer at /ipp/print'],
  [426, 'write ipps://'],
  [500, 'HTTP 500'],
])('HTTP %i is told in words', async (status, words) => {
  const wire = await simulator()
  wire.faults.add({ kind: 'http', status })
  const result = await ask(wire.port)
  expect(result).toMatchObject({
    kind: 'failed',
    trouble: 'refused',
    status,
    detail: expect.stringContaining(words),
  })
})

test('a refusal says which operation and why', async () => {
  const wire = await simulator()
  wire.faults.add({ kind: 'refuse', status: 0x0506 })
  expect(await ask(wire.port)).toMatchObject({
    kind: 'denied',
    detail: '127.0.0.1 refused Get-Printer-Attributes: server-error-not-accepting-jobs',
  })
})

test('an answer without an end is given up at its bound', async () => {
  const wire = await simulator()
  wire.faults.add({ kind: 'endless' })
  expect(await ask(wire.port)).toMatchObject({ kind: 'failed', trouble: 'too-long' })
})

test('a server that says nothing is given up at the deadline, at once when nobody waits any more', async () => {
  const silent = await rawServer(() => {})
  expect(await ask(silent.port, { deadlineMs: 100 })).toMatchObject({ trouble: 'timeout', reached: true })
  const given = AbortSignal.timeout(50)
  expect(await ask(silent.port, { signal: given })).toMatchObject({ trouble: 'aborted' })
  expect(await ask(silent.port, { signal: AbortSignal.abort() })).toMatchObject({ trouble: 'aborted' })
})

test('a name that nobody knows is told; .local with what such names need', async () => {
  expect(await ask('ipp://nobody.invalid/ipp/print')).toMatchObject({
    kind: 'failed',
    trouble: 'unreachable',
    reached: false,
    detail: expect.stringContaining('nobody.invalid is not known'),
  })
  const local = await ask('ipp://nobody-of-window24.local/ipp/print', { deadlineMs: 10_000 })
  expect(local).toMatchObject({ detail: expect.stringContaining('libnss-mdns') })
})

test('a certificate that nobody vouches for is told with what to do, and nothing is sent', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'w24-tls-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = [
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
  ]
  execFileSync('openssl', ['req', ...subject, '-subj', '/CN=printer', '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  })
  let asked = 0
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, () => {
    asked += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing({
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  })
  const address = server.address()
  const number = address !== null && typeof address === 'object' ? address.port : 0
  expect(await ask(`ipps://127.0.0.1:${number}/ipp/print`)).toMatchObject({
    kind: 'failed',
    trouble: 'certificate',
    reached: false,
    detail: expect.stringMatching(/is self-signed: trust it .* or write ipp:\/\//),
  })
  expect(asked).toBe(0)
})

test('a printer without TLS is told as such', async () => {
  const wire = await simulator()
  expect(await ask(wire.port.replace('ipp:', 'ipps:'))).toMatchObject({
    kind: 'failed',
    detail: expect.stringContaining('write ipp:// if it has none'),
  })
})

test('this machine keeps its name from one life to the next, and it tells of no machine', () => {
  expect(ownUserName()).toBe(ownUserName())
  expect(ownUserName()).toMatch(/^window24-[0-9a-f]{8}$/)
})

test('trouble below IPP has a reason, before and after the first answer', () => {
  expect(reasonOfTrouble('unreachable', false)).toBe('cannot-open')
  expect(reasonOfTrouble('unreachable', true)).toBe('line-lost')
  expect(reasonOfTrouble('aborted', true)).toBe('line-lost')
})
