/** The rating room's tables. A level stands in `question` only, and only until its rating is complete. */
export const RATING_TABLES = `
  -- The one question that is open.
  CREATE TABLE question (
    id TEXT PRIMARY KEY,
    service_key TEXT NOT NULL,
    rated_case TEXT NOT NULL,
    assess_number INTEGER NOT NULL,
    staff TEXT NOT NULL,
    sealed_user TEXT,
    anonymous INTEGER NOT NULL,
    asked_at INTEGER NOT NULL,
    level INTEGER CHECK (level BETWEEN 1 AND 5),
    tapped_at INTEGER,
    -- What was known of the clock at that moment.
    tapped_clock TEXT,
    -- The codes of the labels touched so far, as JSON.
    labels TEXT NOT NULL DEFAULT '[]',
    CHECK ((level IS NULL) = (tapped_at IS NULL) AND (level IS NULL) = (tapped_clock IS NULL))
  ) STRICT;

  -- What became of the questions before, without a hint at the answer.
  CREATE TABLE evaluation (
    id TEXT PRIMARY KEY,
    outcome TEXT NOT NULL CHECK (outcome IN ('rated', 'declined', 'cancelled')),
    closed_at INTEGER NOT NULL
  ) STRICT;

  -- Keyed hashes of what was rated: they know a case again and name none.
  CREATE TABLE rated (service_key TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TABLE rating_key (only INTEGER PRIMARY KEY CHECK (only = 1), key BLOB NOT NULL) STRICT;

  -- How the window's system has set the pad.
  CREATE TABLE desk (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    staff_id TEXT,
    paused INTEGER NOT NULL,
    message TEXT,
    ticket_no TEXT
  ) STRICT;
`

/** Where the answer was given: on the page, as every answer before there were keypads, or on the keypad. */
export const KEYPAD_COLUMN = `
  ALTER TABLE question ADD COLUMN tapped_on TEXT NOT NULL DEFAULT 'pad' CHECK (tapped_on IN ('pad', 'keypad'));
`

/** A question and its outcome are one page each: 完成 writes them while somebody waits. */
export const ROWS_BY_ID = `
  ALTER TABLE question RENAME TO question_before;
  CREATE TABLE question (
    id TEXT PRIMARY KEY,
    service_key TEXT NOT NULL,
    rated_case TEXT NOT NULL,
    assess_number INTEGER NOT NULL,
    staff TEXT NOT NULL,
    sealed_user TEXT,
    anonymous INTEGER NOT NULL,
    asked_at INTEGER NOT NULL,
    level INTEGER CHECK (level BETWEEN 1 AND 5),
    tapped_at INTEGER,
    tapped_clock TEXT,
    labels TEXT NOT NULL DEFAULT '[]',
    tapped_on TEXT NOT NULL DEFAULT 'pad' CHECK (tapped_on IN ('pad', 'keypad')),
    CHECK ((level IS NULL) = (tapped_at IS NULL) AND (level IS NULL) = (tapped_clock IS NULL))
  ) STRICT, WITHOUT ROWID;
  INSERT INTO question (id, service_key, rated_case, assess_number, staff, sealed_user, anonymous, asked_at, level,
      tapped_at, tapped_clock, labels, tapped_on)
    SELECT id, service_key, rated_case, assess_number, staff, sealed_user, anonymous, asked_at, level,
      tapped_at, tapped_clock, labels, tapped_on FROM question_before;
  DROP TABLE question_before;

  ALTER TABLE evaluation RENAME TO evaluation_before;
  CREATE TABLE evaluation (
    id TEXT PRIMARY KEY,
    outcome TEXT NOT NULL CHECK (outcome IN ('rated', 'declined', 'cancelled')),
    closed_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO evaluation (id, outcome, closed_at) SELECT id, outcome, closed_at FROM evaluation_before;
  DROP TABLE evaluation_before;
`

/** What a terminal asks, beside what pads do: the proof of the case, and labels of the hall's own dictionary. */
export const TERMINAL_QUESTIONS = `
  ALTER TABLE question RENAME TO question_before;
  CREATE TABLE question (
    id TEXT PRIMARY KEY,
    -- Empty where there is no case.
    service_key TEXT NOT NULL,
    rated_case TEXT NOT NULL,
    assess_number INTEGER NOT NULL,
    staff TEXT NOT NULL,
    sealed_user TEXT,
    anonymous INTEGER NOT NULL,
    asked_at INTEGER NOT NULL,
    level INTEGER CHECK (level BETWEEN 1 AND 5),
    tapped_at INTEGER,
    tapped_clock TEXT,
    labels TEXT NOT NULL DEFAULT '[]',
    tapped_on TEXT NOT NULL DEFAULT 'pad' CHECK (tapped_on IN ('pad', 'keypad', 'terminal')),
    outcome TEXT CHECK (outcome IN ('rated', 'declined', 'cancelled')),
    closed_at INTEGER CHECK ((closed_at IS NULL) = (outcome IS NULL)),
    proof TEXT NOT NULL DEFAULT 'none' CHECK (proof IN ('none', 'receipt', 'card')),
    -- Every rating before there was this column was made with the first one.
    dictionary TEXT NOT NULL DEFAULT '2019.1',
    CHECK ((level IS NULL) = (tapped_at IS NULL) AND (level IS NULL) = (tapped_clock IS NULL))
  ) STRICT, WITHOUT ROWID;
  INSERT INTO question (id, service_key, rated_case, assess_number, staff, sealed_user, anonymous, asked_at, level,
      tapped_at, tapped_clock, labels, tapped_on, outcome, closed_at)
    SELECT id, service_key, rated_case, assess_number, staff, sealed_user, anonymous, asked_at, level,
      tapped_at, tapped_clock, labels, tapped_on, outcome, closed_at FROM question_before;
  DROP TABLE question_before;
`

/**
 * A question that has ended stays in its row until the next one opens: 完成 then writes one page of this room and not
 * three. What the citizen said is taken out at once.
 */
export const ENDED_IN_PLACE = `
  ALTER TABLE question ADD COLUMN outcome TEXT CHECK (outcome IN ('rated', 'declined', 'cancelled'));
  ALTER TABLE question ADD COLUMN closed_at INTEGER CHECK ((closed_at IS NULL) = (outcome IS NULL));
`

/** What is written beside the labels, sealed for the hall: no cut of the power takes it back. */
export const WRITTEN_WORDS = `
  ALTER TABLE question ADD COLUMN comment TEXT;
`
