import type { FaultReason, Warning } from '../status.ts'
import type { PrinterFacts } from './ipp.ts'

/** What a printer's state means for a page that is to be printed. */
export interface PrinterState {
  fault: { reason: FaultReason; detail: string } | undefined
  warnings: Warning[]
}

/**
 * Whose word the facts are. A queue repeats what its printer said during the last job, and goes on repeating it
 * until the next one: while it is idle, paper that was filled in long ago is still missing there.
 */
export type Speaker = 'printer' | 'queue-beside-its-printer' | 'queue-alone'

interface Meaning {
  /** printer-state-reasons without the severity behind it (RFC 8011 §5.4.12, PWG 5100.9, CUPS). */
  keywords: string[]
  reason: FaultReason
  says: string
  /** Of the queue itself, and never out of date. */
  ofQueue?: true
  /** What is left of it when it may be old. */
  stale?: Warning
}

/**
 * In the order in which a person can mend them: a cover must be closed before paper can be judged. The severity
 * behind a keyword is not looked at: printers derive it from their own state, so that a printer without paper says
 * `media-empty-report` while it is idle and `-error` once it has stopped over it.
 */
const FAULTS: readonly Meaning[] = [
  { keywords: ['cover-open', 'door-open', 'interlock-open'], reason: 'cover-open', says: 'a cover is open' },
  { keywords: ['media-jam'], reason: 'mechanical', says: 'paper is jammed' },
  {
    keywords: ['media-empty', 'media-needed', 'input-tray-missing'],
    reason: 'paper-out',
    says: 'the paper or its tray is missing',
    stale: 'paper-near-end',
  },
  {
    keywords: [
      'toner-empty',
      'marker-supply-empty',
      'marker-supply-missing',
      'developer-empty',
      'opc-life-over',
    ],
    reason: 'supplies-empty',
    says: 'toner, ink or the drum is used up',
    stale: 'toner-low',
  },
  {
    keywords: ['marker-waste-full', 'output-area-full', 'output-tray-missing'],
    reason: 'mechanical',
    says: 'what has come out must be taken away',
  },
  {
    keywords: ['fuser-over-temp', 'marker-failure', 'motor-failure'],
    reason: 'mechanical',
    says: 'the printer is out of order',
  },
  {
    keywords: ['offline', 'timed-out'],
    reason: 'offline',
    says: 'the printer is switched off or away',
  },
  {
    keywords: ['paused', 'moving-to-paused', 'hold-new-jobs'],
    reason: 'offline',
    says: 'the printer is paused: start it again (cupsenable)',
    ofQueue: true,
  },
  {
    keywords: ['shutdown', 'deactivated', 'stopping'],
    reason: 'offline',
    says: 'the printer is being switched off',
    ofQueue: true,
  },
  {
    keywords: ['spool-area-full'],
    reason: 'offline',
    says: 'the disk of the print server is full',
    ofQueue: true,
  },
  {
    keywords: ['cups-missing-filter', 'cups-insecure-filter'],
    reason: 'offline',
    says: 'the queue lacks a filter for PDF: install cups-filters',
    ofQueue: true,
  },
]

const WARNINGS: ReadonlyMap<string, Warning> = new Map([
  ['media-low', 'paper-near-end'],
  ['toner-low', 'toner-low'],
  ['marker-supply-low', 'toner-low'],
  ['developer-low', 'toner-low'],
  ['opc-near-eol', 'toner-low'],
])

const SEVERITY = /-(report|warning|error)$/

/** Says of a printer's state what stands in the way of a page. Pure. */
export function readPrinterState(facts: PrinterFacts, speaker: Speaker): PrinterState {
  const bare = facts.reasons.map((reason) => reason.replace(SEVERITY, ''))
  const told = facts.reasons.join(', ')
  const meanings = FAULTS.filter(({ keywords }) => bare.some((one) => keywords.includes(one)))
  // While it works on a job a queue alone knows what goes on.
  const isFresh = speaker === 'printer' || (speaker === 'queue-alone' && facts.state === 'processing')
  const first = meanings.find((meaning) => isFresh || meaning.ofQueue === true)
  const fault =
    first === undefined
      ? faultBeyondReasons(facts, isFresh, told)
      : { reason: first.reason, detail: `${first.says} (${told})` }
  if (speaker === 'queue-beside-its-printer') return { fault, warnings: [] }
  const soft = [
    ...bare.map((one) => WARNINGS.get(one)),
    ...(isFresh ? [] : meanings.map(({ stale }) => stale)),
  ]
  return { fault, warnings: [...new Set(soft.filter((one) => one !== undefined))].sort() }
}

function faultBeyondReasons(facts: PrinterFacts, isFresh: boolean, told: string): PrinterState['fault'] {
  // Of a word that is not known here, a printer's own verdict is all there is.
  if (isFresh && facts.reasons.some((reason) => reason.endsWith('-error')))
    return { reason: 'mechanical', detail: `the printer reports an error (${told})` }
  if (facts.state === 'stopped')
    return {
      reason: 'offline',
      detail: told === '' ? 'the printer has stopped' : `the printer has stopped (${told})`,
    }
  if (!facts.acceptsJobs)
    return { reason: 'offline', detail: 'the queue takes no jobs: let it take them again (cupsaccept)' }
  return undefined
}
