/** What was kept for citizens, by the key of their intent: nobody's name, and nothing that was said. */
export const FEEDBACK_TABLE = `
  CREATE TABLE feedback (
    key TEXT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    kept TEXT NOT NULL,
    kept_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`
