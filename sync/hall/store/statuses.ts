/** What devices say of themselves: their boots, and the heads of their chains. */
import { parseSequence } from '../../protocol/identifiers.ts'
import { chainLock, noteFork } from './heads.ts'
import type { Sql } from './sql.ts'
import type { StatusReport, Store } from './store.ts'

type StatusPart = Pick<Store, 'putStatus' | 'statusOf'>

/** Earlier boots remembered for each device: a clone shows within minutes, not after a hundred restarts. */
const BOOTS_KEPT = 32

interface StatusRow {
  text: string
  at: number
  boot_id: string
  clone_seen_at: number | null
}

export function statusPart(sql: Sql): StatusPart {
  return {
    async putStatus(report) {
      await sql.transaction(chainLock(report.deviceId), async (within) => await putStatus(within, report))
    },
    async statusOf(deviceId) {
      const row = await statusRow(sql, deviceId)
      if (row === undefined) return null
      const cloneSeenAt = row.clone_seen_at === null ? null : new Date(row.clone_seen_at)
      return { text: row.text, at: new Date(row.at), bootId: row.boot_id, cloneSeenAt }
    },
  }
}

async function putStatus(sql: Sql, report: StatusReport): Promise<void> {
  const { deviceId, bootId, text, at } = report
  const returned = await isEarlierBoot(sql, deviceId, bootId)
  await sql.run(
    `INSERT INTO statuses (device_id, text, at, boot_id, clone_seen_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (device_id) DO UPDATE SET text = excluded.text, at = excluded.at, boot_id = excluded.boot_id,
       clone_seen_at = coalesce(excluded.clone_seen_at, statuses.clone_seen_at)`,
    deviceId,
    text,
    at.getTime(),
    bootId,
    returned ? at.getTime() : null,
  )
  await noteHead(sql, report)
}

/** Not the one that reported last, and known: two machines run with one identity, in turn. */
async function isEarlierBoot(sql: Sql, deviceId: string, bootId: string): Promise<boolean> {
  const last = await statusRow(sql, deviceId)
  if (last?.boot_id === bootId) return false
  const isNew = await sql.run(
    'INSERT INTO boots (device_id, boot_id) VALUES (?, ?) ON CONFLICT (device_id, boot_id) DO NOTHING',
    deviceId,
    bootId,
  )
  if (isNew === 1)
    await sql.run(
      `DELETE FROM boots WHERE device_id = ? AND number NOT IN
         (SELECT number FROM boots WHERE device_id = ? ORDER BY number DESC LIMIT ?)`,
      deviceId,
      deviceId,
      BOOTS_KEPT,
    )
  return isNew === 0 && last !== undefined
}

async function noteHead(sql: Sql, { deviceId, head, at }: StatusReport): Promise<void> {
  if (head === null) return
  const { epoch, hash } = head
  const sequence = parseSequence(head.sequence)
  const known = await sql.all<{ hash: string | null }>(
    `SELECT hash FROM events WHERE device_id = ? AND epoch = ? AND sequence = ?
     UNION ALL SELECT told_hash FROM heads WHERE device_id = ? AND epoch = ? AND told_sequence = ?`,
    ...[deviceId, epoch, sequence],
    ...[deviceId, epoch, sequence],
  )
  if (known.some((row) => (row.hash ?? hash) !== hash)) await noteFork(sql, deviceId, epoch, at)
  await sql.run(
    `INSERT INTO heads (device_id, epoch, told_sequence, told_hash) VALUES (?, ?, ?, ?)
     ON CONFLICT (device_id, epoch) DO UPDATE
       SET told_sequence = excluded.told_sequence, told_hash = excluded.told_hash
       WHERE heads.told_sequence IS NULL OR heads.told_sequence < excluded.told_sequence`,
    deviceId,
    epoch,
    sequence,
    hash,
  )
}

async function statusRow(sql: Sql, deviceId: string): Promise<StatusRow | undefined> {
  return await sql.get<StatusRow>(
    'SELECT text, at, boot_id, clone_seen_at FROM statuses WHERE device_id = ?',
    deviceId,
  )
}
