/**
 * What the model test acts on: a real device store on a small disk, a real hall, the faulty line between them, clocks
 * that can be set. A crash is what kill -9 leaves: the files of that moment; what the old program had in hand is gone.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openRecords, type Records } from '../../../device/store/records.ts'
import type { ChainReport } from '../../../sync/hall/verify.ts'
import { createHallClient, type HallClient } from '../../../sync/hall-client.ts'
import { createHallClock } from '../../../sync/hall-clock.ts'
import { loadIdentity } from '../../../sync/identity.ts'
import { epochOf, sequenceOf } from '../../../sync/outbox-place.ts'
import { parseSequence } from '../../../sync/protocol/identifiers.ts'
import { startUplink, type Uplink } from '../../../sync/uplink.ts'
import { ratingData } from '../../sync/hall/helpers.ts'
import { type FaultyLine, type LineFault, startFaultyLine } from '../line/faulty-line.ts'
import { appendNewerFact } from '../line/newer-software.ts'
import { HURRY, newFolder, placeOf, storedIn, until, verified } from '../line/pair.ts'
import { mountSmallDisk, type SmallDisk } from './disk.ts'
import { writeEarlierStore } from './earlier-store.ts'
import { copyFolder, HallFolder } from './hall-folder.ts'

/** Room for the reserve twice and for all that a run captures. */
const DISK_MIB = 40

/** Of a run: small enough that a run can use it up. */
const QUOTA_BYTES = 3 * 1024 * 1024

const MONTH_MS = 31 * 24 * 60 * 60 * 1000

export interface Program extends Records {
  readonly client: HallClient
  uplink: Uplink | null
}

export interface Counts {
  acknowledged: number
  refused: number
  counted: number
  crashes: number
  faults: number
}

export class World {
  readonly counts: Counts = { acknowledged: 0, refused: 0, counted: 0, crashes: 0, faults: 0 }
  /** What the device's program said of its disk, as it goes to its log. */
  readonly troubles: unknown[] = []
  /** Place → hash of every fact that this device has answered for. */
  readonly acknowledged = new Map<string, string>()
  /** Place → hash of what the hall had at any time: it may have been restored since. */
  readonly everAtHall = new Map<string, string>()
  /** Facts of a type that this hall does not know. */
  readonly newer = new Set<string>()
  readonly #root = newFolder('model')
  readonly #disk: SmallDisk = mountSmallDisk(DISK_MIB)
  #offsetMs = 0
  #quotaBytes = QUOTA_BYTES
  halls!: HallFolder
  line!: FaultyLine
  device!: Program

  /** Linux keeps no time before 1970. */
  readonly clock = (): Date => new Date(Math.max(0, Date.now() + this.#offsetMs))

  /**
   * @param options `earlier`: events that a store of the first release holds, 0 begins with a new store; `database`:
   *   an empty PostgreSQL database of the hall, whose crashes and backups are then not this world's to make
   */
  static async begin(options: { earlier: number; database?: string | null }): Promise<World> {
    const world = new World()
    world.halls = await HallFolder.begin(world.#root, options.database ?? null)
    world.line = await startFaultyLine(world.halls.hall.url)
    world.halls.line = world.line
    mkdirSync(world.#deviceDir)
    await world.#enrol()
    if (options.earlier > 0)
      for (const { sequence, hash } of writeEarlierStore(world.#deviceDir, options.earlier))
        world.acknowledged.set(placeOf(1, sequence), hash)
    world.device = world.#openDevice()
    return world
  }

  get deviceId(): string {
    return String(this.device.identity.deviceId)
  }

  get #deviceDir(): string {
    return join(this.#disk.path, 'device')
  }

  async #enrol(): Promise<void> {
    const identity = loadIdentity(this.#deviceDir)
    const client = createHallClient({ url: this.line.url, identity })
    const enrolmentCode = this.halls.hall.createEnrolmentCode()
    const asked = { enrolmentCode, role: 'pad', name: '12号窗口', window: '12', software: '0.1.0' } as const
    const answer = await client.enrol(asked)
    if (!answer.ok) throw new Error(`not enrolled: ${JSON.stringify(answer)}`)
  }

  #openDevice(): Program {
    const hallClock = createHallClock(this.clock)
    const records = openRecords({
      dataDir: this.#deviceDir,
      quotaBytes: this.#quotaBytes,
      clock: this.clock,
      hallNow: () => hallClock.toldNow(),
      onTrouble: (error) => this.troubles.push(error),
    })
    if (records.setAsideIn !== null) throw new Error('a sound store was set aside')
    const client = createHallClient({ url: this.line.url, identity: records.identity, clock: hallClock })
    return { ...records, client, uplink: null }
  }

  /** Each in a transaction of its own, as the pad does it. What throws was not answered for. */
  capture(count: number, type: 'rating' | 'session'): void {
    const { db, outbox } = this.device
    for (let at = 0; at < count; at += 1) {
      try {
        const append = () =>
          type === 'rating'
            ? outbox.append('rating', ratingData(), this.clock())
            : outbox.append('session', { services: ['guides'], seconds: 9, endedBy: 'citizen' }, this.clock())
        const head = db.transaction(append).immediate()
        if (head === null) {
          if (type === 'rating') throw new Error('a rating was only counted')
          this.counts.counted += 1
        } else {
          this.acknowledged.set(placeOf(head.epoch, parseSequence(head.sequence)), head.hash)
          this.counts.acknowledged += 1
        }
      } catch (error) {
        if (!isNoRoom(error)) throw error
        this.counts.refused += 1
      }
    }
  }

  captureNewer(): void {
    if (this.#disk.full) return
    const place = appendNewerFact(this.device)
    this.newer.add(place)
  }

  /** The uplink runs, meets these faults, and is left alone until it has nothing more to do. */
  async deliver(faults: readonly LineFault[]): Promise<void> {
    this.counts.faults += faults.length
    this.line.next(...faults)
    await this.#drain()
    this.#tidy()
    await this.#stopUplink()
    this.line.forget()
  }

  async #drain(): Promise<void> {
    const { device } = this
    device.uplink ??= this.#startUplink()
    const { uplink } = device
    await until(() => {
      const { state, reason } = uplink.status()
      // A technician has looked at the three that were refused.
      if (state === 'stopped' && reason === 'three-set-aside') uplink.resume()
      else if (state === 'stopped') throw new Error(`the uplink has stopped: ${reason}`)
      return state === 'idle' && device.outbox.backlog().count === 0
    })
  }

  #startUplink(): Uplink {
    const { outbox, client } = this.device
    return startUplink({ outbox, line: client, clock: this.clock, random: HURRY })
  }

  async #stopUplink(): Promise<void> {
    await this.device.uplink?.close()
    this.device.uplink = null
  }

  /** The device's clock alone. */
  stepClock(ms: number): void {
    this.#offsetMs += ms
    this.#tidy()
  }

  /** For everybody: longer than a device keeps what the hall has. */
  monthGoesBy(): void {
    this.#offsetMs += MONTH_MS
    this.halls.offsetMs += MONTH_MS
  }

  #tidy(): void {
    try {
      while (this.device.outbox.tidy());
    } catch (error) {
      // Upkeep waits for a disk with room; nothing depends on it.
      if (!isNoRoom(error)) throw error
    }
  }

  fill(): void {
    this.#disk.fill()
  }

  /**
   * The device looks for room every so often, and at each start at once: filled anew before that, a disk would leave
   * it without its reserve.
   */
  async free(): Promise<void> {
    this.#disk.free()
    await this.restartDevice()
  }

  /** In the middle of sending, after so many milliseconds. */
  async crashDevice(sendingForMs: number, faults: readonly LineFault[]): Promise<void> {
    this.counts.crashes += 1
    this.line.next(...faults)
    if (sendingForMs > 0) {
      this.device.uplink = this.#startUplink()
      await new Promise((resolve) => setTimeout(resolve, sendingForMs))
    }
    const taken = join(this.#root, 'taken')
    copyFolder(this.#deviceDir, taken)
    await this.#abandonDevice()
    rmSync(this.#deviceDir, { recursive: true })
    copyFolder(taken, this.#deviceDir)
    rmSync(taken, { recursive: true })
    this.line.forget()
    this.device = this.#openDevice()
  }

  async restartDevice(): Promise<void> {
    await this.#abandonDevice()
    this.device = this.#openDevice()
  }

  /** A technician gives the store more room. */
  async raiseQuota(): Promise<void> {
    this.#quotaBytes = Number.POSITIVE_INFINITY
    await this.restartDevice()
  }

  async #abandonDevice(): Promise<void> {
    await this.#stopUplink()
    this.device.close()
  }

  async crashHall(sendingForMs: number): Promise<void> {
    this.counts.crashes += 1
    if (sendingForMs > 0) {
      this.device.uplink = this.#startUplink()
      await new Promise((resolve) => setTimeout(resolve, sendingForMs))
    }
    await this.halls.crash()
    await this.#stopUplink()
  }

  /** Place → hash of every event that lies in the device's store, sent or not. */
  kept(): Map<string, string> {
    const rows = this.device.db
      .prepare<[], { place: number; hash: string }>('SELECT place, hash FROM outbox_events')
      .all()
    return new Map(rows.map(({ place, hash }) => [placeOf(epochOf(place), sequenceOf(place)), hash]))
  }

  setAside(): Set<string> {
    const rows = this.device.db.prepare<[], number>('SELECT place FROM outbox_aside').pluck().all()
    return new Set(rows.map((place) => placeOf(epochOf(place), sequenceOf(place))))
  }

  async atHall(): Promise<Map<string, string>> {
    return await storedIn(this.halls.place, this.deviceId)
  }

  async lookAtHall(): Promise<void> {
    for (const [place, hash] of await this.atHall()) {
      if ((this.everAtHall.get(place) ?? hash) !== hash) throw new Error(`${place} was changed at the hall`)
      this.everAtHall.set(place, hash)
    }
  }

  async report(): Promise<ChainReport> {
    return await verified(this.halls.place, this.deviceId)
  }

  async end(): Promise<void> {
    this.#disk.free()
    await this.#abandonDevice()
    await this.line.close()
    await this.halls.hall.close()
    this.#disk.remove()
    rmSync(this.#root, { recursive: true, force: true })
  }
}

/** SQLite's own word for it and the store's. */
function isNoRoom(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code === 'store-full' || code === 'SQLITE_FULL'
}
