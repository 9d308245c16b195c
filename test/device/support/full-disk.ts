import type { Db } from '../../../sync/sqlite.ts'

/**
 * Writes to one table fail, as on a full disk, and whatever else is in their transaction with them.
 * @returns how to make room again
 */
export const fillDisk = (db: Db, write: 'INSERT ON' | 'UPDATE ON', table: string): (() => void) => {
  db.exec(`CREATE TEMP TRIGGER full_disk BEFORE ${write} main.${table}
    BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`)
  return () => void db.exec('DROP TRIGGER full_disk')
}
