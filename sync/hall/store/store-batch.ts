/** A batch is stored: everything that was accepted, each event once, or nothing of it (PROTOCOLS.md §1.3). */
import { fillGaps, missingIn, openGap } from './gaps.ts'
import { chainLock, noteFork, noteThrough } from './heads.ts'
import type { EngineSql, RowShape, Sql } from './sql.ts'
import type { BatchOutcome, Contradiction, ReceivedBatch, Store, StoredEvent } from './store.ts'

type BatchPart = Pick<Store, 'storeBatch'>

const EVENTS: RowShape = {
  table: 'events',
  columns: {
    device_id: 'text',
    epoch: 'integer',
    sequence: 'integer',
    type: 'text',
    hash: 'text',
    prevhash: 'text',
    text: 'text',
    received_at: 'integer',
  },
}

const REPORTS: RowShape = {
  table: 'province_reports',
  columns: {
    device_id: 'text',
    epoch: 'integer',
    sequence: 'integer',
    case_no: 'text',
    service_number: 'integer',
    assess_number: 'integer',
    state: 'text',
    attempts: 'integer',
    not_before: 'integer',
    received_at: 'integer',
    taken_up_at: 'integer',
  },
}

interface Link {
  hash: string
  prevhash: string
}

export function batchPart(sql: EngineSql): BatchPart {
  return {
    async storeBatch(batch) {
      return await sql.transaction(chainLock(batch.deviceId), async (within) => await store(within, batch))
    },
  }
}

async function store(sql: EngineSql, batch: ReceivedBatch): Promise<BatchOutcome> {
  const { deviceId, epoch, accepted, at, missingLimit } = batch
  const { links, through, hasGaps } = await whatIsThere(sql, batch)
  const found = contradiction(accepted, links)
  if (found !== null) {
    await noteFork(sql, deviceId, epoch, at)
    return { outcome: 'fork', ...found }
  }
  const fresh = accepted.filter(({ sequence }) => !links.has(sequence))
  await insertFresh(sql, batch, fresh)
  const skipped = batch.first > through + 1 ? { first: through + 1, last: batch.first - 1 } : null
  if (skipped !== null) await openGap(sql, deviceId, epoch, skipped)
  else if (hasGaps) await fillGaps(sql, deviceId, epoch, batch)
  for (const hole of batch.explained)
    await fillGaps(sql, deviceId, hole.epoch, { first: hole.sequence, last: hole.sequence })
  if (batch.last > through) await noteThrough(sql, deviceId, epoch, batch.last)
  const missing = skipped !== null || hasGaps ? await missingIn(sql, deviceId, epoch, missingLimit) : []
  return { outcome: 'stored', stored: fresh.length, duplicate: accepted.length - fresh.length, missing }
}

interface WhatIsThere {
  /** By sequence: all that is stored of the batch's stretch, and its two neighbours. */
  links: ReadonlyMap<number, Link>
  /** The last sequence of this epoch that the hall has answered for; 0 before the first. */
  through: number
  /** Whether anything of this epoch is missing. */
  hasGaps: boolean
}

type ThereRow =
  | { kind: 'link'; sequence: number; hash: string; prevhash: string }
  | { kind: 'head' | 'gap'; sequence: number | null }

/** In one question: a store in another house is a journey away. */
async function whatIsThere(sql: Sql, { deviceId, epoch, first, last }: ReceivedBatch): Promise<WhatIsThere> {
  const rows = await sql.all<ThereRow>(
    `SELECT 'link' AS kind, sequence, hash, prevhash FROM events
       WHERE device_id = ? AND epoch = ? AND sequence >= ? AND sequence <= ?
     UNION ALL SELECT 'head', through, NULL, NULL FROM heads WHERE device_id = ? AND epoch = ?
     UNION ALL SELECT 'gap', max(first), NULL, NULL FROM gaps WHERE device_id = ? AND epoch = ?`,
    ...[deviceId, epoch, first - 1, last + 1],
    ...[deviceId, epoch],
    ...[deviceId, epoch],
  )
  const links = new Map<number, Link>()
  let through = 0
  let hasGaps = false
  for (const row of rows) {
    if (row.kind === 'link') links.set(row.sequence, row)
    else if (row.sequence !== null) {
      if (row.kind === 'head') through = row.sequence
      else hasGaps = true
    }
  }
  return { links, through, hasGaps }
}

/**
 * Where this batch and the store part, or null. A neighbour counts as well: its link names the hash that this
 * or the other chain has at that place.
 */
function contradiction(
  accepted: readonly StoredEvent[],
  links: ReadonlyMap<number, Link>,
): Contradiction | null {
  if (links.size === 0) return null
  for (const { sequence, hash, prevhash } of accepted) {
    const before = links.get(sequence - 1)
    if (before !== undefined && before.hash !== prevhash) return { sequence: sequence - 1, hash: before.hash }
    const same = links.get(sequence)
    if (same !== undefined && same.hash !== hash) return { sequence, hash: same.hash }
    const after = links.get(sequence + 1)
    if (after !== undefined && after.prevhash !== hash) return { sequence, hash: after.prevhash }
  }
  return null
}

async function insertFresh(
  sql: EngineSql,
  { deviceId, epoch, ratings, at }: ReceivedBatch,
  fresh: readonly StoredEvent[],
): Promise<void> {
  if (fresh.length === 0) return
  const receivedAt = at.getTime()
  await sql.insertAll(
    EVENTS,
    fresh.map(({ sequence, type, hash, prevhash, text }) => [
      ...[deviceId, epoch, sequence, type],
      ...[hash, prevhash, text, receivedAt],
    ]),
  )
  const counts = new Map<string, number>()
  for (const { type } of fresh) counts.set(type, (counts.get(type) ?? 0) + 1)
  for (const [type, events] of counts)
    await sql.run(
      `INSERT INTO event_counts (device_id, type, events) VALUES (?, ?, ?)
       ON CONFLICT (device_id, type) DO UPDATE SET events = event_counts.events + excluded.events`,
      deviceId,
      type,
      events,
    )
  const isFresh = new Set(fresh.map(({ sequence }) => sequence))
  const reports = ratings
    .filter(({ sequence }) => isFresh.has(sequence))
    .map(({ sequence, caseNo, serviceNumber, assessNumber, reasonPending }) => [
      ...[deviceId, epoch, sequence, caseNo, serviceNumber, assessNumber],
      ...[reasonPending ? 'reason-pending' : 'waiting', 0, receivedAt, receivedAt],
      // One that waits for its reason holds up the later ones of its case at once.
      reasonPending ? receivedAt : null,
    ])
  if (reports.length > 0) await sql.insertAll(REPORTS, reports)
}
