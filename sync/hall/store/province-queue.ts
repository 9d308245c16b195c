/**
 * Which ratings have yet to be reported to the province, which it has, and which it would not take. A row comes into
 * being with its rating (store-batch.ts); everything that happens to it afterwards is here.
 */
import type { Migration } from '../../sqlite.ts'
import {
  type ProvinceQueue,
  type ReportKey,
  type ReportRow,
  type ReportState,
  reportStates,
} from './province-report.ts'
import type { Sql, SqlValue } from './sql.ts'

export * from './province-report.ts'

export const provinceMigrations: readonly Migration[] = [
  {
    name: 'hall-province-1',
    sql: `
      CREATE INDEX province_reports_of_case ON province_reports (case_no, assess_number)
        WHERE taken_up_at IS NOT NULL;
      CREATE INDEX province_reports_in_hand ON province_reports (received_at, device_id, epoch, sequence)
        WHERE taken_up_at IS NOT NULL AND settled_at IS NULL;
      CREATE INDEX province_reports_by_state ON province_reports (state, received_at);

      CREATE TABLE province_reasons (
        device_id TEXT NOT NULL,
        epoch INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        labels TEXT NOT NULL,
        words TEXT,
        at INTEGER NOT NULL,
        PRIMARY KEY (device_id, epoch, sequence)
      ) STRICT, WITHOUT ROWID;
    `,
  },
]

/** All instances of a hall claim one after the other. */
const CLAIM_LOCK = 'province-claim'

const COLUMNS = `device_id AS "deviceId", epoch, sequence, case_no AS "caseNo", service_number AS "serviceNumber",
  assess_number AS "assessNumber", state, reason, attempts, first_tried_at AS "firstTriedAt",
  service_reported_at AS "serviceReportedAt", not_before AS "notBefore", settled_at AS "settledAt",
  received_at AS "receivedAt"`

const KEY = 'device_id = ? AND epoch = ? AND sequence = ?'

const keyOf = ({ deviceId, epoch, sequence }: ReportKey): [string, number, number] => [
  deviceId,
  epoch,
  sequence,
]

/** Of one case the lowest assessNumber first, then in the order of arrival; an unsettled earlier one blocks. */
const CLAIMABLE = `taken_up_at IS NOT NULL AND settled_at IS NULL AND state <> 'reason-pending' AND not_before <= ?
  AND (claimed_until IS NULL OR claimed_until <= ?)
  AND NOT EXISTS (
    SELECT 1 FROM province_reports AS o WHERE o.case_no = r.case_no AND o.taken_up_at IS NOT NULL AND (
      (o.assess_number < r.assess_number AND o.state IN ('waiting', 'reason-pending', 'refused'))
      OR (o.assess_number = r.assess_number AND o.state = 'waiting'
        AND (o.received_at, o.device_id, o.epoch, o.sequence) < (r.received_at, r.device_id, r.epoch, r.sequence))))`

/** The oldest that may go out now; where there are too few, more are taken up in the order of their arrival. */
async function claimable(sql: Sql, at: number, limit: number): Promise<ReportRow[]> {
  for (;;) {
    const rows = await sql.all<ReportRow>(
      `SELECT ${COLUMNS} FROM province_reports AS r WHERE ${CLAIMABLE}
       ORDER BY received_at, device_id, epoch, sequence LIMIT ?`,
      ...[at, at, limit],
    )
    if (rows.length >= limit || (await takeUp(sql, at, limit)) === 0) return rows
  }
}

/**
 * Only what is taken up is looked up by its case. Case numbers lie all over their index: kept for every rating that
 * comes in, it would make each batch dearer than the one before.
 */
async function takeUp(sql: Sql, at: number, limit: number): Promise<number> {
  return await sql.run(
    `UPDATE province_reports SET taken_up_at = ? WHERE (device_id, epoch, sequence) IN
       (SELECT device_id, epoch, sequence FROM province_reports
        WHERE state = 'waiting' AND taken_up_at IS NULL
        ORDER BY received_at, device_id, epoch, sequence LIMIT ?)`,
    ...[at, limit],
  )
}

export function provinceQueue(sql: Sql): ProvinceQueue {
  return {
    async claim({ by, at, leaseMs }, limit) {
      return await sql.transaction(CLAIM_LOCK, async (within) => {
        const rows = await claimable(within, at, limit)
        for (const row of rows)
          await within.run(
            `UPDATE province_reports SET claimed_until = ?, claimed_by = ? WHERE ${KEY}`,
            ...[at + leaseMs, by],
            ...keyOf(row),
          )
        return rows
      })
    },

    async beginAttempt(key, { by, at, leaseMs }, serviceReported) {
      const changed = await sql.run(
        `UPDATE province_reports SET attempts = attempts + 1, first_tried_at = coalesce(first_tried_at, ?),
           claimed_until = ?, service_reported_at = coalesce(service_reported_at, ?)
         WHERE ${KEY} AND claimed_by = ? AND claimed_until > ? AND state = 'waiting'`,
        ...[at, at + leaseMs, serviceReported ? at : null],
        ...keyOf(key),
        ...[by, at],
      )
      return changed === 1
    },

    async settle(key, by, { state, reason, at }) {
      const changed = await sql.run(
        `UPDATE province_reports SET state = ?, reason = ?, settled_at = ?, first_tried_at = NULL,
           claimed_until = NULL, claimed_by = NULL
         WHERE ${KEY} AND claimed_by = ? AND state = 'waiting'`,
        ...[state, reason, state === 'reason-pending' ? null : at],
        ...keyOf(key),
        by,
      )
      return changed === 1
    },

    async postpone(key, by, { notBefore, reason, firstTriedAt, serviceMissing }) {
      const changed = await sql.run(
        `UPDATE province_reports SET not_before = ?, reason = ?, claimed_until = NULL, claimed_by = NULL
           ${firstTriedAt === undefined ? '' : ', first_tried_at = ?'}
           ${serviceMissing ? ', service_reported_at = NULL' : ''}
         WHERE ${KEY} AND claimed_by = ? AND state = 'waiting'`,
        ...[notBefore, reason],
        ...(firstTriedAt === undefined ? [] : [firstTriedAt]),
        ...keyOf(key),
        by,
      )
      return changed === 1
    },

    async isTaken({ caseNo, serviceNumber, assessNumber }, except) {
      const found = await sql.get<{ n: number }>(
        `SELECT 1 AS n FROM province_reports
         WHERE case_no = ? AND assess_number = ? AND state = 'reported' AND taken_up_at IS NOT NULL
           ${serviceNumber === null ? '' : 'AND service_number = ?'}
           AND NOT (${KEY}) LIMIT 1`,
        ...[caseNo, assessNumber],
        ...(serviceNumber === null ? [] : [serviceNumber]),
        ...keyOf(except),
      )
      return found !== undefined
    },

    async ratingText(key) {
      const found = await sql.get<{ text: string }>(`SELECT text FROM events WHERE ${KEY}`, ...keyOf(key))
      return found?.text ?? null
    },

    async reasonOf(key) {
      const found = await sql.get<{ labels: string; words: string | null }>(
        `SELECT labels, words FROM province_reasons WHERE ${KEY}`,
        ...keyOf(key),
      )
      return found === undefined
        ? null
        : { labels: found.labels.split(',').filter((label) => label !== ''), words: found.words }
    },

    async completeReason(key, { labels, words }, at) {
      return await sql.transaction(CLAIM_LOCK, async (within) => {
        const changed = await within.run(
          `UPDATE province_reports SET state = 'waiting', not_before = ? WHERE ${KEY} AND state = 'reason-pending'`,
          at,
          ...keyOf(key),
        )
        if (changed !== 1) return false
        await within.run(
          `INSERT INTO province_reasons (device_id, epoch, sequence, labels, words, at) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (device_id, epoch, sequence)
           DO UPDATE SET labels = excluded.labels, words = excluded.words, at = excluded.at`,
          ...keyOf(key),
          ...[labels.join(','), words, at],
        )
        return true
      })
    },

    async sendAgain(key, at) {
      const changed = await sql.run(
        `UPDATE province_reports SET state = 'waiting', not_before = ?, settled_at = NULL,
           service_reported_at = NULL, claimed_until = NULL, claimed_by = NULL
         WHERE ${KEY} AND state IN ('refused', 'refused-duplicate')`,
        at,
        ...keyOf(key),
      )
      return changed === 1
    },

    async row(key) {
      return (
        (await sql.get<ReportRow>(`SELECT ${COLUMNS} FROM province_reports WHERE ${KEY}`, ...keyOf(key))) ??
        null
      )
    },

    async rows(state, after, limit) {
      const conditions: string[] = []
      const values: SqlValue[] = []
      if (state !== null) {
        conditions.push('state = ?')
        values.push(state)
      }
      if (after !== null) {
        conditions.push('(received_at, device_id, epoch, sequence) > (?, ?, ?, ?)')
        values.push(after.receivedAt, ...keyOf(after))
      }
      const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
      return await sql.all<ReportRow>(
        `SELECT ${COLUMNS} FROM province_reports ${where}
         ORDER BY received_at, device_id, epoch, sequence LIMIT ?`,
        ...values,
        limit,
      )
    },

    async counts() {
      const rows = await sql.all<{ state: ReportState; n: number }>(
        'SELECT state, count(*) AS n FROM province_reports GROUP BY state',
      )
      const found = new Map(rows.map(({ state, n }) => [state, Number(n)]))
      return Object.fromEntries(reportStates.map((state) => [state, found.get(state) ?? 0])) as Record<
        ReportState,
        number
      >
    },

    async nextAfter(at) {
      const found = await sql.get<{ at: number | null }>(
        `SELECT min(not_before) AS at FROM province_reports
         WHERE state = 'waiting' AND settled_at IS NULL AND not_before > ?`,
        at,
      )
      return found?.at === null || found?.at === undefined ? null : Number(found.at)
    },
  }
}
