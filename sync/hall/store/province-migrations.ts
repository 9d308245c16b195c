/** The tables of the province's queue, beside `province_reports` itself, which is the core's (schema.ts). */
import type { Migration } from '../../sqlite.ts'

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
  {
    name: 'hall-province-2',
    // What waits for a call back may be many and wait for weeks: it is nothing to look through at each claim.
    sql: `
      DROP INDEX province_reports_in_hand;
      CREATE INDEX province_reports_in_hand ON province_reports (received_at, device_id, epoch, sequence)
        WHERE taken_up_at IS NOT NULL AND state = 'waiting';
      ALTER TABLE province_reports ADD COLUMN acceptance_assumed INTEGER NOT NULL DEFAULT 0;
    `,
  },
  {
    name: 'hall-province-3',
    // One row: a province counts a hall's requests together, whichever instance makes them.
    sql: `
      CREATE TABLE province_rest (
        number INTEGER PRIMARY KEY,
        until INTEGER NOT NULL
      ) STRICT;
    `,
  },
  {
    name: 'hall-province-4',
    // `state` stands first, though it is the same in all rows of the second: an index that begins with what a question
    // fixes and goes on in its order is taken before `by_state`, in which all that ever waited would be looked through.
    sql: `
      DROP INDEX province_reports_untaken;
      CREATE INDEX province_reports_untaken ON province_reports (state, received_at, device_id, epoch, sequence)
        WHERE taken_up_at IS NULL;
      DROP INDEX province_reports_in_hand;
      CREATE INDEX province_reports_in_hand ON province_reports (state, received_at, device_id, epoch, sequence)
        WHERE taken_up_at IS NOT NULL AND state = 'waiting';
    `,
  },
]
