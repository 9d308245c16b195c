/** One real device store and one real hall in folders of their own, and the faulty line between them. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRecords } from '../../../device/store/records.ts'
import { type Hall, startHall } from '../../../sync/hall/hall.ts'
import { openHallStore } from '../../../sync/hall/store/open.ts'
import type { Store, StoredEvent } from '../../../sync/hall/store/store.ts'
import { type ChainReport, verifyStore } from '../../../sync/hall/verify.ts'
import { createHallClient, type HallClient } from '../../../sync/hall-client.ts'
import { createHallClock } from '../../../sync/hall-clock.ts'
import type { Identity } from '../../../sync/identity.ts'
import type { Outbox } from '../../../sync/outbox.ts'
import { parseSequence } from '../../../sync/protocol/identifiers.ts'
import type { Db } from '../../../sync/sqlite.ts'
import { startUplink, type Uplink } from '../../../sync/uplink.ts'
import { ratingData } from '../../sync/hall/helpers.ts'
import { type FaultyLine, startFaultyLine } from './faulty-line.ts'

export type Clock = () => Date

/** These disks are not full: the smallest reserve will do. */
const RESERVE_BYTES = 64 * 1024

export function newFolder(room: string): string {
  return mkdtempSync(join(tmpdir(), `w24-${room}-`))
}

/** Jitter at nearly its least: waits of some milliseconds instead of seconds. */
export const HURRY = (): number => 0.01

/** How a place in a chain is named here. */
export const placeOf = (epoch: number, sequence: number): string => `${epoch}/${sequence}`

export interface FaultDevice {
  readonly dir: string
  readonly identity: Identity
  readonly db: Db
  readonly outbox: Outbox
  readonly client: HallClient
  /** Place → hash of everything that was captured and answered for, in this run of the program. */
  readonly captured: Map<string, string>
  /** Ratings as the pad makes them, each in a transaction of its own; gives the places. */
  capture(count: number): string[]
  startUplink(): Uplink
  /** Null while none runs. */
  readonly uplink: Uplink | null
  close(): Promise<void>
}

/** @param clock the device's wall clock, which may be anything */
export function openFaultDevice(dir: string, hallUrl: string, clock: Clock = () => new Date()): FaultDevice {
  const hallClock = createHallClock(clock)
  const { identity, db, outbox, close } = openRecords({
    dataDir: dir,
    reserveBytes: RESERVE_BYTES,
    clock,
    hallNow: () => hallClock.toldNow(),
  })
  const client = createHallClient({ url: hallUrl, identity, clock: hallClock })
  const captured = new Map<string, string>()
  let uplink: Uplink | null = null
  let closed = false
  return {
    dir,
    identity,
    db,
    outbox,
    client,
    captured,
    get uplink() {
      return uplink
    },
    capture(count) {
      return Array.from({ length: count }, () => {
        const made = db.transaction(() => outbox.append('rating', ratingData(), clock())).immediate()
        if (made === null) throw new Error('a rating was only counted')
        const { epoch, sequence, hash } = made
        const place = placeOf(epoch, parseSequence(sequence))
        captured.set(place, hash)
        return place
      })
    },
    startUplink() {
      uplink = startUplink({ outbox, line: client, clock, random: HURRY })
      return uplink
    },
    async close() {
      if (closed) return
      closed = true
      await uplink?.close()
      close()
    },
  }
}

export async function enrol(device: FaultDevice, hall: Hall): Promise<void> {
  const asked = {
    enrolmentCode: hall.createEnrolmentCode(),
    role: 'pad',
    name: '12号窗口',
    window: '12',
    software: '0.1.0',
  } as const
  const answer = await device.client.enrol(asked)
  if (!answer.ok) throw new Error(`not enrolled: ${JSON.stringify(answer)}`)
}

export interface Pair {
  readonly hallDir: string
  readonly hall: Hall
  readonly line: FaultyLine
  readonly device: FaultDevice
  /** Waits until the device has nothing left for the hall, with its uplink running. */
  drained(): Promise<void>
  /** Closes the hall, lets `between` have its folder, and starts it again behind the same line. */
  restartHall(between?: (dir: string) => void | Promise<void>): Promise<void>
  /** Closes the device's program and starts it again on its folder. */
  restartDevice(between?: (dir: string) => void | Promise<void>): Promise<FaultDevice>
  close(): Promise<void>
}

/** An enrolled device beside its hall. Both clocks may be given; the hall's is right unless told otherwise. */
export async function startPair(options: { deviceClock?: Clock; hallClock?: Clock } = {}): Promise<Pair> {
  const { deviceClock = () => new Date(), hallClock = () => new Date() } = options
  const hallDir = newFolder('line-hall')
  const deviceDir = newFolder('line-device')
  const openHall = (): Promise<Hall> =>
    startHall({ dataDir: hallDir, listen: '127.0.0.1:0', demo: false, clock: hallClock })
  let hall = await openHall()
  const line = await startFaultyLine(hall.url)
  let device = openFaultDevice(deviceDir, line.url, deviceClock)
  await enrol(device, hall)
  return {
    hallDir,
    get hall() {
      return hall
    },
    line,
    get device() {
      return device
    },
    async drained() {
      device.uplink ?? device.startUplink()
      await until(() => device.outbox.backlog().count === 0 && device.uplink?.status().state === 'idle')
    },
    async restartHall(between) {
      await hall.close()
      await between?.(hallDir)
      hall = await openHall()
      line.hallUrl = hall.url
    },
    async restartDevice(between) {
      const { captured } = device
      await device.close()
      await between?.(deviceDir)
      device = openFaultDevice(deviceDir, line.url, deviceClock)
      for (const [place, hash] of captured) device.captured.set(place, hash)
      return device
    },
    async close() {
      await device.close()
      await line.close()
      await hall.close()
      for (const dir of [hallDir, deviceDir]) rmSync(dir, { recursive: true, force: true })
    },
  }
}

const LOOK_EVERY_MS = 4
/** A machine that does ten other things at once takes its time; what is waited for in vain is said. */
const PATIENCE_MS = 90_000
/** More than that patience, for the tests that wait so. */
export const TEST_TIMEOUT_MS = 180_000

export async function until(holds: () => boolean, patienceMs = PATIENCE_MS): Promise<void> {
  const end = performance.now() + patienceMs
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited ${patienceMs} ms in vain for ${holds}`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

/** A hall's folder, with the database beside it where it has one. */
export type HallPlace = string | { dataDir: string; database: string | null }

/** What a hall holds, read beside the running server. */
export async function inHall<T>(hall: HallPlace, read: (store: Store) => Promise<T>): Promise<T> {
  const { dataDir, database } = typeof hall === 'string' ? { dataDir: hall, database: null } : hall
  const store = await openHallStore({ dataDir, database })
  try {
    return await read(store)
  } finally {
    await store.close()
  }
}

export async function eventsIn(hall: HallPlace, deviceId: string): Promise<StoredEvent[]> {
  return await inHall(hall, async (store) => {
    const events: StoredEvent[] = []
    for await (const event of store.eventsOf(deviceId)) events.push(event)
    return events
  })
}

/** Place → hash of all that the hall has of this device. Throws when anything is there twice. */
export async function storedIn(hall: HallPlace, deviceId: string): Promise<Map<string, string>> {
  const stored = new Map<string, string>()
  const ids = new Set<unknown>()
  for (const { epoch, sequence, hash, text } of await eventsIn(hall, deviceId)) {
    const place = placeOf(epoch, sequence)
    const { id } = JSON.parse(text) as { id?: unknown }
    if (stored.has(place) || ids.has(id)) throw new Error(`stored twice: ${place}`)
    ids.add(id)
    stored.set(place, hash)
  }
  return stored
}

export async function verified(hall: HallPlace, deviceId: string): Promise<ChainReport> {
  return await inHall(hall, async (store) => {
    const report = (await verifyStore(store)).find((one) => one.deviceId === deviceId)
    if (report === undefined) throw new Error(`no report of ${deviceId}`)
    return report
  })
}
