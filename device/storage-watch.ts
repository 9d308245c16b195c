/**
 * Whether this device can keep what it is told. While it cannot, the screen says so instead of asking, the hall is
 * told by the status, and a small write is tried until one succeeds; then a fact tells how long it was.
 */
import type { EventData } from '../sync/protocol/events.ts'
import { formatInstant } from '../sync/protocol/identifiers.ts'
import { StoreError } from '../sync/sqlite.ts'
import { type StorageProblem, storageProblem } from '../sync/sqlite-faults.ts'

/** Whoever stands there waits for it; a disk that is full does not mind being asked so often. */
const PROBE_EVERY_MS = 5_000

export type StorageFact = Extract<EventData<'system'>, { fact: 'storage' }>

/** What the hall is told of: the trouble there is, or damage that was found since the start. */
export type StorageAlarm = StorageProblem | 'damage-found'

export interface StorageWatch {
  /** Null while everything can be kept. */
  problem(): StorageProblem | null
  alarm(): StorageAlarm | null
  /** Every error of the house passes here; what is none of the disk's changes nothing. */
  note(error: unknown): void
  close(): void
}

/**
 * @param probe writes and syncs something; throws what keeps it from that
 * @param onChange the screen and the status say something else now
 * @param onOver told once it is over, with the fact for the chain
 * @param onReopen the store has to be closed and opened anew: after a failed sync nobody knows what is on the disk,
 *   and what is damaged is checked and set aside at the opening
 */
export const watchStorage = (options: {
  probe: () => void
  onChange: () => void
  onOver: (fact: StorageFact) => void
  onReopen: () => void
  onTrouble: (error: unknown) => void
  clock?: () => Date
}): StorageWatch => {
  const { probe, onChange, onOver, onReopen, onTrouble, clock = () => new Date() } = options
  let problem: StorageProblem | null = null
  let since = clock()
  let damageFound = false
  let timer: NodeJS.Timeout | undefined
  let closed = false

  const begin = (found: StorageProblem): void => {
    const before = problem
    if (before === null) since = clock()
    problem = found
    if (found === 'sync-failed' || found === 'damaged') onReopen()
    else {
      clearTimeout(timer)
      timer = setTimeout(tryAgain, PROBE_EVERY_MS)
    }
    if (before !== found) onChange()
  }

  const tryAgain = (): void => {
    try {
      probe()
    } catch (error) {
      const found = storageProblem(error)
      if (found === null) onTrouble(error)
      begin(found ?? 'cannot-write')
      return
    }
    const over = problem
    problem = null
    if (over === 'disk-full' || over === 'cannot-write')
      onOver({ fact: 'storage', problem: over, since: formatInstant(since), carried: null, lost: null })
    onChange()
  }

  return {
    problem: () => problem,
    alarm: () => problem ?? (damageFound ? 'damage-found' : null),
    note(error) {
      if (closed) return
      if (error instanceof StoreError && (error.code === 'event-damaged' || error.code === 'store-damaged')) {
        damageFound = true
        onChange()
        return
      }
      const found = storageProblem(error)
      if (found === null || (problem !== null && (found === 'disk-full' || found === 'cannot-write'))) return
      begin(found)
    },
    close() {
      closed = true
      clearTimeout(timer)
    },
  }
}
