/** The terminal of a night: its hall, what is attached to it, its folder and its log; killed and started again. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TerminalState } from '../../../device/http/contract.ts'
import { SESSION_TIMINGS } from '../../../device/session/session.ts'
import type { SessionTimings } from '../../../device/session/state.ts'
import { deviceJson } from '../../device/support/house.ts'
import { openTerminal } from '../../device/support/screen.ts'
import { freeBasePort } from '../../free-ports.ts'
import { openHall } from '../bench/hall.ts'
import { type PeripheralsBench, startPeripheralsBench } from '../bench/peripherals.ts'

const ENTRY = fileURLToPath(new URL('./run-terminal.ts', import.meta.url))
/** Any free port, on this machine only. */
const INSPECTED = '--inspect=127.0.0.1:0'
/** Nobody is thrown out of a journey on a slow machine before its test wants that. */
export const PATIENT: SessionTimings = { ...SESSION_TIMINGS, idle: 600_000, ending: 250 }
const ALL = { reader: true, scanner: true, receiptPrinter: true, pagePrinter: true }

export interface NightTerminal {
  url: string
  /** Where it keeps everything. */
  dataDir: string
  log(): string
  /** Where it can be looked into. */
  inspector(): string
  peripherals: PeripheralsBench
  /** The first state that fits; it is read beside the page. */
  until(fits: (state: TerminalState) => boolean): Promise<TerminalState>
  /** From the next touch on. */
  setTimings(timings: Partial<SessionTimings>): Promise<void>
  /** As when the power goes. */
  kill(): Promise<void>
  startAgain(): Promise<void>
}

export async function startNightTerminal(
  folder: string,
  parts: AsyncDisposableStack,
): Promise<NightTerminal> {
  const [dataDir, config, logFile] = ['data', 'device.json', 'terminal.log'].map((name) => join(folder, name))
  if (dataDir === undefined || config === undefined || logFile === undefined) throw new Error('no folder')
  const hall = await openHall()
  parts.defer(() => hall.close())
  const peripherals = await startPeripheralsBench(ALL, parts)
  const json = deviceJson({
    role: 'terminal',
    hallUrl: hall.url,
    enrolmentCode: hall.createEnrolmentCode(),
    peripherals: peripherals.configuration,
  })
  const port = await freeBasePort()
  const url = `http://127.0.0.1:${port}/`
  writeFileSync(config, JSON.stringify({ ...json, screen: { listen: `127.0.0.1:${port}` } }))
  let child = await start([config, dataDir, JSON.stringify(PATIENT)], logFile)
  parts.defer(() => kill(child))

  const until: NightTerminal['until'] = async (fits) => {
    const told = await openTerminal(url)
    return await told.until(fits).finally(told.close)
  }
  const isReady = (state: TerminalState): boolean =>
    state.hall !== null &&
    state.line.online &&
    Object.values(state.peripherals).every((one) => one.state === 'ready')
  await until(isReady)
  return {
    url,
    dataDir,
    peripherals,
    until,
    log: () => readFileSync(logFile, 'utf8'),
    inspector() {
      const address = [...readFileSync(logFile, 'utf8').matchAll(/ws:\/\/127\.0\.0\.1:\d+\/[\w-]+/g)].at(-1)
      if (address === undefined) throw new Error('the terminal opened no inspector')
      return address[0]
    },
    async setTimings(timings) {
      const changed = once(child, 'message')
      child.send(timings)
      await changed
    },
    kill: () => kill(child),
    async startAgain() {
      child = await start([config, dataDir, JSON.stringify(PATIENT)], logFile)
      await until(isReady)
    },
  }
}

async function start(args: string[], logFile: string): Promise<ChildProcess> {
  const log = openSync(logFile, 'a', 0o600)
  const child = fork(ENTRY, args, {
    execArgv: [INSPECTED],
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  const exited = once(child, 'exit').then(() => null)
  if ((await Promise.race([once(child, 'message'), exited])) === null)
    throw new Error(`the terminal did not start: ${readFileSync(logFile, 'utf8')}`)
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}
