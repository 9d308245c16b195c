/** The chains of all devices in SQLite: events, heads, gaps, and what devices say of themselves. */

import { parseSequence } from '../../protocol/identifiers.ts'
import type { Db } from '../../sqlite.ts'
import { gapTable } from './sqlite-gaps.ts'
import type {
  BatchOutcome,
  ChainHead,
  Contradiction,
  ReceivedBatch,
  StatusReport,
  Store,
  StoredEvent,
  StoredStatus,
} from './store.ts'

type ChainPart = Pick<Store, 'storeBatch' | 'eventsOf' | 'headsOf' | 'countEvents' | 'putStatus' | 'statusOf'>

/** Rows read at once when a whole chain is walked: bounded memory, and writers get in between. */
const PAGE_ROWS = 500

/** Earlier boots remembered for each device: a clone shows within minutes, not after a hundred restarts. */
const BOOTS_KEPT = 32

interface HeadRow {
  epoch: number
  through: number | null
  told_sequence: number | null
  told_hash: string | null
  forked_at: number | null
}

interface LinkRow {
  hash: string
  prevhash: string
}

export function chainPart(db: Db): ChainPart {
  const gaps = gapTable(db)
  const link = db.prepare<[string, number, number], LinkRow>(
    'SELECT hash, prevhash FROM events WHERE device_id = ? AND epoch = ? AND sequence = ?',
  )
  const insert = db.prepare(
    `INSERT INTO events (device_id, epoch, sequence, type, hash, prevhash, text, received_at)
     VALUES (@deviceId, @epoch, @sequence, @type, @hash, @prevhash, @text, @receivedAt)`,
  )
  const page = db.prepare<[string, number, number, number], StoredEvent>(
    `SELECT epoch, sequence, type, hash, prevhash, text FROM events
     WHERE device_id = ? AND (epoch, sequence) > (?, ?) ORDER BY epoch, sequence LIMIT ?`,
  )
  const head = db.prepare<[string, number], HeadRow>('SELECT * FROM heads WHERE device_id = ? AND epoch = ?')
  const heads = db.prepare<[string], HeadRow>('SELECT * FROM heads WHERE device_id = ? ORDER BY epoch')
  const answeredFor = db.prepare<[string, number, number]>(
    `INSERT INTO heads (device_id, epoch, through) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET through = max(coalesce(through, 0), excluded.through)`,
  )
  const told = db.prepare<[string, number, number, string]>(
    `INSERT INTO heads (device_id, epoch, told_sequence, told_hash) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET told_sequence = excluded.told_sequence, told_hash = excluded.told_hash
     WHERE told_sequence IS NULL OR told_sequence < excluded.told_sequence`,
  )
  const forked = db.prepare<[string, number, number]>(
    `INSERT INTO heads (device_id, epoch, forked_at) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET forked_at = coalesce(forked_at, excluded.forked_at)`,
  )
  const countAll = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM events')
  const countType = db.prepare<[string], { n: number }>('SELECT count(*) AS n FROM events WHERE type = ?')

  /**
   * Where this batch and the store part, or null. A neighbour counts as well: its link names the hash that this
   * or the other chain has at that place.
   */
  function contradiction({ deviceId, epoch, accepted }: ReceivedBatch): Contradiction | null {
    for (const { sequence, hash, prevhash } of accepted) {
      const before = link.get(deviceId, epoch, sequence - 1)
      if (before !== undefined && before.hash !== prevhash)
        return { sequence: sequence - 1, hash: before.hash }
      const same = link.get(deviceId, epoch, sequence)
      if (same !== undefined && same.hash !== hash) return { sequence, hash: same.hash }
      const after = link.get(deviceId, epoch, sequence + 1)
      if (after !== undefined && after.prevhash !== hash) return { sequence, hash: after.prevhash }
    }
    return null
  }

  const storeBatch = db.transaction((batch: ReceivedBatch): BatchOutcome => {
    const { deviceId, epoch } = batch
    const found = contradiction(batch)
    if (found !== null) {
      forked.run(deviceId, epoch, batch.at.getTime())
      return { outcome: 'fork', ...found }
    }
    let stored = 0
    for (const event of batch.accepted) {
      if (link.get(deviceId, epoch, event.sequence) !== undefined) continue
      insert.run({ ...event, deviceId, epoch, receivedAt: batch.at.getTime() })
      stored += 1
    }
    const through = head.get(deviceId, epoch)?.through ?? 0
    if (batch.first > through + 1) gaps.open(deviceId, epoch, through + 1, batch.first - 1)
    else gaps.fill(deviceId, epoch, batch.first, batch.last)
    for (const hole of batch.explained) gaps.fill(deviceId, hole.epoch, hole.sequence, hole.sequence)
    answeredFor.run(deviceId, epoch, batch.last)
    return {
      outcome: 'stored',
      stored,
      duplicate: batch.accepted.length - stored,
      missing: gaps.list(deviceId, epoch, batch.missingLimit),
    }
  })

  const findStatus = db.prepare<
    [string],
    { text: string; at: number; boot_id: string; clone_seen_at: number | null }
  >('SELECT text, at, boot_id, clone_seen_at FROM statuses WHERE device_id = ?')
  const writeStatus = db.prepare(
    `INSERT INTO statuses (device_id, text, at, boot_id, clone_seen_at)
     VALUES (@deviceId, @text, @at, @bootId, @cloneSeenAt)
     ON CONFLICT DO UPDATE SET text = excluded.text, at = excluded.at, boot_id = excluded.boot_id,
       clone_seen_at = coalesce(excluded.clone_seen_at, clone_seen_at)`,
  )
  const knownBoot = db.prepare<[string, string], { n: number }>(
    'SELECT count(*) AS n FROM boots WHERE device_id = ? AND boot_id = ?',
  )
  const addBoot = db.prepare<[string, string]>(
    'INSERT INTO boots (device_id, boot_id) VALUES (?, ?) ON CONFLICT DO NOTHING',
  )
  const forgetBoots = db.prepare<[string, string, number]>(
    `DELETE FROM boots WHERE device_id = ? AND number NOT IN
       (SELECT number FROM boots WHERE device_id = ? ORDER BY number DESC LIMIT ?)`,
  )

  const putStatus = db.transaction(({ deviceId, bootId, head: toldHead, text, at }: StatusReport): void => {
    const last = findStatus.get(deviceId)
    const returned = last !== undefined && last.boot_id !== bootId && knownBoot.get(deviceId, bootId)?.n === 1
    addBoot.run(deviceId, bootId)
    forgetBoots.run(deviceId, deviceId, BOOTS_KEPT)
    writeStatus.run({ deviceId, text, at: at.getTime(), bootId, cloneSeenAt: returned ? at.getTime() : null })
    if (toldHead === null) return
    const { epoch, hash } = toldHead
    const sequence = parseSequence(toldHead.sequence)
    const stored = link.get(deviceId, epoch, sequence)
    const known = head.get(deviceId, epoch)
    const toldBefore = known?.told_sequence === sequence ? known.told_hash : null
    if ((stored?.hash ?? hash) !== hash || (toldBefore ?? hash) !== hash)
      forked.run(deviceId, epoch, at.getTime())
    told.run(deviceId, epoch, sequence, hash)
  })

  return {
    async storeBatch(batch) {
      return storeBatch.immediate(batch)
    },
    async *eventsOf(deviceId) {
      let [epoch, sequence] = [0, 0]
      for (;;) {
        const rows = page.all(deviceId, epoch, sequence, PAGE_ROWS)
        yield* rows
        const last = rows.at(-1)
        if (last === undefined || rows.length < PAGE_ROWS) return
        ;({ epoch, sequence } = last)
      }
    },
    async headsOf(deviceId) {
      return heads.all(deviceId).map(chainHead)
    },
    async countEvents(type) {
      return (type === undefined ? countAll.get() : countType.get(type))?.n ?? 0
    },
    async putStatus(report) {
      putStatus.immediate(report)
    },
    async statusOf(deviceId): Promise<StoredStatus | null> {
      const row = findStatus.get(deviceId)
      if (row === undefined) return null
      const cloneSeenAt = row.clone_seen_at === null ? null : new Date(row.clone_seen_at)
      return { text: row.text, at: new Date(row.at), bootId: row.boot_id, cloneSeenAt }
    },
  }
}

function chainHead(row: HeadRow): ChainHead {
  const { told_sequence: sequence, told_hash: hash } = row
  return {
    epoch: row.epoch,
    through: row.through,
    told: sequence === null || hash === null ? null : { sequence, hash },
    forkedAt: row.forked_at === null ? null : new Date(row.forked_at),
  }
}
