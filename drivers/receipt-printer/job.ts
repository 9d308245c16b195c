import type { PrintOutcome } from '../status.ts'
import type { PrintCommand } from './tape.ts'

/** A document that waits for its turn or is being printed. */
export interface Job {
  commands: PrintCommand[]
  /** Rows of dots that the paper moves in all. */
  rows: number
  /** The last byte has left; the printer has not said yet what came of it. */
  onSent: () => void
  settle: (outcome: PrintOutcome) => void
}
