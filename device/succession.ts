/**
 * One device after the other in one process, behind one listener of the screen: pages and cables wait a moment instead
 * of losing their place. While something keeps the next from starting, the page says so, and it is tried again.
 */
import type { ListenAddress } from './address.ts'
import type { Configuration } from './configuration.ts'
import { type Device, startDevice } from './device.ts'
import { DeviceError } from './device-error.ts'
import type { DeviceOptions } from './device-face.ts'
import type { Front } from './front.ts'
import { troubleTo } from './hall-side.ts'
import type { Logger } from './log.ts'
import { newStorageMemory } from './storage-watch.ts'

/** A disk that fails at once again is not asked more often; the page that waits asks every two seconds. */
const START_AGAIN_AFTER_MS = 2_000

export interface SuccessionOptions extends Omit<DeviceOptions, 'configuration' | 'front' | 'memory'> {
  logger: Logger
  /** The screen's listener, opened when it is needed first, as whose it is then. */
  front: (configuration: Configuration) => Promise<Front>
  /** Another runs now, or none any more. */
  onDevice: (device: Device | null) => void
  /** A defect: nothing can be done about it here. */
  onDefect: (error: unknown) => void
}

export interface Succession {
  device(): Device | null
  /** What is to run: it does, or it is tried again and again. Null: nothing is. */
  configuration(): Configuration | null
  /** Why none runs; null while one does, or none is to. */
  stopped(): DeviceError | null
  /** One change after the other. */
  turn<T>(work: () => Promise<T>): Promise<T>
  /** Within a turn. @throws what keeps it from starting; then nothing is to run */
  start(configuration: Configuration): Promise<void>
  /** Within a turn: as `start`, and what keeps it from starting may pass. */
  startInTime(configuration: Configuration, error: DeviceError): void
  /**
   * Within a turn: another in place of the one that runs.
   * @returns why it could not start; then the one before is to run again
   */
  replace(next: Configuration): Promise<DeviceError | null>
  /** Within a turn: nothing is to run any more. */
  stop(): Promise<void>
}

export const createSuccession = (options: SuccessionOptions): Succession => {
  const { front, onDevice, onDefect, logger, ...deviceOptions } = options
  const memory = newStorageMemory()
  let device: Device | null = null
  let configuration: Configuration | null = null
  let stopped: DeviceError | null = null
  let told = ''
  let again: NodeJS.Timeout | undefined
  let windowPort: number | null = null
  let last: Promise<unknown> = Promise.resolve()

  const turn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work)
    last = done.catch(() => {})
    return done
  }

  const start = async (next: Configuration): Promise<void> => {
    clearTimeout(again)
    const started = await startDevice({
      ...deviceOptions,
      logger,
      configuration: onSamePort(next, windowPort),
      memory,
      front: () => front(next),
    })
    windowPort = started.windowUrl === null ? windowPort : Number(new URL(started.windowUrl).port)
    device = started
    configuration = next
    stopped = null
    told = ''
    started.storeLost.then(() => turn(() => reopen(started))).catch(onDefect)
    onDevice(started)
  }

  const startInTime = (next: Configuration, error: DeviceError): void => {
    configuration = next
    stopped = error
    // A disk may stay full for a night: its words are logged once.
    if (error.message !== told) logger.error({ code: error.code }, error.message)
    told = error.message
    onDevice(null)
    again = setTimeout(() => turn(tryAgain).catch(onDefect), START_AGAIN_AFTER_MS)
  }

  const startSurely = async (next: Configuration): Promise<void> => {
    try {
      await start(next)
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error
      startInTime(next, error)
    }
  }

  const tryAgain = async (): Promise<void> => {
    if (device === null && configuration !== null) await startSurely(configuration)
  }

  const closeRunning = async (): Promise<void> => {
    clearTimeout(again)
    const running = device
    device = null
    if (running === null) return
    onDevice(null)
    await running.close().catch(troubleTo(logger))
  }

  const reopen = async (lost: Device): Promise<void> => {
    if (device !== lost || configuration === null) return
    logger.error('the store is closed and opened anew; the page says so meanwhile')
    await closeRunning()
    again = setTimeout(() => turn(tryAgain).catch(onDefect), START_AGAIN_AFTER_MS)
  }

  return {
    device: () => device,
    configuration: () => configuration,
    stopped: () => stopped,
    turn,
    start,
    startInTime,
    async replace(next) {
      const before = configuration
      await closeRunning()
      try {
        await start(next)
        return null
      } catch (error) {
        if (before !== null) await startSurely(before)
        else stopped = null
        if (!(error instanceof DeviceError)) throw error
        return error
      }
    },
    async stop() {
      await closeRunning()
      configuration = null
      stopped = null
    },
  }
}

/** Where the window's system looks for it, when the configuration leaves the port to the machine. */
const onSamePort = (configuration: Configuration, port: number | null): Configuration => {
  const { window } = configuration
  if (window === undefined || window.listen.port !== 0 || port === null) return configuration
  const listen: ListenAddress = { ...window.listen, port }
  return { ...configuration, window: { ...window, listen } }
}
