/** What every peripheral says of itself, whatever its wire. */

/** Why a peripheral is out of work. Stable codes; the words for people live with the screens. */
export type FaultReason =
  | 'cannot-open' // the port is missing, refused or not permitted
  | 'no-answer' // the port is open, the device says nothing
  | 'line-lost' // it answered before and is gone
  | 'bad-frames' // bytes come, but nothing whole
  | 'paper-out'
  | 'cover-open'
  | 'cutter'
  | 'mechanical'
  | 'offline'
  | 'folder' // a `dir:` printer whose folder cannot be written
  | 'supplies-empty' // toner, ink or another consumable is used up
  | 'missing-library'

export type Warning = 'paper-near-end' | 'toner-low'

/**
 * `since` is RFC 3339 with offset and stays while the state and its reason do, whatever becomes of the detail;
 * `detail` is for technicians and never holds anything personal.
 */
export type PeripheralStatus =
  | { state: 'connecting'; since: string }
  | { state: 'ready'; since: string; warnings: Warning[] }
  | { state: 'fault'; since: string; reason: FaultReason; detail: string }

export interface Counters {
  frames: number
  discardedBytes: number
  deadlineAborts: number
  reopens: number
}

/** A supervised peripheral: opened, watched and reopened until it is closed. */
export interface Peripheral {
  readonly port: string
  status(): PeripheralStatus
  counters(): Counters
  /** Called at each change of status; returns how to stop listening. */
  onStatus(listener: (status: PeripheralStatus) => void): () => void
  close(): Promise<void>
}

/**
 * How a print ended. `printed` needs the printer's word: `confirmed` by a print-done answer, `probable` by an
 * in-order marker and a clean status afterwards. `unknown` = bytes left us and nobody can say: never sent again
 * by itself. `failed` = surely nothing (or nothing more) will come out.
 */
export type PrintOutcome =
  | { outcome: 'printed'; proof: 'confirmed' | 'probable' }
  | { outcome: 'unknown'; reason: FaultReason }
  | { outcome: 'failed'; reason: FaultReason }
