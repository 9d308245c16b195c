/** The downlink's own tables in a device's store. Nobody else reads or writes them. */
import type { Migration } from './sqlite.ts'

export const downlinkMigrations: readonly Migration[] = [
  {
    name: 'downlink-1',
    sql: `
      CREATE TABLE downlink_manifest (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        version TEXT NOT NULL,
        text TEXT NOT NULL
      ) STRICT;
      CREATE TABLE downlink_items (
        sha256 TEXT PRIMARY KEY,
        bytes BLOB NOT NULL
      ) STRICT;
    `,
  },
  {
    name: 'downlink-2',
    sql: `
      CREATE TABLE downlink_settings (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        version TEXT NOT NULL,
        text TEXT NOT NULL
      ) STRICT;
    `,
  },
]
