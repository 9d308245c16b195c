/** The terminal behind a journey's screen: in this process, or in one of its own. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseConfiguration } from '../../../device/configuration.ts'
import { startDevice } from '../../../device/device.ts'
import type { SessionTimings } from '../../../device/session/state.ts'
import { SILENT } from '../../device/support/silent.ts'
import { shareTypesetter } from '../../device/support/typesetter.ts'

const ENTRY = fileURLToPath(new URL('./run-terminal.ts', import.meta.url))

export interface TerminalDeviceOptions {
  configuration: object
  dataDir: string
  sessionTimings: SessionTimings
  /** Arguments of Node for a process of its own; null: in this one, which is far cheaper. */
  ownProcess: string[] | null
}

export interface TerminalDevice {
  screenUrl: string
  /** Null in this process. */
  child: ChildProcess | null
  close(): Promise<void>
}

export async function startTerminalDevice(options: TerminalDeviceOptions): Promise<TerminalDevice> {
  const { configuration, dataDir, sessionTimings, ownProcess } = options
  if (ownProcess === null) {
    const parsed = parseConfiguration(configuration)
    if (!parsed.ok) throw new Error(parsed.faults.join('\n'))
    const device = await startDevice({
      configuration: parsed.configuration,
      dataDir,
      openScreen: true,
      logger: SILENT,
      sessionTimings,
      documents: shareTypesetter,
    })
    return { screenUrl: device.screenUrl, child: null, close: () => device.close() }
  }
  const child = fork(ENTRY, [JSON.stringify(configuration), dataDir, JSON.stringify(sessionTimings)], {
    execArgv: ownProcess,
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  const exited = once(child, 'exit')
  const said = await Promise.race([once(child, 'message'), exited.then(() => null)])
  if (said === null) throw new Error('the terminal did not start; its reason stands above')
  return {
    screenUrl: String(said[0].screenUrl),
    child,
    async close() {
      if (child.connected) child.disconnect()
      await exited
    },
  }
}
