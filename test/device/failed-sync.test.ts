/** A sync that fails, as the kernel tells it, in a whole device: nobody's answer is lost and the process stays. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { PadState } from '../../device/http/contract.ts'
import { CHANGES, Control, compileTools, FOR_EVER, SYNC } from '../faults/storage/shim.ts'
import {
  type DeviceProcess,
  exitOf,
  forkDevice,
  messageOf,
  startDeviceProcess,
} from './support/device-process.ts'
import { deviceJson, startTestHall, temporaryFolder, windowRequest } from './support/house.ts'
import { bodyOf, openPad, type TestScreen } from './support/screen.ts'

let parts: AsyncDisposableStack

beforeEach(() => {
  parts = new AsyncDisposableStack()
})
afterEach(() => parts.disposeAsync())

/** Only a test that fails waits so long: a process starts, and another after it, on a machine that may be busy. */
const WAIT = { timeout: 60_000, interval: 50 }
const TIMEOUT_MS = 180_000
vi.setConfig({ testTimeout: TIMEOUT_MS, hookTimeout: TIMEOUT_MS })

const caseNumber = (number: number): string => `YX20261100${String(number).padStart(2, '0')}K3`
const question = (number: number) => ({
  caseNo: caseNumber(number),
  itemCode: '11330099MB0A00010R3000101010000',
  itemName: '普通护照申领',
})

const padProcess = async () => {
  const folder = await temporaryFolder(parts)
  const dataDir = join(folder, 'data')
  mkdirSync(dataDir)
  const hall = await startTestHall(parts)
  const config = join(folder, 'device.json')
  const code = hall.createEnrolmentCode()
  await writeFile(config, JSON.stringify(deviceJson({ role: 'pad', hallUrl: hall.url, enrolmentCode: code })))
  const control = new Control(join(folder, 'control'))
  parts.defer(() => control.close())
  const { shim } = compileTools(folder)
  const device = await startDeviceProcess(config, dataDir, [], control.environment(shim, dataDir))
  parts.defer(() => device.kill())
  return { folder, dataDir, config, hall, control, shim, device }
}

/** Asks and answers; says what the pad said to 完成. */
const rate = async (device: DeviceProcess, screen: TestScreen<PadState>, number: number) => {
  await screen.until(({ view, storage }) => view.name === 'rest' && storage === 'ok')
  const asked = await windowRequest(device, 'POST', '/evaluations', question(number))
  const evaluationId = String((await bodyOf(asked)).id)
  await screen.untilView('asking')
  await screen.act({ type: 'choose-level', evaluationId, level: 'satisfied' })
  return () => screen.act({ type: 'finish', evaluationId, labels: [], comment: null })
}

const systemFacts = (dataDir: string): { fact: string; problem?: string }[] => {
  const db = new Database(join(dataDir, 'store.sqlite'), { readonly: true })
  const texts = db.prepare<[], string>('SELECT text FROM outbox_events ORDER BY place').pluck().all()
  db.close()
  return texts.map((text) => JSON.parse(text).data).filter(({ fact }) => fact !== undefined)
}

it('promise 1: after a failed sync the same process opens its store anew, the page waits, and every rating that was thanked for is there', async () => {
  const { dataDir, hall, control, device } = await padProcess()
  const first = await openPad(device.screenUrl)
  await first.until(({ line }) => line.online)
  const finish = await rate(device, first, 1)

  control.fail({ kinds: SYNC, at: 1, times: 1, errno: 'EIO' })
  const refused = await finish()
  expect(refused.status).toBe(503)
  expect(await refused.json()).toMatchObject({ code: 'cannot-keep' })
  expect(control.failed).toBe(1)
  first.close()

  const again = await openAgain(device)
  // The question that could not be finished was answered before: it counts, and the pad is free.
  await again.until(({ view, storage, line }) => view.name === 'rest' && storage === 'ok' && line.online)
  expect(device.child.exitCode).toBeNull()
  const thanked = await (await rate(device, again, 2))()
  expect(thanked.status).toBe(200)
  await vi.waitFor(async () => expect((await hall.counts()).rating).toBe(2), WAIT)
  again.close()
  const facts = systemFacts(dataDir)
  const told = facts.filter(({ fact }) => fact === 'storage')
  expect(told).toMatchObject([{ problem: 'sync-failed', carried: null, lost: null }])
  // Who closes down tells of it in the chain: through a connection whose sync has failed not even that is written.
  expect(facts.map(({ fact }) => fact)).not.toContain('stop')
  device.child.kill('SIGTERM')
  expect(await exitOf(device.child)).toBe(0)
})

it('promise 1: a disk that goes on failing leaves the plain page standing until it keeps again', async () => {
  const { hall, control, device } = await padProcess()
  const first = await openPad(device.screenUrl)
  await first.until(({ line }) => line.online)
  const finish = await rate(device, first, 1)
  control.fail({ kinds: SYNC, at: 1, times: FOR_EVER, errno: 'EIO' })
  expect((await finish()).status).toBe(503)
  first.close()
  const waiting = await openAgain(device)
  await waiting.until(({ storage, line }) => storage === 'cannot-keep' && !line.online)
  expect((await waiting.act({ type: 'touch' })).status).toBe(503)
  control.mend()
  await waiting.until(({ view, storage, line }) => view.name === 'rest' && storage === 'ok' && line.online)
  expect(device.child.exitCode).toBeNull()
  await vi.waitFor(async () => expect((await hall.counts()).rating).toBe(1), WAIT)
  waiting.close()
})

/** As the page does: the listener is away for a moment while the store is closed. */
const openAgain = async (device: DeviceProcess): Promise<TestScreen<PadState>> => {
  for (;;) {
    try {
      return await openPad(device.screenUrl)
    } catch (error) {
      if (device.child.exitCode !== null) throw error
      await new Promise((later) => setTimeout(later, 50))
    }
  }
}

it('a device that starts on a full disk shows the plain page, and comes up when there is room', async () => {
  const { dataDir, config, device, control, shim } = await padProcess()
  const first = await openPad(device.screenUrl)
  await first.until(({ line, view }) => line.online && view.name === 'rest')
  first.close()
  await device.kill()
  rmSync(join(dataDir, 'store.reserve'))

  control.fail({ kinds: CHANGES, at: 1, times: FOR_EVER, errno: 'ENOSPC' })
  const again = await startDeviceProcess(config, dataDir, [], control.environment(shim, dataDir))
  parts.defer(() => again.kill())
  const screen = await openPad(again.screenUrl)
  await screen.until(({ storage, line }) => storage === 'cannot-keep' && !line.online)
  control.mend()
  await screen.until(({ view, storage, line }) => view.name === 'rest' && storage === 'ok' && line.online)
  screen.close()
  expect(again.child.exitCode).toBeNull()
})

it('a folder on a disk that is too small, or may not be written, is refused in words', async () => {
  const { folder, config } = await padProcess()
  const tiny = join(folder, 'tiny')
  mount(tiny, ['size=128k'])
  const readOnly = join(folder, 'read-only')
  mount(readOnly, ['size=1m', 'ro'])
  for (const dataDir of [tiny, readOnly]) {
    const child = forkDevice(['--config', config, '--data', dataDir])
    parts.defer(() => void child.kill('SIGKILL'))
    const errors: string[] = []
    child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk.toString('utf8')))
    expect(await messageOf(child)).toMatchObject({ ready: false, code: 'store' })
    expect(await exitOf(child)).toBe(1)
    expect(errors.join('')).toMatch(/^window24 device: .*(make some|room|read-only).*\n$/)
  }
})

const mount = (folder: string, options: string[]): void => {
  mkdirSync(folder, { recursive: true })
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', options.join(','), 'window24', folder])
  if (mounted.status !== 0) throw new Error(`no tmpfs can be mounted (root is needed): ${mounted.stderr}`)
  parts.defer(() => void spawnSync('umount', ['-l', folder]))
}
