/** Puts one device together, and takes it apart again. */
import { randomUUID } from 'node:crypto'
import { accessSync, constants, mkdirSync } from 'node:fs'
import { createHallClient } from '../sync/hall-client.ts'
import { type Identity, IdentityError, loadIdentity } from '../sync/identity.ts'
import { type Outbox, openOutbox } from '../sync/outbox.ts'
import type { EventData, EventType } from '../sync/protocol/events.ts'
import { type Db, StoreError } from '../sync/sqlite.ts'
import type { Configuration } from './configuration.ts'
import { contentFace } from './content/content.ts'
import { DeviceError } from './device-error.ts'
import { startDocuments } from './documents/documents.ts'
import { type HallSide, startHallSide, troubleTo } from './hall-side.ts'
import { BUILT_PAGES, buildReader } from './http/pages.ts'
import { type Screen, startScreen } from './http/screen.ts'
import { loadScreenToken } from './http/screen-token.ts'
import { startWindow, type WindowInterface } from './http/window.ts'
import { createLogger, type Logger } from './log.ts'
import { createPadRole, type PadRole } from './pad-role.ts'
import { type PeripheralEvent, startPeripherals } from './peripherals/peripherals.ts'
import { sealForRating } from './rating/sealing.ts'
import type { House, Role } from './role.ts'
import type { SessionOptions } from './session/session.ts'
import { SOFTWARE } from './software.ts'
import { openStore } from './store/store.ts'
import { isNight, statusReport, surroundingsOf } from './surroundings.ts'
import { createTerminalRole } from './terminal-role.ts'

/** Only the owner: the folder holds the device's key. */
const DATA_FOLDER_MODE = 0o700
/** The theme and the notices in force follow the clock; nobody sees a quarter of a minute. */
const CLOCK_CHECK_MS = 15_000

export interface DeviceOptions {
  configuration: Configuration
  dataDir: string
  /** The screen's plain address works for every program on this machine; for the demo. */
  openScreen?: boolean
  logger?: Logger
  pagesFolder?: string
  sessionTimings?: SessionOptions['timings']
}

export interface Device {
  /** Where the screen's browser begins; good once unless `openScreen`. */
  screenUrl: string
  /** null for a terminal, and for a pad without a window interface. */
  windowUrl: string | null
  /** Ends everything within moments; what was under way is told as such at the next start. */
  close(): Promise<void>
}

/** @throws DeviceError with a stable code and one line of words when this device cannot start */
export const startDevice = async (options: DeviceOptions): Promise<Device> => {
  await using parts = new AsyncDisposableStack()
  const device = await assemble(options, parts)
  const whole = parts.move()
  return { ...device, close: () => whole.disposeAsync() }
}

const assemble = async (
  options: DeviceOptions,
  parts: AsyncDisposableStack,
): Promise<Omit<Device, 'close'>> => {
  const { configuration, dataDir } = options
  const logger = options.logger ?? createLogger()
  const onTrouble = troubleTo(logger)
  const startedMs = performance.now()
  const bootId = randomUUID()

  const { identity, db, outbox } = openRecords(dataDir, onTrouble, parts)
  const token = options.openScreen ? null : inFolder(dataDir, () => loadScreenToken(dataDir))
  const client = createHallClient({ url: configuration.hall.url, identity })
  let hallSide: HallSide | null = null
  let role: Role | null = null
  let publish = (): void => {}

  const record = <T extends EventType>(type: T, data: EventData<T>): void => {
    if (identity.deviceId === null) return
    db.transaction(() => outbox.append(type, data, new Date()))()
  }
  let chainBegun = false
  parts.defer(() => {
    if (chainBegun) tried(() => record('system', { fact: 'stop' }), onTrouble)
  })
  const worldChanged = (): void => {
    role?.worldChanged()
    publish()
  }
  const onPeripheral = (event: PeripheralEvent): void => {
    if (event.kind === 'fact') tried(() => record('peripheral', event.fact), onTrouble)
    else if (event.kind === 'status') {
      hallSide?.statusChanged()
      worldChanged()
    } else role?.peripheral(event)
  }
  const peripherals = startPeripherals({
    configuration: configuration.peripherals,
    listener: onPeripheral,
    takesCards: configuration.role === 'terminal',
  })
  parts.defer(() => peripherals.close())

  const content = contentFace(() => hallSide?.content.content() ?? null)
  const house: House = {
    configuration,
    db,
    identity,
    outbox,
    content,
    clock: () => client.clock.state(),
    online: () => hallSide?.online() ?? false,
    onChange: () => publish(),
    onTrouble,
  }
  let window: WindowInterface | null = null
  let padRole: PadRole | null = null
  if (configuration.role === 'pad') {
    padRole = createPadRole(house, { onNews: (news) => window?.tell(news), keypad: peripherals.keypad })
    role = padRole
  } else {
    const documents = await startDocuments()
    parts.defer(() => documents.close())
    const timings = options.sessionTimings
    role = createTerminalRole(house, { client, documents, peripherals, ...(timings && { timings }) })
  }
  const theRole = role
  parts.defer(() => theRole.close())

  const pagesFolder = options.pagesFolder ?? BUILT_PAGES
  const build = buildReader(pagesFolder)
  const screen = await startScreen({
    listen: configuration.screen.listen,
    role: configuration.role,
    state: () => theRole.state(surroundingsOf(house, peripherals, build())),
    act: (action) => theRole.act(action),
    pagesFolder,
    embeddedBy: configuration.screen.embeddedBy,
    token,
    onTrouble,
  })
  parts.defer(() => screen.close())
  publish = publisher(screen, parts)
  const forgetOld = (): void => tried(() => theRole.forgetOld(new Date()), onTrouble)
  watchClock(configuration, { publish, forgetOld }, parts)

  if (padRole !== null && configuration.window !== undefined) {
    window = await startWindow({
      listen: configuration.window.listen,
      tokens: configuration.window.tokens,
      pad: padRole.pad,
      window: configuration.device.window ?? '',
      enrolled: () => identity.deviceId !== null,
      sealUser: (user) => sealForRating(identity, { user }),
      isStaff: (staffId) => !content.has() || content.staff(staffId) !== null,
      onTrouble,
    })
    const theWindow = window
    parts.defer(() => theWindow.close())
  }

  const theHallSide = startHallSide({
    configuration,
    identity,
    client,
    outbox,
    db,
    makeStatus: () =>
      statusReport({ configuration, dataDir, bootId, startedMs, outbox, peripherals, clock: client.clock }),
    onChange: worldChanged,
    onEnrolled: () => {
      record('system', { fact: 'start', software: SOFTWARE, bootId })
      chainBegun = true
      theRole.enrolled()
      forgetOld()
    },
    onTrouble,
    logger,
  })
  hallSide = theHallSide
  parts.defer(() => theHallSide.close())
  logger.info({ role: configuration.role, screen: screen.listener.url }, 'the device runs')
  return { screenUrl: screen.startUrl, windowUrl: window?.listener.url ?? null }
}

interface Records {
  identity: Identity
  db: Db
  outbox: Outbox
}

/** The identity, the store and the chain in it. */
const openRecords = (
  dataDir: string,
  onTrouble: (error: unknown) => void,
  parts: AsyncDisposableStack,
): Records =>
  inFolder(dataDir, () => {
    mkdirSync(dataDir, { recursive: true, mode: DATA_FOLDER_MODE })
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
    const identity = loadIdentity(dataDir)
    const db = openStore(dataDir)
    parts.defer(() => void db.close())
    const outbox = openOutbox({ db, identity, onTrouble })
    parts.defer(() => outbox.close())
    return { identity, db, outbox }
  })

/** What goes wrong with the folder or what lies in it is told in words for whoever starts the device. */
const inFolder = <T>(dataDir: string, use: () => T): T => {
  try {
    return use()
  } catch (error) {
    throw recordsFault(error, dataDir)
  }
}

const recordsFault = (error: unknown, dataDir: string): unknown => {
  if (error instanceof IdentityError) return new DeviceError('identity', error.message)
  if (error instanceof StoreError) return new DeviceError('store', error.message, { cause: error })
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error) {
    return new DeviceError(
      'data-folder',
      `${dataDir} cannot be used (${error.code}); choose a folder that can be written`,
    )
  }
  return error
}

/** Many things change at once; the page is told once. */
const publisher = (screen: Screen, parts: AsyncDisposableStack): (() => void) => {
  let pending: NodeJS.Immediate | undefined
  const publish = (): void => {
    pending ??= setImmediate(() => {
      pending = undefined
      screen.publish()
    })
  }
  parts.defer(() => clearImmediate(pending))
  return publish
}

/** What the clock alone changes: the page's theme, the notices in force, and what has been kept long enough. */
const watchClock = (
  configuration: Configuration,
  { publish, forgetOld }: { publish: () => void; forgetOld: () => void },
  parts: AsyncDisposableStack,
): void => {
  const seen = () => ({
    date: new Date().toDateString(),
    night: isNight(new Date(), configuration.screen.night),
  })
  let last = seen()
  const timer = setInterval(() => {
    const before = last
    last = seen()
    if (last.date !== before.date) forgetOld()
    if (last.date !== before.date || last.night !== before.night) publish()
  }, CLOCK_CHECK_MS)
  parts.defer(() => clearInterval(timer))
}

const tried = (action: () => void, onTrouble: (error: unknown) => void): void => {
  try {
    action()
  } catch (error) {
    onTrouble(error)
  }
}
