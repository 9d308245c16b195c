import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { ConfigurationAction, ConfigurationState } from '../../../../device/http/contract.ts'
import { configurationRoom } from '../../../../device/technician/configuration/room.ts'
import { NEW_FIRST_RUN, writeKept } from '../../../../device/technician/device/kept.ts'
import { DONE, type SetupRoom } from '../../../../device/technician/workshop.ts'
import { startHall } from '../../../../sync/hall/hall.ts'
import { loadSealingKeys, SEALING_KEYS_FILE } from '../../../../sync/hall/sealing-keys.ts'
import { openSetup } from '../../../../sync/protocol/setup-file.ts'
import { deviceJson, temporaryFolder, WINDOW_TOKEN } from '../../support/house.ts'
import { SILENT } from '../../support/silent.ts'
import { comeIn, type Running, runDevice } from '../support/running.ts'
import { type PluggedStick, type StickBay, stickBay } from '../support/stick.ts'
import { workshopIn } from './workshop-in.ts'

const NOBODY = 'http://127.0.0.1:9'
const PASSPHRASE = '夜窗 at window 12'
/** Far more than any step takes on the busiest machine; only a test that fails waits for it. */
const PATIENCE_MS = 45_000
const LOOK_EVERY_MS = 20

const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'))

describe('on a device that runs', () => {
  let parts: AsyncDisposableStack
  beforeEach(() => {
    parts = new AsyncDisposableStack()
  })
  afterEach(() => parts.disposeAsync())

  const started = async (hallUrl: string, enrolmentCode: string | null = null): Promise<Running> => {
    const folder = await temporaryFolder(parts)
    const device = deviceJson({ role: 'pad', hallUrl, enrolmentCode })
    await writeFile(join(folder, 'device.json'), JSON.stringify(device))
    const running = await runDevice(parts, { folder })
    await comeIn(running)
    return running
  }
  const act = (running: Running, action: ConfigurationAction) =>
    running.done({ room: 'configuration', action })

  it('a change is undone by one touch, and so is the undo', async () => {
    const running = await started(NOBODY)
    await running.done({ room: 'device', action: { type: 'name', name: 'window 13' } })
    const nameNow = async (): Promise<string> => {
      const shown = JSON.parse(await (await fetch(`${running.origin}/api/state`)).text())
      expect(json(running.config).device.name).toBe(shown.device.name)
      return shown.device.name
    }
    expect(await nameNow()).toBe('window 13')
    const state = await act(running, { type: 'undo' })
    expect(await nameNow()).toBe('test pad')
    expect(state.rooms?.configuration?.versions.map(({ number, why }) => [number, why])).toEqual([
      [3, 'undone'],
      [2, 'name'],
      [1, 'by-hand'],
    ])
    await act(running, { type: 'undo' })
    expect(await nameNow()).toBe('window 13')
    await act(running, { type: 'go-to', number: 1 })
    expect(await nameNow()).toBe('test pad')
    expect(await running.refused({ room: 'configuration', action: { type: 'go-to', number: 77 } })).toBe(
      'version-gone',
    )
    expect(JSON.stringify(state)).not.toContain(WINDOW_TOKEN)
  })

  it('is taken along as a download, sealed to a passphrase or for its hall', async () => {
    const dataDir = await temporaryFolder(parts)
    const hall = await startHall({ dataDir, listen: '127.0.0.1:0', demo: false, logger: SILENT })
    parts.defer(() => hall.close())
    const running = await started(hall.url, hall.createEnrolmentCode())
    await running.until(({ rooms }) => rooms?.configuration?.hallCanOpen === true)
    const keys = loadSealingKeys(join(dataDir, SEALING_KEYS_FILE), false, new Date()).all
    for (const passphrase of [PASSPHRASE, null]) {
      const state = await act(running, { type: 'export', stick: null, passphrase })
      const { code, file } = state.rooms?.configuration?.last ?? {}
      expect(code).toBe('done')
      const text = await (await fetch(`${running.origin}/api/setup/files/${file}`)).text()
      const opened = await openSetup(text, passphrase === null ? { hall: keys } : { passphrase })
      expect(opened).toMatchObject({ ok: true, payload: { role: 'pad', from: 'test pad' } })
      expect(JSON.stringify(opened)).not.toMatch(/enrolmentCode|"device"/)
    }
    const short = { type: 'export', stick: null, passphrase: 'seven77' } as const
    expect(await running.refused({ room: 'configuration', action: short })).toBe('passphrase-short')
  })

  it('that no hall knows yet has none to seal for', async () => {
    const running = await started(NOBODY)
    expect((await running.state()).rooms?.configuration?.hallCanOpen).toBe(false)
    const forHall = { type: 'export', stick: null, passphrase: null } as const
    expect(await running.refused({ room: 'configuration', action: forHall })).toBe('not-enrolled')
    expect(await running.refused({ room: 'configuration', action: { type: 'undo' } })).toBe('nothing-to-undo')
  })
})

describe('with a stick', () => {
  type Room = SetupRoom<ConfigurationState, ConfigurationAction>
  let bay: StickBay
  let stick: PluggedStick

  beforeEach(() => {
    bay = stickBay(onTestFinished)
    stick = bay.plugIn({ label: 'SETUP' })
  })

  /** A device's room over its own folder, versions and files; no device runs behind it. */
  const roomOf = (
    written: object | null,
    listen = '127.0.0.1:0',
  ): { room: Room; config: string; facts: object[] } => {
    const folder = mkdtempSync(join(tmpdir(), 'window24-room-'))
    const config = join(folder, 'device.json')
    const dataDir = join(folder, 'data')
    mkdirSync(dataDir)
    if (written !== null) writeFileSync(config, JSON.stringify(written))
    const facts: object[] = []
    const workshop = workshopIn(dataDir, config, listen, facts)
    const room = configurationRoom(workshop, { machine: bay.machine })
    onTestFinished(async () => {
      await room.close()
      rmSync(folder, { recursive: true, force: true })
    })
    return { room, config, facts }
  }
  const pad = (name: string, more: object = {}): object => ({
    ...deviceJson({ role: 'pad', hallUrl: NOBODY }),
    device: { name, window: name },
    ...more,
  })
  const open = (file: string, passphrase: string | null = PASSPHRASE): ConfigurationAction => ({
    type: 'open',
    stick: stick.id,
    file,
    passphrase,
  })
  const take: ConfigurationAction = { type: 'import', name: null, window: null, withoutMissing: false }
  /** Puts the configuration of another pad on the stick; gives its name there. */
  const exported = async (more: object = {}): Promise<string> => {
    const { room, facts } = roomOf(pad('1', more))
    expect(await room.act({ type: 'export', stick: stick.id, passphrase: PASSPHRASE })).toEqual(DONE)
    expect(facts).toEqual([{ fact: 'taken-along', what: 'configuration' }])
    return room.state().last?.file ?? ''
  }

  it('a configuration goes from one device to the next: seen, taken, undone', async () => {
    const file = await exported({ screen: { listen: '127.0.0.1:0', diagonalInches: 8 } })
    const { room, config } = roomOf(pad('2'))
    await room.act({ type: 'look-for-sticks' })
    expect(room.state().sticks).toMatchObject([
      { id: stick.id, label: 'SETUP', trouble: null, files: [{ name: file, kind: 'configuration' }] },
    ])
    expect(await room.act(open(file))).toEqual(DONE)
    expect(room.state().opened).toMatchObject({
      file,
      role: 'pad',
      from: '1',
      changes: ['screen.diagonalInches'],
      faults: [],
      needs: [],
    })
    expect(json(config)).toEqual(pad('2'))
    expect(await room.act(take)).toEqual(DONE)
    expect(json(config)).toMatchObject({ device: { name: '2', window: '2' }, screen: { diagonalInches: 8 } })
    expect(room.state()).toMatchObject({
      opened: null,
      last: { what: 'import', code: 'done', file },
      undoTo: 1,
    })
    await room.act({ type: 'undo' })
    expect(json(config)).toEqual(pad('2'))
  })

  it('a bare device is set up by it once it is given a name and a window', async () => {
    const file = await exported()
    const { room, config } = roomOf(null)
    expect(await room.act(open(file))).toEqual(DONE)
    expect(room.state().opened?.needs).toEqual(['name', 'window'])
    expect(await room.act(take)).toMatchObject({ ok: false, code: 'name-missing' })
    expect(await room.act({ ...take, name: 'window 3', window: '3' } as ConfigurationAction)).toEqual(DONE)
    expect(json(config).device).toEqual({ name: 'window 3', window: '3' })
  })

  it('the address where the pages of a bare device stand already is no other program’s', async () => {
    const pages = createServer()
    const { promise, resolve } = Promise.withResolvers<void>()
    pages.listen(0, '127.0.0.1', resolve)
    await promise
    onTestFinished(() => void pages.close())
    const listen = `127.0.0.1:${(pages.address() as AddressInfo).port}`
    const file = await exported({ screen: { listen } })
    const { room } = roomOf(null, listen)
    await room.act(open(file))
    expect(room.state().opened?.faults).toEqual([])
    const other = roomOf(pad('2'))
    await other.room.act(open(file))
    expect(other.room.state().opened?.faults).toMatchObject([{ code: 'address-taken' }])
  })

  it('what the first run knows already is not asked for again', async () => {
    const file = await exported()
    const { room, config } = roomOf(null)
    const typed = { ...NEW_FIRST_RUN, name: 'window 3', url: NOBODY, enrolmentCode: 'ABCDEFGHJK' }
    writeKept(join(dirname(config), 'data'), { version: 1, firstRun: typed, panel: null })
    expect(await room.act(open(file))).toEqual(DONE)
    expect(room.state().opened?.needs).toEqual(['window'])
    expect(await room.act({ ...take, window: '3' } as ConfigurationAction)).toEqual(DONE)
    expect(json(config)).toMatchObject({
      device: { name: 'window 3', window: '3' },
      hall: { url: NOBODY, enrolmentCode: 'ABCDEFGHJK' },
    })
  })

  it('what cannot be opened says why, and what was opened is forgotten when the technician leaves', async () => {
    const file = await exported()
    const { room } = roomOf(pad('2'))
    const codeOf = async (action: ConfigurationAction): Promise<string> => {
      const { code } = await room.act(action)
      expect(code === 'done' || room.state().last?.code === code).toBe(true)
      expect(room.state().opened === null || code === 'done').toBe(true)
      return code
    }
    expect(await codeOf(open(file, null))).toBe('passphrase-missing')
    expect(await codeOf(open(file, 'another one of them'))).toBe('wrong-passphrase')
    const path = join(stick.disk.folder, 'half.w24setup')
    const text = readFileSync(join(stick.disk.folder, file), 'utf8')
    writeFileSync(path, text.slice(0, text.length / 2))
    expect(await codeOf(open('half.w24setup'))).toBe('cut-in-half')
    expect(await codeOf(open('other.w24setup'))).toBe('file-gone')
    expect(await codeOf(open(file))).toBe('done')
    room.left?.()
    expect(room.state()).toMatchObject({ opened: null, last: null })
    expect(await room.act(take)).toMatchObject({ code: 'nothing-open' })
    expect(await codeOf(open(file))).toBe('done')
    await room.act({ type: 'close' })
    expect(room.state().opened).toBeNull()
    stick.pull()
    expect(await codeOf(open(file))).toBe('stick-not-mounted')
  })

  it('a file with faults is shown with them and not taken, nor one whose peripherals are not here', async () => {
    const port = `serial:${join(bay.machine.dev, 'serial/by-id/usb-nowhere')}?baud=115200`
    const file = await exported({ peripherals: { idReader: { driver: 'sdt', port } } })
    const terminal = roomOf(deviceJson({ role: 'terminal', hallUrl: NOBODY }))
    expect(await terminal.room.act(open(file))).toEqual(DONE)
    expect(terminal.room.state().opened?.faults).toMatchObject([{ code: 'other-role', place: 'role' }])
    expect(await terminal.room.act(take)).toMatchObject({ ok: false, code: 'faults' })
    const other = roomOf(pad('2'))
    await other.room.act(open(file))
    expect(await other.room.act(take)).toMatchObject({ ok: false, code: 'missing' })
    expect(json(other.config)).toEqual(pad('2'))
    expect(await other.room.act({ ...take, withoutMissing: true } as ConfigurationAction)).toEqual(DONE)
    expect(json(other.config)).toEqual({ ...pad('2'), hall: { url: NOBODY, enrolmentCode: null } })
  })

  it('one that is plugged in while somebody looks is seen without a touch', async () => {
    const { room } = roomOf(pad('2'))
    const untilSeen = async (count: number): Promise<void> => {
      const until = performance.now() + PATIENCE_MS
      while (room.state().sticks.length < count) {
        if (performance.now() > until) throw new Error('no stick was seen')
        await sleep(LOOK_EVERY_MS)
      }
    }
    await untilSeen(1)
    bay.plugIn({ disk: 'sdc', label: 'LATE' })
    await untilSeen(2)
  })
})
