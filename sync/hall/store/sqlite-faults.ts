/** What SQLite refuses at work, in words for whoever runs the hall (its result codes: sqlite.org/rescode.html). */
import Database from 'better-sqlite3'
import { StoreError, type StoreFaultCode } from '../../sqlite.ts'

interface Fault {
  code: StoreFaultCode
  words: string
}

/** By the first two words of a result code; what SQLite appends says where in its own code. */
const faults: Readonly<Record<string, Fault>> = {
  SQLITE_CORRUPT: { code: 'store-damaged', words: 'is damaged: move it away or restore it from a backup' },
  SQLITE_NOTADB: { code: 'store-damaged', words: 'is damaged: move it away or restore it from a backup' },
  SQLITE_FULL: {
    code: 'store-full',
    words: 'has no room left on its disk: nothing is stored until there is',
  },
  SQLITE_IOERR: { code: 'store-unreachable', words: 'cannot be read or written: its disk reports an error' },
  SQLITE_CANTOPEN: { code: 'store-unreachable', words: 'cannot be opened: check its folder and its disk' },
  SQLITE_READONLY: { code: 'store-read-only', words: 'cannot be written: its disk or file is read-only' },
  SQLITE_BUSY: { code: 'store-busy', words: 'is held by another process: the request is to be sent again' },
}

/** Everything that is no fault of SQLite's stays what it was. */
export function sqliteFault(error: unknown, path: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error
  const fault = faults[error.code.split('_', 2).join('_')]
  if (fault === undefined) return error
  return new StoreError(fault.code, `${path} ${fault.words}`, { cause: error })
}
