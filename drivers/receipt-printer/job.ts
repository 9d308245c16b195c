import type { PrintOutcome } from '../status.ts'
import type { PrintCommand } from './tape.ts'

/** A document that waits for its turn or is being printed. */
export interface Job {
  commands: PrintCommand[]
  /** Rows of dots that the paper moves in all. */
  rows: number
  settle: (outcome: PrintOutcome) => void
}

/** A document's commands may hold a name; they are worth nothing once they were written. */
export function wipe(commands: readonly PrintCommand[]): void {
  for (const { bytes } of commands) bytes.fill(0)
}
