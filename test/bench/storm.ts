/**
 * A storm: after an outage all devices of a city send what they have kept in the same second. Real signed requests
 * from processes of their own to a real hall server. Exit 1 when an answer takes too long, a device starves, or the
 * whole takes longer than the server's own speed allows.
 *
 *   node scripts/run.js test/bench/storm.ts [--devices 400] [--events 100] [--postgres]
 *   node scripts/run.js test/bench/storm.ts --full [--postgres]      2,000 devices × 500 events
 *   node scripts/run.js test/bench/storm.ts --long [--postgres]      5,000 devices × 1,000 events
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openHallStore } from '../../sync/hall/store/open.ts'
import { MAX_BATCH_EVENTS } from '../../sync/protocol/batch.ts'
import { thumbprint } from '../../sync/protocol/keys.ts'
import { startPostgres } from '../sync/hall/support/postgres.ts'
import {
  type Child,
  type HallProcess,
  processorMs,
  startChild,
  startHallProcess,
} from './delivery/processes.ts'
import type { Outcome, Prepare, Prepared } from './storm/sender.ts'

/** Nobody may wait longer for whatever answer, nor the whole take longer than so many times the server's own limit. */
const P99_MS = 1_000
const TOTAL_RATIO = 1.3
/** A storm that the server is through with before the first Retry-After is over says nothing of the ratio. */
const RATIO_FROM_EVENTS = 500_000

/**
 * Nobody starves: served in turn, half of the devices are done at half of the time, the last at twice that. Retry-After
 * counts whole seconds, which a short storm must not be blamed for.
 */
const LAST_TO_MEDIAN = 3
const LAST_GRACE_MS = 5_000
/** A batch's way through: called back in turn, it is one too many a few times at most. */
const MOST_SENT_AWAY_A_BATCH = 10

/** Senders that keep a server busy and no more: its own limit is what it does for these. */
const STEADY_DEVICES = 6
const STEADY_EVENTS = 10_000
const SENDERS = 2

const { values } = parseArgs({
  options: {
    devices: { type: 'string' },
    events: { type: 'string' },
    postgres: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
  },
})
const size = values.long
  ? { devices: 5_000, events: 1_000 }
  : values.full
    ? { devices: 2_000, events: 500 }
    : { devices: Number(values.devices ?? 400), events: Number(values.events ?? 100) }

/** More than one of each device: who was served stands at the door again beside those that were not. */
const batchEvents = Math.min(MAX_BATCH_EVENTS, Math.ceil(size.events / 2))

const folder = mkdtempSync(join(tmpdir(), 'w24-storm-'))
const children: Child[] = []

/** Straight into the store: thousands of enrolments are not what is measured here. */
async function enrolAll(database: string | null, parts: readonly Prepared[]): Promise<void> {
  const store = await openHallStore({ dataDir: folder, database })
  const at = new Date()
  for (const publicKey of parts.flatMap(({ keys }) => keys)) {
    const named = thumbprint(publicKey)
    await store.addEnrolmentCode({
      codeHash: named,
      createdAt: at,
      expiresAt: new Date(at.getTime() + 60_000),
    })
    const device = { role: 'pad' as const, name: 'storm', window: '12', software: '0' }
    const nameDevice = (number: number): string => `P-STORM-${number}`
    await store.enrol({ codeHash: named, publicKey, thumbprint: named, device, at, nameDevice })
  }
  await store.close()
}

function newSender(): Child {
  const child = startChild(new URL('./storm/sender.ts', import.meta.url), [])
  children.push(child)
  return child
}

async function prepared(sender: Child, of: Prepare['prepare']): Promise<Prepared> {
  sender.tell({ prepare: of } satisfies Prepare)
  return await sender.told<Prepared>('keys')
}

async function storm(senders: readonly Child[]): Promise<Outcome & { ms: number }> {
  const begun = performance.now()
  for (const sender of senders) sender.tell({ go: true })
  const outcomes = await Promise.all(senders.map((sender) => sender.told<Outcome>('finishedMs')))
  return {
    ms: performance.now() - begun,
    answers: outcomes.flatMap(({ answers }) => answers),
    finishedMs: outcomes.flatMap(({ finishedMs }) => finishedMs),
    sentAway: outcomes.flatMap(({ sentAway }) => sentAway),
    noAnswer: outcomes.reduce((sum, { noAnswer }) => sum + noAnswer, 0),
  }
}

const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? 0

async function run(hall: HallProcess, database: string | null): Promise<boolean> {
  const steadySender = newSender()
  const senders = Array.from({ length: SENDERS }, newSender)
  const parts = [
    await prepared(steadySender, {
      url: hall.url,
      first: 1,
      devices: STEADY_DEVICES,
      events: STEADY_EVENTS,
      batchEvents,
    }),
  ]
  const each = Math.ceil(size.devices / SENDERS)
  for (const [index, sender] of senders.entries()) {
    const devices = Math.min(each, size.devices - index * each)
    const first = STEADY_DEVICES + index * each + 1
    parts.push(await prepared(sender, { url: hall.url, first, devices, events: size.events, batchEvents }))
  }
  await enrolAll(database, parts)

  const processor = [processorMs(hall.pid)]
  const steady = await storm([steadySender])
  processor.push(processorMs(hall.pid))
  const rate = (STEADY_DEVICES * STEADY_EVENTS) / steady.ms
  await steadySender.stop()
  const all = await storm(senders)
  processor.push(processorMs(hall.pid))
  const events = size.devices * size.events
  const stored = (await hall.events()) - STEADY_DEVICES * STEADY_EVENTS

  const [before = 0, between = 0, after = 0] = processor
  const processorRatio = (after - between) / events / ((between - before) / (STEADY_DEVICES * STEADY_EVENTS))
  const times = all.answers.map(({ ms }) => ms)
  const sentAway = all.answers.filter(({ status }) => status === 429).length
  const limitMs = events / rate
  const ratio = all.ms / limitMs
  const p99 = percentile(times, 0.99)
  const medianDone = percentile(all.finishedMs, 0.5)
  const lastDone = percentile(all.finishedMs, 1)
  const lastBound = medianDone * LAST_TO_MEDIAN + LAST_GRACE_MS
  const mostAway = percentile(all.sentAway, 1)
  const mostAwayBound = MOST_SENT_AWAY_A_BATCH * Math.ceil(size.events / batchEvents)
  const rows: [string, string, boolean | null][] = [
    ['events stored', `${stored} of ${events}`, stored === events],
    ['devices done', `${all.finishedMs.length} of ${size.devices}`, all.finishedMs.length === size.devices],
    ['requests without an answer', String(all.noAnswer), all.noAnswer === 0],
    ['answers, of them 429', `${all.answers.length}, ${sentAway}`, null],
    [
      'answer p50, max',
      `${percentile(times, 0.5).toFixed(0)} ms, ${percentile(times, 1).toFixed(0)} ms`,
      null,
    ],
    ['answer p99', `${p99.toFixed(0)} ms, bound ${P99_MS} ms`, p99 < P99_MS],
    [
      'device done p50, last',
      `${ms(medianDone)}, ${ms(lastDone)}, bound ${ms(lastBound)}`,
      lastDone <= lastBound,
    ],
    ['most 429 of one device', `${mostAway}, bound ${mostAwayBound}`, mostAway <= mostAwayBound],
    ['the server’s own limit', `${ms(limitMs)} at ${(rate * 1000).toFixed(0)} events/s`, null],
    ['processor an event / at that limit', processorRatio.toFixed(2), null],
    [
      'all together / that limit',
      `${ratio.toFixed(2)}, bound ${TOTAL_RATIO}`,
      events < RATIO_FROM_EVENTS ? null : ratio <= TOTAL_RATIO,
    ],
  ]
  process.stdout.write(
    `${size.devices} devices × ${size.events} events at once, ${database === null ? 'SQLite' : 'PostgreSQL'}\n`,
  )
  for (const [what, figure, holds] of rows)
    process.stdout.write(
      `${what.padEnd(36)} ${figure.padEnd(36)} ${holds === null ? '' : holds ? 'holds' : 'BROKEN'}\n`,
    )
  return rows.every(([, , holds]) => holds !== false)
}

function ms(time: number): string {
  return `${(time / 1000).toFixed(1)} s`
}

const postgres = values.postgres ? await startPostgres() : null
try {
  const database = postgres === null ? null : await postgres.newDatabase()
  const more = database === null ? [] : ['--database', database]
  const hall = await startHallProcess(folder, more)
  children.push(hall)
  process.exitCode = (await run(hall, database)) ? 0 : 1
} finally {
  for (const child of children) await child.stop()
  await postgres?.remove()
  rmSync(folder, { recursive: true, force: true })
}
