import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import {
  asRoot,
  installRules,
  lookAsRoot,
  mayChangeOwner,
  release,
  shellOf,
} from '../../../../device/technician/doctor/commands.ts'
import { PlantedMachine } from '../../../drivers/discovery/planted-machine.ts'
import { startPty } from '../../../drivers/transport/pty.ts'
import { deviceJsonWith, visit } from './cabinet.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

const COMMAND = fileURLToPath(new URL('../../../../scripts/window24.js', import.meta.url))

/** The command itself, as a technician types it. */
const type = (args: string[]) => run(process.execPath, [COMMAND, 'doctor', ...args])

async function run(
  command: string,
  args: string[],
): Promise<{ exit: number | null; text: string; ms: number }> {
  const started = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
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

test.each([
  {
    words: ['sh', '-c', 'tool --password geheim-4711'],
    name: 'sh',
  },
  { words: ['node', '-e', 'login("geheim-4711")'], name: 'node' },
  { words: ['python3', '-u', '/srv/geheim-4711'], name: 'python3' },
  { words: ['bash', 'geheim-4711'], name: 'bash' },
  { words: ['perl', '/srv/a b geheim-4711'], name: 'perl' },
  { words: ['tool: /srv/geheim-4711 is read'], name: 'tool:' },
  { words: ['/usr/bin/python3', '/opt/tool.py', 'geheim-4711'], name: 'python3 tool.py' },
])('of a program that holds a port only its name is told: $words', async ({ words, name }) => {
  const machine = new PlantedMachine()
  machine.process(words[0] ?? '', words, [machine.serial()])
  for (const args of [[], ['--json']]) {
    const { text } = await visit(machine, args)
    expect(text).not.toContain('geheim-4711')
    expect(text).toContain(args.length === 0 ? `${name} (process 4001)` : `"name": "${name}"`)
  }
})

test.each([
  { args: ['--lang', 'zh', '--fast'], says: /不认识的选项.*原文：.*--fast/ },
  { args: ['--fast', '--lang', 'zh'], says: /不认识的选项.*原文：.*--fast/ },
  { args: ['--lang', 'en', '--fast'], says: /Unknown option '--fast'/ },
])('used wrongly ($args) it speaks the language that was asked for all the same', async ({ args, says }) => {
  vi.stubEnv('LC_ALL', args.includes('zh') ? 'en_US.UTF-8' : 'zh_CN.UTF-8')
  const { exit, errors } = await visit(new PlantedMachine(), args)
  expect(exit).toBe(2)
  expect(errors).toMatch(says)
})

test.each([
  { script: '/usr/bin/window24', environment: {}, program: 'window24' },
  {
    script: '/opt/window 24/scripts/window24.js',
    environment: {},
    program: "'/opt/window 24/scripts/window24.js'",
  },
  { script: '/opt/w/scripts/window24.js', environment: { npm_command: 'exec' }, program: 'npx window24' },
])('commands are printed as this one was started: $program', ({ script, environment, program }) => {
  const shell = shellOf(script, environment)
  expect(shell.program).toBe(program)
  for (const { command } of [...installRules(shell, null), lookAsRoot(shell, 'kiosk', null)])
    if (command.includes('doctor')) expect(command).toContain(`${program} doctor`)
})

test('as root nothing is typed with sudo, which may not be there; for anybody else it is', () => {
  const typed = (isRoot: boolean) => {
    const shell = { program: 'window24', isRoot }
    return [asRoot(shell, 'kill 7'), ...installRules(shell, null)].map(({ command }) => command).join('\n')
  }
  expect(typed(true)).not.toContain('sudo')
  expect(typed(false)).toContain('sudo kill 7')
  expect(typed(false)).toMatch(/sudo install .*\nsudo udevadm .* sudo udevadm/)
})

test('a configuration that this user may not read is told as that, and nothing is said of the device', async () => {
  const config = deviceJsonWith({})
  chmodSync(dirname(config), 0o755)
  chmodSync(config, 0o600)
  const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, COMMAND, 'doctor']
  for (const [lang, says] of [
    ['en', /may not read the configuration[\s\S]*sudo [\s\S]*window24\.js doctor/],
    ['zh', /这个用户读不了配置[\s\S]*sudo [\s\S]*window24\.js doctor/],
  ] as const) {
    const { exit, text } = await run('setpriv', [...nobody, '--config', config, '--lang', lang])
    expect(exit).toBe(1)
    expect(text).toMatch(says)
    expect(text).not.toMatch(/will not start|不会启动/)
  }
})

test('the ports that are in order are listed too, in the order of the configuration', async () => {
  const machine = new PlantedMachine()
  const config = deviceJsonWith({
    pagePrinter: { driver: 'directory', port: `dir:${machine.dev}` },
    scanner: { driver: 'serial', port: 'tcp://127.0.0.1:1' },
  })
  const { text } = await visit(machine, ['--config', config, '--lang', 'en'])
  expect(text).toContain(
    `Ports of the configuration\n  dir:${machine.dev}\n    A4 printer · in order\n  tcp://127.0.0.1:1\n    scanner · Fault\n`,
  )
})

test('a folder is given to another user only where folders of programs and people are', () => {
  const folders = ['/var/lib/window24/pages', '/srv/pages', '/home/kiosk/pages']
  const others = [
    '/etc',
    '/',
    '/srv',
    '/var/lib',
    '/home/kiosk',
    '/usr/share/srv/x',
    '/var/library/x',
    '/root/p',
  ]
  expect(folders.filter(mayChangeOwner)).toEqual(folders)
  expect(others.filter(mayChangeOwner)).toEqual([])
})

test('a program is never told to be killed where it is the first of all', () => {
  const shell = { program: 'window24', isRoot: true }
  expect(release(shell, [{ pid: 1, unit: null }]).kind).toBe('ask')
  expect(release(shell, [{ pid: 7, unit: null }]).commands).toEqual([{ command: 'kill 7' }])
})

test('a name server that is silent keeps neither the page nor the prompt waiting', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'silent-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'resolv.conf'), 'nameserver 127.0.0.1\noptions timeout:20 attempts:2\n')
  writeFileSync(join(folder, 'nsswitch.conf'), 'hosts: files dns\n')
  const peripherals = Object.fromEntries(
    ['idReader', 'scanner', 'receiptPrinter', 'keypad'].map((name, index) => [
      name,
      { driver: 'any', port: `tcp://server${index}.example:4001` },
    ]),
  )
  const config = deviceJsonWith(peripherals)
  const steps = [
    `mount --bind ${folder}/resolv.conf /etc/resolv.conf`,
    `mount --bind ${folder}/nsswitch.conf /etc/nsswitch.conf`,
    'ip link set lo up',
    // It hears every question and answers none.
    '{ socat -u UDP4-RECV:53 OPEN:/dev/null >&- & }',
    "while ! grep -q ':0035 ' /proc/net/udp; do sleep 0.05; done",
    '"$0" "$@"',
  ]
  const { exit, text, ms } = await run('unshare', [
    '--mount',
    '--net',
    // Everything in it ends with its first process.
    '--pid',
    '--fork',
    '--kill-child',
    '--mount-proc',
    'sh',
    '-c',
    steps.join(' && '),
    process.execPath,
    COMMAND,
    'doctor',
    '--config',
    config,
    '--lang',
    'en',
  ])
  expect(exit).toBe(1)
  expect(text).toContain('No name server says where server3.example is.')
  // The name server's own deadline is 40 s.
  expect(ms).toBeLessThan(12_000)
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
