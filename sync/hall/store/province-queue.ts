/**
 * Which ratings have yet to be reported to the province, which it has, and which it would not take. A row comes into
 * being with its rating (store-batch.ts); everything that happens to it afterwards is here.
 */
import { ratingsOfCases } from './province-of-cases.ts'
import {
  type Claimer,
  type ProvinceQueue,
  type ReportKey,
  type ReportRow,
  type ReportState,
  reportStates,
} from './province-report.ts'
import type { Sql, SqlValue } from './sql.ts'

export * from './province-migrations.ts'
export * from './province-report.ts'

/** All instances of a hall claim one after the other. */
const CLAIM_LOCK = 'province-claim'

/** Some milliseconds within one transaction: batches wait behind it in SQLite. */
const TAKEN_UP_AT_ONCE = 1_000

/** Each row that is taken up stays behind in PostgreSQL's index of those that are not: these many cost 5 ms a search. */
const TIDIED_AFTER_STEPS = 50

/**
 * No lease and no postponement lasts longer than minutes: one that seems to was written while a hall's clock was ahead.
 */
const LONGEST_AHEAD_MS = 60 * 60 * 1000

const COLUMNS = `device_id AS "deviceId", epoch, sequence, case_no AS "caseNo", service_number AS "serviceNumber",
  assess_number AS "assessNumber", state, reason, attempts, first_tried_at AS "firstTriedAt",
  service_reported_at AS "serviceReportedAt", acceptance_assumed AS "acceptanceAssumed", not_before AS "notBefore", settled_at AS "settledAt",
  received_at AS "receivedAt"`

const KEY = 'device_id = ? AND epoch = ? AND sequence = ?'

const keyOf = ({ deviceId, epoch, sequence }: ReportKey): [string, number, number] => [
  deviceId,
  epoch,
  sequence,
]

/**
 * Of one case the lowest assessNumber first, then in the order of arrival; an unsettled earlier one blocks. The OFFSET
 * changes nothing but PostgreSQL's mind: it looks up the cases of the few that are asked for, and not of all there are.
 */
const CLAIMABLE = `taken_up_at IS NOT NULL AND state = 'waiting'
  AND (not_before <= ? OR not_before > ?) AND (claimed_until IS NULL OR claimed_until <= ? OR claimed_until > ?)
  AND NOT EXISTS (
    SELECT 1 FROM province_reports AS o WHERE o.case_no = r.case_no AND o.taken_up_at IS NOT NULL AND (
      (o.assess_number < r.assess_number AND o.state IN ('waiting', 'reason-pending', 'refused'))
      OR (o.assess_number = r.assess_number AND o.state = 'waiting'
        AND (o.received_at, o.device_id, o.epoch, o.sequence) < (r.received_at, r.device_id, r.epoch, r.sequence)))
    LIMIT 1 OFFSET 0)`

/** The oldest that may go out now, once all that there is has been taken up. */
async function claimable(sql: Sql, at: number, limit: number, order: string): Promise<ReportRow[]> {
  while ((await takeUp(sql, at)) > 0);
  return await sql.all<ReportRow>(
    `SELECT ${COLUMNS} FROM province_reports AS r WHERE ${CLAIMABLE}
     ORDER BY ${order} LIMIT ?`,
    ...[at, at + LONGEST_AHEAD_MS, at, at + LONGEST_AHEAD_MS, limit],
  )
}

/**
 * Only what is taken up is looked up by its case. Case numbers lie all over their index: kept for every rating that
 * comes in, it would make each batch dearer than the one before. Nothing goes out before everything is in it: a first
 * rating may have come after its follow-up. @returns how many
 */
async function takeUp(sql: Sql, at: number): Promise<number> {
  return await sql.run(
    `UPDATE province_reports SET taken_up_at = ? WHERE (device_id, epoch, sequence) IN
       (SELECT device_id, epoch, sequence FROM province_reports
        WHERE state = 'waiting' AND taken_up_at IS NULL
        ORDER BY received_at, device_id, epoch, sequence LIMIT ?)`,
    ...[at, TAKEN_UP_AT_ONCE],
  )
}

const IN_ORDER = 'received_at, device_id, epoch, sequence'

/** What was put off says why in `reason`; those that keep failing come round last. */
const FOR_PROBE = `CASE WHEN reason IS NULL THEN 0 ELSE 1 END, not_before, ${IN_ORDER}`

async function claimIn(
  sql: Sql,
  order: string,
  { by, at, leaseMs }: Claimer,
  limit: number,
): Promise<ReportRow[]> {
  // A long backlog is taken up in transactions of its own, so that nobody waits for the whole of it.
  let steps = 0
  while ((await takeUp(sql, at)) >= TAKEN_UP_AT_ONCE) steps += 1
  if (steps >= TIDIED_AFTER_STEPS) await sql.tidy('province_reports')
  return await sql.transaction(CLAIM_LOCK, async (within) => {
    const rows = await claimable(within, at, limit, order)
    for (const row of rows)
      await within.run(
        `UPDATE province_reports SET claimed_until = ?, claimed_by = ? WHERE ${KEY}`,
        ...[at + leaseMs, by],
        ...keyOf(row),
      )
    return rows
  })
}

export function provinceQueue(sql: Sql): ProvinceQueue {
  return {
    async claim(claimer, limit) {
      return await claimIn(sql, IN_ORDER, claimer, limit)
    },

    async claimProbe(claimer) {
      return await claimIn(sql, FOR_PROBE, claimer, 1)
    },

    // Whoever has claimed it since has written another `claimed_by`, whatever the clocks say.
    async beginAttempt(key, { by, at, leaseMs }, service) {
      const taken = service === null ? '' : ', service_reported_at = ?, acceptance_assumed = ?'
      const changed = await sql.run(
        `UPDATE province_reports SET attempts = attempts + 1, first_tried_at = coalesce(first_tried_at, ?),
           claimed_until = ?${taken}
         WHERE ${KEY} AND claimed_by = ? AND state = 'waiting'`,
        ...[at, at + leaseMs],
        ...(service === null ? [] : [at, service.acceptanceAssumed ? 1 : 0]),
        ...keyOf(key),
        by,
      )
      return changed === 1
    },

    async settle(key, by, { state, reason, firstTriedAt, at }) {
      const changed = await sql.run(
        `UPDATE province_reports SET state = ?, reason = ?, settled_at = ?, first_tried_at = ?,
           claimed_until = NULL, claimed_by = NULL
         WHERE ${KEY} AND claimed_by = ? AND state = 'waiting'`,
        ...[state, reason, state === 'reason-pending' ? null : at, firstTriedAt],
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
        `UPDATE province_reports SET state = 'waiting', reason = NULL, not_before = ?, settled_at = NULL,
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

    async behind({ caseNo, assessNumber, receivedAt, ...key }) {
      return (
        (await sql.get<ReportRow>(
          `SELECT ${COLUMNS} FROM province_reports WHERE case_no = ? AND taken_up_at IS NOT NULL AND (
             (assess_number < ? AND state IN ('waiting', 'reason-pending', 'refused'))
             OR (assess_number = ? AND state = 'waiting'
               AND (received_at, device_id, epoch, sequence) < (?, ?, ?, ?)))
           ORDER BY assess_number, ${IN_ORDER} LIMIT 1`,
          ...[caseNo, assessNumber, assessNumber, receivedAt],
          ...keyOf(key),
        )) ?? null
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

    ofCases: (caseNos) => ratingsOfCases(sql, COLUMNS, caseNos),

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
         WHERE state = 'waiting' AND settled_at IS NULL AND not_before > ? AND not_before <= ?`,
        ...[at, at + LONGEST_AHEAD_MS],
      )
      return found?.at === null || found?.at === undefined ? null : Number(found.at)
    },

    async rest(until, at) {
      await sql.run(
        `INSERT INTO province_rest (number, until) VALUES (1, ?)
         ON CONFLICT (number) DO UPDATE SET until = excluded.until
         WHERE province_rest.until < excluded.until OR province_rest.until > ?`,
        ...[until, at + LONGEST_AHEAD_MS],
      )
    },

    async restMs(at) {
      const found = await sql.get<{ until: number }>(
        'SELECT until FROM province_rest WHERE until > ? AND until <= ?',
        ...[at, at + LONGEST_AHEAD_MS],
      )
      return found === undefined ? 0 : found.until - at
    },
  }
}
