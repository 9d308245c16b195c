import type { FaultReason, PrintOutcome } from '../status.ts'
import type { JobFacts } from './ipp.ts'

const printed = (proof: 'confirmed' | 'probable'): PrintOutcome => ({ outcome: 'printed', proof })

/**
 * What a completed job proves. `job` is the printer's own; undefined where only a queue could be asked, whose
 * "completed" means handed over (DEVICES §4). `trouble` is the printer's state asked for afterwards: paper that ran
 * out is reported as success by some (field row 14).
 *
 * `confirmed` takes the printer's word that the job is done, sheets that it counted, and no complaint; of these
 * three a printer that does not count gives two, and a queue one: `probable`. Sheets that were counted and a
 * complaint: the trouble began behind them, or within: `probable` too. A complaint and no count prove nothing.
 */
export function judgeCompleted(job: JobFacts | undefined, trouble: FaultReason | undefined): PrintOutcome {
  if (job?.reasons.some((reason) => reason.startsWith('job-completed-with-errors')))
    return { outcome: 'unknown', reason: trouble ?? 'mechanical' }
  const counted = job !== undefined && countedAll(job)
  if (trouble !== undefined) return counted ? printed('probable') : { outcome: 'unknown', reason: trouble }
  return printed(counted ? 'confirmed' : 'probable')
}

/** How much has come out, by whichever count the printer keeps; 0 where it keeps none. */
export function sidesOf(job: JobFacts): number {
  return Math.max(job.impressionsCompleted ?? 0, job.sheetsCompleted ?? 0)
}

/** Some printers know a job's length beforehand, others say 0. */
function countedAll(job: JobFacts): boolean {
  const done = sidesOf(job)
  if (done === 0) return false
  return job.impressionsCompleted === undefined || done >= (job.impressions ?? 0)
}

/**
 * Whether surely no sheet of a job that did not end well has come out: it was never begun, or every count is 0.
 * `begun`: it may have been worked on; a printer that does not count leaves that open for ever.
 */
export function nothingCameOut(job: JobFacts, begun: boolean): boolean {
  const counts = [job.impressionsCompleted, job.sheetsCompleted].filter((one) => one !== undefined)
  return counts.every((one) => one === 0) && (!begun || counts.length > 0)
}

/** Why a printer ended a job by itself (RFC 8011 §5.3.8). */
export function reasonOfEnd(job: JobFacts, trouble: FaultReason | undefined): FaultReason {
  if (job.reasons.some((reason) => reason.startsWith('document-'))) return 'bad-frames'
  if (trouble !== undefined) return trouble
  // Taken out by somebody at the printer: to the citizen there was none.
  return job.state === 'canceled' ? 'offline' : 'mechanical'
}
