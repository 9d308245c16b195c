/**
 * What a hall's store alone takes for an event, and whether that stays flat as it fills: batches of 500 ratings with
 * real hashes from 200 devices, one after the other, each committed to the disk; and what it takes for a report to the
 * province, claimed and settled as an instance does it. At every mark the filled store and a young one take turns, so
 * that what else the machine does falls on both; the ratio of their means is what counts, for the mean has the
 * checkpoints in it. Exit 1 when a filled store costs more than 1.3 × a young one.
 *
 *   node test/bench/hall-store.ts [--engine sqlite|postgres] [--events 10000,200000] [--long]
 */
import { hash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openPostgresStore } from '../../sync/hall/store/postgres.ts'
import { openSqliteStore } from '../../sync/hall/store/sqlite.ts'
import type { ReceivedBatch, Store, StoredEvent } from '../../sync/hall/store/store.ts'
import { FIRST_PREVHASH, formatSequence } from '../../sync/protocol/identifiers.ts'
import { createSigningKeyPair, thumbprint } from '../../sync/protocol/keys.ts'
import { startPostgres } from '../sync/hall/support/postgres.ts'

const DEVICES = 200
const BATCH_EVENTS = 500
/** Every device has sent something before anything is measured. */
const YOUNG_EVENTS = 10_000
/** Measured at each mark: enough to have several checkpoints in it. */
const BATCHES_AT_A_MARK = 80
/** As many as an instance has on their way to the province at once, and enough of them to have checkpoints in it. */
const REPORTS_AT_ONCE = 8
const CLAIMS_AT_A_MARK = 60
const LEASE_MS = 60_000
const MOST_RATIO = 1.3

const SHORT_MARKS = [10_000, 50_000, 200_000]
const LONG_MARKS = [10_000, 100_000, 1_000_000, 5_000_000]

interface Engine {
  open(): Promise<Store>
  close(): Promise<void>
}

function sqlite(): Engine {
  const folder = mkdtempSync(join(tmpdir(), 'w24-bench-store-'))
  let files = 0
  return {
    async open() {
      files += 1
      return openSqliteStore(join(folder, `hall-${files}.sqlite`))
    },
    async close() {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function postgres(): Promise<Engine> {
  const server = await startPostgres()
  return {
    open: async () => await openPostgresStore(await server.newDatabase()),
    close: async () => await server.remove(),
  }
}

/** The chains of a hall's devices, made as they are needed; a store that it feeds. */
class Hall {
  readonly store: Store
  readonly #heads = Array.from({ length: DEVICES }, () => ({ sequence: 0, hash: FIRST_PREVHASH }))
  #turn = 0
  events = 0

  private constructor(store: Store) {
    this.store = store
  }

  static async open(engine: Engine): Promise<Hall> {
    const store = await engine.open()
    const { publicKey } = createSigningKeyPair()
    const at = new Date()
    for (let device = 0; device < DEVICES; device += 1) {
      const codeHash = `code ${device}`
      await store.addEnrolmentCode({ codeHash, createdAt: at, expiresAt: new Date(at.getTime() + 1000) })
      const facts = { role: 'pad' as const, name: 'pad', window: null, software: 'bench' }
      const key = { publicKey, thumbprint: `${thumbprint(publicKey)} ${device}` }
      await store.enrol({ codeHash, ...key, device: facts, at, nameDevice: () => deviceId(device) })
    }
    return new Hall(store)
  }

  async fill(events: number): Promise<void> {
    if (this.events === 0)
      for (let device = 0; device < DEVICES; device += 1) await this.give(YOUNG_EVENTS / DEVICES)
    while (this.events < events) await this.give(BATCH_EVENTS)
  }

  /** The next device's next batch. @returns ms that the store has taken */
  async give(events: number): Promise<number> {
    const batch = this.#batch(events)
    const begun = performance.now()
    const outcome = await this.store.storeBatch(batch)
    const ms = performance.now() - begun
    if (outcome.outcome !== 'stored' || outcome.stored !== events) throw new Error(JSON.stringify(outcome))
    this.events += events
    return ms
  }

  /** What has come in is looked through once before any of it goes out. */
  async takeUp(): Promise<void> {
    await this.store.province.claim({ by: 'nobody', at: Date.now(), leaseMs: LEASE_MS }, 0)
  }

  /** The next reports are claimed and settled, each by itself. @returns ms for one of them */
  async report(): Promise<number> {
    const { province } = this.store
    const by = 'bench'
    const begun = performance.now()
    const rows = await province.claim({ by, at: Date.now(), leaseMs: LEASE_MS }, REPORTS_AT_ONCE)
    for (const row of rows) {
      const settled = { state: 'reported', reason: null, firstTriedAt: null, at: Date.now() } as const
      if (!(await province.settle(row, by, settled))) throw new Error('a report was not settled')
    }
    if (rows.length < REPORTS_AT_ONCE) throw new Error(`only ${rows.length} reports were waiting`)
    return (performance.now() - begun) / rows.length
  }

  #batch(events: number): ReceivedBatch {
    const device = this.#turn % DEVICES
    this.#turn += 1
    const head = this.#heads[device]
    if (head === undefined) throw new Error(`no device ${device}`)
    const first = head.sequence + 1
    const accepted = Array.from({ length: events }, (): StoredEvent => {
      const event = rating(device, head.sequence + 1, head.hash)
      head.sequence = event.sequence
      head.hash = event.hash
      return event
    })
    const ratings = accepted.map(({ sequence }) => ({
      sequence,
      caseNo: caseNo(device, sequence),
      serviceNumber: 1,
      assessNumber: 1,
      reasonPending: false,
      capturedAt: TIME,
    }))
    const place = { deviceId: deviceId(device), epoch: 1, first, last: head.sequence }
    return { ...place, accepted, ratings, explained: [], at: new Date(), missingLimit: 500 }
  }
}

const TYPE = 'cn.window24.rating.v1'
const TIME = '2026-11-21T20:14:05.123+08:00'

const deviceId = (device: number): string => `P-0571-${String(device + 1).padStart(4, '0')}`
/** Cases are numbered by the offices that take them, so that those of one window lie all over the numbers. */
const caseNo = (device: number, sequence: number): string =>
  `330099${String(Math.imul(device * 1_000_003 + sequence, 0x9e3779b1) >>> 0).padStart(14, '0')}`

/** As a pad's, in canonical order, so that the text without its hash needs no serialising. */
function rating(device: number, sequence: number, prevhash: string): StoredEvent {
  const data =
    `{"anonymous":false,"askedAt":"${TIME}","assessNumber":1,"capturedAt":"${TIME}","case":{"caseNo":"` +
    `${caseNo(device, sequence)}","handleItem":null,"itemCode":"33000000112233","itemName":"社会保障卡申领",` +
    `"serviceName":"申请","serviceNumber":1,"ticketNo":null},"channel":"pad","clock":{"offsetMs":-12,` +
    `"synchronized":true},"comment":null,"dictionary":"2019.1","labels":["510","517"],"level":5,"proof":"none",` +
    `"reasonPending":false,"staff":{"staffId":"S-${device}","window":"${device}"},"user":null}`
  const uuid = `01932b5c-${String(device).padStart(4, '0')}-7000-8000-${String(sequence).padStart(12, '0')}`
  const before = `{"data":${data},"datacontenttype":"application/json","epoch":1,`
  const after =
    `"id":"${uuid}","prevhash":"${prevhash}","sequence":"${formatSequence(sequence)}",` +
    `"source":"/devices/${deviceId(device)}","specversion":"1.0","time":"${TIME}","type":"${TYPE}"}`
  const own = hash('sha256', before + after, 'base64url')
  return { epoch: 1, sequence, type: TYPE, hash: own, prevhash, text: `${before}"hash":"${own}",${after}` }
}

/** @returns the ratios at each mark */
async function measure(name: string, engine: Engine, marks: readonly number[]): Promise<number[]> {
  const filled = await Hall.open(engine)
  const ratios: number[] = []
  for (const mark of marks) {
    const begun = performance.now()
    await filled.fill(mark)
    const fillingS = (performance.now() - begun) / 1000
    const young = await Hall.open(engine)
    await young.fill(YOUNG_EVENTS)
    const batches = await inTurns(BATCHES_AT_A_MARK, filled, young, (hall) => hall.give(BATCH_EVENTS))
    for (const hall of [filled, young]) await hall.takeUp()
    const reports = await inTurns(CLAIMS_AT_A_MARK, filled, young, (hall) => hall.report())
    await young.store.close()
    const filling = `${fillingS.toFixed(0)} s`
    ratios.push(
      row(name, mark, 'event', batches, 1 / BATCH_EVENTS, filling),
      row(name, mark, 'report', reports, 1, ''),
    )
  }
  const stored = await filled.store.countEvents()
  if (stored !== filled.events) throw new Error(`${stored} stored of ${filled.events}`)
  await filled.store.close()
  return ratios
}

type Times = Record<'filled' | 'young', number[]>

async function inTurns(
  rounds: number,
  filled: Hall,
  young: Hall,
  act: (hall: Hall) => Promise<number>,
): Promise<Times> {
  const times: Times = { filled: [], young: [] }
  for (let round = 0; round < rounds; round += 1) {
    times.filled.push(await act(filled))
    times.young.push(await act(young))
  }
  return times
}

/** @returns the ratio of the means */
function row(name: string, mark: number, what: string, times: Times, share: number, filling: string): number {
  const [old, fresh] = [microseconds(times.filled, share), microseconds(times.young, share)]
  const ratio = old.mean / fresh.mean
  const columns = [
    name.padEnd(10),
    mark.toLocaleString('en').padStart(10),
    what.padEnd(6),
    ...[old.median, old.mean, fresh.median, fresh.mean].map((us) => `${us.toFixed(1)} µs`.padStart(10)),
    `${ratio.toFixed(2)} ×`.padStart(8),
    filling.padStart(7),
  ]
  process.stdout.write(`${columns.join(' ')}\n`)
  return ratio
}

/** The median is what one costs; the mean has the checkpoints and the machine's other work in it. */
function microseconds(timesMs: number[], share: number): { median: number; mean: number } {
  const ordered = timesMs.toSorted((one, other) => one - other)
  const mean = timesMs.reduce((sum, ms) => sum + ms, 0) / timesMs.length
  const us = (ms: number): number => ms * 1000 * share
  return { median: us(ordered[Math.trunc(ordered.length / 2)] ?? 0), mean: us(mean) }
}

const { values } = parseArgs({
  options: {
    engine: { type: 'string' },
    events: { type: 'string' },
    long: { type: 'boolean', default: false },
  },
})
const marks = values.events?.split(',').map(Number) ?? (values.long ? LONG_MARKS : SHORT_MARKS)
process.stdout.write(
  'store      events stored, for one   filled: median, mean    young: median, mean    ratio filling\n',
)
let worst = 0
for (const [name, start] of [['SQLite', async () => sqlite()] as const, ['PostgreSQL', postgres] as const]) {
  if (values.engine !== undefined && values.engine !== name.toLowerCase().replace('postgresql', 'postgres'))
    continue
  const engine = await start()
  try {
    worst = Math.max(worst, ...(await measure(name, engine, marks)))
  } finally {
    await engine.close()
  }
}
process.stdout.write(
  `the most a filled store costs: ${worst.toFixed(2)} × a young one (at most ${MOST_RATIO})\n`,
)
process.exitCode = worst > MOST_RATIO ? 1 : 0
