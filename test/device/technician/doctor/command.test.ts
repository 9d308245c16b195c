import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { PlantedMachine } from '../../../drivers/discovery/planted-machine.ts'
import { startPty } from '../../../drivers/transport/pty.ts'
import { deviceJsonWith, visit } from './cabinet.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

const COMMAND = fileURLToPath(new URL('../../../../scripts/window24.js', import.meta.url))

/** The command itself, as a technician types it. */
async function type(args: string[]): Promise<{ exit: number | null; text: string; ms: number }> {
  const started = performance.now()
  const child = spawn(process.execPath, [COMMAND, 'doctor', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  const [exit] = await once(child, 'close')
  return { exit, text, ms: performance.now() - started }
}

test.each([
  { env: { LC_ALL: '', LC_MESSAGES: '', LANG: 'zh_CN.UTF-8' }, title: '夜窗 设备检查' },
  { env: { LC_ALL: '', LC_MESSAGES: '', LANG: 'en_US.UTF-8' }, title: 'Window24 doctor' },
  { env: { LC_ALL: '', LC_MESSAGES: '', LANG: 'C' }, title: 'Window24 doctor' },
  { env: { LC_ALL: 'zh_CN.UTF-8', LC_MESSAGES: '', LANG: 'en_US.UTF-8' }, title: '夜窗 设备检查' },
])('the language is the environment’s: $env', async ({ env, title }) => {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  expect((await visit(new PlantedMachine(), [])).text).toContain(title)
})

test.each([
  { args: ['--lang', 'fr'], says: 'zh' },
  { args: ['--user', 'nobody-of-that-name'], says: 'nobody-of-that-name' },
  { args: ['--fast'], says: '--fast' },
  { args: ['now'], says: 'now' },
])('used wrongly ($args) it says how it is used, and exits with 2', async ({ args, says }) => {
  vi.stubEnv('LANG', 'en_US.UTF-8')
  const { exit, text, errors } = await visit(new PlantedMachine(), args)
  expect({ exit, text }).toEqual({ exit: 2, text: '' })
  expect(errors).toMatch(/^window24 doctor: /)
  expect(errors).toContain(says)
  expect(errors).toContain('--udev-rules')
})

test('it explains itself in both languages', async () => {
  for (const [lang, words] of [
    ['zh', '退出码'],
    ['en', 'exit codes'],
  ] as const) {
    const { exit, text } = await visit(new PlantedMachine(), ['--help', '--lang', lang])
    expect(exit).toBe(0)
    expect(text).toContain(words)
  }
})

test('a program gets the findings with their ids, their words and all the facts', async () => {
  const machine = new PlantedMachine()
  const node = machine.serial({ mode: 0o600, gid: 0 })
  const { exit, text } = await visit(machine, ['--json', '--lang', 'zh'])
  expect(exit).toBe(1)
  expect(JSON.parse(text)).toMatchObject({
    findings: [
      {
        id: 'port-root-only',
        severity: 'warning',
        subject: { kind: 'port', port: `serial:${node}` },
        path: node,
        words: {
          what: expect.stringContaining('只有 root 能用'),
          todo: expect.arrayContaining(['装上权限规则：']),
        },
      },
    ],
    facts: { serialPorts: [{ node }], cups: { state: 'not-installed' } },
  })
})

test('no token of a configuration and no argument of a process is ever told', async () => {
  const machine = new PlantedMachine()
  const node = machine.serial()
  machine.process('python3', ['python3', 'tool.py', '--password', 'geheim-4711'], [node])
  const config = deviceJsonWith({ scanner: { driver: 'serial', port: `serial:${node}?baud=9600` } })
  for (const args of [
    ['--config', config],
    ['--config', config, '--json'],
  ]) {
    expect((await visit(machine, args)).text).not.toContain('geheim-4711')
  }
})

test('the command itself looks at this very machine, within 3 s, and writes nothing to the ports bound', async () => {
  const pty = await startPty()
  let heard = 0
  pty.peer.on('data', (chunk: Buffer) => {
    heard += chunk.length
  })
  const config = deviceJsonWith({ idReader: { driver: 'sdt', port: pty.port } })
  const { exit, text, ms } = await type(['--config', config, '--lang', 'en'])
  expect([0, 1]).toContain(exit)
  expect(text).toContain('ID card reader')
  expect(text).toContain('Serial ports')
  expect(heard).toBe(0)
  // The promise is 3 s; a busy machine starts a process slowly.
  expect(ms).toBeLessThan(6000)
})
