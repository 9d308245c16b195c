/**
 * The technician of one device, behind the pages at /setup/: who is in, the rooms, and the device that they belong to.
 * It is there whatever the device does, and before there is one.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Machine } from '../../drivers/discovery/machine.ts'
import { loadIdentity } from '../../sync/identity.ts'
import { formatInstant } from '../../sync/protocol/identifiers.ts'
import type { SigningKey } from '../../sync/protocol/keys.ts'
import type { ListenAddress } from '../address.ts'
import type { Front } from '../front.ts'
import type { SetupRefusal, SetupState } from '../http/contract/setup.ts'
import { BUILT_PAGES, buildReader } from '../http/pages.ts'
import type { SetupDesk } from '../http/setup.ts'
import type { Insight } from '../insight.ts'
import { applySettings } from '../settings.ts'
import type { Succession } from '../succession.ts'
import { isNight, themeAt } from '../surroundings.ts'
import { type Access, openAccess } from './access/access.ts'
import { type HallKeys, openHallKeys } from './access/hall-keys.ts'
import { newestResetFile } from './access/stick.ts'
import { openTechnicianFacts, type TechnicianFacts } from './facts.ts'
import { openWorkshop } from './open-workshop.ts'
import { openRooms, type Rooms } from './rooms.ts'

/** As device.json has them where it says nothing. */
const NIGHT = { from: '18:00', to: '07:00' }

export interface TechnicianOptions {
  dataDir: string
  configPath: string
  listen: ListenAddress | null
  /** For demonstrations: whoever stands there may choose the PIN. */
  openScreen: boolean
  succession: Succession
  /** Of a device.json that is there and cannot be used; null where it can, or there is none. */
  faults: string[] | null
  front: () => Front
  /** Tells the pages, if there are any yet. */
  publish: () => void
  pagesFolder?: string
  onTrouble: (error: unknown) => void
  idleMs?: number
  machine?: Machine
}

export interface Technician extends SetupDesk {
  /** Another device runs, or none any more. */
  deviceChanged(device: Insight | null): void
  /** The hall has told what it signs its files with. */
  hallKey(key: SigningKey): void
  /** What was written into device.json by hand becomes a version, and a fact. */
  lookAtVersions(): void
  close(): Promise<void>
}

/** All that is read from the data folder; begun anew when that was emptied. */
interface Held {
  facts: TechnicianFacts
  hall: HallKeys
  access: Access
  rooms: Rooms
}

export const openTechnician = (options: TechnicianOptions): Technician => {
  const { dataDir, configPath, succession, onTrouble, pagesFolder = BUILT_PAGES } = options
  const build = buildReader(pagesFolder)
  let refused: SetupRefusal | null = null
  let { faults } = options
  let pending: NodeJS.Immediate | undefined
  let closed = false

  const device = (): Insight | null => succession.device()?.insight ?? null
  const onChange = (): void => {
    if (closed) return
    // Many things change at once; the pages are told once.
    pending ??= setImmediate(() => {
      pending = undefined
      options.publish()
    })
  }
  /** Null where no hall knows this device; a damaged identity is some device's all the same. */
  const deviceId = (): string | null => {
    const running = device()
    if (running !== null) return running.identity.deviceId
    return existsSync(join(dataDir, 'identity.json')) ? loadIdentity(dataDir).deviceId : null
  }
  const isBare = (): boolean => {
    try {
      return options.openScreen || deviceId() === null
    } catch {
      return false
    }
  }

  const workshop = openWorkshop({
    dataDir,
    configPath,
    listen: options.listen,
    succession,
    facts: {
      record: (fact) => held.facts.record(fact),
      toldVersion: () => held.facts.toldVersion(),
      recordVersion: (version) => held.facts.recordVersion(version),
      flush: () => held.facts.flush(),
    },
    front: options.front,
    async beginAnew(forget) {
      await closeHeld()
      forget()
      held = hold()
      refused = null
    },
    onChange,
    onTrouble,
  })
  const hold = (): Held => {
    const facts = openTechnicianFacts(dataDir, device, onTrouble)
    const hall = openHallKeys(dataDir, onTrouble)
    const rooms = openRooms(workshop, options.machine)
    const access = openAccess({
      dataDir,
      isBare,
      deviceId,
      device,
      hall,
      resetFile: () => newestResetFile(deviceId(), options.machine),
      record: (fact) => facts.record(fact),
      onSession(isIn) {
        refused = null
        if (isIn) return
        workshop.forgetFiles()
        rooms.left()
      },
      onChange,
      onTrouble,
      ...(options.idleMs !== undefined && { idleMs: options.idleMs }),
    })
    return { facts, hall, access, rooms }
  }
  const closeHeld = async (): Promise<void> => {
    held.access.close()
    await held.rooms.close()
  }
  let held = hold()

  const stopped = (): SetupState['stopped'] => {
    const detail = (text: string): string | null => (held.access.isIn() ? text : null)
    if (succession.device() !== null) return null
    const error = succession.stopped()
    if (error !== null) return { code: error.code, detail: detail(error.message) }
    if (faults === null || succession.configuration() !== null) return null
    return { code: 'configuration', detail: detail(faults.join('\n')) }
  }

  return {
    state() {
      const configuration = succession.configuration()
      const now = new Date()
      const { access, rooms } = held
      const isIn = access.isIn()
      return {
        build: build(),
        now: formatInstant(now),
        language: access.language(),
        theme:
          configuration === null
            ? isNight(now, NIGHT)
              ? 'night'
              : 'day'
            : themeAt(now, device()?.settings() ?? applySettings(configuration, {})),
        screen: { diagonalInches: configuration?.screen.diagonalInches ?? null },
        access: access.state(),
        refused,
        stopped: stopped(),
        rooms: isIn ? rooms.state() : null,
      }
    },
    isIn: () => held.access.isIn(),
    async act(action) {
      const { access, rooms } = held
      const isTouch = action.room === 'access' && action.action.type === 'touch'
      if (action.room !== 'access') access.touch()
      const answer = action.room === 'access' ? await access.act(action.action) : await rooms.act(action)
      // What a room says names ports and files: it is for whoever is in alone.
      if (!answer.ok && (action.room === 'access' || access.isIn()))
        refused = { code: answer.code, detail: answer.detail }
      else if (!isTouch) refused = null
      if (succession.configuration() !== null) faults = null
      onChange()
      return answer
    },
    file: (name) => workshop.file(name),
    deviceChanged(now) {
      workshop.deviceChanged(now)
      onChange()
    },
    hallKey: (key) => held.hall.learn(key),
    lookAtVersions: () => workshop.lookAtVersions(),
    // The chain may have begun.
    changed: () => held.facts.flush(),
    async close() {
      closed = true
      clearImmediate(pending)
      await closeHeld()
    },
  }
}
