/** A hall's store with rated services in it, a simulated province, and the reporter between them: all of them real. */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import { checkBatch } from '../../../../sync/hall/http/batch-check.ts'
import { loadProfile } from '../../../../sync/hall/province/profile.ts'
import type { ProvinceProfile } from '../../../../sync/hall/province/profile-schema.ts'
import {
  type ProvinceReporter,
  type ReporterOptions,
  startProvinceReporter,
} from '../../../../sync/hall/province/reporter.ts'
import type { ProvinceSettings } from '../../../../sync/hall/province/settings.ts'
import { DEMO_PROVINCE, demoProvinceKeys } from '../../../../sync/hall/province/simulator/demo-keys.ts'
import {
  type ProvinceSimulator,
  type SimulatorOptions,
  startProvinceSimulator,
} from '../../../../sync/hall/province/simulator/simulator.ts'
import { openHallStore } from '../../../../sync/hall/store/open.ts'
import type { ReportKey, ReportRow, ReportState } from '../../../../sync/hall/store/province-queue.ts'
import type { Store } from '../../../../sync/hall/store/store.ts'
import { splitBatch } from '../../../../sync/protocol/batch.ts'
import type { EventData } from '../../../../sync/protocol/events.ts'
import {
  createSealingKeyPair,
  createSigningKeyPair,
  publicSealingKey,
  type SealingKeyPair,
  thumbprint,
} from '../../../../sync/protocol/keys.ts'
import { type SealedUser, seal } from '../../../../sync/protocol/sealing.ts'
import { ratingData, TestChain } from '../helpers.ts'

export const PROVINCES = ['guangdong', 'shandong', 'zhejiang'] as const

/** Nobody: area 330099 is no real one. */
export const CITIZEN: SealedUser = {
  type: '1',
  name: '张小雨',
  idType: '111',
  idNumber: '33009919900101002X',
  phone: '13900000000',
}

/** A province that answers at once or not at all is not waited for longer than a test is patient. */
export function profileOf(name: string, changes: Partial<ProvinceProfile['delivery']> = {}): ProvinceProfile {
  const profile = loadProfile(name)
  if (profile === null) throw new Error(`no profile ${name}`)
  return { ...profile, delivery: { perSecond: 5_000, atOnce: 8, deadlineSeconds: 1, ...changes } }
}

/** Retries in milliseconds where a hall waits for seconds; the order of everything is the same. */
export const QUICK = {
  retryFirstMs: 2,
  retryMaxMs: 20,
  pauseFirstMs: 2,
  pauseMaxMs: 20,
  pollMs: 20,
  leaseMarginMs: 500,
}

type Rating = EventData<'rating'>

export type RatingChanges = Omit<Partial<Rating>, 'case'> & { case?: Partial<NonNullable<Rating['case']>> }

export function ratingOf(caseNo: string, changes: RatingChanges = {}): Rating {
  const base = ratingData()
  if (base.case === null) throw new Error('a rating without a case')
  const { case: ofCase, ...rest } = changes
  return { ...base, ...rest, case: { ...base.case, caseNo, ...ofCase } }
}

/** Every level in turn, with a label of it. */
export function ratingOfLevel(caseNo: string, level: number, changes: RatingChanges = {}): Rating {
  const label = { 5: '510', 4: '406', 3: '307', 2: '207', 1: '108' }[level] ?? ''
  return ratingOf(caseNo, { level, labels: [label], ...changes })
}

const BATCH_EVENTS = 250

const MEMORY = '/dev/shm'

/** Processes are killed here, not the machine: files in memory outlive them as well as a disk's, and wait for nobody. */
function memoryFolder(): string {
  return mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'w24-province-'))
}

export class RatedHall {
  readonly dataDir: string
  readonly store: Store
  readonly sealing: SealingKeyPair
  readonly #chain: TestChain

  private constructor(dataDir: string, store: Store, chain: TestChain) {
    this.dataDir = dataDir
    this.store = store
    this.sealing = createSealingKeyPair()
    this.#chain = chain
  }

  static async open({ dataDir = memoryFolder(), database = null as string | null } = {}): Promise<RatedHall> {
    const store = await openHallStore({ dataDir, database })
    const { publicKey } = createSigningKeyPair()
    const codeHash = `code-${randomUUID()}`
    const at = new Date()
    await store.addEnrolmentCode({ codeHash, createdAt: at, expiresAt: new Date(at.getTime() + 60_000) })
    const outcome = await store.enrol({
      codeHash,
      publicKey,
      thumbprint: thumbprint(publicKey),
      device: { role: 'pad', name: '12号窗口', window: '12', software: '0.1.0' },
      at,
      nameDevice: (number) => `T-0571-000${number}`,
    })
    if (outcome.outcome !== 'enrolled') throw new Error(outcome.outcome)
    return new RatedHall(dataDir, store, new TestChain(outcome.deviceId))
  }

  get deviceId(): string {
    return this.#chain.deviceId
  }

  /** As the batch's handler does it: from the bytes that a device would send. */
  async give(...ratings: Rating[]): Promise<void> {
    for (let from = 0; from < ratings.length; from += BATCH_EVENTS) {
      const made = ratings
        .slice(from, from + BATCH_EVENTS)
        .map((rating) => this.#chain.next('rating', rating))
      const split = splitBatch(Buffer.from(`[${made.map(({ text }) => text).join(',')}]`))
      if (!split.ok) throw new Error(split.detail)
      const checked = checkBatch(split.events, this.deviceId)
      if (!checked.ok || checked.rejected.length > 0) throw new Error(JSON.stringify(checked))
      const outcome = await this.store.storeBatch({
        ...checked,
        deviceId: this.deviceId,
        at: new Date(),
        missingLimit: 10,
      })
      if (outcome.outcome !== 'stored') throw new Error(outcome.outcome)
    }
  }

  async seal(what: { user?: SealedUser; text?: string }): Promise<string> {
    const key = publicSealingKey(this.sealing)
    return await seal({ purpose: 'rating', device: this.deviceId, ...what }, key, new Date())
  }

  key(sequence: number): ReportKey {
    return { deviceId: this.deviceId, epoch: 1, sequence }
  }

  async row(sequence: number): Promise<ReportRow> {
    const row = await this.store.province.row(this.key(sequence))
    if (row === null) throw new Error(`no report ${sequence}`)
    return row
  }

  async states(): Promise<ReportState[]> {
    return (await this.store.province.rows(null, null, 10_000)).map(({ state }) => state)
  }

  async untilCounted(counted: Partial<Record<ReportState, number>>): Promise<void> {
    for (;;) {
      const counts = await this.store.province.counts()
      if (Object.entries(counted).every(([state, n]) => counts[state as ReportState] === n)) return
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  async close(): Promise<void> {
    await this.store.close()
    rmSync(this.dataDir, { recursive: true, force: true })
  }
}

export const SILENT: Logger = pino({ level: 'silent' })

export function settingsFor(profile: string, url: string, dataDir: string): ProvinceSettings {
  writeFileSync(join(dataDir, 'province.key'), `${DEMO_PROVINCE.privateKey}\n`)
  writeFileSync(join(dataDir, 'province.sm4'), `${DEMO_PROVINCE.encryptionKey}\n`)
  writeFileSync(join(dataDir, 'province.secret'), `${DEMO_PROVINCE.secret}\n`)
  return {
    profile,
    url,
    appKey: DEMO_PROVINCE.appKey,
    secretFile: 'province.secret',
    privateKeyFile: 'province.key',
    encryptionKeyFile: 'province.sm4',
  }
}

export async function provinceOf(
  profile: ProvinceProfile,
  changes: Partial<SimulatorOptions> = {},
): Promise<ProvinceSimulator> {
  return await startProvinceSimulator({
    profile,
    listen: 'tcp://127.0.0.1:0',
    keys: demoProvinceKeys(),
    ...changes,
  })
}

export function reporterOf(
  hall: RatedHall,
  name: string,
  profile: ProvinceProfile,
  province: { url: string },
  changes: Partial<ReporterOptions> = {},
): ProvinceReporter {
  return startProvinceReporter({
    store: hall.store,
    settings: settingsFor(name, province.url, hall.dataDir),
    dataDir: hall.dataDir,
    sources: { caseSystem: null, sealingKeys: { all: [hall.sealing] } },
    clock: () => new Date(),
    logger: SILENT,
    profile,
    timing: QUICK,
    ...changes,
  })
}
