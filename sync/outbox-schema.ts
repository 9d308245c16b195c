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
]
