/** A hall's SQLite file on a disk whose syncs fail, or end with the process: nothing it has said yes to is lost. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { openSqliteStore } from '../../../sync/hall/store/sqlite.ts'
import { Control, CREATE, compileTools, FOR_EVER, SYNC } from '../../faults/storage/shim.ts'
import { testFolder } from '../support/folder.ts'
import { until } from '../support/until.ts'
import { addDevice, all } from './support/store-values.ts'
import { BATCH_EVENTS, type WorkerTold } from './support/sync-worker.ts'

const WORKER = join(import.meta.dirname, 'support', 'sync-worker.ts')
const HALL = join(import.meta.dirname, '..', '..', '..', 'scripts', 'window24.js')

/** Each has one sync, behind those of the new WAL's header and its folder; the ninth fills the WAL. */
const BATCHES = 10
const WHEN_FULL = 11

const tools = mkdtempSync(join(tmpdir(), 'window24-shim-'))
let shim = ''
beforeAll(() => {
  shim = compileTools(tools).shim
})
afterAll(() => rmSync(tools, { recursive: true, force: true }))

interface Rig {
  path: string
  control: Control
  start(program?: string, args?: string[]): ChildProcess
}

async function rig(): Promise<Rig> {
  const [folder, outside] = [testFolder(), testFolder()]
  const path = join(folder, 'hall.sqlite')
  const store = openSqliteStore(path)
  await addDevice(store)
  await store.close()
  const control = new Control(join(outside, 'control'))
  onTestFinished(() => control.close())
  return {
    path,
    control,
    start(program = WORKER, args = [path]) {
      const child = fork(program, args, {
        execPath: process.execPath,
        env: { ...process.env, ...control.environment(shim, folder) },
        stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      })
      onTestFinished(() => void child.kill('SIGKILL'))
      return child
    },
  }
}

async function told(child: ChildProcess): Promise<WorkerTold> {
  const [message] = (await once(child, 'message')) as [WorkerTold]
  return message
}

async function asked(child: ChildProcess, question: object): Promise<WorkerTold> {
  const answer = told(child)
  child.send(question)
  return await answer
}

async function opened(child: ChildProcess): Promise<void> {
  expect(await told(child)).toEqual({ opened: 'yes' })
}

/** What is there, by an opening on a sound disk. */
async function stored(path: string): Promise<number> {
  const store = openSqliteStore(path)
  const events = await all(store)
  await store.close()
  return events.length
}

test.each([
  ['of a new WAL', 1],
  ['of the batch that fills the WAL', WHEN_FULL],
  ['of the WAL before it is copied', WHEN_FULL + 1],
  ['of the store after the WAL was copied', WHEN_FULL + 2],
] as const)('after a failed sync %s nothing is answered for, and what was is there', async (_, failing) => {
  const { path, control, start } = await rig()
  const child = start()
  await opened(child)
  control.fail({ kinds: SYNC, at: failing, times: 1, errno: 'EIO' })
  const { batches = [], failed } = await asked(child, { store: { from: 0, to: BATCHES } })
  expect(control.failed).toBe(1)
  const yes = batches.indexOf('store-unreachable')
  expect(yes).toBeGreaterThanOrEqual(0)
  expect(batches.slice(0, yes)).toEqual(Array(yes).fill('stored'))
  expect(batches.slice(yes)).toEqual(Array(BATCHES - yes).fill('store-unreachable'))
  expect(failed).toBe(true)
  const exit = once(child, 'exit')
  expect(await asked(child, { close: true })).toEqual({ closed: 'yes' })
  await exit
  // The WAL may be the only good copy: neither the close nor the process's end has taken it away.
  expect(statSync(`${path}-wal`).size).toBeGreaterThan(0)
  const before = statSync(path).ino
  expect(await stored(path)).toBeGreaterThanOrEqual(yes * BATCH_EVENTS)
  expect(statSync(path).ino).not.toBe(before)
})

test.each([1, 2])(
  'failed sync %i of a close leaves the WAL, and the next start reads it',
  async (failing) => {
    const { path, control, start } = await rig()
    const child = start()
    await opened(child)
    expect(await asked(child, { store: { from: 0, to: 3 } })).toEqual({
      batches: ['stored', 'stored', 'stored'],
      failed: false,
    })
    control.fail({ kinds: SYNC, at: failing, times: 1, errno: 'EIO' })
    const exit = once(child, 'exit')
    expect(await asked(child, { close: true })).toEqual({ closed: 'store-unreachable' })
    await exit
    expect(control.failed).toBe(1)
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(0)
    expect(await stored(path)).toBe(3 * BATCH_EVENTS)
  },
)

test('what a killed process had written and not synced is synced before it is answered for', async () => {
  const { path, control, start } = await rig()
  const child = start()
  await opened(child)
  await asked(child, { store: { from: 0, to: 1 } })
  control.stopAtSync(1, 'before')
  child.send({ store: { from: 1, to: 2 } })
  await until(() => control.stops === 1)
  child.kill('SIGKILL')
  await once(child, 'exit')
  control.stopNowhere()
  const files = [path, `${path}-wal`]
  const before = files.map((file) => statSync(file).ino)
  const syncs = control.syncs
  const next = start()
  await opened(next)
  // Of each file one, and of the folder one for each: new files, so that no failed write lies behind them.
  expect(control.syncs - syncs).toBeGreaterThanOrEqual(4)
  for (const [index, file] of files.entries()) expect(statSync(file).ino).not.toBe(before[index])
  expect(await asked(next, { store: { from: 1, to: 2 } })).toEqual({ batches: ['duplicate'], failed: false })
})

test('files that another process has open stay the files that they are', async () => {
  const { path, start } = await rig()
  const one = start()
  await opened(one)
  await asked(one, { store: { from: 0, to: 2 } })
  const before = [path, `${path}-wal`].map((file) => statSync(file).ino)
  const other = start()
  await opened(other)
  expect([path, `${path}-wal`].map((file) => statSync(file).ino)).toEqual(before)
  expect(await asked(other, { store: { from: 2, to: 3 } })).toMatchObject({ batches: ['stored'] })
  expect(await asked(one, { store: { from: 2, to: 3 } })).toMatchObject({ batches: ['duplicate'] })
})

test('after a failed sync a store opens only once its files could be written anew', async () => {
  const { path, control, start } = await rig()
  const child = start()
  await opened(child)
  await asked(child, { store: { from: 0, to: 2 } })
  control.fail({ kinds: SYNC, at: 1, times: 1, errno: 'EIO' })
  await asked(child, { store: { from: 2, to: 3 } })
  child.kill('SIGKILL')
  await once(child, 'exit')
  for (const errno of ['EIO', 'ENOSPC'] as const) {
    control.fail({ kinds: SYNC | CREATE, at: 1, times: FOR_EVER, errno })
    expect((await told(start())).opened).toMatch(/^store-(unreachable|full)$/)
    expect(existsSync(join(path, '..', 'hall.doubtful'))).toBe(true)
  }
  control.mend()
  const after = start()
  await opened(after)
  expect(existsSync(join(path, '..', 'hall.doubtful'))).toBe(false)
  const { batches } = await asked(after, { store: { from: 0, to: 3 } })
  expect(batches?.slice(0, 2)).toEqual(['duplicate', 'duplicate'])
})

test('the server ends with its fault in words when a sync has failed', async () => {
  const { path, control, start } = await rig()
  rmSync(path)
  const child = start(HALL, ['hall', '--data', join(path, '..'), '--listen', '127.0.0.1:0', '--demo'])
  expect(await told(child)).toEqual({ ready: true, url: expect.any(String) })
  control.fail({ kinds: SYNC, at: 1, times: 1, errno: 'EIO' })
  let words = ''
  child.stderr?.on('data', (text) => {
    words += String(text)
  })
  child.send({ ask: 'enrolment-code' })
  const [code] = await once(child, 'exit')
  expect(code).toBe(1)
  expect(words).toContain('did not get through to its disk')
  expect(statSync(`${path}-wal`).size).toBeGreaterThan(0)
})
