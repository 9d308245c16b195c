import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import type { BoundPort } from '../../../drivers/discovery/bound-ports.ts'
import { askTcp } from '../../../drivers/discovery/tcp-lines.ts'
import { startPty } from '../transport/pty.ts'
import { factsOf } from './discover-here.ts'
import { KIOSK, PlantedMachine } from './planted-machine.ts'

/** How long a program may take to begin while others have the processors. */
const BUSY = { timeout: 20_000 }

/** A real program of another process; ended with the test. */
async function startProgram(command: string, args: string[]): Promise<ChildProcess & { pid: number }> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  await once(child, 'spawn')
  return Object.assign(child, { pid: child.pid ?? 0 })
}

/** It has the file open as soon as it says so. */
async function startHolder(path: string): Promise<number> {
  const child = await startProgram('sh', ['-c', 'exec 3<>"$0"; echo open; exec sleep 60', path])
  if (child.stdout !== null) await once(child.stdout, 'data')
  // The shell says so before it becomes what it is looked for by.
  await expect.poll(() => readFileSync(`/proc/${child.pid}/comm`, 'utf8'), BUSY).toBe('sleep\n')
  return child.pid
}

const serial = (port: BoundPort | undefined) => {
  if (port?.kind !== 'serial') throw new Error('not a serial port')
  return port
}
const tcp = (port: BoundPort | undefined) => {
  if (port?.kind !== 'tcp') throw new Error('not a TCP port')
  return port
}

test('a real process that has a real port open is named with its number', async () => {
  const pty = await startPty()
  expect(serial((await factsOf(undefined, [pty.port])).bound[0])).toMatchObject({
    path: pty.link,
    node: realpathSync(pty.link),
    isTty: true,
    stalled: false,
  })
  const pid = await startHolder(pty.link)
  const { bound } = await factsOf(undefined, [pty.port])
  expect(serial(bound[0]).holders).toContainEqual({ pid, name: 'sleep', unit: null, window24: false })
  // socat, which made the pty, is the device at its other end and holds nothing.
  expect(serial(bound[0]).holders.map(({ name }) => name)).not.toContain('socat')
})

test('a name whose device is unplugged is told apart from one that never was', async () => {
  const pty = await startPty()
  const { bound } = await factsOf(undefined, ['serial:/dev/serial/by-id/never?baud=9600', pty.port])
  expect(serial(bound[0])).toMatchObject({ node: null, dangling: false })
  expect(serial(bound[1]).dangling).toBe(false)
  const machine = new PlantedMachine()
  machine.file(`${machine.dev}/.keep`, '')
  const gone = `${machine.dev}/gone`
  symlinkSync('ttyUSB7', gone)
  const later = await factsOf(machine, [`serial:${gone}?baud=9600`])
  expect(serial(later.bound[0])).toMatchObject({ node: null, dangling: true, access: null })
})

test('a file that is no device is not taken for a port', async () => {
  const machine = new PlantedMachine()
  const path = `${machine.dev}/ttyUSB0`
  writeFileSync(path, '')
  const { bound } = await factsOf(machine, [`serial:${path}?baud=9600`])
  expect(serial(bound[0]).isTty).toBe(false)
})

test('a folder is told with its rights, and a HID port as it is bound', async () => {
  const machine = new PlantedMachine()
  const { bound } = await factsOf(
    machine,
    [`dir:${machine.dev}`, `dir:${machine.dev}/none`, 'hid:2B8B:2721'],
    KIOSK.name,
  )
  expect(bound).toMatchObject([
    { kind: 'dir', found: 'folder', access: { allowed: false, owner: 'root' } },
    { kind: 'dir', found: 'nothing', access: null },
    { kind: 'hid', vendorId: 0x2b8b, productId: 0x2721 },
  ])
})

test('a write that never comes back is seen from outside, and not a byte is written for it', async () => {
  const pty = await startPty()
  pty.peer.pause()
  let seen = 0
  pty.peer.on('data', (chunk: Buffer) => {
    seen += chunk.length
  })
  pty.peer.pause()
  const idle = await startHolder(pty.link)
  expect(serial((await factsOf(undefined, [pty.port])).bound[0]).stalled).toBe(false)

  const writer = await startProgram('sh', ['-c', 'exec cat /dev/zero >"$0"', pty.link])
  const deadline = performance.now() + 10_000
  let port = serial((await factsOf(undefined, [pty.port])).bound[0])
  while (!port.stalled && performance.now() < deadline) {
    port = serial((await factsOf(undefined, [pty.port])).bound[0])
  }
  expect(port.stalled).toBe(true)
  // Names of ptys are used again: on a busy machine a stranger may have opened an old link that leads here now.
  expect(port.holders.map(({ pid }) => pid)).toEqual(expect.arrayContaining([idle, writer.pid]))
  expect(seen).toBe(0)
})

test('a write to a line that takes its bytes, however many, is not told as one that never comes back', async () => {
  const pty = await startPty()
  pty.peer.resume()
  await startProgram('sh', ['-c', 'exec cat /dev/zero >"$0"', pty.link])
  // Most looks find it waiting in a write, for the line is slower than it is.
  for (let look = 0; look < 3; look += 1)
    expect(serial((await factsOf(undefined, [pty.port])).bound[0]).stalled).toBe(false)
})

test('a connection whose other end is slow, and takes its bytes, is not told as stuck', async () => {
  const server = await startServer()
  await startProgram('socat', ['-u', 'OPEN:/dev/zero', `TCP:127.0.0.1:${server.port}`])
  while (server.sockets.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  const [socket] = server.sockets
  const slow = setInterval(() => socket?.read(), 20)
  onTestFinished(() => clearInterval(slow))
  for (let look = 0; look < 2; look += 1)
    expect(tcp((await factsOf(undefined, [`tcp://127.0.0.1:${server.port}`])).bound[0]).stalled).toBe(false)
})

test('a name whose first address refuses is reached by its second, as a driver reaches it', async () => {
  const server = await startServer()
  const addresses = ['::1', '127.0.0.1']
  const name = { state: 'known', addresses } as const
  expect(await askTcp('localhost', server.port, name)).toBe('accepts')
  expect(await askTcp('localhost', 1, name)).toBe('refused')
})

test('a service is known by its unit, a program of a login is none', async () => {
  const machine = new PlantedMachine()
  const node = machine.serial()
  const slices = [
    '0::/system.slice/system-serial\\x2dgetty.slice/serial-getty@ttyS0.service\n',
    '12:pids:/system.slice/x.service\n1:name=systemd:/system.slice/ModemManager.service\n',
    '0::/user.slice/user-1000.slice/user@1000.service/app.slice/tool.service\n',
    '0::/user.slice/user-1000.slice/session-3.scope\n',
  ]
  for (const slice of slices) machine.process('tool', ['tool'], [node], slice)
  const { serialPorts } = await factsOf(machine)
  expect(serialPorts[0]?.holders.map(({ unit }) => unit)).toEqual([
    'serial-getty@ttyS0.service',
    'ModemManager.service',
    null,
    null,
  ])
})

test('on a busy machine no process is missed for being late, and one that hangs holds nobody up', async () => {
  const machine = new PlantedMachine()
  const node = machine.serial()
  for (const name of ['late', 'later', 'hangs']) machine.process(name, [name], [node])
  const told = [4001, 4002, 4003].map((pid) => join(machine.proc, String(pid), 'comm'))
  for (const path of told) {
    rmSync(path)
    execFileSync('mkfifo', [path])
  }
  // Each is longer in coming than the one before; the last is let go when nobody waits for it any more.
  const answers = 'sleep 0.7; echo late >"$0"; sleep 0.7; echo later >"$1"; sleep 2; : >"$2"'
  const answering = await startProgram('sh', ['-c', answers, ...told])
  const over = once(answering, 'close')
  const facts = await factsOf(machine)
  expect(facts.serialPorts[0]?.holders.map(({ name }) => name)).toEqual(['late', 'later'])
  expect(facts.unseenProcesses).toBe(1)
  expect(answering.exitCode).toBe(null)
  await over
})

test('a device of this product is known by its command, and no argument of any program is told', async () => {
  const machine = new PlantedMachine()
  const node = machine.serial()
  machine.process(
    'MainThread',
    ['/opt/node', '/opt/window24/scripts/window24.js', 'device', '--config', 'x'],
    [node],
  )
  machine.process('python3', ['/usr/bin/python3', '-u', '/home/a/read_card.py', '--pin', '123456'], [node])
  machine.process('minicom', ['minicom', '-D', node], [node])
  machine.process('MainThread', ['node', '/usr/bin/window24', 'simulate', 'scanner'], [node])
  const { serialPorts, window24 } = await factsOf(machine)
  expect(serialPorts[0]?.holders).toEqual([
    { pid: 4001, name: 'node window24.js', unit: null, window24: true },
    { pid: 4002, name: 'python3', unit: null, window24: false },
    { pid: 4003, name: 'minicom', unit: null, window24: false },
    { pid: 4004, name: 'node window24', unit: null, window24: false },
  ])
  expect(window24.map(({ pid }) => pid)).toEqual([4001])
})

test('a user who may not see the files of others is told how many processes were not seen', async () => {
  const pty = await startPty()
  chmodSync(dirname(pty.link), 0o755)
  await startHolder(pty.link)
  const child = fileURLToPath(new URL('./holders-child.ts', import.meta.url))
  const nobody = await startProgram('setpriv', [
    '--reuid=65534',
    '--regid=65534',
    '--clear-groups',
    process.execPath,
    child,
    pty.port,
  ])
  let said = ''
  nobody.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  await once(nobody, 'close')
  const facts = JSON.parse(said)
  expect(facts.user).toMatchObject({ uid: 65534, here: true })
  expect(facts.bound[0]).toMatchObject({ holders: [], access: { allowed: false } })
  expect(facts.unseenProcesses).toBeGreaterThan(0)
})

/** A device server that takes connections and reads only when told. */
async function startServer(): Promise<{ port: number; sockets: Socket[] }> {
  const sockets: Socket[] = []
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  return { port: typeof address === 'object' && address !== null ? address.port : 0, sockets }
}

test('a device server that takes connections is told, and one that refuses', async () => {
  const server = await startServer()
  // Planted, so that no device that happens to run on this machine keeps it from asking.
  const ports = [`tcp://127.0.0.1:${server.port}`, 'tcp://127.0.0.1:1']
  const { bound } = await factsOf(new PlantedMachine(), ports)
  expect(tcp(bound[0])).toMatchObject({ answer: 'accepts', connections: 0, holders: [] })
  expect(tcp(bound[1]).answer).toBe('refused')
})

test('a host that no name server knows is told as that', async () => {
  const { bound } = await factsOf(new PlantedMachine(), ['tcp://no-such-host.invalid:4001'])
  expect(tcp(bound[0]).answer).toBe('unknown-host')
})

test('whoever is connected to a device server is named, and the server is then left alone', async () => {
  const server = await startServer()
  const child = await startProgram('socat', ['-u', `TCP:127.0.0.1:${server.port}`, 'OPEN:/dev/null'])
  while (server.sockets.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  const { bound } = await factsOf(undefined, [`tcp://127.0.0.1:${server.port}`])
  expect(tcp(bound[0])).toMatchObject({
    answer: null,
    connections: 1,
    holders: [{ pid: child.pid, name: 'socat' }],
    stalled: false,
  })
  expect(server.sockets).toHaveLength(1)
})

test('a connection whose other end takes no bytes is told', async () => {
  const server = await startServer()
  await startProgram('socat', ['-u', 'OPEN:/dev/zero', `TCP:127.0.0.1:${server.port}`])
  const port = `tcp://127.0.0.1:${server.port}`
  const deadline = performance.now() + 10_000
  let bound = tcp((await factsOf(undefined, [port])).bound[0])
  while (!bound.stalled && performance.now() < deadline)
    bound = tcp((await factsOf(undefined, [port])).bound[0])
  expect(bound.stalled).toBe(true)
})

test('while a device of this product runs, no connection is tried in its place', async () => {
  const server = await startServer()
  const machine = new PlantedMachine()
  machine.process('MainThread', ['node', '/usr/bin/window24', 'device', '--config', 'x'])
  const { bound } = await factsOf(machine, [`tcp://127.0.0.1:${server.port}`])
  expect(tcp(bound[0])).toMatchObject({ answer: null, connections: 0 })
  expect(server.sockets).toHaveLength(0)
})

test('connections over IPv6 are found as well', async () => {
  if (!existsSync('/proc/net/tcp6')) throw new Error('this machine has no IPv6: /proc/net/tcp6 is missing')
  const server = createServer()
  server.listen(0, '::1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const child = await startProgram('socat', ['-u', `TCP6:[::1]:${port}`, 'OPEN:/dev/null'])
  await once(server, 'connection')
  const { bound } = await factsOf(undefined, [`tcp://[::1]:${port}`])
  expect(tcp(bound[0]).holders.map(({ pid }) => pid)).toEqual([child.pid])
})
