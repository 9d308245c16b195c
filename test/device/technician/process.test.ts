import { existsSync, readFileSync, statSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startHall } from '../../../sync/hall/hall.ts'
import { openSqliteStore } from '../../../sync/hall/store/sqlite.ts'
import { typeName } from '../../../sync/protocol/events.ts'
import { deviceJson, startTestHall, temporaryFolder } from '../support/house.ts'
import { openTerminal } from '../support/screen.ts'
import { SILENT } from '../support/silent.ts'
import { comeIn, type Running, runDevice } from './support/running.ts'

const NOBODY = 'http://127.0.0.1:9'

let parts: AsyncDisposableStack

beforeEach(() => {
  parts = new AsyncDisposableStack()
})
afterEach(() => parts.disposeAsync())

const written = (running: Pick<Running, 'config'>): { device: { name: string } } =>
  JSON.parse(readFileSync(running.config, 'utf8'))

/** A folder with a device.json of this role. */
const folderOf = async (role: 'terminal' | 'pad', hallUrl = NOBODY, more: object = {}): Promise<string> => {
  const folder = await temporaryFolder(parts)
  await writeFile(join(folder, 'device.json'), JSON.stringify({ ...deviceJson({ role, hallUrl }), ...more }))
  return folder
}

const firstRun = async (running: Running, role: 'terminal' | 'pad'): Promise<void> => {
  await comeIn(running)
  await running.done({ room: 'device', action: { type: 'name', name: '一号机' } })
  await running.done({
    room: 'device',
    action: { type: 'hall', url: NOBODY, enrolmentCode: null },
  })
  await running.done({ room: 'device', action: { type: 'role', role, window: role === 'pad' ? '7' : null } })
}

const statusOf = async (url: string): Promise<number> => {
  const response = await fetch(url, { redirect: 'manual' })
  await response.body?.cancel()
  return response.status
}

describe('a machine that nobody has set up', () => {
  it('serves the technician’s pages alone, and its role’s as soon as it has one', async () => {
    const running = await runDevice(parts)
    const root = await fetch(`${running.origin}/`, { redirect: 'manual' })
    expect([root.status, root.headers.get('location')]).toEqual([302, '/setup/'])
    expect(await statusOf(`${running.origin}/api/state`)).toBe(503)
    expect(await statusOf(`${running.origin}/terminal/`)).toBe(404)
    expect(await running.state()).toMatchObject({ access: { name: 'new' }, rooms: null, stopped: null })

    await firstRun(running, 'terminal')
    const led = await fetch(`${running.origin}/`, { redirect: 'manual' })
    expect(led.headers.get('location')).toBe('/terminal/')
    expect(await statusOf(`${running.origin}/api/state`)).toBe(200)
    expect((await running.state()).rooms?.device).toMatchObject({ runs: true, role: 'terminal' })
    expect(statSync(running.config).mode & 0o777).toBe(0o600)

    // Another role: the same listener, another page.
    await running.done({ room: 'device', action: { type: 'role', role: 'pad', window: '7' } })
    const other = await fetch(`${running.origin}/`, { redirect: 'manual' })
    expect(other.headers.get('location')).toBe('/pad/')
    expect(await (await fetch(`${running.origin}/api/state`)).json()).toMatchObject({ role: 'pad' })
  })

  it('is that device at the next start, behind its PIN', async () => {
    const first = await runDevice(parts)
    await firstRun(first, 'pad')
    await first.stop()
    const again = await runDevice(parts, { folder: first.folder })
    expect(await again.state()).toMatchObject({
      access: { name: 'locked', retryAt: null, wrong: 0, pin: 'set' },
      rooms: null,
    })
    const root = await fetch(`${again.origin}/`, { redirect: 'manual' })
    expect(root.headers.get('location')).toBe('/pad/')
  })
})

describe('a change of the configuration', () => {
  it('that a device cannot run with is taken back, says why, and the device before it runs on', async () => {
    const other = createServer()
    const { promise, resolve } = Promise.withResolvers<void>()
    other.listen(0, '127.0.0.1', resolve)
    await promise
    parts.defer(() => void other.close())
    const { port } = other.address() as AddressInfo

    const folder = await folderOf('pad')
    const running = await runDevice(parts, { folder })
    await comeIn(running)
    const before = readFileSync(running.config, 'utf8')
    const versions = (await running.state()).rooms?.configuration?.versions.length
    await writeFile(
      running.config,
      JSON.stringify({ ...JSON.parse(before), window: { listen: `127.0.0.1:${port}` } }),
    )
    expect(await running.refused({ room: 'device', action: { type: 'restart' } })).toBe('port-taken')
    const state = await running.until(({ rooms }) => rooms?.device?.runs === true)
    expect(state.refused).toMatchObject({
      code: 'port-taken',
      detail: expect.stringContaining(`window.listen: 127.0.0.1:${port} is taken`),
    })
    await writeFile(running.config, before)
    expect((await running.state()).rooms?.configuration?.versions).toHaveLength(versions ?? 0)
    const answer = await fetch(`${running.windowUrl()}/window/v1/openapi.json`)
    expect(answer.status).toBe(200)
  })

  it('with a fault changes nothing, and each fault is told', async () => {
    const folder = await folderOf('terminal')
    const running = await runDevice(parts, { folder })
    await comeIn(running)
    await writeFile(running.config, '{ "role": "terminal", "devise": {} }')
    expect(await running.refused({ room: 'device', action: { type: 'restart' } })).toBe('configuration')
    const { refused, rooms } = await running.state()
    expect(refused?.detail).toContain('devise: unknown key')
    expect(rooms?.device?.runs).toBe(true)
  })

  it('waits for no citizen to be thrown out: it is refused while a session is open', async () => {
    const hall = await startTestHall(parts)
    const folder = await temporaryFolder(parts)
    const json = deviceJson({
      role: 'terminal',
      hallUrl: hall.url,
      enrolmentCode: hall.createEnrolmentCode(),
    })
    await writeFile(join(folder, 'device.json'), JSON.stringify(json))
    const running = await runDevice(parts, { folder })
    await comeIn(running)
    const terminal = await openTerminal(running.origin)
    parts.defer(() => terminal.close())
    await terminal.untilView('rest')
    await terminal.act({ type: 'wake' })
    await terminal.untilView('home')
    const rename = { room: 'device', action: { type: 'name', name: '二号机' } } as const
    expect(await running.refused(rename)).toBe('busy')
    expect(written(running).device.name).toBe('test terminal')
    await terminal.act({ type: 'end' })
    await terminal.until(({ view }) => view.name !== 'home')
    expect(await running.refused(rename)).toBe('done')
    expect(written(running).device.name).toBe('二号机')
  })

  it('moves the listener to a new address and leaves the page that is open where it is', async () => {
    const folder = await folderOf('terminal')
    const running = await runDevice(parts, { folder, listen: null })
    await comeIn(running)
    const free = createServer()
    const { promise, resolve } = Promise.withResolvers<void>()
    free.listen(0, '127.0.0.1', resolve)
    await promise
    const { port } = free.address() as AddressInfo
    await new Promise((closed) => free.close(closed))
    const json = { ...JSON.parse(readFileSync(running.config, 'utf8')) }
    await writeFile(running.config, JSON.stringify({ ...json, screen: { listen: `127.0.0.1:${port}` } }))
    await running.done({ room: 'device', action: { type: 'restart' } })
    expect(await statusOf(`http://127.0.0.1:${port}/api/state`)).toBe(200)
    expect(await statusOf(`${running.origin}/api/state`)).toBe(200)
  })
})

describe('a device.json with faults', () => {
  it('is refused at the start, unless the technician’s pages are wanted all the same', async () => {
    const folder = await folderOf('terminal', NOBODY, { scren: {} })
    await expect(runDevice(parts, { folder })).rejects.toThrow('scren: unknown key; did you mean screen?')
    expect(existsSync(join(folder, 'data'))).toBe(false)

    const running = await runDevice(parts, { folder, setup: true })
    expect((await running.state()).stopped).toEqual({ code: 'configuration', detail: null })
    const root = await fetch(`${running.origin}/`, { redirect: 'manual' })
    expect(root.headers.get('location')).toBe('/setup/')
    const inside = await comeIn(running)
    expect(inside.stopped?.detail).toContain('scren: unknown key')
    await writeFile(running.config, JSON.stringify(deviceJson({ role: 'terminal', hallUrl: NOBODY })))
    await running.done({ room: 'device', action: { type: 'restart' } })
    expect(await running.state()).toMatchObject({ stopped: null, rooms: { device: { runs: true } } })
  })

  it('leaves pages that say so where a damaged identity keeps the device from starting', async () => {
    const folder = await folderOf('terminal')
    await mkdir(join(folder, 'data'))
    await writeFile(join(folder, 'data', 'identity.json'), 'no identity')
    await expect(runDevice(parts, { folder })).rejects.toThrow('is damaged')
    const running = await runDevice(parts, { folder, setup: true, openScreen: false })
    expect(await running.state()).toMatchObject({
      stopped: { code: 'identity', detail: null },
      // Some hall may know it: nobody who happens to stand there chooses its PIN.
      access: { name: 'locked', pin: 'none' },
    })
  })
})

describe('retiring a device', () => {
  it('tells the hall all that was done first, then forgets everything, and the first run begins', async () => {
    const hallFolder = await temporaryFolder(parts)
    const hall = await startHall({ dataDir: hallFolder, listen: '127.0.0.1:0', demo: true, logger: SILENT })
    const folder = await temporaryFolder(parts)
    const json = deviceJson({ role: 'pad', hallUrl: hall.url, enrolmentCode: hall.createEnrolmentCode() })
    await writeFile(join(folder, 'device.json'), JSON.stringify(json))
    const running = await runDevice(parts, { folder })
    await comeIn(running)
    const { rooms } = await running.until((state) => state.rooms?.device?.hall.deviceId != null)
    const deviceId = rooms?.device?.hall.deviceId ?? ''
    const retire = (name: string) =>
      ({ room: 'device', action: { type: 'retire', name, loseUnsent: false } }) as const
    expect(await running.refused(retire('another'))).toBe('name-differs')
    await running.done(retire('test pad'))

    expect(await running.state()).toMatchObject({ access: { name: 'new' }, rooms: null, stopped: null })
    expect(existsSync(running.config)).toBe(false)
    const left = await readdir(running.dataDir, { recursive: true, withFileTypes: true })
    expect(left.filter((entry) => entry.isFile()).map(({ name }) => name)).toEqual([])
    const root = await fetch(`${running.origin}/`, { redirect: 'manual' })
    expect(root.headers.get('location')).toBe('/setup/')
    await hall.close()
    const store = openSqliteStore(join(hallFolder, 'hall.sqlite'))
    parts.defer(() => store.close())
    const facts: unknown[] = []
    for await (const { type, text } of store.eventsOf(deviceId))
      if (type === typeName('technician')) facts.push(JSON.parse(text).data.fact)
    expect(facts).toContain('pin')
    expect(facts.at(-1)).toBe('retire')
  })

  it('is refused while the hall lacks something, and goes on where the power was cut', async () => {
    const hall = await startTestHall(parts)
    const folder = await temporaryFolder(parts)
    const json = deviceJson({ role: 'pad', hallUrl: hall.url, enrolmentCode: hall.createEnrolmentCode() })
    await writeFile(join(folder, 'device.json'), JSON.stringify(json))
    const running = await runDevice(parts, { folder })
    await comeIn(running)
    await running.until((state) => state.rooms?.device?.hall.deviceId != null)
    await hall.close()
    await running.done({ room: 'access', action: { type: 'set-pin', pin: '739104' } })
    const retire = {
      room: 'device',
      action: { type: 'retire', name: 'test pad', loseUnsent: false },
    } as const
    expect(await running.refused(retire)).toBe('unsent')
    expect(existsSync(running.config)).toBe(true)
    await running.stop()

    // As a cut of power leaves it right after the wish was written down.
    await writeFile(join(running.dataDir, 'retiring'), '{}')
    const again = await runDevice(parts, { folder })
    expect(await again.state()).toMatchObject({ access: { name: 'new' }, stopped: null })
    expect(existsSync(join(again.dataDir, 'identity.json'))).toBe(false)
    expect(existsSync(again.config)).toBe(false)
  })
})
