/** Room `device`: the first run from a bare folder to its end, the way to the hall in words, and a device that moves. */
import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DeviceAction, DeviceState, HallStep, SetupState } from '../../../device/http/contract.ts'
import { startHall } from '../../../sync/hall/hall.ts'
import { makeAuthority } from '../../sync/support/certificates.ts'
import { startTestHall, temporaryFolder } from '../support/house.ts'
import { SILENT } from '../support/silent.ts'
import { comeIn, PIN, type Running, runDevice } from './support/running.ts'

/** Nobody listens there: a port that is given to those alone who ask for it. */
const NOBODY = 'http://127.0.0.1:9'

let parts: AsyncDisposableStack
beforeEach(() => {
  parts = new AsyncDisposableStack()
})
afterEach(() => parts.disposeAsync())

const roomOf = ({ rooms }: SetupState): DeviceState => {
  if (rooms?.device === undefined) throw new Error('nobody is in')
  return rooms.device
}
const act = (action: DeviceAction) => ({ room: 'device', action }) as const
const done = async (running: Running, action: DeviceAction): Promise<DeviceState> =>
  roomOf(await running.done(act(action)))
const refused = (running: Running, action: DeviceAction): Promise<string> => running.refused(act(action))

/** Waits for the end of a check of the way to the hall. */
const checked = async (running: Running): Promise<DeviceState['hall']> => {
  const over = ['good', 'bad']
  return roomOf(await running.until((state) => over.includes(roomOf(state).hall.check.state))).hall
}
const steps = ({ check }: DeviceState['hall']): Record<string, string> =>
  Object.fromEntries(
    check.steps.map(({ step, state, code }: HallStep) => [step, code === null ? state : `${state}: ${code}`]),
  )
const hallAt = (running: Running, url: string, enrolmentCode: string | null = null) =>
  done(running, { type: 'hall', url, enrolmentCode })

const listening = async (server: Server): Promise<number> => {
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  parts.defer(() => void server.close())
  return (server.address() as AddressInfo).port
}

describe('the first run', () => {
  it('goes from a bare folder to an enrolled pad, and carries on after the program was stopped', async () => {
    const hall = await startTestHall(parts)
    const first = await runDevice(parts)
    expect(roomOf(await comeIn(first)).firstRun).toEqual({ step: 'name', done: [] })
    expect(await refused(first, { type: 'role', role: 'terminal', window: null })).toBe('name-first')
    await done(first, { type: 'name', name: '十二号窗口' })
    expect(await refused(first, { type: 'role', role: 'terminal', window: null })).toBe('hall-first')
    expect(await refused(first, { type: 'end-first-run' })).toBe('role-first')
    expect(await refused(first, { type: 'hall', url: 'http://hall.example', enrolmentCode: null })).toBe(
      'hall-address',
    )
    expect(await refused(first, { type: 'hall', url: hall.url, enrolmentCode: '12345' })).toBe(
      'code-malformed',
    )
    const code = hall.createEnrolmentCode()
    await hallAt(first, ` ${hall.url}/ `, `${code.slice(0, 5)}-${code.slice(5).toLowerCase()}`)
    expect(steps(await checked(first))).toEqual({
      name: 'good: is-address',
      connection: 'good',
      certificate: 'left-out: this-machine',
      answer: 'good',
      clock: 'good',
      enrolment: 'left-out: after-role',
    })
    expect(statSync(join(first.dataDir, 'setup.json')).mode & 0o777).toBe(0o600)
    // What is good leads on by itself.
    expect(roomOf(await first.state()).firstRun).toEqual({ step: 'role', done: ['name', 'hall'] })
    await first.stop()

    const next = await runDevice(parts, { folder: first.folder })
    const { rooms } = await next.done({ room: 'access', action: { type: 'enter', pin: PIN } })
    expect(rooms?.device).toMatchObject({
      name: '十二号窗口',
      firstRun: { step: 'role', done: ['name', 'hall'] },
      hall: { url: hall.url, code: true, deviceId: null },
      runs: false,
    })
    expect(await refused(next, { type: 'role', role: 'pad', window: null })).toBe('window-missing')
    const chosen = await done(next, { type: 'role', role: 'pad', window: '12' })
    expect(chosen).toMatchObject({ role: 'pad', window: '12', runs: true, firstRun: { step: 'peripherals' } })
    const enrolled = await checked(next)
    expect(steps(enrolled).enrolment).toBe('good')
    expect(enrolled).toMatchObject({ code: false, deviceId: expect.stringMatching(/^P-/) })
    // The code is in device.json now, where it is used, and nowhere else.
    expect(readFileSync(join(next.dataDir, 'setup.json'), 'utf8')).not.toContain(code)

    await done(next, { type: 'step', step: 'screen' })
    const measured = await done(next, {
      type: 'screen',
      diagonalInches: 7.5,
      widthPx: 1024,
      heightPx: 600,
    })
    expect(measured.screen).toEqual({ diagonalInches: 7.5, widthPx: 1024, heightPx: 600 })
    expect(measured.firstRun).toEqual({
      step: 'report',
      done: ['name', 'hall', 'role', 'peripherals', 'screen'],
    })
    expect((await done(next, { type: 'end-first-run' })).firstRun).toBeNull()
    expect(JSON.parse(readFileSync(next.config, 'utf8'))).toMatchObject({
      role: 'pad',
      device: { name: '十二号窗口', window: '12' },
      screen: { diagonalInches: 7.5 },
    })
    expect(await refused(next, { type: 'step', step: 'name' })).toBe('no-first-run')
  })

  it('leaves each step and comes back to it; what is damaged of it is asked for once more', async () => {
    const running = await runDevice(parts)
    await comeIn(running)
    await done(running, { type: 'step', step: 'screen' })
    const back = await done(running, { type: 'step', step: 'name' })
    expect(back.firstRun).toEqual({ step: 'name', done: [] })
    await done(running, { type: 'step', step: 'peripherals' })
    const named = await done(running, { type: 'name', name: '一号机' })
    // Whoever fills in an earlier step later stays where they are.
    expect(named.firstRun).toEqual({ step: 'peripherals', done: ['name'] })
    await running.stop()
    const path = join(running.dataDir, 'setup.json')
    const whole = readFileSync(path, 'utf8')
    writeFileSync(path, whole.slice(0, whole.length / 2))
    const next = await runDevice(parts, { folder: running.folder })
    const state = await next.done({ room: 'access', action: { type: 'enter', pin: PIN } })
    expect(roomOf(state)).toMatchObject({ name: null, firstRun: { step: 'name', done: [] } })
  })
})

describe('the way to the hall', () => {
  it('says at which step it ends, and why', async () => {
    const running = await runDevice(parts)
    await comeIn(running)
    await hallAt(running, NOBODY)
    expect(steps(await checked(running)).connection).toBe('bad: refused')

    const proxy = createServer((_request, response) => response.end('<html>sign in</html>'))
    const proxyPort = await listening(proxy)
    await hallAt(running, `http://127.0.0.1:${proxyPort}`)
    expect(steps(await checked(running)).answer).toBe('bad: no-hall')
    await hallAt(running, `127.0.0.1:${proxyPort}`)
    const plain = await checked(running)
    expect(plain.url).toBe(`https://127.0.0.1:${proxyPort}`)
    expect(steps(plain).certificate).toBe('bad: no-tls')

    const authority = makeAuthority()
    parts.defer(() => authority.close())
    const { pem, keyFile } = authority.issue('hall.example', { host: 'DNS:hall.example' })
    const secure = createSecureServer({ cert: pem, key: readFileSync(keyFile) }, (_, response) =>
      response.end(),
    )
    const securePort = await listening(secure)
    await hallAt(running, `https://127.0.0.1:${securePort}`)
    const unknown = await checked(running)
    expect(steps(unknown).certificate).toBe('bad: certificate-unknown')
    expect(unknown.check.steps[2]?.facts.subject).toBe('hall.example')
    // What comes after it was not asked.
    expect(steps(unknown)).toMatchObject({ answer: 'waiting', clock: 'waiting', enrolment: 'waiting' })
  })

  it('takes an authority of the hall’s own for good once its fingerprint was compared, before and after the role', async () => {
    const authority = makeAuthority()
    parts.defer(() => authority.close())
    const { pem, keyFile, certFile } = authority.issue('hall')
    // As a hall's keeper puts them together: whoever has signed it comes along.
    writeFileSync(certFile, pem + authority.ca.pem)
    const hall = await startHall({
      dataDir: await temporaryFolder(parts),
      listen: '127.0.0.1:0',
      demo: true,
      logger: SILENT,
      tls: { certFile, keyFile },
    })
    parts.defer(() => hall.close())
    const running = await runDevice(parts)
    await comeIn(running)
    await done(running, { type: 'name', name: '12 号窗口' })
    await hallAt(running, hall.url)
    const met = await checked(running)
    expect(steps(met).certificate).toBe('bad: certificate-unknown')
    const fingerprint = met.check.steps[2]?.facts.fingerprint ?? ''
    expect(fingerprint).toBe(new X509Certificate(authority.ca.pem).fingerprint256)
    const another = fingerprint.replace(/^../, (two) => (two === '00' ? '01' : '00'))
    expect(await refused(running, { type: 'trust-hall', fingerprint: another })).toBe('authority-changed')

    await done(running, { type: 'trust-hall', fingerprint })
    expect(steps(await checked(running))).toMatchObject({ certificate: 'good', answer: 'good' })
    await done(running, { type: 'hall', url: hall.url, enrolmentCode: hall.createEnrolmentCode() })
    await done(running, { type: 'role', role: 'pad', window: '12' })
    expect(steps(await checked(running)).enrolment).toBe('good')
    const { ca } = JSON.parse(readFileSync(running.config, 'utf8')).hall
    expect(new X509Certificate(ca).fingerprint256).toBe(fingerprint)
    // What vouches for one server does not vouch for another authority's.
    expect(await refused(running, { type: 'trust-hall', fingerprint })).toBe('authority-changed')
  })

  it('tells a wrong code from a used one that is this device’s own, and a hall that does not know it', async () => {
    const hall = await startTestHall(parts)
    const running = await runDevice(parts)
    await comeIn(running)
    await done(running, { type: 'name', name: '一号机' })
    await hallAt(running, hall.url, '0000000000')
    await checked(running)
    await done(running, { type: 'role', role: 'terminal', window: null })
    expect(steps(await checked(running)).enrolment).toBe('bad: code-bad')
    await hallAt(running, hall.url, hall.createEnrolmentCode())
    expect(steps(await checked(running)).enrolment).toBe('good')
    expect(await refused(running, { type: 'role', role: 'pad', window: '3' })).toBe('other-role')

    const other = await startTestHall(parts)
    await hallAt(running, other.url)
    expect(steps(await checked(running)).enrolment).toBe('bad: device-unknown')
    // Back again with one touch, as every change.
    await running.done({ room: 'configuration', action: { type: 'undo' } })
    await running.done(act({ type: 'check-hall' }))
    expect(steps(await checked(running)).enrolment).toBe('good')
    expect(await refused(running, { type: 'retire', name: '别的', loseUnsent: true })).toBe('name-differs')
  })
})
