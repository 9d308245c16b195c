/** Makes events unsent again: those that are still here, were let go, and are not set aside. */
import { placeOf } from './outbox-place.ts'
import type { Statements } from './outbox-statements.ts'
import type { Db } from './sqlite.ts'

/** @returns how many */
export function reopen(db: Db, sql: Statements, epoch: number, sequences: readonly number[]): number {
  const line = sql.epoch.get(epoch)
  const places = sequences
    .filter((sequence) => line !== undefined && sequence <= line.through)
    .map((sequence) => placeOf(epoch, sequence))
    .filter((place) => sql.event.get(place) !== undefined && sql.isAside.get(place) === undefined)
  if (places.length === 0) return 0
  return db
    .transaction(() => places.reduce((sum, place) => sum + sql.askAgain.run(place).changes, 0))
    .immediate()
}

/** All of the epochs before this one. @returns how many */
export function reopenBefore(db: Db, sql: Statements, epoch: number): number {
  return db.transaction(() => sql.askAgainBefore.run(placeOf(epoch, 0)).changes).immediate()
}
