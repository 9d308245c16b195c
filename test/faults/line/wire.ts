/**
 * Two network namespaces and a bad wire between them: real TCP of the kernel meets real loss, doubling, delay,
 * reordering and silence. A connection to `url` goes in at one end and comes out at the hall's.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SOURCE = join(import.meta.dirname, 'wire.c')
const FAR_ADDRESS = '10.77.0.2'
const FAR_PORT = 7_000
const MAX_LISTEN_TRIES = 400

export interface WireCounts {
  passed: number
  lost: number
  doubled: number
  reordered: number
}

export interface Wire {
  /** A hall's address for a device; http on loopback, as the contract wants it. */
  readonly url: string
  /** Shares of a thousand, and milliseconds. */
  set(faults: { loss: number; twice: number; delayMs: number; jitterMs: number }): Promise<WireCounts>
  /** Nothing passes and nobody is told, until `set`. */
  cut(): Promise<WireCounts>
  close(): Promise<void>
}

/** @throws Error where there is no root, iproute2, gcc or socat */
export async function startWire(hallUrl: string): Promise<Wire> {
  const folder = mkdtempSync(join(tmpdir(), 'w24-wire-'))
  const [near, middle, far] = ['near', 'middle', 'far'].map((end) => `w24-${end}-${process.pid}`) as [
    string,
    string,
    string,
  ]
  const program = join(folder, 'wire')
  const children: ChildProcess[] = []
  const servers: Server[] = []
  const close = async (): Promise<void> => {
    for (const child of children) child.kill('SIGKILL')
    for (const server of servers) server.close()
    for (const name of [near, middle, far]) quietly(() => run('ip', 'netns', 'del', name))
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    run('gcc', '-O2', '-Wall', '-Werror', '-o', program, SOURCE)
    for (const name of [near, middle, far]) run('ip', 'netns', 'add', name)
    lay(program, near, middle, 'near', '10.77.0.1')
    lay(program, far, middle, 'far', FAR_ADDRESS)
    const wire = within(middle, program, 'near-end', 'far-end')
    children.push(wire)

    const [nearSocket, farSocket] = [join(folder, 'near.sock'), join(folder, 'far.sock')]
    const { hostname, port } = new URL(hallUrl)
    servers.push(await relay(farSocket, () => connect(Number(port), hostname)))
    children.push(within(far, 'socat', `TCP-LISTEN:${FAR_PORT},fork,reuseaddr`, `UNIX-CONNECT:${farSocket}`))
    children.push(within(near, 'socat', `UNIX-LISTEN:${nearSocket},fork`, `TCP:${FAR_ADDRESS}:${FAR_PORT}`))
    const entrance = await relay(0, () => connect(nearSocket))
    servers.push(entrance)
    await listening(nearSocket, far)

    const tell = (command: string): Promise<WireCounts> =>
      new Promise((resolve) => {
        wire.stdout?.once('data', (line: Buffer) => resolve(JSON.parse(String(line)) as WireCounts))
        wire.stdin?.write(`${command}\n`)
      })
    return {
      url: `http://127.0.0.1:${(entrance.address() as AddressInfo).port}`,
      set: ({ loss, twice, delayMs, jitterMs }) => tell(`set ${loss} ${twice} ${delayMs} ${jitterMs}`),
      cut: () => tell('cut'),
      close,
    }
  } catch (cause) {
    await close()
    throw new Error('a wire of its own needs root, iproute2, gcc and socat: run this test where they are', {
      cause,
    })
  }
}

/** One end in its namespace with an address, the other in the middle, both without the card's help. */
function lay(program: string, end: string, middle: string, name: string, address: string): void {
  run('ip', '-n', end, 'link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}-end`, 'netns', middle)
  run('ip', '-n', end, 'address', 'add', `${address}/24`, 'dev', name)
  for (const [namespace, device] of [
    [end, name],
    [middle, `${name}-end`],
  ] as const) {
    run('ip', 'netns', 'exec', namespace, program, '--plain', device)
    run('ip', '-n', namespace, 'link', 'set', device, 'up')
  }
}

function within(namespace: string, ...command: string[]): ChildProcess {
  return spawn('ip', ['netns', 'exec', namespace, ...command], { stdio: ['pipe', 'pipe', 'ignore'] })
}

/** Every connection to `at` is joined with one from `onward`; the end of one is the end of the other. */
function relay(at: string | number, onward: () => ReturnType<typeof connect>): Promise<Server> {
  const server = createServer((inward) => {
    const outward = onward()
    inward.pipe(outward).pipe(inward)
    for (const [one, other] of [
      [inward, outward],
      [outward, inward],
    ] as const) {
      one.on('error', () => {})
      one.on('close', () => other.destroy())
    }
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    const listens = (): void => resolve(server)
    if (typeof at === 'string') server.listen(at, listens)
    else server.listen(at, '127.0.0.1', listens)
  })
}

async function listening(nearSocket: string, far: string): Promise<void> {
  for (let tries = 0; tries < MAX_LISTEN_TRIES; tries += 1) {
    const there = execFileSync('ip', ['netns', 'exec', far, 'cat', '/proc/net/tcp'], { encoding: 'utf8' })
    if (existsSync(nearSocket) && there.includes(`:${FAR_PORT.toString(16).toUpperCase().padStart(4, '0')} `))
      return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('socat does not listen')
}

function run(command: string, ...words: string[]): void {
  execFileSync(command, words, { stdio: ['ignore', 'ignore', 'pipe'] })
}

function quietly(act: () => void): void {
  try {
    act()
  } catch {
    // A namespace that was never made.
  }
}
