import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../runtime.js'

/** What a part says over its IPC channel once it runs, or instead of running. */
interface Hello {
  ready: boolean
  url?: string
  screenUrl?: string
  windowUrl?: string
  message?: string
}

/** A hall server or a device: a process of its own, exactly as it runs in a hall. */
export interface Part {
  readonly name: string
  hello(): Hello
  /** Asks over IPC and waits for the message that has that key; null when none comes in time. */
  ask<T>(question: string, key: string): Promise<T | null>
  /** Starts it anew (`npm run dev`, after a change of its sources). */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** A part that has not said a word by then will not: seconds of work, many times as long where much else runs. */
const START_DEADLINE_MS = 45_000
/** Devices promise to stop within 2 s; past this they are ended hard so that no process stays behind. */
const STOP_DEADLINE_MS = 4_000
/** Long enough for a port to be free again. */
const RESTART_AFTER_MS = 1_000
/** Answered at once by a part that has a processor; what is asked for is needed. */
const ASK_DEADLINE_MS = 5_000

/** `logFile` takes what it prints, so that the demo's own table stays readable. */
export async function startPart(name: string, args: string[], logFile: string): Promise<Part> {
  let child: ChildProcess
  let hello: Hello = { ready: false, message: 'not started' }
  let stopping = false

  const start = async () => {
    const log = openSync(logFile, 'a', 0o600)
    child = spawn(process.execPath, [join(root, 'scripts/window24.js'), ...args], {
      stdio: ['ignore', log, log, 'ipc'],
    })
    closeSync(log)
    const exited = once(child, 'exit').then(
      ([code]): Hello => ({ ready: false, message: `ended with code ${code}` }),
    )
    const late = new Promise<Hello>((resolve) => {
      setTimeout(resolve, START_DEADLINE_MS, { ready: false, message: 'did not start in time' }).unref()
    })
    const said = once(child, 'message').then(([message]) => message as Hello)
    hello = await Promise.race([said, exited, late])
    if (hello.ready) watchOver(child)
  }

  /** A part that dies comes back by itself, as a service manager would see to. */
  const watchOver = (own: ChildProcess) => {
    own.once('exit', (code, signal) => {
      if (own !== child || stopping) return
      hello = { ready: false, message: `ended with ${signal ?? code}` }
      console.log(`${name}: ${hello.message}; 重新启动 · starting it again`)
      setTimeout(() => {
        if (!stopping) void start()
      }, RESTART_AFTER_MS)
    })
  }

  const stop = async () => {
    stopping = true
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    const hard = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS)
    await exited
    clearTimeout(hard)
  }

  await start()
  let asking: Promise<unknown> = Promise.resolve()
  return {
    name,
    hello: () => hello,
    ask<T>(question: string, key: string) {
      // One at a time: answers carry no number, so two questions at once could take each other's.
      const answer = asking.then(() => askNow<T>(child, question, key))
      asking = answer
      return answer
    },
    async restart() {
      await stop()
      stopping = false
      await start()
    },
    stop,
  }
}

function askNow<T>(child: ChildProcess, question: string, key: string): Promise<T | null> {
  return new Promise((resolve) => {
    if (!child.connected) {
      resolve(null)
      return
    }
    const finish = (answer: T | null) => {
      clearTimeout(deadline)
      child.off('message', onMessage)
      resolve(answer)
    }
    const onMessage = (message: unknown) => {
      if (typeof message === 'object' && message !== null && key in message) finish(message as T)
    }
    const deadline = setTimeout(finish, ASK_DEADLINE_MS, null)
    child.on('message', onMessage)
    child.send({ ask: question })
  })
}
