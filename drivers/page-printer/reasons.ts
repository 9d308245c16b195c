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
  /** Says that one of several trays, colours or filters is in this state: the printer may do without it. */
  oneOfSeveral?: true
  /** What is left of it when it may be old, or when the printer does without it. */
  lesser?: Warning
}

/**
 * In the order in which a person can mend them: a cover must be closed before paper can be judged. The severity
 * behind a keyword says little, for printers derive it from their own state: it is looked at only where the keyword
 * leaves open whether the printer needs the thing.
 */
const FAULTS: readonly Meaning[] = [
  { keywords: ['cover-open', 'door-open', 'interlock-open'], reason: 'cover-open', says: 'a cover is open' },
  { keywords: ['media-jam'], reason: 'mechanical', says: 'paper is jammed' },
  {
    keywords: ['media-needed'],
    reason: 'paper-out',
    says: 'the printer asks for paper',
    lesser: 'paper-near-end',
  },
  {
    keywords: ['media-empty', 'input-tray-missing'],
    reason: 'paper-out',
    says: 'the paper or its tray is missing',
    oneOfSeveral: true,
    lesser: 'paper-near-end',
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
    oneOfSeveral: true,
    lesser: 'toner-low',
  },
  {
    keywords: ['marker-waste-full', 'output-area-full', 'output-tray-missing'],
    reason: 'mechanical',
    says: 'what has come out must be taken away',
    oneOfSeveral: true,
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
    oneOfSeveral: true,
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
/** Words that are known here, so that a detail stays one line and tells nothing but printers' own words. */
const MAX_TOLD = 8
const NONE: ReadonlySet<string> = new Set()

const bareOf = (reason: string): string => reason.replace(SEVERITY, '')

/** What stands while a printer is idle, such as an empty bypass tray, is usual there. Pure. */
export function usualReasons(facts: PrinterFacts): ReadonlySet<string> {
  return new Set(facts.reasons.map(bareOf))
}

/**
 * Says of a printer's state what stands in the way of a page. `usual` is what stood there while it was last idle:
 * a tray that turns empty within a job is missed by this very job, whatever the severity. Pure.
 */
export function readPrinterState(
  facts: PrinterFacts,
  speaker: Speaker,
  usual: ReadonlySet<string> = NONE,
): PrinterState {
  const bare = facts.reasons.map(bareOf)
  const told = inWords(facts.reasons)
  const meanings = FAULTS.filter(({ keywords }) => bare.some((one) => keywords.includes(one)))
  // While it works on a job a queue alone knows what goes on.
  const isFresh = speaker === 'printer' || (speaker === 'queue-alone' && facts.state === 'processing')
  const first = meanings.find(
    (meaning) => (isFresh || meaning.ofQueue === true) && isInTheWay(meaning, facts, usual),
  )
  const fault =
    first === undefined
      ? faultBeyondReasons(facts, isFresh, told)
      : { reason: first.reason, detail: `${first.says} (${told})` }
  if (speaker === 'queue-beside-its-printer') return { fault, warnings: [] }
  const soft = [
    ...bare.map((one) => WARNINGS.get(one)),
    ...meanings.filter((meaning) => !isFresh || meaning.oneOfSeveral).map(({ lesser }) => lesser),
  ]
  return { fault, warnings: [...new Set(soft.filter((one) => one !== undefined))].sort() }
}

function isInTheWay(meaning: Meaning, facts: PrinterFacts, usual: ReadonlySet<string>): boolean {
  if (meaning.oneOfSeveral !== true || facts.state === 'stopped') return true
  return facts.reasons.some((reason) => {
    const bare = bareOf(reason)
    if (!meaning.keywords.includes(bare)) return false
    return reason.endsWith('-error') || (facts.state === 'processing' && !usual.has(bare))
  })
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

const KNOWN = new Set([...FAULTS.flatMap(({ keywords }) => keywords), ...WARNINGS.keys()])

function inWords(reasons: readonly string[]): string {
  const known = reasons.filter((reason) => KNOWN.has(bareOf(reason))).slice(0, MAX_TOLD)
  const others = reasons.length - known.length
  return [...known, ...(others > 0 ? [`${others} of other words`] : [])].join(', ')
}
