/**
 * Whether this device can keep what it is told. While it cannot, the screen says so instead of asking, the hall is
 * told by the status, and a small write is tried until one succeeds; then a fact tells how long it was.
 */
import type { StorageFact } from '../sync/outbox-untold.ts'
import { formatInstant } from '../sync/protocol/identifiers.ts'
import { StoreError } from '../sync/sqlite.ts'
import { type StorageProblem, storageProblem } from '../sync/sqlite-faults.ts'

/** Whoever stands there waits for it; a disk that is full does not mind being asked so often. */
const PROBE_EVERY_MS = 5_000

/** One page and one sync: a disk that fills up while nobody is there is found before somebody is asked. */
const LOOK_EVERY_MS = 60_000

export type { StorageFact }

/**
 * What the hall is told of: the trouble there is, or damage that was found, or a sync that has failed, since the start
 * of the process. These two stand until a technician has looked and starts it again: the disk works on, and is to be
 * replaced; the chain keeps the fact for good.
 */
export type StorageAlarm = StorageProblem | 'damage-found' | 'sync-had-failed'

/** Of the process, over the devices that run in it one after the other. */
export interface StorageMemory {
  damageFound: boolean
  syncFailed: boolean
  /** When, as long as the store does not tell of it: the disk may not have taken the note of it either. */
  untoldSince: Date | null
}

export const newStorageMemory = (): StorageMemory => ({
  damageFound: false,
  syncFailed: false,
  untoldSince: null,
})

export interface StorageWatch {
  /** Null while everything can be kept. */
  problem(): StorageProblem | null
  alarm(): StorageAlarm | null
  /** Every error of the house passes here; what is none of the disk's changes nothing. */
  note(error: unknown): void
  /** Tries whether something can be kept, now that somebody is about to be asked. */
  look(): void
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
  memory?: StorageMemory
  clock?: () => Date
}): StorageWatch => {
  const { probe, onChange, onOver, onReopen, onTrouble, clock = () => new Date() } = options
  const { memory = newStorageMemory() } = options
  let problem: StorageProblem | null = null
  let since = clock()
  let timer: NodeJS.Timeout | undefined
  let closed = false

  const begin = (found: StorageProblem): void => {
    const before = problem
    if (before === null) since = clock()
    problem = found
    if (found === 'sync-failed') {
      memory.syncFailed = true
      memory.untoldSince ??= since
    }
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

  const note = (error: unknown): void => {
    if (closed) return
    if (error instanceof StoreError && (error.code === 'event-damaged' || error.code === 'store-damaged')) {
      memory.damageFound = true
      onChange()
      return
    }
    const found = storageProblem(error)
    if (found === null || (problem !== null && (found === 'disk-full' || found === 'cannot-write'))) return
    begin(found)
  }

  const look = (): void => {
    if (closed || problem !== null) return
    try {
      probe()
    } catch (error) {
      onTrouble(error)
      note(error)
    }
  }
  const looking = setInterval(look, LOOK_EVERY_MS)

  return {
    problem: () => problem,
    alarm: () =>
      problem ?? (memory.syncFailed ? 'sync-had-failed' : memory.damageFound ? 'damage-found' : null),
    note,
    look,
    close() {
      closed = true
      clearTimeout(timer)
      clearInterval(looking)
    },
  }
}
