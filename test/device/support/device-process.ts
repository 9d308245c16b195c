/** `window24 device` as a process of its own, for what only a process can show: signals, exit codes, a kill -9. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const ENTRY = fileURLToPath(new URL('./run-device.ts', import.meta.url))
/** Seconds of work, and on a machine that does other things besides many times as long. Only a failure waits for it. */
const START_MS = 50_000

export interface DeviceProcess {
  child: ChildProcess
  screenUrl: string
  windowUrl: string | null
  /** Without a word to it, as the power goes. */
  kill(): Promise<void>
}

export const forkDevice = (
  args: string[],
  execArgv: string[] = [],
  env: Record<string, string> = {},
): ChildProcess =>
  fork(ENTRY, args, { silent: true, execArgv, env: { ...process.env, NODE_OPTIONS: '', ...env } })

export const messageOf = async (child: ChildProcess): Promise<Record<string, unknown>> => {
  const [message] = await once(child, 'message', { signal: AbortSignal.timeout(START_MS) })
  return message
}

export const exitOf = async (child: ChildProcess): Promise<number | null> => {
  if (child.exitCode !== null) return child.exitCode
  const [code] = await once(child, 'exit', { signal: AbortSignal.timeout(START_MS) })
  return code
}

export const startDeviceProcess = async (
  configPath: string,
  dataDir: string,
  execArgv: string[] = [],
  env: Record<string, string> = {},
): Promise<DeviceProcess> => {
  const child = forkDevice(['--config', configPath, '--data', dataDir, '--open-screen'], execArgv, env)
  const message = await messageOf(child)
  if (message.ready !== true) throw new Error(`the device did not start: ${JSON.stringify(message)}`)
  return {
    child,
    screenUrl: String(message.screenUrl),
    windowUrl: message.windowUrl === null ? null : String(message.windowUrl),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}
