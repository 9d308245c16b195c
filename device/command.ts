/** `window24 device` (PROTOCOLS.md §5). */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type ListenAddress, parseListen, SCREEN_HOSTS } from './address.ts'
import { DeviceError } from './device-error.ts'
import { logBookIn } from './health/log-book.ts'
import { keepRunning, type Told } from './keep-running.ts'
import { createLogger, type Logger } from './log.ts'
import { onParentGone, tellParent } from './parent.ts'

const DONE = 0
const FAULT_FOUND = 1
const WRONG_USE = 2

const HELP = `window24 device: a terminal or a pad, as its configuration says

  window24 device --config FILE --data DIR [--listen HOST:PORT] [--setup] [--open-screen]
      runs until it is stopped and prints where the screen's browser begins. The technician's pages are at /setup/
      there; where FILE is not there yet, they are all there is, and the first run writes it
      --config       device.json
      --data         the folder that holds this device's key and store
      --listen       where the screen is served on this machine, whatever FILE says (127.0.0.1:8024 where neither does)
      --setup        with a FILE that has faults, or a device that cannot start, serve the technician's pages all the
                     same, so that it can be mended on its screen; without it that is told, and ends with 1
      --open-screen  serve the screen without a one-time address (for demonstrations)

  exit codes: 0 done, 1 fault found, 2 wrong use
`

interface Options {
  config: string
  data: string
  openScreen: boolean
  setup: boolean
  listen: ListenAddress | null
}

/** @returns the exit code, once the device has been stopped or could not start */
export const deviceCommand = async (args: string[], logger?: Logger): Promise<number> => {
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
    await run(read, stopping.asked, logger ?? createLogger(logBookIn(read.data)))
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
        setup: { type: 'boolean', default: false },
        listen: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return 'help'
    if (values.config === undefined) return '--config FILE is needed: the device.json of this device'
    if (values.data === undefined)
      return '--data DIR is needed: the folder that this device keeps everything in'
    const listen = values.listen === undefined ? null : parseListen(values.listen)
    if (values.listen !== undefined && (listen === null || !SCREEN_HOSTS.includes(listen.host)))
      return '--listen HOST:PORT is an address of this machine alone, as in 127.0.0.1:8024'
    return {
      config: resolve(values.config),
      data: resolve(values.data),
      openScreen: values['open-screen'],
      setup: values.setup,
      listen,
    }
  } catch (error) {
    if (error instanceof TypeError) return error.message
    throw error
  }
}

const run = async (
  { config, data, openScreen, setup, listen }: Options,
  stopAsked: Promise<void>,
  logger: Logger,
): Promise<void> => {
  const tell = ({ screenUrl, windowUrl }: Told): void => {
    if (tellParent({ ready: true, screenUrl, windowUrl })) return
    process.stdout.write(`screen: ${screenUrl}\n${windowUrl === null ? '' : `window: ${windowUrl}\n`}`)
  }
  await keepRunning({ config, dataDir: data, openScreen, setup, listen, logger }, { stopAsked, tell })
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
