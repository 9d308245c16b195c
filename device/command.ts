/** `window24 device` (PROTOCOLS.md §5). */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readConfiguration } from './configuration.ts'
import type { Device } from './device.ts'
import { DeviceError } from './device-error.ts'
import { keepRunning } from './keep-running.ts'
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
  const tell = ({ screenUrl, windowUrl }: Pick<Device, 'screenUrl' | 'windowUrl'>): void => {
    if (tellParent({ ready: true, screenUrl, windowUrl })) return
    process.stdout.write(`screen: ${screenUrl}\n${windowUrl === null ? '' : `window: ${windowUrl}\n`}`)
  }
  await keepRunning({ configuration, dataDir: data, openScreen, logger }, { stopAsked, tell })
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
