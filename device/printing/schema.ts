/** The print ledger. Nobody's name and no document: a kind of paper, and what became of the job. */
export const PRINTING_TABLES = `
  CREATE TABLE print_job (
    job_id TEXT PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    retry_of TEXT UNIQUE REFERENCES print_job (job_id),
    kind TEXT NOT NULL,
    item_code TEXT,
    paper TEXT NOT NULL CHECK (paper IN ('a4', 'receipt')),
    pages INTEGER,
    state TEXT NOT NULL CHECK (state IN ('accepted', 'sending', 'printed', 'probable', 'unknown', 'failed')),
    reason TEXT,
    nothing_reported INTEGER NOT NULL DEFAULT 0 CHECK (nothing_reported IN (0, 1)),
    accepted_at INTEGER NOT NULL
  ) STRICT;
`

/** When all bytes of a job were with its printer, which had not said yet what came of it. */
export const SENT_COLUMN = 'ALTER TABLE print_job ADD COLUMN sent_at INTEGER'
