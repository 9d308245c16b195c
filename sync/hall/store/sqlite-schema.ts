/** The first tables as SQLite has them. */

export const sqliteHall1 = `
  CREATE TABLE enrolment_codes (
    code_hash TEXT PRIMARY KEY,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_by TEXT REFERENCES devices (device_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE devices (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    device_id TEXT NOT NULL UNIQUE,
    public_key TEXT NOT NULL,
    thumbprint TEXT NOT NULL,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    window TEXT,
    software TEXT NOT NULL,
    enrolled_at INTEGER NOT NULL,
    revoked_at INTEGER
  ) STRICT;

  CREATE TABLE events (
    device_id TEXT NOT NULL REFERENCES devices (device_id),
    epoch INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    type TEXT NOT NULL,
    hash TEXT NOT NULL,
    prevhash TEXT NOT NULL,
    text TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (device_id, epoch, sequence)
  ) STRICT;
  CREATE INDEX events_by_type ON events (type);

  CREATE TABLE heads (
    device_id TEXT NOT NULL REFERENCES devices (device_id),
    epoch INTEGER NOT NULL,
    through INTEGER,
    told_sequence INTEGER,
    told_hash TEXT,
    forked_at INTEGER,
    PRIMARY KEY (device_id, epoch)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE gaps (
    device_id TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (device_id, epoch, first)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE statuses (
    device_id TEXT PRIMARY KEY REFERENCES devices (device_id),
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    boot_id TEXT NOT NULL,
    clone_seen_at INTEGER
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE boots (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    device_id TEXT NOT NULL REFERENCES devices (device_id),
    boot_id TEXT NOT NULL,
    UNIQUE (device_id, boot_id)
  ) STRICT;

  CREATE TABLE shown_once (
    device_id TEXT NOT NULL,
    jti TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (device_id, jti)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX shown_once_by_end ON shown_once (until);

  CREATE TABLE uses (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    use TEXT NOT NULL,
    by TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX uses_by_whom ON uses (use, by, at);

  CREATE TABLE answers (
    device_id TEXT NOT NULL,
    key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (device_id, key)
  ) STRICT, WITHOUT ROWID;
`
