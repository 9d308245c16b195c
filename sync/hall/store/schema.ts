/**
 * The tables of a hall's core. Instants are milliseconds since 1970; a migration is never edited afterwards.
 * They are written for SQLite; `postgres` is given where its own words are not to be had by translation
 * (postgres-schema.ts).
 */
import type { Migration } from '../../sqlite.ts'
import { inPostgres, postgresHall1 } from './postgres-schema.ts'
import { sqliteHall1 } from './sqlite-schema.ts'

export interface HallMigration extends Migration {
  readonly postgres?: string
}

/** Of province/: which ratings have yet to be reported onward. */
const provinceReports = `
  CREATE TABLE province_reports (
    device_id TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    case_no TEXT NOT NULL,
    service_number INTEGER NOT NULL,
    assess_number INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    attempts INTEGER NOT NULL,
    first_tried_at INTEGER,
    service_reported_at INTEGER,
    not_before INTEGER NOT NULL,
    claimed_until INTEGER,
    claimed_by TEXT,
    settled_at INTEGER,
    received_at INTEGER NOT NULL,
    taken_up_at INTEGER,
    PRIMARY KEY (device_id, epoch, sequence)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX province_reports_untaken ON province_reports (received_at, device_id, epoch, sequence)
    WHERE taken_up_at IS NULL;
`

/** What is counted is counted as it comes: an index on every event's type cost more than the whole counting. */
const eventCounts = `
  CREATE TABLE event_counts (
    device_id TEXT NOT NULL,
    type TEXT NOT NULL,
    events INTEGER NOT NULL,
    PRIMARY KEY (device_id, type)
  ) STRICT, WITHOUT ROWID;
`

/** What a store that is older than these tables has to put into them. */
const carriedOver = `
  DROP INDEX events_by_type;
  INSERT INTO event_counts (device_id, type, events)
    SELECT device_id, type, count(*) FROM events GROUP BY device_id, type;
  INSERT INTO province_reports (device_id, epoch, sequence, case_no, service_number, assess_number, state, attempts,
      not_before, received_at, taken_up_at)
    SELECT device_id, epoch, sequence, text ->> '$.data.case.caseNo', text ->> '$.data.case.serviceNumber',
      text ->> '$.data.assessNumber', iif(text ->> '$.data.reasonPending', 'reason-pending', 'waiting'), 0,
      received_at, received_at, iif(text ->> '$.data.reasonPending', received_at, NULL)
    FROM events
    WHERE type = 'cn.window24.rating.v1' AND iif(json_valid(text), text ->> '$.data.case.caseNo', NULL) IS NOT NULL;
`

export const coreMigrations: readonly HallMigration[] = [
  { name: 'hall-1', sql: sqliteHall1, postgres: postgresHall1 },
  {
    name: 'hall-2',
    sql: `${eventCounts}${provinceReports}${carriedOver}`,
    postgres: inPostgres(`${eventCounts}${provinceReports}`),
  },
]
