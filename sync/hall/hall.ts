/** The hall server: one folder, one address. */
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import { typeName } from '../protocol/events.ts'
import { demoCaseSystem } from './case-system/demo.ts'
import { readDemoData } from './case-system/demo-data.ts'
import { loadContent } from './content/content.ts'
import { keepEnrolmentCode, newEnrolmentCode } from './enrolment.ts'
import { HallError } from './fault.ts'
import { hallApp } from './http/app.ts'
import { errorForLog } from './http/log.ts'
import type { HallParts } from './http/parts.ts'
import { eventStreams } from './http/routes/event-stream.ts'
import { listenAddress, listenOn, urlOf } from './listen.ts'
import { loadSealingKeys } from './sealing-keys.ts'
import { openSqliteStore } from './store/sqlite.ts'

export const STORE_FILE = 'hall.sqlite'
/** The owner alone: device names and sealed identities lie here. */
const FOLDER_MODE = 0o700
const CONTENT_FOLDER = 'content'
const DEMO_FOLDER = join(import.meta.dirname, 'demo')

/** A device sends a batch of 1 MiB in far less even over a phone line; what takes longer holds a socket for nothing. */
const REQUEST_TIMEOUT_MS = 60 * 1000
/** Longer than the minute between two status reports, so that a quiet device keeps its one connection. */
const KEEP_ALIVE_MS = 75 * 1000
/** Requests under way may end by themselves for so long when the server closes. */
const CLOSING_MS = 1000

export interface HallOptions {
  /** Holds hall.sqlite and sealing-keys.json; content/ in it is what the hall hands out. Made when missing. */
  dataDir: string
  /** HOST:PORT; port 0 takes a free one. */
  listen: string
  /** The demonstration hall's content, people and cases in place of a hall's own. */
  demo: boolean
  logger?: Logger
  clock?: () => Date
}

export interface Hall {
  readonly url: string
  /** For a technician to type: good for 24 hours and for one device. */
  createEnrolmentCode(): string
  /** What is stored: ratings, and events of every type. */
  counts(): Promise<{ rating: number; events: number }>
  /** Ends streams and connections and closes the store. */
  close(): Promise<void>
}

/**
 * Starts a hall server.
 * @throws HallError, or StoreError of sync/sqlite.ts, each with a `code` and words for whoever starts it
 */
export async function startHall(options: HallOptions): Promise<Hall> {
  const { dataDir, demo, clock = () => new Date(), logger = pino({ level: 'silent' }) } = options
  const address = listenAddress(options.listen)
  prepareFolder(dataDir)
  const content = loadContent(demo ? DEMO_FOLDER : join(dataDir, CONTENT_FOLDER))
  const storePath = join(dataDir, STORE_FILE)
  // The keys first, so that no store is ever without them.
  const sealingKeys = loadSealingKeys(dataDir, !existsSync(storePath))
  const store = openSqliteStore(storePath)
  const codesOnTheirWay = new Set<Promise<void>>()
  const parts: HallParts = {
    store,
    content,
    caseSystem: demo ? demoCaseSystem(readDemoData(DEMO_FOLDER), content.calendars, clock) : null,
    sealingKeys,
    clock,
    logger,
    async codesStored() {
      await Promise.all(codesOnTheirWay)
    },
  }
  const streams = eventStreams(parts)
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS },
    hallApp(parts, streams),
  )
  try {
    await listenOn(server, address)
  } catch (error) {
    streams.close()
    await store.close()
    throw error
  }

  return {
    url: urlOf(server, address.host),
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
    async close() {
      streams.close()
      await closeServer(server)
      await store.close()
    },
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

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  const impatience = setTimeout(() => server.closeAllConnections(), CLOSING_MS)
  await closed
  clearTimeout(impatience)
}
