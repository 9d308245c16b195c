/** The outbox's own tables in a device's store. Nobody else reads or writes them. */
import type { Migration } from './sqlite.ts'

export const outboxMigrations: readonly Migration[] = [
  {
    name: 'outbox-1',
    sql: `
      CREATE TABLE outbox_head (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        epoch INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        hash TEXT NOT NULL
      ) STRICT;
      CREATE TABLE outbox_events (
        epoch INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        device_id TEXT NOT NULL,
        hash TEXT NOT NULL,
        time TEXT NOT NULL,
        text TEXT NOT NULL,
        released_at INTEGER,
        set_aside TEXT,
        PRIMARY KEY (epoch, sequence)
      ) STRICT;
      CREATE INDEX outbox_unsent ON outbox_events (epoch, sequence)
        WHERE released_at IS NULL AND set_aside IS NULL;
      CREATE INDEX outbox_released ON outbox_events (released_at) WHERE released_at IS NOT NULL;
    `,
  },
  {
    // An event's row is written once and never touched again: what was sent is a line below which all of it was.
    // A release of 500 events is then three pages instead of two hundred, and appending writes one page, not three.
    name: 'outbox-2',
    sql: `
      ALTER TABLE outbox_head ADD COLUMN device_id TEXT;
      UPDATE outbox_head SET device_id = (SELECT device_id FROM outbox_events LIMIT 1);

      -- 'last' is null in the epoch that goes on; everything up to 'through' is with the hall, or in outbox_again.
      CREATE TABLE outbox_epochs (epoch INTEGER PRIMARY KEY, last INTEGER, through INTEGER NOT NULL) STRICT;
      -- Asked for once more by the hall.
      CREATE TABLE outbox_again (place INTEGER PRIMARY KEY) STRICT;
      CREATE TABLE outbox_aside (place INTEGER PRIMARY KEY, reason TEXT NOT NULL) STRICT;
      -- When the hall had everything of that epoch up to that place.
      CREATE TABLE outbox_releases (place INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
      -- Facts that the quota did not let in, counted until one fact tells them.
      CREATE TABLE outbox_dropped (type TEXT PRIMARY KEY, count INTEGER NOT NULL, since INTEGER NOT NULL) STRICT;

      -- Facts of the device's own storage, as JSON, until they are in the chain.
      CREATE TABLE outbox_untold (number INTEGER PRIMARY KEY, fact TEXT NOT NULL) STRICT;

      INSERT INTO outbox_epochs (epoch, last, through)
        SELECT epoch, max(sequence), coalesce(max(sequence) FILTER (WHERE released_at IS NOT NULL), 0)
        FROM outbox_events GROUP BY epoch;
      INSERT INTO outbox_epochs (epoch, last, through) SELECT epoch, NULL, 0 FROM outbox_head WHERE true
        ON CONFLICT DO UPDATE SET last = NULL;
      INSERT INTO outbox_aside SELECT (epoch << 40) | sequence, set_aside FROM outbox_events
        WHERE set_aside IS NOT NULL;
      INSERT INTO outbox_again SELECT (events.epoch << 40) | sequence
        FROM outbox_events AS events JOIN outbox_epochs USING (epoch)
        WHERE sequence < through AND released_at IS NULL AND set_aside IS NULL;
      INSERT INTO outbox_releases SELECT (epoch << 40) | max(sequence), max(released_at) FROM outbox_events
        WHERE released_at IS NOT NULL GROUP BY epoch;

      CREATE TABLE outbox_facts (
        place INTEGER PRIMARY KEY,
        hash TEXT NOT NULL,
        text TEXT NOT NULL,
        epoch INTEGER GENERATED ALWAYS AS (place >> 40) VIRTUAL,
        sequence INTEGER GENERATED ALWAYS AS (place & 0xffffffffff) VIRTUAL
      ) STRICT;
      INSERT INTO outbox_facts (place, hash, text)
        SELECT (epoch << 40) | sequence, hash, text FROM outbox_events ORDER BY epoch, sequence;
      DROP TABLE outbox_events;
      ALTER TABLE outbox_facts RENAME TO outbox_events;
    `,
  },
  {
    // The newest release of each epoch stays, with 0 for its time once what it let go is gone: what was sent is then
    // known twice, and a flipped bit in one of them is seen.
    name: 'outbox-3',
    sql: `
      INSERT INTO outbox_releases (place, at)
        SELECT (epoch << 40) | through, 1 FROM outbox_epochs AS line WHERE through > 0 AND NOT EXISTS (
          SELECT 1 FROM outbox_releases WHERE place >> 40 = line.epoch);
    `,
  },
  {
    // A flipped bit in a place would take a sound event out of the way and put back a refused one: each stands twice,
    // and SQLite's own check of a store holds the two against each other.
    name: 'outbox-4',
    sql: `
      ALTER TABLE outbox_aside RENAME TO outbox_aside_before;
      CREATE TABLE outbox_aside (
        place INTEGER PRIMARY KEY,
        again INTEGER NOT NULL CHECK (again = place),
        reason TEXT NOT NULL
      ) STRICT;
      INSERT INTO outbox_aside (place, again, reason) SELECT place, place, reason FROM outbox_aside_before;
      DROP TABLE outbox_aside_before;
    `,
  },
]
