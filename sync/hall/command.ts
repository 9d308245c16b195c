/** `window24 hall`, `window24 hall enrol`, `window24 hall verify` (PROTOCOLS.md §5), and `window24 hall preview`. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { StoreError } from '../sqlite.ts'
import { keepEnrolmentCode, newEnrolmentCode } from './enrolment.ts'
import { HallError } from './fault.ts'
import { STORE_FILE, startHall } from './hall.ts'
import { serveParent } from './parent.ts'
import { previewRatings } from './province/preview.ts'
import { loadProfile, profileNames } from './province/profile.ts'
import { openSqliteStore } from './store/sqlite.ts'
import type { Store } from './store/store.ts'
import { verifyStore } from './verify.ts'
import { inWords } from './verify-words.ts'

const DONE = 0
const FAULT_FOUND = 1
const WRONG_USE = 2

const DEFAULT_LISTEN = '0.0.0.0:8026'

const HELP = `window24 hall: the hall server

  window24 hall --data DIR [--listen HOST:PORT] [--demo]
      runs until it is stopped; everything it keeps lies in DIR
      --listen   ${DEFAULT_LISTEN} unless told otherwise
      --demo     the demonstration hall: its guides, people and cases, all invented

  window24 hall enrol --data DIR
      prints a code that enrols one device within 24 hours; works while the server runs

  window24 hall verify --data DIR
      walks every device's chain; exit 1 when something is missing, altered or forked

  window24 hall preview --data DIR --profile PROVINCE
      what the province would be sent for each stored rating, one JSON line each, nothing unsealed

  exit codes: 0 done, 1 fault found, 2 wrong use
`

interface Options {
  data: string
  listen: string
  demo: boolean
  profile: string | undefined
}

/** @returns the exit code, once the command is done or the server has been stopped */
export async function hallCommand(args: string[]): Promise<number> {
  const read = readArguments(args)
  if (read === 'help') {
    process.stdout.write(HELP)
    return DONE
  }
  if (typeof read === 'string') {
    process.stderr.write(`window24 hall: ${read}\n\n${HELP}`)
    return WRONG_USE
  }
  try {
    return await read.run(read.options)
  } catch (error) {
    if (!(error instanceof HallError || error instanceof StoreError)) throw error
    process.send?.({ ready: false, code: error.code, message: error.message })
    process.stderr.write(`window24 hall: ${error.message}\n`)
    return FAULT_FOUND
  }
}

type Run = (options: Options) => Promise<number>

const actions: Readonly<Record<string, Run>> = { enrol, verify, preview }

function readArguments(args: string[]): { run: Run; options: Options } | 'help' | (string & {}) {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        data: { type: 'string' },
        listen: { type: 'string' },
        demo: { type: 'boolean', default: false },
        profile: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return 'help'
    const [action, ...more] = positionals
    const run = action === undefined ? serve : actions[action]
    if (run === undefined || more.length > 0) return `nothing here is called "${positionals.join(' ')}"`
    if (values.data === undefined)
      return '--data DIR is needed: the folder that this hall keeps everything in'
    if (run !== serve && (values.listen !== undefined || values.demo))
      return '--listen and --demo belong to the server'
    if ((run === preview) !== (values.profile !== undefined))
      return '--profile PROVINCE is needed by preview, and by nothing else'
    const { data, demo, profile } = values
    const options = { data, listen: values.listen ?? DEFAULT_LISTEN, demo, profile }
    return { run, options }
  } catch (error) {
    if (error instanceof TypeError) return error.message
    throw error
  }
}

async function serve({ data, listen, demo }: Options): Promise<number> {
  const logger = pino({ name: 'hall' }, pino.destination({ dest: process.stderr.fd, sync: true }))
  const hall = await startHall({ dataDir: data, listen, demo, logger })
  const stopped = untilStopped()
  const release = serveParent(hall)
  if (process.send === undefined) process.stdout.write(`hall server: ${hall.url}\n`)
  await stopped
  await hall.close()
  release()
  return DONE
}

/** A signal, or the end of the parent that this server was started for. */
async function untilStopped(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const stop = (): void => resolve()
  process.on('SIGINT', stop).on('SIGTERM', stop).on('disconnect', stop)
  await promise
  process.off('SIGINT', stop).off('SIGTERM', stop).off('disconnect', stop)
}

async function enrol({ data }: Options): Promise<number> {
  return await withStore(data, async (store) => {
    const code = newEnrolmentCode()
    await keepEnrolmentCode(store, code, new Date())
    process.stdout.write(`${code}\n`)
    return DONE
  })
}

async function verify({ data }: Options): Promise<number> {
  return await withStore(data, async (store) => {
    const reports = await verifyStore(store)
    process.stdout.write(inWords(reports))
    return reports.some(({ faults }) => faults.length > 0) ? FAULT_FOUND : DONE
  })
}

async function preview({ data, profile: name = '' }: Options): Promise<number> {
  const profile = loadProfile(name)
  if (profile === null)
    throw new HallError(
      'no-profile',
      `no province profile is called "${name}": there is ${profileNames().join(', ')}`,
    )
  return await withStore(data, async (store) => {
    for await (const line of previewRatings(store, profile)) process.stdout.write(`${JSON.stringify(line)}\n`)
    return DONE
  })
}

/** Only where a hall is: a mistyped folder must not become a second one. */
async function withStore(dataDir: string, use: (store: Store) => Promise<number>): Promise<number> {
  const path = join(dataDir, STORE_FILE)
  if (!existsSync(path))
    throw new HallError(
      'no-hall-here',
      `${dataDir} holds no hall: give the folder that the server was started with`,
    )
  const store = openSqliteStore(path)
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}
