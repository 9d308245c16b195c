/** Whether a store can be trusted: asked at each start, before anything is read from it. */
import { statSync } from 'node:fs'
import { schemaFault } from '../../sync/schema-check.ts'
import type { Db } from '../../sync/sqlite.ts'
import { isUnreadable } from '../../sync/sqlite-faults.ts'
import { storeMigrations } from './store.ts'

/** Up to here the indexes are held against their tables as well; beyond it a start would take too long. */
const WHOLE_CHECK_BYTES = 64 * 1024 * 1024

/** What is wrong with it in SQLite's words, which name pages and tables and nobody; null when it is sound. */
export const storeFault = (db: Db): string | null => {
  const first = faultNow(db)
  // A read that fails once may be the cable; setting a store aside is for what stays so.
  return first === null ? null : faultNow(db)
}

const faultNow = (db: Db): string | null => {
  try {
    const schema = schemaFault(db, storeMigrations)
    if (schema !== null) return schema
    const check = statSync(db.name).size <= WHOLE_CHECK_BYTES ? 'integrity_check(1)' : 'quick_check(1)'
    const found = String(db.pragma(check, { simple: true }))
    return found === 'ok' ? null : found
  } catch (error) {
    if (!isUnreadable(error) || !(error instanceof Error)) throw error
    return error.message
  }
}
