/** `window24 device` (PROTOCOLS.md §5). */
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { ListenAddress } from './address.ts'
import { type Configuration, readConfiguration } from './configuration.ts'
import { type Device, type DeviceOptions, startDevice } from './device.ts'
import { DeviceError } from './device-error.ts'
import { createLogger, type Logger } from './log.ts'
import { onParentGone, tellParent } from './parent.ts'

const DONE = 0
const FAULT_FOUND = 1
const WRONG_USE = 2

const HELP = `window24 device: a terminal or a pad, as its configuration says

  window24 device --config FILE --data DIR [--open-screen]
      runs until it is stopped and prints where the screen's browser begins
      --config       device.json
      --data         the folder that holds this device's key and store
      --open-screen  serve the screen without a one-time address (for demonstrations)

  exit codes: 0 done, 1 fault found, 2 wrong use
`

interface Options {
  config: string
  data: string
  openScreen: boolean
}

/** @returns the exit code, once the device has been stopped or could not start */
export const deviceCommand = async (args: string[], logger: Logger = createLogger()): Promise<number> => {
  const read = readArguments(args)
  if (read === 'help') {
    process.stdout.write(HELP)
    return DONE
  }
  if (typeof read === 'string') {
    process.stderr.write(`window24 device: ${read}\n\n${HELP}`)
    return WRONG_USE
  }
  const stopping = watchForStop()
  try {
    await run(read, stopping.asked, logger)
    return DONE
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error
    tellParent({ ready: false, code: error.code, message: error.message })
    process.stderr.write(`window24 device: ${error.message}\n`)
    return FAULT_FOUND
  } finally {
    stopping.release()
  }
}

const readArguments = (args: string[]): Options | 'help' | (string & {}) => {
  try {
    const { values } = parseArgs({
      args,
      options: {
        config: { type: 'string' },
        data: { type: 'string' },
        'open-screen': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return 'help'
    if (values.config === undefined) return '--config FILE is needed: the device.json of this device'
    if (values.data === undefined)
      return '--data DIR is needed: the folder that this device keeps everything in'
    return { config: values.config, data: resolve(values.data), openScreen: values['open-screen'] }
  } catch (error) {
    if (error instanceof TypeError) return error.message
    throw error
  }
}

const run = async (
  { config, data, openScreen }: Options,
  stopAsked: Promise<void>,
  logger: Logger,
): Promise<void> => {
  const parsed = await readConfiguration(config)
  if (!parsed.ok)
    throw new DeviceError('configuration', `${config}: ${parsed.faults.join(`\n  ${config}: `)}`)
  const { configuration } = parsed
  let device = await startDevice({ configuration, dataDir: data, openScreen, logger })
  const { screenUrl, windowUrl } = device
  if (!tellParent({ ready: true, screenUrl, windowUrl })) {
    process.stdout.write(`screen: ${screenUrl}\n${windowUrl === null ? '' : `window: ${windowUrl}\n`}`)
  }
  const again = { configuration: onSamePorts(configuration, device), dataDir: data, openScreen, logger }
  const stopped = stopAsked.then(() => 'stop' as const)
  while ((await Promise.race([stopped, device.storeLost])) !== 'stop') {
    logger.error('the store is closed and opened anew; the page says so meanwhile')
    await device.close()
    const next = await startAgain(again, stopped)
    if (next === 'stop') return
    device = next
  }
  await device.close()
}

/** A disk that fails at once again is not asked more often; the page that waits asks every two seconds. */
const START_AGAIN_AFTER_MS = 2_000

/** In the same process: pages, cables and whoever stands there wait a moment instead of losing their place. */
const startAgain = async (options: DeviceOptions, stopped: Promise<'stop'>): Promise<Device | 'stop'> => {
  for (;;) {
    const end = new AbortController()
    const waited = sleep(START_AGAIN_AFTER_MS, undefined, { signal: end.signal }).catch(() => {})
    const stop = await Promise.race([stopped, waited])
    end.abort()
    if (stop === 'stop') return stop
    try {
      return await startDevice(options)
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error
      options.logger?.error({ code: error.code }, error.message)
    }
  }
}

/** Where the browser and the window's system look for it. */
const onSamePorts = (configuration: Configuration, { screenUrl, windowUrl }: Device): Configuration => {
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

/** A signal, or the end of the process that started this one. One that comes during the start counts as well. */
const watchForStop = (): { asked: Promise<void>; release(): void } => {
  const { promise, resolve: stop } = Promise.withResolvers<void>()
  const onSignal = (): void => stop()
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  const letGoOfParent = onParentGone(stop)
  return {
    asked: promise,
    release() {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
      letGoOfParent()
    },
  }
}
