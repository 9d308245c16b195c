import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hallCommands } from '../../../sync/hall/commands/table.ts'
import { openDatabase } from '../../../sync/sqlite.ts'
import { newFolder, TestChain, TestClock, TestDevice, type TestHall, texts } from './helpers.ts'
import { run } from './support/command.ts'

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

/** Node tells a parent that has disconnected by itself of the exit only, never of the close. */
async function exitCode(child: ChildProcess): Promise<unknown> {
  const [code] = await once(child, 'exit')
  return code
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
    reload: () => {},
    failed: Promise.withResolvers<never>().promise,
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
  expect(out).not.toMatch(/eyJ[\w-]*\.\./)
})

test('preview names the profiles there are when it is asked for another', async () => {
  const { code, err } = await run('preview', '--data', dataDir, '--profile', 'nowhere')
  expect([code, err]).toEqual([1, expect.stringContaining('zhejiang')])
})

describe('wrong use', () => {
  test.each([
    [['preview', '--data', 'x'], 'hall preview'],
    [['verify', '--data', 'x', '--profile', 'zhejiang'], 'hall verify'],
    [['--data'], 'hall --data DIR'],
    [[], 'hall --data DIR'],
    [['dance', '--data', 'x'], 'hall enrol'],
    [['constructor', '--data', 'x'], 'hall enrol'],
    [['enrol'], 'hall enrol'],
    [['verify', '--data', 'x', '--demo'], 'hall verify'],
    [['verify', 'twice', '--data', 'x'], 'one word too many'],
    [['--data', 'x', '--colour', 'red'], 'hall --data DIR'],
    [['--data', 'x', '--tls-cert', 'c.pem'], '--tls-key'],
    [['keys', 'eat', '--data', 'x'], 'hall keys rotate'],
    [['revoke', '--data', 'x'], 'hall revoke DEVICE'],
    [['token', '--data', 'x'], 'hall token NAME'],
    [['export', '--data', 'x', '--format', 'csv'], '--from DAY and --to DAY'],
    [
      ['export', '--data', 'x', '--from', '2026-11-01', '--to', '2026-11-02', '--format', 'pdf'],
      'csv or jsonl',
    ],
    [['export', '--data', 'x', '--from', '2026-02-30', '--to', '2026-03-02', '--format', 'csv'], 'is no day'],
    [['export', '--data', 'x', '--from', '2026-03-03', '--to', '2026-03-02', '--format', 'csv'], 'is before'],
  ])('%j ends with 2 and the help', async (args, told) => {
    const { code, err, out } = await run(...args)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(told)
    expect(err).toContain('exit codes: 0 done, 1 fault found, 2 wrong use')
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

test('--help tells all commands, and each its own, on standard output', async () => {
  const { code, out } = await run('--help')
  expect(code).toBe(0)
  for (const name of Object.keys(hallCommands)) {
    expect(out).toContain(`window24 hall ${name}`)
    const own = await run(name, '--help')
    expect(own.code).toBe(0)
    expect(own.out.startsWith(`  window24 hall ${name}`)).toBe(true)
    expect(own.out).not.toContain('runs until it is stopped')
  }
})
