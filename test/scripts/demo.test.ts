import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freeBasePort } from '../free-ports.ts'

const COMMAND = join(import.meta.dirname, '../../scripts/window24.js')
const PRINTED = 'Ctrl-C'
const NOT_IN_TIME_MS = 30_000

let folder: string
const running: ChildProcess[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'demo-test-'))
})
afterEach(() => {
  for (const child of running.splice(0)) {
    if (child.pid !== undefined && isAlive(-child.pid)) process.kill(-child.pid, 'SIGKILL')
  }
  rmSync(folder, { recursive: true, force: true })
})

/** A process, or with a negative number any process of that group. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** The one process that has `argument` on its command line. */
function processRunning(argument: string): number {
  const found = readdirSync('/proc').filter((entry) => {
    try {
      return (
        /^\d+$/.test(entry) && readFileSync(`/proc/${entry}/cmdline`, 'utf8').split('\0').includes(argument)
      )
    } catch {
      return false
    }
  })
  expect(found).toHaveLength(1)
  return Number(found[0])
}

interface Demo {
  child: ChildProcess
  /** What has been printed so far, both streams. */
  text(): string
  /** Ends it as Ctrl-C in a terminal does: the whole group hears it. Answers the exit code. */
  interrupt(): Promise<number>
}

/** In a process group of its own, so that whatever it leaves behind is found. */
async function startDemo(...args: string[]): Promise<Demo> {
  const child = spawn(process.execPath, [COMMAND, 'demo', ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.push(child)
  let text = ''
  const printed = Promise.withResolvers<void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece
      if (text.includes(PRINTED)) printed.resolve()
    })
  }
  child.once('exit', () => printed.resolve())
  const late = setTimeout(printed.reject, NOT_IN_TIME_MS, new Error('the demo printed no table in time'))
  await printed.promise
  clearTimeout(late)
  return {
    child,
    text: () => text,
    async interrupt() {
      const exited = once(child, 'exit')
      process.kill(-(child.pid ?? 0), 'SIGINT')
      const [code] = await exited
      return Number(code)
    },
  }
}

describe('window24 demo', () => {
  it('prints one table, shows its pages, stops on Ctrl-C and leaves no process', async () => {
    const basePort = await freeBasePort()
    const demo = await startDemo('--data', folder, '--base-port', String(basePort))
    for (const name of ['工作台', '自助终端', '评价器', '窗口接口', '大厅服务'])
      expect(demo.text()).toContain(name)
    for (const [port, page] of [
      [basePort, 'terminal'],
      [basePort + 3, 'dock'],
      [basePort + 4, 'pad'],
    ] as const) {
      const response = await fetch(`http://127.0.0.1:${port}/`)
      expect([response.status, new URL(response.url).pathname]).toEqual([200, `/${page}/`])
    }
    expect(await demo.interrupt()).toBe(0)
    expect(isAlive(-(demo.child.pid ?? 0))).toBe(false)
  })

  it('a terminal that dies is told of and comes back by itself', async () => {
    const basePort = await freeBasePort()
    const demo = await startDemo('--data', folder, '--base-port', String(basePort))
    process.kill(processRunning(join(folder, 'terminal', 'device.json')), 'SIGKILL')
    await expect
      .poll(() => demo.text(), { timeout: NOT_IN_TIME_MS })
      .toContain('terminal: ended with SIGKILL')
    const status = () =>
      fetch(`http://127.0.0.1:${basePort}/`).then(
        (response) => response.status,
        () => null,
      )
    await expect.poll(status, { timeout: NOT_IN_TIME_MS }).toBe(200)
    expect(await demo.interrupt()).toBe(0)
    expect(isAlive(-(demo.child.pid ?? 0))).toBe(false)
  })

  it('a taken port gets one line, and the rest runs', async () => {
    const basePort = await freeBasePort()
    const other = createServer().listen(basePort, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const demo = await startDemo('--data', folder, '--base-port', String(basePort))
    const about = demo
      .text()
      .split('\n')
      .filter((line) => line.includes(String(port)))
    expect(about).toEqual([expect.stringMatching(/自助终端.*(taken|in use|占用)/)])
    expect((await fetch(`http://127.0.0.1:${basePort + 4}/`)).status).toBe(200)
    expect(await demo.interrupt()).toBe(0)
    other.close()
  })

  it('a folder that cannot be written gets one line, and everything runs in another', async () => {
    const file = join(folder, 'a-file')
    writeFileSync(file, '')
    const basePort = await freeBasePort()
    const demo = await startDemo('--data', join(file, 'data'), '--base-port', String(basePort))
    const about = demo
      .text()
      .split('\n')
      .filter((line) => line.includes('cannot write'))
    expect(about).toHaveLength(1)
    expect((await fetch(`http://127.0.0.1:${basePort}/`)).status).toBe(200)
    expect(await demo.interrupt()).toBe(0)
  })

  it.each([
    [['--base-port', 'eighty'], 'whole number'],
    [['--colour'], 'colour'],
  ])('%j is told in words and ends with 2', async (args, words) => {
    const demo = await startDemo(...args)
    expect(demo.child.exitCode).toBe(2)
    expect(demo.text()).toContain(words)
  })
})
