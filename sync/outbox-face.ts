/** What the outbox offers to the rest of a device. */
import type { Identity } from './identity.ts'
import type { EventData, EventType } from './protocol/events.ts'
import type { Head } from './protocol/identifiers.ts'
import type { Reserve } from './reserve.ts'
import type { Db } from './sqlite.ts'

export interface BatchLimits {
  maxEvents?: number
  maxBytes?: number
  /** What follows once everything up to here is released: to be made ready while that is on its way. */
  after?: { epoch: number; sequence: number }
  /** Where the bytes go, if they have room there: kept by who asks often, it is nothing for the collector. */
  into?: Buffer
}

/** Consecutive events of one epoch: from `first` to `last`, both in it. */
export interface Stretch {
  epoch: number
  first: number
  last: number
}

export interface OutgoingBatch extends Stretch {
  /** The canonical texts in UTF-8, with a comma between each two. */
  joined: Buffer
}

export interface Backlog {
  count: number
  /** RFC 3339, when the oldest of them happened; null when there is none. */
  oldestAt: string | null
}

export interface Outbox {
  /**
   * Adds a fact to the chain, inside the caller's transaction: it is there when that commits. Null when the quota
   * lets in nothing of its kind: it is counted, and one fact will tell the count.
   * @throws Error outside a transaction, before enrolment, or when the data break their schema: all defects
   * @throws StoreError `store-full` when there is no room: the transaction is to be undone
   */
  append<T extends EventType>(type: T, data: EventData<T>, at: Date): Head | null
  /** The oldest events that the hall has not got, at most as many as one batch takes; null when there are none. */
  nextBatch(limits?: BatchLimits): OutgoingBatch | null
  /** The hall has everything of `epoch` up to `through`; what was set aside stays so. */
  release(epoch: number, through: number): void
  /** Makes events unsent again that are still here and not set aside; gives how many. */
  sendAgain(epoch: number, sequences: readonly number[]): number
  /** The same for all that is kept of the epochs before this one. */
  sendAgainBefore(epoch: number): number
  /** Takes an event that the hall refuses out of the way, and tells so in the chain. */
  setAside(epoch: number, sequence: number, reason: string): void
  backlog(): Backlog
  /** What the hall may be told of; null before the first event. identity.json remembers it from now on. */
  head(): Head | null
  /** Why nothing new is taken now; null when it is. */
  refusing(): 'disk-full' | 'quota-full' | null
  /** Writes and syncs something that changes nothing. @throws what keeps the store from being written */
  probe(): void
  /** One short step of upkeep; false when there is nothing left. It happens by itself after each release. */
  tidy(): boolean
  /** Called soon after a transaction in which something was appended; returns how to stop listening. */
  onAppended(listener: () => void): () => void
  /** Writes what identity.json has still to remember. */
  close(): void
}

export interface OutboxOptions {
  db: Db
  identity: Identity
  clock?: () => Date
  /**
   * By which the 30 days of what is with the hall are counted, the hall's own where this device's clock may jump; null
   * while it is not known. `clock` unless told otherwise.
   */
  hallNow?: () => Date | null
  /** Given up when there is no room to let go of what the hall has. */
  reserve?: Reserve
  quotaBytes?: number
  /**
   * Told when identity.json cannot be written, when the reserve is given up, and of an event that is no longer what
   * was appended (StoreError `event-damaged`); work goes on.
   */
  onTrouble?: (error: unknown) => void
}
