/** What became of a print, as the end of a test's step. */
import type { PrintOutcome } from '../../../drivers/status.ts'
import { failed, PASSED, type StepEnd } from './steps.ts'

/** A print of which nobody can say whether it came out is none that was proved. */
export const printed = (
  outcome: PrintOutcome,
  show: (facts: Record<string, string | null>) => void,
): StepEnd => {
  switch (outcome.outcome) {
    case 'printed':
      show({ proof: outcome.proof })
      return PASSED
    case 'unknown':
      show({ cause: outcome.reason })
      return failed('unproved')
    case 'failed':
      return failed(outcome.reason)
  }
}
