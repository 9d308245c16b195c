/** The processes that a bench runs side by side: each sender, server and store by itself, as they are in a hall. */
import { type ChildProcess, fork, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const STOP_PATIENCE_MS = 5_000

export interface Child {
  pid: number
  /** The next message that has all of these members. */
  told<T extends object>(...members: (keyof T & string)[]): Promise<T>
  tell(message: object): void
  stop(): Promise<void>
}

/** Whatever ends this process ends the children too: they leave when their channel closes. */
export function startChild(script: URL, args: readonly string[], env: Record<string, string> = {}): Child {
  const stdio: StdioOptions = ['ignore', 'ignore', process.env.BENCH_LOUD ? 'inherit' : 'ignore', 'ipc']
  const child = fork(fileURLToPath(script), [...args], { stdio, env: { ...process.env, ...env } })
  const kept: object[] = []
  const listeners = new Set<() => void>()
  child.on('message', (message) => {
    if (typeof message === 'object' && message !== null) kept.push(message)
    for (const listener of listeners) listener()
  })
  return {
    pid: child.pid ?? 0,
    tell: (message) => void child.send(message),
    told: <T extends object>(...members: (keyof T & string)[]) =>
      new Promise<T>((resolve, reject) => {
        const look = (): void => {
          const at = kept.findIndex((message) => members.every((member) => member in message))
          const found = at < 0 ? undefined : kept.splice(at, 1)[0]
          if (found === undefined) return
          settle()
          resolve(found as T)
        }
        const gone = (code: number | null): void => {
          settle()
          reject(new Error(`${fileURLToPath(script)} ended (${code}) before it told ${members.join(', ')}`))
        }
        const settle = (): void => {
          listeners.delete(look)
          child.off('exit', gone)
        }
        listeners.add(look)
        child.on('exit', gone)
        look()
      }),
    stop: () => stopChild(child),
  }
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS)
  await gone
  clearTimeout(impatience)
}

/** Fields 14 and 15 of /proc/PID/stat, in ticks of 10 ms on every Linux (proc(5)). */
const TICK_MS = 10

/** Processor time of a process so far, all its threads: unlike the clock it says the same on a busy machine. */
export function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

export interface HallProcess extends Child {
  url: string
  enrolmentCode(): Promise<string>
  events(): Promise<number>
}

/** The real command, as it is installed. @param more further arguments of `window24 hall` */
export async function startHallProcess(dataDir: string, more: readonly string[] = []): Promise<HallProcess> {
  const args = ['hall', '--data', dataDir, '--listen', '127.0.0.1:0', ...more]
  const child = startChild(new URL('./window24.ts', import.meta.url), args)
  const { url } = await child.told<{ ready: true; url: string }>('ready', 'url')
  return {
    ...child,
    url,
    async enrolmentCode() {
      child.tell({ ask: 'enrolment-code' })
      return (await child.told<{ enrolmentCode: string }>('enrolmentCode')).enrolmentCode
    },
    async events() {
      child.tell({ ask: 'counts' })
      return (await child.told<{ counts: { events: number } }>('counts')).counts.events
    },
  }
}
