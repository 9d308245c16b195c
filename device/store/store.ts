/** A device's one SQLite file: every room's tables, each room its own. */
import { statfsSync } from 'node:fs'
import { join } from 'node:path'
import { downlinkMigrations } from '../../sync/downlink.ts'
import { outboxMigrations } from '../../sync/outbox.ts'
import { type Db, type Migration, migrate, openDatabase } from '../../sync/sqlite.ts'
import { closeWithoutCheckpoint } from '../../sync/sqlite-checkpoint.ts'
import { storageProblem } from '../../sync/sqlite-faults.ts'
import { PIN_TRIES } from '../http/window/pin-gate.ts'
import { PRINTING_TABLES, SENT_COLUMN } from '../printing/schema.ts'
import { HALL_QUESTION_TABLE } from '../rating/hall-question-store.ts'
import {
  ENDED_IN_PLACE,
  KEYPAD_COLUMN,
  RATING_TABLES,
  ROWS_BY_ID,
  TERMINAL_QUESTIONS,
  WRITTEN_WORDS,
} from '../rating/schema.ts'
import { FEEDBACK_TABLE } from '../reports/schema.ts'

export const STORE_FILE = 'store.sqlite'

export const storeMigrations: readonly Migration[] = [
  ...outboxMigrations,
  ...downlinkMigrations,
  { name: 'rating-1', sql: RATING_TABLES },
  { name: 'printing-1', sql: PRINTING_TABLES },
  { name: 'rating-2', sql: KEYPAD_COLUMN },
  { name: 'rating-3', sql: ROWS_BY_ID },
  { name: 'rating-4', sql: ENDED_IN_PLACE },
  { name: 'feedback-1', sql: FEEDBACK_TABLE },
  { name: 'rating-5', sql: TERMINAL_QUESTIONS },
  { name: 'printing-2', sql: SENT_COLUMN },
  { name: 'rating-words', sql: WRITTEN_WORDS },
  { name: 'rating-hall', sql: HALL_QUESTION_TABLE },
  { name: 'window-pins', sql: PIN_TRIES },
]

/**
 * Opens what lies in the folder, or begins it. Whether it is sound and whose it is, `openRecords` asks.
 * @throws StoreError when the file cannot be opened, is damaged or was written by a newer version
 */
export const openStore = (dataDir: string): Db => openStoreFile(join(dataDir, STORE_FILE))

export const openStoreFile = (path: string, check: (db: Db) => void = () => {}): Db => {
  const db = openDatabase(path, { shrinks: true })
  try {
    check(db)
    migrate(db, storeMigrations)
    convertToShrinking(db)
    return db
  } catch (error) {
    // A checkpoint would write into what may have to be set aside as it is.
    closeWithoutCheckpoint(db)
    throw error
  }
}

/** `PRAGMA auto_vacuum` as a number: 2 = INCREMENTAL. */
const INCREMENTAL = 2
/** The WAL and the file behind it take the store once more each while it is written anew. */
const ROOM_FOR_VACUUM = 2

/** A store of an earlier version is written anew, once; where there is no room for that, at another start. */
const convertToShrinking = (db: Db): void => {
  if (db.pragma('auto_vacuum', { simple: true }) === INCREMENTAL) return
  const pages = Number(db.pragma('page_count', { simple: true }))
  const pageSize = Number(db.pragma('page_size', { simple: true }))
  const { bavail, bsize } = statfsSync(db.name)
  if (bavail * bsize < ROOM_FOR_VACUUM * pages * pageSize) return
  try {
    db.pragma('auto_vacuum = INCREMENTAL')
    db.exec('VACUUM')
  } catch (error) {
    if (storageProblem(error) !== 'disk-full') throw error
  }
}
