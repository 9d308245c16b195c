/** Processes under test: started with or without the shim, stopped, let go on, and killed without a word. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { WriterOptions } from './writer.ts'

const LOOK_MS = 1
/** A process that neither stops nor ends by then hangs; on a loaded machine a start takes seconds. */
const PATIENCE_MS = 60_000

export interface Running {
  readonly pid: number
  readonly ended: boolean
  /** Null while it runs or when a signal ended it. */
  readonly exitCode: number | null
  /** What it said of its own end, for whoever reads a fault. */
  words(): string
  /** SIGSTOP, and every thread of it stands. False: it has ended. */
  stop(): Promise<boolean>
  /**
   * Until the shim has stopped it, or it has ended or there is nothing to wait for any more (false), or so long has
   * passed (true: it is stopped then).
   */
  untilStopped(forMs: number, isVain?: () => boolean): Promise<boolean>
  goOn(): void
  kill(): Promise<void>
  untilEnd(): Promise<void>
}

export interface RunningHall extends Running {
  readonly url: string
  readonly enrolmentCode: string
}

export function startWriter(options: WriterOptions, environment: Record<string, string> = {}): Running {
  return running(start('run-writer.ts', [JSON.stringify(options)], environment))
}

/** A hall that is on its way up: `ready` rejects when it ends before. */
export function beginHall(
  dataDir: string,
  environment: Record<string, string> = {},
  listen = '127.0.0.1:0',
): { process: Running; ready: Promise<RunningHall> } {
  const child = start('run-hall.ts', [dataDir, listen], environment)
  const process = running(child)
  const gone = once(child, 'exit').then(() => [null])
  const ready = Promise.race([once(child, 'message'), gone]).then(([told]) => {
    if (told === null) throw new Error(`the hall does not start: ${process.words()}`)
    return Object.assign(process, { url: String(told.url), enrolmentCode: String(told.enrolmentCode) })
  })
  return { process, ready }
}

/** @throws Error when the hall does not come up */
export const startHallProcess = (...given: Parameters<typeof beginHall>): Promise<RunningHall> =>
  beginHall(...given).ready

function start(entry: string, words: string[], environment: Record<string, string>): ChildProcess {
  return fork(join(import.meta.dirname, entry), words, {
    silent: true,
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
  })
}

const KEPT_WORDS = 4096

export function running(child: ChildProcess): Running {
  let said = ''
  const hear = (chunk: Buffer): void => {
    said = (said + chunk.toString()).slice(-KEPT_WORDS)
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  const exit = once(child, 'exit')
  const pid = child.pid ?? 0
  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null

  async function stands(forMs: number, isVain = () => false): Promise<boolean | 'runs'> {
    const end = performance.now() + forMs
    for (;;) {
      if (ended() || isVain()) return false
      if (isStopped(pid)) return true
      if (performance.now() > end) return 'runs'
      await sleep(LOOK_MS)
    }
  }

  const stop = async (): Promise<boolean> => {
    if (ended()) return false
    child.kill('SIGSTOP')
    const outcome = await stands(PATIENCE_MS)
    if (outcome === 'runs') throw new Error(`process ${pid} does not stop`)
    return outcome
  }

  return {
    pid,
    get ended() {
      return ended()
    },
    get exitCode() {
      return child.exitCode
    },
    words: () => said,
    stop,
    async untilStopped(forMs, isVain) {
      const outcome = await stands(forMs, isVain)
      return outcome === 'runs' ? await stop() : outcome
    },
    goOn: () => void child.kill('SIGCONT'),
    async kill() {
      if (!ended()) child.kill('SIGKILL')
      await exit
    },
    async untilEnd() {
      await exit
    },
  }
}

/** Every thread: one that is still on its way out of the kernel may be writing. */
function isStopped(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).every((thread) =>
      /\) [TtZX] /.test(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')),
    )
  } catch {
    return false
  }
}
