/** A hall server in a process of its own, as it is deployed, watched from outside: its memory, its log, its life. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const COMMAND = join(import.meta.dirname, '..', '..', '..', 'scripts', 'window24.js')
/** `clear_refs` 5 sets the peak of resident memory back to what is resident now (proc_pid_clear_refs(5)). */
const RESET_PEAK = '5'
const KIB = 1024
/** In which Linux tells of processor time, whatever its own clock (proc_pid_stat(5), `getconf CLK_TCK`). */
const MS_PER_TICK = 10
/** A hall process starts, serves and ends while the machine may do ten other things. */
export const HALL_TEST_TIMEOUT_MS = 120_000
/** It ends within a second; what takes so much longer on a busy machine hangs. */
const STOP_PATIENCE_MS = 30_000

export interface HallProcess {
  readonly dir: string
  readonly url: string
  readonly host: string
  readonly port: number
  readonly pid: number
  enrolmentCode(): Promise<string>
  /** Bytes resident now, and the most since `resetPeak`. */
  memory(): { now: number; peak: number }
  resetPeak(): void
  /** Processor time that it has used so far: the same whatever else the machine does. */
  workedMs(): number
  /** All that it has written so far. */
  log(): string
  alive(): boolean
  /** Stops it and takes its folder away; gives its exit code, null when it had to be killed. */
  stop(): Promise<number | null>
  /** As kill -9 does it; the folder stays. */
  kill(): Promise<void>
}

/** @param options `dir`: a folder that outlives it; one of its own otherwise, which goes when it stops */
export async function startHallProcess(options: { dir?: string } = {}): Promise<HallProcess> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'w24-hostile-'))
  const child = spawn(process.execPath, [COMMAND, 'hall', '--data', dir, '--listen', '127.0.0.1:0'], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let log = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    log += chunk
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    log += chunk
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  const { url } = await Promise.race([
    told<{ ready: true; url: string }>(child, 'ready'),
    ended.then((code) => {
      throw new Error(`the hall ended with ${code}: ${log}`)
    }),
  ])
  const { hostname: host, port } = new URL(url)
  const pid = child.pid ?? 0
  return {
    dir,
    url,
    host,
    port: Number(port),
    pid,
    async enrolmentCode() {
      const answer = told<{ enrolmentCode: string }>(child, 'enrolmentCode')
      child.send({ ask: 'enrolment-code' })
      return (await answer).enrolmentCode
    },
    memory() {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8')
      const kib = (name: string): number =>
        Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1])
      return { now: kib('VmRSS') * KIB, peak: kib('VmHWM') * KIB }
    },
    workedMs() {
      // The name may hold blanks; what is behind it does not. User and system time are the 14th and 15th of all.
      const behindName = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')
      return (Number(behindName[11]) + Number(behindName[12])) * MS_PER_TICK
    },
    resetPeak: () => writeFileSync(`/proc/${pid}/clear_refs`, RESET_PEAK),
    log: () => log,
    alive: () => child.exitCode === null && child.signalCode === null,
    async stop() {
      child.kill('SIGTERM')
      const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS)
      const code = await ended
      clearTimeout(impatience)
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true })
      return code
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** The next message that has this member. */
function told<T>(child: ChildProcess, member: string): Promise<T> {
  return new Promise((resolve) => {
    const listen = (message: unknown): void => {
      if (typeof message !== 'object' || message === null || !(member in message)) return
      child.off('message', listen)
      resolve(message as T)
    }
    child.on('message', listen)
  })
}
