/** How the pages of papers, proofs and printing are come by. */
import type { PrintEnd, TerminalView } from '../../../device/http/contract.ts'
import type { DocumentOutcome, ProofOutcome } from '../../../device/proofs/proof.ts'
import type { SessionEvent } from '../../../device/session/state.ts'
import { PERSON, sampleCard, sampleCase } from '../support/samples.ts'

type Act = Extract<SessionEvent, { type: 'action' }>['action']
export const act = (action: Act): SessionEvent => ({ type: 'action', action })

export const RUN_JOB = '01a20028-8011-7e7c-9cf7-1130000000ff'
export const card: SessionEvent = {
  type: 'card-placed',
  card: sampleCard(),
  person: 'digest-of-lin',
  masked: PERSON.masked,
}
export const LIFTED: SessionEvent = { type: 'card-lifted' }
export const papers: SessionEvent[] = [
  card,
  {
    type: 'answer',
    lookup: 1,
    answer: { ok: true, cases: [sampleCase('YX2026110001'), sampleCase('YX2026110002')] },
  },
]
export const choice = [...papers, act({ type: 'open-paper-choice' })]
/** The receipt and the result of the first case. */
export const chosen = [
  ...choice,
  act({ type: 'choose-paper', paperId: '1-0-0', chosen: true }),
  act({ type: 'choose-paper', paperId: '1-0-1', chosen: true }),
]
export const printChosen: SessionEvent = {
  type: 'print-wanted',
  action: { type: 'print-chosen', key: 'run-1' },
  jobId: RUN_JOB,
  known: null,
}
export const run = [...chosen, printChosen]
export const SECOND_JOB = '01a20028-8011-7e7c-9cf7-113000000100'

export const sending = (jobId: string): SessionEvent => ({ type: 'print-sending', jobId, pages: 1 })
export const ended = (jobId: string, end: Exclude<PrintEnd, 'failed'>): SessionEvent => ({
  type: 'print-outcome',
  jobId,
  outcome:
    end === 'unknown' ? { outcome: 'unknown', reason: 'paper-out' } : { outcome: 'printed', proof: end },
})
export const failed = (jobId: string): SessionEvent => ({
  type: 'print-outcome',
  jobId,
  outcome: { outcome: 'failed', reason: 'paper-out' },
})
export const fetched = (outcome: DocumentOutcome, number = 2): SessionEvent => ({
  type: 'errand-done',
  number,
  done: { kind: 'document', outcome },
  jobId: 'not used',
})
export const PDF: DocumentOutcome = { ok: true, pdf: new TextEncoder().encode('%PDF-1.7'), pages: 1 }

export const proofs = [...papers, act({ type: 'open-proofs' })]
export const takeProof = act({ type: 'take-proof', kind: 'social-insurance', key: 'proof-1' })
export const answered = (outcome: ProofOutcome, number = 2): SessionEvent => ({
  type: 'errand-done',
  number,
  done: { kind: 'proof', outcome },
  jobId: RUN_JOB,
})
export const made = answered({
  outcome: 'made',
  title: '社会保险参保证明',
  verificationCode: 'YX7K-3M2P-9QRS',
  verifyAddress: 'https://verify.yunxi.example/YX7K-3M2P-9QRS',
  paper: PDF,
})

type Pages =
  | 'paper-choice'
  | 'print-run'
  | 'paper-left'
  | 'proofs'
  | 'proof-card'
  | 'proof'
  | 'proof-refused'
  | 'proof-unknown'
export const printWays = {
  'paper-choice': choice,
  'print-run': run,
  'paper-left': [{ type: 'interrupted-print', paper: 'a4' }],
  proofs,
  'proof-card': [...proofs, LIFTED, takeProof],
  proof: [...proofs, takeProof, made],
  'proof-refused': [...proofs, takeProof, answered({ outcome: 'refused', refusal: 'no-record', words: '' })],
  'proof-unknown': [...proofs, takeProof, answered({ outcome: 'unknown' })],
} satisfies Record<Pages & TerminalView['name'], SessionEvent[]>

export const printActions: Act[] = [
  { type: 'open-paper-choice' },
  { type: 'choose-paper', paperId: '1-0-0', chosen: true },
  { type: 'choose-all-papers', chosen: true },
  { type: 'print-rest' },
  { type: 'open-proofs' },
  { type: 'take-proof', kind: 'no-house', key: 'proof-9' },
  { type: 'ask-proof-again' },
]
export const printEvents: SessionEvent[] = [
  printChosen,
  sending(RUN_JOB),
  { type: 'print-sent', jobId: RUN_JOB },
  { type: 'print-sent', jobId: 'job-1' },
  { type: 'print-sides', jobId: RUN_JOB, count: 1 },
  { type: 'print-sides', jobId: 'job-1', count: 1 },
  ended(RUN_JOB, 'unknown'),
  failed(RUN_JOB),
  fetched(PDF),
  fetched({ ok: false, problem: 'gone' }),
  made,
  { type: 'nothing-came-out', jobId: RUN_JOB, noted: true },
]
