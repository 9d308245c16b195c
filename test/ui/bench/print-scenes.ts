/** Papers chosen together, proofs, and paper on its way. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type {
  CaseView,
  ChoicePaper,
  ProofOffer,
  RunPaper,
  TerminalView,
} from '../../../device/http/contract.ts'
import { ProofOffers } from '../../../sync/protocol/proofs.ts'

const offers: ProofOffer[] = ProofOffers.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, '../../../sync/hall/demo/proofs.json'), 'utf8')),
)
const [offer] = offers

interface Scene {
  view: TerminalView
}
const view = (one: TerminalView): Scene => ({ view: one })
type Proof = Extract<TerminalView, { name: 'proof' }>

export const printScenes = (cases: readonly CaseView[]): Record<string, Scene> => {
  if (offer === undefined) throw new Error('the demonstration hall offers no proofs')
  const papers: ChoicePaper[] = cases.flatMap(({ caseNo, itemName, papers: ofCase }) =>
    ofCase.map((paper) => ({ ...paper, lacks: null, caseNo, itemName, chosen: false })),
  )
  const fresh = { done: null, reason: null, problem: null, jobId: null, canReportNothing: false }
  const runPaper = (index: number, change: Partial<RunPaper>): RunPaper => {
    const { paperId, caseNo, itemName, title, kind, pages, onReceiptPaper } = papers[index] as ChoicePaper
    const paper = onReceiptPaper ? ('receipt' as const) : ('a4' as const)
    return { paperId, caseNo, itemName, title, kind, pages, paper, ...fresh, state: 'waiting', ...change }
  }
  const going = [
    runPaper(0, { state: 'confirmed' }),
    runPaper(1, { state: 'sent', done: 1, pages: 5 }),
    runPaper(2, {}),
    runPaper(3, {}),
  ]
  const slip = (change: Partial<Proof['slip']>): Proof['slip'] => ({
    job: { jobId: 'job-1', kind: 'proof', paper: 'a4', pages: 1 },
    state: 'printing',
    reason: null,
    canReportNothing: false,
    again: null,
    ...change,
  })
  const proof = (change: Partial<Proof>): Scene =>
    view({
      name: 'proof',
      offer,
      title: offer.title,
      pages: 1,
      verificationCode: 'YX7K-3M2P-9QRS-4T6W',
      verifyAddress: 'https://verify.yunxi.example/YX7K-3M2P-9QRS-4T6W',
      madeAt: '2026-11-21T22:41:00+08:00',
      slip: slip({}),
      trouble: null,
      checkSlip: true,
      ...change,
    })
  return {
    'paper-choice': view({ name: 'paper-choice', papers: papers.slice(0, 3) }),
    'paper-choice-many': view({
      name: 'paper-choice',
      papers: papers.map((paper, index) => ({
        ...paper,
        chosen: index < 4,
        lacks: index === 4 ? 'line' : null,
      })),
    }),
    'print-run': view({ name: 'print-run', papers: going, state: 'going', trouble: null, again: false }),
    'print-run-stopped': view({
      name: 'print-run',
      papers: going,
      state: 'going',
      trouble: { paper: 'a4', reason: 'mechanical' },
      again: false,
    }),
    'print-run-held': view({
      name: 'print-run',
      papers: [
        runPaper(0, { state: 'confirmed' }),
        runPaper(1, {
          state: 'unknown',
          done: 3,
          pages: 5,
          reason: 'paper-out',
          jobId: 'j',
          canReportNothing: true,
        }),
        runPaper(2, {}),
        runPaper(3, {}),
      ],
      state: 'held',
      trouble: { paper: 'a4', reason: 'paper-out' },
      again: false,
    }),
    'print-run-over': view({
      name: 'print-run',
      papers: going.map((paper) => ({ ...paper, state: 'confirmed' })),
      state: 'over',
      trouble: null,
      again: false,
    }),
    'print-run-partly': view({
      name: 'print-run',
      papers: [
        runPaper(0, { state: 'probable', jobId: 'i', canReportNothing: true }),
        runPaper(1, {
          state: 'unknown',
          done: 3,
          pages: 5,
          reason: 'paper-out',
          jobId: 'j',
          canReportNothing: true,
        }),
        runPaper(2, { state: 'failed', problem: 'gone' }),
        runPaper(3, { state: 'failed', reason: 'paper-out' }),
      ],
      state: 'over',
      trouble: null,
      again: true,
    }),
    'paper-left': view({ name: 'paper-left', paper: 'a4' }),
    'paper-left-receipt': view({ name: 'paper-left', paper: 'receipt' }),
    proofs: view({ name: 'proofs', offers, works: 'works' }),
    'proofs-line-down': view({ name: 'proofs', offers, works: 'line-down' }),
    'proof-card': view({ name: 'proof-card', offer, acceptsCard: true, problem: 'unreadable-card' }),
    'proof-card-down': view({ name: 'proof-card', offer, acceptsCard: false, problem: null }),
    proof: proof({}),
    'proof-no-address': proof({ slip: slip({ state: 'confirmed' }), verifyAddress: null, checkSlip: false }),
    'proof-stopped': proof({ trouble: 'paper-out' }),
    'proof-probable': proof({ slip: slip({ state: 'probable', canReportNothing: true }) }),
    'proof-failed': proof({ slip: slip({ state: 'failed', reason: 'cover-open', again: 'a4' }) }),
    'proof-refused': view({
      name: 'proof-refused',
      offer,
      refusal: 'no-record',
      words: '没有查到您的记录，开不了“社会保险参保证明”。请到办理窗口核对，或者拨打12345。',
    }),
    'proof-unknown': view({ name: 'proof-unknown', offer, problem: 'no-word' }),
    'proof-no-paper': view({ name: 'proof-unknown', offer, problem: 'unavailable' }),
  }
}
