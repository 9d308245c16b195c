import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SetupAction, SetupState } from '../../../device/http/contract/setup.ts'
import { SetupAction as Schema } from '../../../device/http/contract/setup.ts'
import { judgeResetFile } from '../../../device/technician/access/reset-file.ts'
import { startHall } from '../../../sync/hall/hall.ts'
import { openSqliteStore } from '../../../sync/hall/store/sqlite.ts'
import { typeName } from '../../../sync/protocol/events.ts'
import { run } from '../../sync/hall/support/command.ts'
import { cheapHash } from '../support/cheap-pin.ts'
import { deviceJson, temporaryFolder } from '../support/house.ts'
import { bodyOf } from '../support/screen.ts'
import { SILENT } from '../support/silent.ts'
import { comeIn, eventually, PIN, type Running, runDevice } from './support/running.ts'

const NOBODY = 'http://127.0.0.1:9'
const LEAVE = { room: 'access', action: { type: 'leave' } } as const

const enter = (pin: string): SetupAction => ({ room: 'access', action: { type: 'enter', pin } })
const setPin = (pin: string): SetupAction => ({ room: 'access', action: { type: 'set-pin', pin } })
const byCode = (code: string): SetupAction => ({ room: 'access', action: { type: 'reset-by-code', code } })

let parts: AsyncDisposableStack

beforeEach(() => {
  parts = new AsyncDisposableStack()
})
afterEach(() => parts.disposeAsync())

/** With a PIN that is cheap to try. */
const lockedFolder = async (kept: object = {}): Promise<string> => {
  const folder = await temporaryFolder(parts)
  await mkdir(join(folder, 'data'))
  const file = { version: 1, pin: cheapHash(PIN), wrong: 0, triedAt: 0, ...kept }
  await writeFile(join(folder, 'data', 'technician.json'), JSON.stringify(file))
  return folder
}

const keptIn = async ({ dataDir }: Running): Promise<{ wrong: number }> =>
  JSON.parse(await readFile(join(dataDir, 'technician.json'), 'utf8'))

describe('the technician’s PIN', () => {
  it('is chosen by whoever sets the machine up, and a weak one is refused', async () => {
    const running = await runDevice(parts)
    const refusals = {
      '12345': 'pin-too-short',
      '48291a': 'pin-not-digits',
      '111222': 'pin-few-digits',
      '123456': 'pin-in-a-row',
      '482482': 'pin-repeated',
    }
    for (const [pin, code] of Object.entries(refusals)) expect(await running.refused(setPin(pin))).toBe(code)
    expect((await running.state()).access).toEqual({ name: 'new' })
    expect(await comeIn(running)).toMatchObject({ access: { name: 'in' }, refused: null })
    const kept = await readFile(join(running.dataDir, 'technician.json'), 'utf8')
    expect(kept).toContain('$scrypt$')
    expect(kept).not.toContain(PIN)

    expect(await running.done(setPin('739104'))).toMatchObject({ access: { name: 'in' } })
    await running.done(LEAVE)
    expect(await running.refused(setPin('208467'))).toBe('locked')
    expect(await running.refused(enter(PIN))).toBe('wrong-pin')
  })

  it('tried wrongly makes the next try wait, also after a restart, and the count is shown', async () => {
    // After six wrong ones the wait is half a minute: no machine is so slow that it has passed by the next try.
    const folder = await lockedFolder({ wrong: 5 })
    const first = await runDevice(parts, { folder })
    expect(await first.refused(enter('000000'))).toBe('wrong-pin')
    expect(await first.refused(enter(PIN))).toBe('too-many-tries')
    const waiting = (await first.state()).access
    expect(waiting).toMatchObject({ name: 'locked', wrong: 6, retryAt: expect.any(String) })
    await first.stop()

    // Ten wrong ones, the last just now: a quarter of an hour, whatever happens to the power.
    await lockedInto(folder, { wrong: 10, triedAt: Date.now() })
    const again = await runDevice(parts, { folder })
    const { access } = await again.state()
    if (access.name !== 'locked' || access.retryAt === null) throw new Error('it lets somebody try')
    expect(access.wrong).toBe(10)
    expect(Date.parse(access.retryAt) - Date.now()).toBeGreaterThan(8 * 60_000)
    expect(await again.refused(enter(PIN))).toBe('too-many-tries')
    expect((await keptIn(again)).wrong).toBe(10)
  })

  it('of which nothing whole is left opens nothing, and says so', async () => {
    const folder = await lockedFolder()
    await writeFile(join(folder, 'data', 'technician.json'), '{"version":1,"pin":"$scry')
    const running = await runDevice(parts, { folder })
    expect((await running.state()).access).toMatchObject({ name: 'locked', pin: 'damaged' })
    expect(await running.refused(enter(PIN))).toBe('pin-damaged')
    expect(await running.refused(setPin(PIN))).toBe('locked')
  })
})

const lockedInto = async (folder: string, kept: object): Promise<void> => {
  const path = join(folder, 'data', 'technician.json')
  await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), ...kept }))
}

describe('whoever is not in', () => {
  it('is told nothing but that, and can do nothing else', async () => {
    const folder = await lockedFolder()
    const json = deviceJson({
      role: 'pad',
      hallUrl: NOBODY,
      peripherals: { scanner: { driver: 'serial', port: 'tcp://127.0.0.1:9' } },
    })
    await writeFile(join(folder, 'device.json'), JSON.stringify(json))
    const running = await runDevice(parts, { folder })
    const state = await running.state()
    expect(state).toMatchObject({ rooms: null, refused: null, stopped: null })
    expect(JSON.stringify(state)).not.toMatch(/test pad|tcp:|127\.0\.0\.1/)
    const actions: SetupAction[] = [
      { room: 'device', action: { type: 'restart' } },
      { room: 'device', action: { type: 'name', name: 'x' } },
      { room: 'configuration', action: { type: 'undo' } },
      { room: 'peripherals', action: { type: 'look' } },
      { room: 'health', action: { type: 'check', what: 'all' } },
    ]
    for (const action of actions) {
      expect(Schema.safeParse(action).success).toBe(true)
      const response = await running.act(action)
      expect([response.status, (await bodyOf(response)).code], action.room).toEqual([403, 'locked'])
    }
    expect((await fetch(`${running.origin}/api/setup/files/report.pdf`)).status).toBe(403)
  })

  it('is turned away from another page of this machine, and without the screen’s cookie', async () => {
    const running = await runDevice(parts, { openScreen: false })
    expect((await fetch(`${running.origin}/api/setup/state`)).status).toBe(401)
    const open = await runDevice(parts)
    const foreign = await fetch(`${open.origin}/api/setup/actions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'http://evil.example' },
      body: JSON.stringify(LEAVE),
    })
    expect(foreign.status).toBe(403)
    const odd = await open.act({ room: 'access', action: { type: 'enter', pin: '1', more: 1 } as never })
    expect([odd.status, (await bodyOf(odd)).code]).toEqual([400, 'body-invalid'])
  })
})

describe('a technician who is in', () => {
  it('is out after the time without a touch, and every page is told', async () => {
    const running = await runDevice(parts, { folder: await lockedFolder(), setupIdleMs: 300 })
    const stream = await fetch(`${running.origin}/api/setup/events`)
    await running.done(enter(PIN))
    const text = stream.body?.pipeThrough(new TextDecoderStream())
    let heard = ''
    for await (const chunk of text ?? []) {
      heard += chunk
      const names = [...heard.matchAll(/"access":\{"name":"(\w+)"/g)].map(([, name]) => name)
      if (names.at(-1) === 'locked' && names.includes('in')) break
    }
    expect(await running.refused({ room: 'device', action: { type: 'restart' } })).toBe('locked')
  })

  it('is out after a restart of the process, and in over one of the device', async () => {
    const folder = await lockedFolder()
    await writeFile(join(folder, 'device.json'), JSON.stringify(deviceJson({ role: 'pad', hallUrl: NOBODY })))
    const running = await runDevice(parts, { folder })
    await running.done(enter(PIN))
    const state = await running.done({ room: 'device', action: { type: 'restart' } })
    expect(state.access.name).toBe('in')
    await running.stop()
    const again = await runDevice(parts, { folder })
    expect((await again.state()).access.name).toBe('locked')
  })
})

/** A hall, and a device of it whose PIN nobody knows any more. */
const lost = async () => {
  const hallFolder = await temporaryFolder(parts)
  const hall = await startHall({ dataDir: hallFolder, listen: '127.0.0.1:0', demo: true, logger: SILENT })
  let open = true
  const closeHall = async (): Promise<void> => {
    if (open) await hall.close()
    open = false
  }
  parts.defer(closeHall)
  const folder = await lockedFolder()
  const json = deviceJson({ role: 'pad', hallUrl: hall.url, enrolmentCode: hall.createEnrolmentCode() })
  await writeFile(join(folder, 'device.json'), JSON.stringify(json))
  const running = await runDevice(parts, { folder })
  const deviceId = await eventually(
    async () => {
      const text = await readFile(join(running.dataDir, 'identity.json'), 'utf8').catch(() => '{}')
      const kept: { deviceId?: string | null } = JSON.parse(text)
      return kept.deviceId ?? ''
    },
    (id) => id !== '',
  )
  const facts = async (): Promise<object[]> => {
    const store = openSqliteStore(join(hallFolder, 'hall.sqlite'))
    const found: object[] = []
    for await (const { type, text } of store.eventsOf(deviceId))
      if (type === typeName('technician')) found.push(JSON.parse(text).data)
    await store.close()
    return found
  }
  return { hallFolder, running, deviceId, closeHall, facts }
}

describe('a lost PIN', () => {
  it('is chosen anew by a code of the hall, once, at this device alone, and the chain knows it', async () => {
    const { hallFolder, running, deviceId, facts } = await lost()
    const { code, out, err } = await run('technician', '--data', hallFolder, '--device', deviceId)
    expect([code, err]).toEqual([0, ''])
    expect(await running.refused(byCode('0000000000'))).toBe('technician-code-bad')
    expect(await running.refused(byCode('too short'))).toBe('code-malformed')
    expect(await running.refused(setPin('739104'))).toBe('locked')
    expect(await running.refused(enter('000000'))).toBe('wrong-pin')

    const allowed = await running.done(byCode(out.trim().toLowerCase()))
    expect(allowed).toMatchObject({ access: { name: 'new' }, rooms: null })
    expect(await running.done(setPin('739104'))).toMatchObject({ access: { name: 'in' } })
    await running.done(LEAVE)
    expect(await running.refused(byCode(out.trim()))).toBe('technician-code-bad')
    expect((await running.done(enter('739104'))).access.name).toBe('in')
    const told = await eventually(facts, (found) => JSON.stringify(found).includes('reset-by'))
    expect(told).toContainEqual({ fact: 'pin', how: 'reset-by-code' })
  })

  it('waits in words for a hall that is not there, and its file is believed by the key that was learned', async () => {
    const { hallFolder, running, deviceId, closeHall } = await lost()
    const stick = await temporaryFolder(parts)
    const made = await run('technician', '--data', hallFolder, '--device', deviceId, '--file', stick)
    expect([made.code, made.out, made.err]).toEqual([
      0,
      `${join(stick, `window24-${deviceId}.w24pin`)}\n`,
      '',
    ])
    const learned = await eventually(
      async () => await readFile(join(running.dataDir, 'technician-hall.json'), 'utf8').catch(() => ''),
      (text) => text !== '',
    )
    await closeHall()
    expect(await running.refused(byCode('0123456789'))).toBe('line-down')
    expect((await running.state()).access.name).toBe('locked')
    const { keys } = JSON.parse(learned)
    const hall = { keys: () => keys, isUsed: () => false }
    const bytes = await readFile(made.out.trim())
    expect(judgeResetFile(bytes, { hall, deviceId, now: new Date() })).toMatchObject({ ok: true })
  })
})

describe('what a technician did', () => {
  it('before there is a chain waits for it, over a restart too', async () => {
    const hallFolder = await temporaryFolder(parts)
    const hall = await startHall({ dataDir: hallFolder, listen: '127.0.0.1:0', demo: true, logger: SILENT })
    parts.defer(() => hall.close())
    const folder = await lockedFolder({ wrong: 2, triedAt: 0 })
    const first = await runDevice(parts, { folder })
    await first.done(enter(PIN))
    await first.stop()
    const json = deviceJson({ role: 'pad', hallUrl: hall.url, enrolmentCode: hall.createEnrolmentCode() })
    await writeFile(join(folder, 'device.json'), JSON.stringify(json))
    const running = await runDevice(parts, { folder })
    await running.done(enter(PIN))
    const { rooms } = await running.until((state: SetupState) => state.rooms?.device?.hall.deviceId != null)
    const store = openSqliteStore(join(hallFolder, 'hall.sqlite'))
    parts.defer(() => store.close())
    const facts = async (): Promise<object[]> => {
      const found: object[] = []
      for await (const { type, text } of store.eventsOf(rooms?.device?.hall.deviceId ?? ''))
        if (type === typeName('technician')) found.push(JSON.parse(text).data)
      return found
    }
    expect(await eventually(facts, (told) => told.length >= 2)).toEqual([
      { fact: 'wrong-pins', count: 2 },
      { fact: 'configuration', version: 1, why: 'by-hand', changed: [] },
    ])
  })
})
