/**
 * `window24 device` from its start to its end: the listener of the screen, the technician's pages on it, and the devices
 * that run behind them. A machine that nobody has set up has those pages alone.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Machine } from '../drivers/discovery/machine.ts'
import type { ListenAddress } from './address.ts'
import { type Configuration, readConfiguration } from './configuration.ts'
import { DeviceError } from './device-error.ts'
import type { Device, DeviceOptions } from './device-face.ts'
import { type Front, startFront } from './front.ts'
import { troubleTo } from './hall-side.ts'
import { loadScreenToken } from './http/screen-token.ts'
import { setupRoutes } from './http/setup.ts'
import type { Logger } from './log.ts'
import { mayPass, recordsFault } from './records-fault.ts'
import { createSuccession } from './succession.ts'
import { finishRetiring } from './technician/retire.ts'
import { openTechnician } from './technician/technician.ts'

/** Where a screen is served that no configuration tells of (PROTOCOLS.md §3). */
const FIRST_LISTEN: ListenAddress = { host: '127.0.0.1', port: 8024 }
/** Only the owner: the folder holds the device's key. */
const DATA_FOLDER_MODE = 0o700

export interface RunOptions extends Omit<DeviceOptions, 'configuration' | 'front' | 'memory'> {
  /** device.json; where there is none, the first run makes one. */
  config: string
  /** Where the screen is served, whatever device.json says; null: as it says. */
  listen?: ListenAddress | null
  /** With a device.json that has faults, and whatever else keeps a device from starting, the pages are there all the same. */
  setup?: boolean
  /** When a technician who touches nothing is out; ten minutes unless told otherwise. */
  setupIdleMs?: number
  /** Where peripherals and USB sticks are looked for; this machine unless told otherwise. */
  machine?: Machine
  logger: Logger
}

export interface Told {
  screenUrl: string
  windowUrl: string | null
}

/**
 * Until `stopAsked`. `tell` is told where the browser begins, and once more when a device that could not start at once
 * has come up.
 * @throws DeviceError when this device cannot start, and waiting would not help
 */
export const keepRunning = async (
  options: RunOptions,
  { stopAsked, tell }: { stopAsked: Promise<void>; tell: (urls: Told) => void },
): Promise<void> => {
  await using parts = new AsyncDisposableStack()
  const { config, listen = null, setup = false, setupIdleMs, machine, ...deviceOptions } = options
  const { dataDir, logger, openScreen = false, pagesFolder } = options
  const onTrouble = troubleTo(logger)
  const read = await readOrNone(config, dataDir)
  if (read.state === 'faulty' && !setup)
    throw new DeviceError('configuration', `${config}: ${read.faults.join(`\n  ${config}: `)}`)
  prepareFolder(dataDir)

  const defect = Promise.withResolvers<never>()
  // Awaited only once all has begun.
  defect.promise.catch(() => {})
  let front: Front | null = null
  let untold = true
  const frontAs = async (configuration: Configuration | null): Promise<Front> => {
    if (front !== null) {
      front.become(configuration)
      return front
    }
    const opened = await startFront({
      listen: listen ?? configuration?.screen.listen ?? FIRST_LISTEN,
      configuration,
      token: openScreen ? null : tokenOf(dataDir),
      setup: setupRoutes(technician),
      onTrouble,
      ...(pagesFolder !== undefined && { pagesFolder }),
    })
    parts.defer(() => opened.screen.close())
    front = opened
    return opened
  }
  const tellOf = ({ screen }: Front, device: Device | null): void => {
    untold = device === null
    tell({ screenUrl: screen.startUrl, windowUrl: device?.windowUrl ?? null })
  }
  const succession = createSuccession({
    ...deviceOptions,
    front: frontAs,
    onTechnicianKey: (key) => technician.hallKey(key),
    onDevice(device) {
      technician.deviceChanged(device?.insight ?? null)
      if (device !== null && untold && front !== null) tellOf(front, device)
    },
    onDefect: defect.reject,
  })
  const technician = openTechnician({
    dataDir,
    configPath: config,
    listen,
    openScreen,
    succession,
    faults: read.state === 'faulty' ? read.faults : null,
    front: () => {
      if (front === null) throw new Error('nobody asks before the listener stands')
      return front
    },
    publish: () => front?.screen.publish(),
    ...(pagesFolder !== undefined && { pagesFolder }),
    ...(setupIdleMs !== undefined && { idleMs: setupIdleMs }),
    ...(machine !== undefined && { machine }),
    onTrouble,
  })
  parts.defer(() => technician.close())
  parts.defer(() => succession.turn(() => succession.stop()))

  if (read.state === 'sound') {
    technician.lookAtVersions()
    const { configuration } = read
    await succession.turn(async () => {
      try {
        await succession.start(configuration)
      } catch (error) {
        if (!(error instanceof DeviceError) || !(setup || isWorthWaiting(error, dataDir))) throw error
        const behind = await frontAs(configuration)
        succession.startInTime(configuration, error)
        tellOf(behind, null)
      }
    })
  } else tellOf(await frontAs(null), null)
  await Promise.race([stopAsked, defect.promise])
  // Before the listener goes: whatever a page still shows of somebody is taken from it.
  await succession.turn(() => succession.stop())
}

type Read =
  | { state: 'none' }
  | { state: 'faulty'; faults: string[] }
  | { state: 'sound'; configuration: Configuration }

const readOrNone = async (config: string, dataDir: string): Promise<Read> => {
  finishRetiring(dataDir, config)
  if (!existsSync(config)) return { state: 'none' }
  const read = await readConfiguration(config)
  return read.ok ? { state: 'sound', configuration: read.configuration } : { state: 'faulty', ...read }
}

const prepareFolder = (dataDir: string): void =>
  asRecordsFault(dataDir, () => void mkdirSync(dataDir, { recursive: true, mode: DATA_FOLDER_MODE }))

const tokenOf = (dataDir: string): string => asRecordsFault(dataDir, () => loadScreenToken(dataDir))

const asRecordsFault = <T>(dataDir: string, work: () => T): T => {
  try {
    return work()
  } catch (error) {
    throw recordsFault(error, dataDir)
  }
}

/** In a folder where none has run yet it is a mistake of the configuration: whoever starts the device is told. */
const isWorthWaiting = (error: DeviceError, dataDir: string): boolean =>
  mayPass(error) && existsSync(join(dataDir, 'identity.json'))
