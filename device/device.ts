/** Puts one device together, and takes it apart again. */
import { randomUUID } from 'node:crypto'
import { createHallClient } from '../sync/hall-client.ts'
import { createHallClock } from '../sync/hall-clock.ts'
import type { EventData, EventType } from '../sync/protocol/events.ts'
import { formatInstant } from '../sync/protocol/identifiers.ts'
import { openSettingsFromAfar } from '../sync/settings-from-afar.ts'
import { contentFace } from './content/content.ts'
import type { Device, DeviceOptions } from './device-face.ts'
import { type Documents, startDocuments } from './documents/documents.ts'
import { CANNOT_KEEP, startFront } from './front.ts'
import { type HallSide, startHallSide, troubleTo } from './hall-side.ts'
import { type HealthWatch, startHealth, statusFaults } from './health/health.ts'
import { BUILT_PAGES, buildReader } from './http/pages.ts'
import { loadScreenToken } from './http/screen-token.ts'
import type { WindowInterface } from './http/window.ts'
import { withLastKnown } from './last-known.ts'
import { createLogger } from './log.ts'
import { createPadRole, type PadRole, questionsFromHall } from './pad-role.ts'
import { createLoan } from './peripherals/loan.ts'
import { type PeripheralEvent, startPeripherals } from './peripherals/peripherals.ts'
import { publisher, tried } from './publisher.ts'
import type { HallQuestions } from './rating/hall-questions.ts'
import type { WindowNews } from './rating/pad-types.ts'
import { isStoreClosed, recordsFault } from './records-fault.ts'
import type { House, Role } from './role.ts'
import { type AppliedSettings, applySettings } from './settings.ts'
import { SOFTWARE } from './software.ts'
import { newStorageMemory, type StorageWatch, watchStorage } from './storage-watch.ts'
import { openRecords } from './store/records.ts'
import { statusReport, surroundingsOf } from './surroundings.ts'
import { createTerminalRole } from './terminal-role.ts'
import { watchClock } from './watch-clock.ts'
import { openWindow } from './window-surroundings.ts'

const BYTES_PER_MIB = 1024 * 1024

export type { Device, DeviceOptions }

/** @throws DeviceError with a stable code and one line of words when this device cannot start */
export const startDevice = async (options: DeviceOptions): Promise<Device> => {
  await using parts = new AsyncDisposableStack()
  const device = await assemble(options, parts).catch((error: unknown) => {
    throw recordsFault(error, options.dataDir)
  })
  const whole = parts.move()
  return { ...device, close: () => whole.disposeAsync() }
}

const assemble = async (
  options: DeviceOptions,
  parts: AsyncDisposableStack,
): Promise<Omit<Device, 'close'>> => {
  const { configuration, dataDir } = options
  const logger = options.logger ?? createLogger()
  const logTrouble = troubleTo(logger)
  let storage: StorageWatch | null = null
  /** What the disk did wrong before anybody watched it. */
  const earlier: unknown[] = []
  const onTrouble = (error: unknown): void => {
    // The failed sync that closed it was told; what comes to it afterwards is no trouble of its own.
    if (isStoreClosed(error) && storage?.problem() === 'sync-failed') return
    logTrouble(error)
    if (storage === null) earlier.push(error)
    else storage.note(error)
  }
  const startedMs = performance.now()
  const startedAt = formatInstant(new Date())
  const bootId = randomUUID()

  const quotaBytes = configuration.storage.quotaMiB * BYTES_PER_MIB
  const hallClock = createHallClock()
  const hallNow = () => hallClock.toldNow()
  const { memory = newStorageMemory() } = options
  const records = openRecords({ dataDir, quotaBytes, onTrouble, hallNow, doubtedSince: memory.untoldSince })
  memory.syncFailed ||= records.doubted
  memory.untoldSince = null
  parts.defer(() => records.close())
  const { identity, db } = records
  const outbox = withLastKnown(records.outbox, db, onTrouble)
  const { url, ca, pin } = configuration.hall
  const trust = ca === null && pin === null ? {} : { trust: { ca, pins: pin ?? [] } }
  const client = createHallClient({ url, identity, clock: hallClock, ...trust })
  let hallSide: HallSide | null = null
  let health: HealthWatch | null = null
  let role: Role | null = null
  let padRole: PadRole | null = null
  let publish = (): void => {}

  const record = <T extends EventType>(type: T, data: EventData<T>): void => {
    if (identity.deviceId === null) return
    db.transaction(() => outbox.append(type, data, new Date()))()
  }
  const storeLost = Promise.withResolvers<void>()
  /** What a stop left open is ended once; with a full disk at the start, when there is room and nobody is asked. */
  let leftOverEnded = true
  const endLeftOver = (): void => {
    if (leftOverEnded || padRole?.pad.isAsking()) return
    tried(() => {
      role?.enrolled()
      leftOverEnded = true
    }, onTrouble)
  }
  const theStorage = watchStorage({
    memory,
    probe: () => outbox.probe(),
    onChange: () => {
      hallSide?.statusChanged()
      publish()
    },
    onOver: (fact) => {
      tried(() => record('system', fact), onTrouble)
      endLeftOver()
    },
    onReopen: () => storeLost.resolve(),
    onTrouble: logTrouble,
  })
  storage = theStorage
  parts.defer(() => theStorage.close())
  let chainBegun = false
  parts.defer(() => {
    if (chainBegun && db.open) tried(() => record('system', { fact: 'stop' }), onTrouble)
  })
  const worldChanged = (): void => {
    tried(() => role?.worldChanged(), onTrouble)
    publish()
  }
  const onPeripheral = (event: PeripheralEvent): void => {
    if (event.kind === 'fact') tried(() => record('peripheral', event.fact), onTrouble)
    else if (event.kind === 'status') {
      hallSide?.statusChanged()
      worldChanged()
    } else if (!loan.withholds(event)) tried(() => role?.peripheral(event), onTrouble)
  }
  const isBusy = (): boolean => role?.isBusy() ?? false
  const loan = createLoan(isBusy)
  const peripherals = startPeripherals({
    configuration: configuration.peripherals,
    listener: onPeripheral,
    takesCards: configuration.role === 'terminal',
  })
  parts.defer(() => peripherals.close())

  const content = contentFace(
    () => hallSide?.content.content() ?? null,
    (sha256) => hallSide?.content.blankForm(sha256) ?? null,
    (sha256) => hallSide?.content.medium(sha256) ?? null,
  )
  const settingsFromAfar = openSettingsFromAfar({ db, client })
  const settings = (): AppliedSettings => applySettings(configuration, settingsFromAfar.current())
  const house: House = {
    configuration,
    settings,
    db,
    identity,
    outbox,
    content,
    clock: () => client.clock.state(),
    online: () => hallSide?.online() ?? false,
    canKeep: () => theStorage.problem() === null,
    onChange: () => publish(),
    onTrouble,
  }
  let window: WindowInterface | null = null
  let questions: HallQuestions | null = null
  let documents: Documents | null = null
  const tellWindow = (news: WindowNews): void => {
    window?.tell(news)
    questions?.news(news)
    if (news.type !== 'evaluation') return
    // The window has its answer first; and what a stop left open may have waited for whoever was just asked.
    setImmediate(news.state === 'waiting' ? theStorage.look : endLeftOver)
  }
  if (configuration.role === 'pad') {
    padRole = createPadRole(house, { onNews: tellWindow, keypad: peripherals.keypad })
    role = padRole
    questions = questionsFromHall(house, padRole, client)
  } else {
    documents = await (options.documents ?? startDocuments)()
    const toClose = documents
    parts.defer(() => toClose.close())
    const timings = options.sessionTimings
    role = createTerminalRole(house, { client, documents, peripherals, ...(timings && { timings }) })
  }
  const theRole = role
  parts.defer(() => tried(() => theRole.close(), onTrouble))

  const { pagesFolder = BUILT_PAGES } = options
  const build = buildReader(pagesFolder)
  const front = options.front
    ? await options.front()
    : await startFront({
        listen: configuration.screen.listen,
        configuration,
        token: options.openScreen ? null : loadScreenToken(dataDir),
        pagesFolder,
        onTrouble,
      })
  const { screen } = front
  parts.defer(() => (options.front === undefined ? screen.close() : front.show(null)))
  front.show({
    state: () => theRole.state(surroundingsOf(house, peripherals, build())),
    act: async (action) => (db.open ? await theRole.act(action) : CANNOT_KEEP),
    media: { recordings: content.recordings, medium: (sha256) => (db.open ? content.medium(sha256) : null) },
  })
  const publishAll = (): void => {
    screen.publish()
    window?.look()
    health?.look()
  }
  publish = publisher({ publish: publishAll }, parts, onTrouble)
  const forgetOld = (): void =>
    tried(() => {
      theRole.forgetOld(new Date())
      questions?.forgetOld(new Date())
    }, onTrouble)
  watchClock(settings, { publish, forgetOld }, parts)

  if (padRole !== null) {
    const opened = await openWindow(house, { pad: padRole.pad, client, pagesFolder, logger })
    window = opened
    parts.defer(() => opened?.close())
  }

  const theHallSide = startHallSide({
    configuration,
    identity,
    client,
    outbox,
    db,
    settings: settingsFromAfar,
    questions,
    makeStatus: () =>
      statusReport({
        configuration,
        dataDir,
        bootId,
        startedMs,
        outbox,
        peripherals,
        clock: client.clock,
        storageAlarm: theStorage.alarm(),
        faults: statusFaults(health?.faults() ?? []),
      }),
    onChange: worldChanged,
    ...(options.onTechnicianKey && { onTechnicianKey: options.onTechnicianKey }),
    onEnrolled: () => {
      // On a full disk none of it can be written, and what waits must be sent all the same.
      chainBegun = true
      tried(() => record('system', { fact: 'start', software: SOFTWARE, bootId }), onTrouble)
      leftOverEnded = false
      endLeftOver()
      forgetOld()
    },
    onTrouble,
    logger,
  })
  hallSide = theHallSide
  parts.defer(() => theHallSide.close())
  const theHealth = startHealth(house, {
    dataDir,
    peripherals,
    storage: theStorage,
    hallSide: theHallSide,
    lasting: options.healthLasting,
  })
  health = theHealth
  parts.defer(() => theHealth.close())
  for (const error of earlier) theStorage.note(error)
  if (outbox.refusing() !== null) tried(() => outbox.probe(), onTrouble)
  logger.info({ role: configuration.role, screen: screen.listener.url }, 'the device runs')
  return {
    screenUrl: screen.startUrl,
    windowUrl: window?.listener.url ?? null,
    storeLost: storeLost.promise,
    isBusy,
    insight: {
      configuration,
      startedAt,
      peripherals: { ...peripherals, borrow: loan.borrow },
      identity,
      outbox,
      db,
      client,
      settings,
      contentVersion: () => theHallSide.content.content()?.version ?? null,
      settingsVersion: () => settingsFromAfar.version(),
      online: house.online,
      storageAlarm: theStorage.alarm,
      health: theHealth,
      resumeSending: theHallSide.resume,
      documents,
    },
  }
}
