import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { hallCommand } from '../../../sync/hall/command.ts'
import { openDatabase } from '../../../sync/sqlite.ts'
import { newFolder, TestChain, TestClock, TestDevice, type TestHall, texts } from './helpers.ts'

const COMMAND = pathToFileURL(join(import.meta.dirname, '../../../sync/hall/command.ts')).href
const RUN = `import { hallCommand } from ${JSON.stringify(COMMAND)}
process.exitCode = await hallCommand(process.argv.slice(1))`

let dataDir: string
const children: ChildProcess[] = []
beforeEach(() => {
  dataDir = newFolder()
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(dataDir, { recursive: true, force: true })
})

/** A process of its own, as `window24 demo` starts it. */
function command(args: string[]): ChildProcess {
  const child = spawn(process.execPath, ['--input-type=module', '-e', RUN, '--', ...args], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  children.push(child)
  return child
}

interface Ended {
  code: number
  out: string
  err: string
}

/** Node tells a parent that has disconnected by itself of the exit only, never of the close. */
async function exitCode(child: ChildProcess): Promise<unknown> {
  const [code] = await once(child, 'exit')
  return code
}

/** In this process: what it prints is caught, what it answers is the exit code. */
async function run(...args: string[]): Promise<Ended> {
  const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  try {
    const code = await hallCommand(args)
    return { code, out: out.mock.calls.join(''), err: err.mock.calls.join('') }
  } finally {
    out.mockRestore()
    err.mockRestore()
  }
}

async function nextMessage(child: ChildProcess): Promise<Record<string, unknown>> {
  const [message] = await once(child, 'message')
  return message
}

async function served(): Promise<{ child: ChildProcess; url: string }> {
  const child = command(['--data', dataDir, '--listen', '127.0.0.1:0', '--demo'])
  const hello = await nextMessage(child)
  expect(hello).toEqual({ ready: true, url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) })
  return { child, url: String(hello.url) }
}

/** What a device of the tests needs of a hall in another process. */
const at = (url: string): TestHall => ({
  hall: {
    url,
    createEnrolmentCode: () => '',
    counts: async () => ({ rating: 0, events: 0 }),
    close: async () => {},
  },
  dataDir,
  clock: new TestClock(),
  close: async () => {},
})

test('a server started by a parent tells its address, gives codes and counts what it stored', async () => {
  const { child, url } = await served()
  child.send({ ask: 'enrolment-code' })
  const { enrolmentCode } = await nextMessage(child)
  const device = new TestDevice(at(url))
  await device.enrol(String(enrolmentCode))
  await device.sendBatch(texts(new TestChain(device.deviceId).ratings(3)))
  child.send({ ask: 'counts' })
  expect(await nextMessage(child)).toEqual({ counts: { rating: 3, events: 3 } })
  const exit = exitCode(child)
  child.disconnect()
  expect(await exit).toBe(0)
})

test.each(['SIGINT', 'SIGTERM'] as const)('%s stops the server cleanly', async (signal) => {
  const { child, url } = await served()
  const exit = exitCode(child)
  child.kill(signal)
  expect(await exit).toBe(0)
  await expect(fetch(`${url}/v1/time`)).rejects.toThrow()
})

test('a server that cannot start tells its parent the code', async () => {
  const { url } = await served()
  const listen = new URL(url).host
  const other = command(['--data', join(dataDir, 'other'), '--listen', listen])
  const exit = exitCode(other)
  expect(await nextMessage(other)).toMatchObject({ ready: false, code: 'port-taken' })
  expect(await exit).toBe(1)
})

test('a code made beside the running server enrols a device', async () => {
  const { url } = await served()
  const { code, out } = await run('enrol', '--data', dataDir)
  expect([code, out]).toEqual([0, expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{10}\n$/)])
  const device = new TestDevice(at(url))
  await device.enrol(out.trim())
  expect(device.deviceId).toMatch(/^P-/)
})

test('verify walks the chains of a running server: 0 when whole, 1 when something is missing', async () => {
  const { url } = await served()
  const device = new TestDevice(at(url))
  await device.enrol((await run('enrol', '--data', dataDir)).out.trim())
  await device.sendBatch(texts(new TestChain(device.deviceId).ratings(3)))
  expect(await run('verify', '--data', dataDir)).toMatchObject({
    code: 0,
    out: `${device.deviceId} (12号窗口): 3 events, whole\n`,
  })
  const db = openDatabase(join(dataDir, 'hall.sqlite'))
  db.prepare('DELETE FROM events WHERE sequence = 2').run()
  db.close()
  expect(await run('verify', '--data', dataDir)).toMatchObject({
    code: 1,
    out: expect.stringContaining('missing'),
  })
})

test('preview shows what the province would be sent, and opens nothing that is sealed', async () => {
  const { url } = await served()
  const device = new TestDevice(at(url))
  await device.enrol((await run('enrol', '--data', dataDir)).out.trim())
  await device.sendBatch(texts(new TestChain(device.deviceId).ratings(2)))
  const { code, out } = await run('preview', '--data', dataDir, '--profile', 'zhejiang')
  expect(code).toBe(0)
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.map(({ sequence, ready }) => ({ sequence, ready }))).toEqual([
    { sequence: 1, ready: true },
    { sequence: 2, ready: true },
  ])
  expect(lines[0].record).toMatchObject({ satisfaction: expect.any(String), assessTime: expect.any(String) })
  expect(out).not.toContain('eyJ')
})

test('preview names the profiles there are when it is asked for another', async () => {
  const { code, err } = await run('preview', '--data', dataDir, '--profile', 'nowhere')
  expect([code, err]).toEqual([1, expect.stringContaining('zhejiang')])
})

describe('wrong use', () => {
  test.each([
    [['preview', '--data', 'x'], 2],
    [['verify', '--data', 'x', '--profile', 'zhejiang'], 2],
    [['--data'], 2],
    [[], 2],
    [['dance', '--data', 'x'], 2],
    [['enrol'], 2],
    [['verify', '--data', 'x', '--demo'], 2],
    [['--data', 'x', '--colour', 'red'], 2],
  ])('%j ends with %i and the help', async (args, expected) => {
    const { code, err } = await run(...args)
    expect(code).toBe(expected)
    expect(err).toContain('window24 hall --data DIR')
  })

  test('a folder without a hall is told, and none is made there', async () => {
    mkdirSync(join(dataDir, 'empty'))
    const { code, err } = await run('enrol', '--data', join(dataDir, 'empty'))
    expect([code, err]).toEqual([1, expect.stringContaining('holds no hall')])
  })

  test('a listen address that is none is a fault in words', async () => {
    const { code, err } = await run('--data', dataDir, '--listen', 'here')
    expect([code, err]).toEqual([1, expect.stringContaining('no HOST:PORT')])
  })
})

test('--help tells all four, on standard output', async () => {
  for (const args of [['--help'], ['enrol', '--help'], ['verify', '--help']]) {
    const { code, out } = await run(...args)
    expect(code).toBe(0)
    for (const name of ['hall --data', 'hall enrol', 'hall verify', 'hall preview'])
      expect(out).toContain(name)
  }
})
