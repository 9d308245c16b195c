/**
 * One device after the other in one process: when a store has to be opened anew, pages and cables wait a moment instead
 * of losing their place. While the disk keeps the next from starting the page says so, and it is tried again.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ListenAddress } from './address.ts'
import type { Configuration } from './configuration.ts'
import { type Device, type DeviceOptions, startDevice } from './device.ts'
import { DeviceError } from './device-error.ts'
import { type Front, startFront } from './front.ts'
import { troubleTo } from './hall-side.ts'
import { loadScreenToken } from './http/screen-token.ts'
import type { Logger } from './log.ts'
import { mayPass, recordsFault } from './records-fault.ts'
import { newStorageMemory } from './storage-watch.ts'

/** A disk that fails at once again is not asked more often; the page that waits asks every two seconds. */
const START_AGAIN_AFTER_MS = 2_000

export interface RunOptions extends Omit<DeviceOptions, 'front' | 'memory'> {
  logger: Logger
}

type Urls = Pick<Device, 'screenUrl' | 'windowUrl'>

/**
 * Until `stopAsked`. `tell` is told where the browser begins, and once more when a device that was kept from starting
 * has come up.
 * @throws DeviceError when this device cannot start, and waiting would not help
 */
export const keepRunning = async (
  options: RunOptions,
  { stopAsked, tell }: { stopAsked: Promise<void>; tell: (urls: Urls) => void },
): Promise<void> => {
  await using parts = new AsyncDisposableStack()
  const { logger } = options
  const memory = newStorageMemory()
  const stopped = stopAsked.then(() => 'stop' as const)
  let { configuration } = options
  let front: Front | null = null
  const frontOf = async (): Promise<Front> => {
    if (front !== null) return front
    const opened = await openFront({ ...options, configuration })
    parts.defer(() => opened.screen.close())
    configuration = onSamePorts(configuration, { screenUrl: opened.screen.startUrl, windowUrl: null })
    front = opened
    return opened
  }
  const startNext = async (): Promise<Device> => {
    const behind = await frontOf()
    const next = await startDevice({ ...options, configuration, memory, front: behind })
    configuration = onSamePorts(configuration, next)
    return next
  }

  let device = await startDevice({ ...options, memory }).catch(async (error: unknown) => {
    if (!isWorthWaiting(error, options.dataDir)) throw error
    logger.error({ code: error.code }, error.message)
    tell({ screenUrl: (await frontOf()).screen.startUrl, windowUrl: null })
    return await untilOneStarts(startNext, stopped, logger)
  })
  if (device === 'stop') return
  configuration = onSamePorts(configuration, device)
  tell(device)
  while ((await Promise.race([stopped, device.storeLost])) !== 'stop') {
    logger.error('the store is closed and opened anew; the page says so meanwhile')
    await device.close().catch(troubleTo(logger))
    await frontOf().catch(troubleTo(logger))
    const next = await untilOneStarts(startNext, stopped, logger)
    if (next === 'stop') return
    device = next
  }
  await device.close()
}

/** In a folder where none has run yet it is a mistake of the configuration: whoever starts the device is told. */
const isWorthWaiting = (error: unknown, dataDir: string): error is DeviceError =>
  error instanceof DeviceError && mayPass(error) && existsSync(join(dataDir, 'identity.json'))

const openFront = ({ configuration, dataDir, openScreen, logger, pagesFolder }: RunOptions): Promise<Front> =>
  startFront({
    configuration,
    token: openScreen ? null : tokenOf(dataDir),
    onTrouble: troubleTo(logger),
    ...(pagesFolder !== undefined && { pagesFolder }),
  })

const tokenOf = (dataDir: string): string => {
  try {
    return loadScreenToken(dataDir)
  } catch (error) {
    throw recordsFault(error, dataDir)
  }
}

const untilOneStarts = async (
  start: () => Promise<Device>,
  stopped: Promise<'stop'>,
  logger: Logger,
): Promise<Device | 'stop'> => {
  let told = ''
  for (;;) {
    const end = new AbortController()
    const waited = sleep(START_AGAIN_AFTER_MS, undefined, { signal: end.signal }).catch(() => {})
    const stop = await Promise.race([stopped, waited])
    end.abort()
    if (stop === 'stop') return stop
    try {
      return await start()
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error
      // A disk may stay full for a night: its words are logged once.
      if (error.message !== told) logger.error({ code: error.code }, error.message)
      told = error.message
    }
  }
}

/** Where the browser and the window's system look for it. */
const onSamePorts = (configuration: Configuration, { screenUrl, windowUrl }: Urls): Configuration => {
  const { screen, window } = configuration
  const at = <T extends { listen: ListenAddress }>(part: T, url: string): T => ({
    ...part,
    listen: { ...part.listen, port: Number(new URL(url).port) || part.listen.port },
  })
  return {
    ...configuration,
    screen: at(screen, screenUrl),
    ...(window !== undefined && windowUrl !== null && { window: at(window, windowUrl) }),
  }
}
