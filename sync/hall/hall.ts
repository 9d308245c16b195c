/** The hall server: one folder, one address. */
import { accessSync, constants, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import { typeName } from '../protocol/events.ts'
import type { SigningKey } from '../protocol/keys.ts'
import type { StoreError } from '../sqlite.ts'
import { watchCalendars } from './calendar-watch.ts'
import { CONFIGURATION_FILE } from './configuration.ts'
import { keepEnrolmentCode, newEnrolmentCode } from './enrolment.ts'
import { evaluationDesk } from './evaluations/desk.ts'
import { HallError } from './fault.ts'
import { hallApp } from './http/app.ts'
import { createRequestLimits } from './http/limits.ts'
import { errorForLog } from './http/log.ts'
import type { HallParts } from './http/parts.ts'
import { type EventStreams, eventStreams } from './http/routes/event-stream.ts'
import { isLoopback, listenAddress } from './listen.ts'
import { watchHall } from './live.ts'
import { outsideSystems } from './outside/systems.ts'
import { provinceOf } from './province/of-hall.ts'
import type { ProvinceReporter } from './province/reporter.ts'
import type { QueueWatch } from './queue/watch.ts'
import { SEALING_KEYS_FILE } from './sealing-keys.ts'
import { adoptSealingKeys } from './sealing-keys-adopted.ts'
import { startServer } from './server.ts'
import { openHallStore } from './store/open.ts'
import { loadTechnicianKey } from './technician-key.ts'
import { readTls, type TlsFiles } from './tls.ts'

/** The owner alone: device names and sealed identities lie here. */
const FOLDER_MODE = 0o700
export const CONTENT_FOLDER = 'content'
const DEMO_FOLDER = join(import.meta.dirname, 'demo')

export interface HallOptions {
  /** Holds hall.sqlite, sealing-keys.json and hall.json; content/ in it is what the hall hands out. Made when missing. */
  dataDir: string
  /** HOST:PORT; port 0 takes a free one. */
  listen: string
  /** The demonstration hall's content, people and cases in place of a hall's own. */
  demo: boolean
  /** `postgres://…`; the records lie in `dataDir` otherwise. */
  database?: string | null
  /** Null: plain HTTP, for this machine or behind a proxy that brings the certificate. */
  tls?: TlsFiles | null
  /** Where the sealing keys lie, when not in `dataDir`. */
  sealingKeysFile?: string | null
  logger?: Logger
  clock?: () => Date
  /** How long a pad has for taking a question; the contract's 2 s unless told otherwise. */
  takenWithinMs?: number
}

export interface Hall {
  readonly url: string
  /** For a technician to type: good for 24 hours and for one device. */
  createEnrolmentCode(): string
  /** What is stored: ratings, and events of every type. */
  counts(): Promise<{ rating: number; events: number }>
  /** Reads content, settings, sealing keys and certificate anew at once; by itself within seconds. */
  reload(): void
  /** Comes when its store can keep nothing any more: it answers only refusals then, and its process is to end. */
  readonly failed: Promise<StoreError>
  /** Ends streams and connections and closes the store. */
  close(): Promise<void>
}

/**
 * Starts a hall server.
 * @throws HallError, or StoreError of sync/sqlite.ts, each with a `code` and words for whoever starts it
 */
export async function startHall(options: HallOptions): Promise<Hall> {
  await using whole = new AsyncDisposableStack()
  const hall = await assemble(options, whole)
  const ending = whole.move()
  return { ...hall, close: () => ending.disposeAsync() }
}

async function assemble(options: HallOptions, ending: AsyncDisposableStack): Promise<Omit<Hall, 'close'>> {
  const { dataDir, demo, clock = () => new Date(), logger = pino({ level: 'silent' }) } = options
  const tls = options.tls ?? null
  const sealingKeysFile = options.sealingKeysFile ?? join(dataDir, SEALING_KEYS_FILE)
  const address = listenAddress(options.listen)
  const certificate = tls === null ? null : readTls(tls)
  prepareFolder(dataDir)
  const store = await openHallStore({ dataDir, database: options.database ?? null })
  ending.defer(() => store.close())
  const sealingKeys = await adoptSealingKeys(sealingKeysFile, store, clock())

  const technicianKey = technicianKeyOf(sealingKeysFile, logger)

  let streams: EventStreams | null = null
  const live = watchHall({
    contentFolder: demo ? DEMO_FOLDER : join(dataDir, CONTENT_FOLDER),
    sealingKeysFile,
    sealingKeys,
    noteSealingKeys: async (kids) => await store.sealingKids.adopt(kids, clock()),
    dataDir,
    configurationFile: join(dataDir, CONFIGURATION_FILE),
    tls,
    clock,
    logger,
    onContent: () => streams?.contentChanged(),
    onSettings: () => streams?.settingsChanged(),
    onTls: (text) => server.setCertificate(text),
  })
  ending.defer(() => live.close())
  const calendars = () => live.content.calendars
  const systems = outsideSystems({
    configuration: live.configuration,
    demoFolder: demo ? DEMO_FOLDER : null,
    calendars,
    demoHall: store.demo,
    clock,
    logger,
  })
  ending.defer(() => systems.close())
  const calendarWatch = watchCalendars(calendars, clock, logger)
  ending.defer(() => calendarWatch.close())
  let calls: QueueWatch | null = null
  const codesOnTheirWay = new Set<Promise<void>>()
  let province: ProvinceReporter | null = null
  const parts: HallParts = {
    get province() {
      return province
    },
    limits: createRequestLimits(),
    store,
    get content() {
      return live.content
    },
    get sealingKeys() {
      return live.sealingKeys
    },
    get configuration() {
      return live.configuration
    },
    technicianKey,
    caseSystem: systems.caseSystem,
    proofs: systems.proofs,
    queue: systems.queue,
    queueServing: () => calls?.serving() ?? null,
    clock,
    logger,
    async codesStored() {
      await Promise.all(codesOnTheirWay)
    },
  }
  const reporter = provinceOf(parts, dataDir)
  if (reporter !== null) ending.defer(() => reporter.close())
  province = reporter
  streams = eventStreams(parts)
  const theStreams = streams
  calls = systems.watchQueue((notice) => theStreams.tell('queue', notice))
  const desk = evaluationDesk({
    evaluations: store.evaluations,
    streams: theStreams,
    clock,
    logger,
    ...(options.takenWithinMs === undefined ? {} : { takenWithinMs: options.takenWithinMs }),
  })
  const server = await startServer({ app: hallApp(parts, theStreams, desk), address, certificate })
  ending.defer(() => server.close())
  ending.defer(() => theStreams.close())
  // First of all: whoever waits for a pad is answered while there is still somebody to answer.
  ending.defer(() => desk.close())
  if (tls === null && !isLoopback(address.host))
    logger.warn(
      'plain HTTP on an address of the network: devices refuse it; give --tls-cert and --tls-key, or let a proxy in front bring the certificate',
    )

  return {
    url: server.url,
    createEnrolmentCode() {
      const code = newEnrolmentCode()
      const onItsWay: Promise<void> = keepEnrolmentCode(store, code, clock())
        .catch((error: unknown) => logger.error(errorForLog(error), 'enrolment code not stored'))
        .finally(() => codesOnTheirWay.delete(onItsWay))
      codesOnTheirWay.add(onItsWay)
      return code
    },
    async counts() {
      return { rating: await store.countEvents(typeName('rating')), events: await store.countEvents() }
    },
    reload: () => live.reload(),
    failed: store.failed,
  }
}

/** Without it this hall does all else: only its devices take no file for a lost PIN. */
function technicianKeyOf(sealingKeysFile: string, logger: Logger): SigningKey | null {
  try {
    return loadTechnicianKey(sealingKeysFile).publicKey
  } catch (error) {
    if (!(error instanceof HallError)) throw error
    logger.warn({ code: error.code }, error.message)
    return null
  }
}

/** @throws HallError `folder-unwritable` */
function prepareFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: FOLDER_MODE })
    accessSync(dataDir, constants.W_OK | constants.X_OK)
  } catch (cause) {
    const message = `${dataDir} cannot be written: give this user the folder, or choose another with --data`
    throw new HallError('folder-unwritable', message, { cause })
  }
}
