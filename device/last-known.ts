/**
 * What the outbox tells of itself, as it was last known while its store is closed: after a failed sync it is, and page
 * and status go on telling until it is opened anew.
 */
import type { Backlog, Outbox } from '../sync/outbox.ts'
import type { Head } from '../sync/protocol/identifiers.ts'
import type { Db } from '../sync/sqlite.ts'

/** @param onTrouble told why an open store could not be read; the last answer is given again then */
export const withLastKnown = (outbox: Outbox, db: Db, onTrouble: (error: unknown) => void): Outbox => {
  const known: { backlog: Backlog; head: Head | null } = { backlog: { count: 0, oldestAt: null }, head: null }
  const lookInto = (look: () => void): void => {
    if (!db.open) return
    try {
      look()
    } catch (error) {
      onTrouble(error)
    }
  }
  return {
    ...outbox,
    backlog() {
      lookInto(() => {
        known.backlog = outbox.backlog()
      })
      return known.backlog
    },
    head() {
      lookInto(() => {
        known.head = outbox.head()
      })
      return known.head
    },
  }
}
