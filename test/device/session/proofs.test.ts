/** The way from a person's papers to a proof that an issuer makes on the spot. */
import { expect, it } from 'vitest'
import {
  initialState,
  type SessionEvent,
  type Transition,
  type World,
} from '../../../device/session/state.ts'
import { transition } from '../../../device/session/transition.ts'
import { formatInstant } from '../../../sync/protocol/identifiers.ts'
import { sampleWorld } from '../support/samples.ts'
import { act, answered, card, LIFTED, made, PDF, proofs, RUN_JOB, takeProof } from './print-ways.ts'

const play = (events: SessionEvent[], world: World = sampleWorld(), from = initialState(true)): Transition =>
  events.reduce<Transition>(({ state }, event) => transition(state, event, world), {
    state: from,
    effects: [],
  })
const errandOf = ({ effects }: Transition) => effects.find(({ type }) => type === 'errand')

it('whoever has no case is no dead end: proofs need none', () => {
  const none: SessionEvent[] = [card, { type: 'answer', lookup: 1, answer: { ok: true, cases: [] } }]
  expect(play(none).state.view).toMatchObject({ name: 'papers', cases: [], proofs: 'works' })
  expect(play([...none, act({ type: 'open-proofs' })]).state.view.name).toBe('proofs')
})

it('stand in the hall’s order, with issuer and note', () => {
  const { view } = play(proofs).state
  expect(view.name === 'proofs' && view.offers).toEqual(sampleWorld().proofs)
})

it('a touch has it made by the card, and it is printed at once', () => {
  expect(errandOf(play([...proofs, takeProof]))).toMatchObject({
    errand: { kind: 'proof', wanted: { kind: 'social-insurance', key: 'proof-1' } },
  })
  const { state, effects } = play([...proofs, takeProof, made])
  expect(state.view).toMatchObject({
    name: 'proof',
    verificationCode: 'YX7K-3M2P-9QRS',
    slip: { state: 'printing', job: { jobId: RUN_JOB, kind: 'proof', paper: 'a4', pages: 1 } },
  })
  expect(effects).toMatchObject([{ type: 'print', key: 'proof-proof-1', printable: { kind: 'issued' } }])
})

it('a card that was lifted has to be shown again, and then leads on by itself', () => {
  const asked = play([...proofs, LIFTED, takeProof])
  expect(asked.state.view).toMatchObject({ name: 'proof-card', offer: { kind: 'social-insurance' } })
  expect(errandOf(asked)).toBeUndefined()
  expect(errandOf(play([card], sampleWorld(), asked.state))).toMatchObject({
    errand: { wanted: { key: 'proof-1' } },
  })
})

it('after a lost answer the same proof is asked for again, never another; the card may be gone', () => {
  const lost = [...proofs, takeProof, answered({ outcome: 'unknown' }), LIFTED]
  expect(play(lost).state.view).toMatchObject({ name: 'proof-unknown', problem: 'no-word' })
  expect(errandOf(play([...lost, act({ type: 'ask-proof-again' })]))).toMatchObject({
    errand: { wanted: { key: 'proof-1', card: null } },
  })
})

it('a proof whose paper did not come is asked for by the same key', () => {
  const bare = answered({
    outcome: 'made',
    title: '社会保险参保证明',
    verificationCode: 'YX7K-3M2P-9QRS',
    verifyAddress: null,
    paper: { ok: false, problem: 'unavailable' },
  })
  const { state } = play([...proofs, takeProof, bare])
  expect(state.view).toMatchObject({ name: 'proof-unknown', problem: 'unavailable' })
  expect(errandOf(play([act({ type: 'ask-proof-again' })], sampleWorld(), state))).toBeDefined()
})

it.each(['no-record', 'not-offered', 'issuer-down', 'too-many', 'other'] as const)(
  '%s is told, and leads back to the others',
  (refusal) => {
    const refused = [...proofs, takeProof, answered({ outcome: 'refused', refusal, words: '没有记录' })]
    expect(play(refused).state.view).toMatchObject({ name: 'proof-refused', refusal, words: '没有记录' })
    expect(play([...refused, act({ type: 'back' })]).state.view.name).toBe('proofs')
  },
)

it('with the line or the printer down it is said before one starts', () => {
  const down = sampleWorld({ online: false })
  expect(play([{ type: 'world-changed' }], down, play(proofs).state).state.view).toMatchObject({
    works: 'line-down',
  })
  const noPrinter = sampleWorld({ printers: { a4: false, receipt: true } })
  const there = play([{ type: 'world-changed' }], noPrinter, play(proofs).state)
  expect(there.state.view).toMatchObject({ works: 'no-printer' })
  expect(errandOf(play([takeProof], noPrinter, there.state))).toBeUndefined()
})

it('a paper that surely did not come out is asked for again when the printer works', () => {
  const down = sampleWorld({
    printers: { a4: false, receipt: true },
    printerTroubles: { a4: 'paper-out', receipt: null },
  })
  const printing = play([{ type: 'world-changed' }], down, play([...proofs, takeProof, made]).state)
  expect(printing.state.view).toMatchObject({ name: 'proof', trouble: 'paper-out' })
  const failed: SessionEvent = {
    type: 'print-outcome',
    jobId: RUN_JOB,
    outcome: { outcome: 'failed', reason: 'paper-out' },
  }
  const over = play([failed, { type: 'world-changed' }], sampleWorld(), printing.state)
  expect(over.state.view).toMatchObject({ name: 'proof', slip: { state: 'failed', again: 'a4' } })
  const again = play(
    [
      {
        type: 'print-wanted',
        action: { type: 'retry-print', jobId: RUN_JOB, key: 'k' },
        jobId: 'job-2',
        known: null,
      },
    ],
    sampleWorld(),
    over.state,
  )
  expect(again.effects).toMatchObject([{ type: 'print', printable: { kind: 'issued' } }, { type: 'disarm' }])
})

it('a slip tells whoever receives it where it is checked, and the proof’s page stands there again afterwards', () => {
  const wish: SessionEvent = {
    type: 'print-wanted',
    action: { type: 'print-proof-slip', key: 'slip-1' },
    jobId: 'job-2',
    known: null,
  }
  const english = play([
    ...proofs,
    act({ type: 'prefer', preferences: { language: 'en' } }),
    takeProof,
    made,
    wish,
  ])
  expect(english.effects).toMatchObject([
    {
      type: 'print',
      key: 'slip-1',
      job: { kind: 'proof-slip', paper: 'receipt' },
      printable: {
        kind: 'proof-slip',
        slip: {
          language: 'en',
          verificationCode: 'YX7K-3M2P-9QRS',
          address: 'https://verify.yunxi.example/YX7K-3M2P-9QRS',
          titleEnglish: 'Proof of social insurance',
          issuedAt: formatInstant(sampleWorld().now),
        },
      },
    },
  ])
  const out: SessionEvent = {
    type: 'print-outcome',
    jobId: 'job-2',
    outcome: { outcome: 'printed', proof: 'confirmed' },
  }
  // The proof's own paper may still have to be asked for again.
  const proofFailed: SessionEvent = {
    type: 'print-outcome',
    jobId: RUN_JOB,
    outcome: { outcome: 'failed', reason: 'paper-out' },
  }
  const back = play([out, proofFailed, act({ type: 'back' })], sampleWorld(), english.state)
  expect(back.state.view).toMatchObject({ name: 'proof', slip: { state: 'failed', again: 'a4' } })
  const noPrinter = play([wish], sampleWorld({ printers: { a4: true, receipt: false } }), back.state)
  expect(noPrinter.effects.filter(({ type }) => type === 'print')).toHaveLength(1)
  const told = play(
    [{ type: 'world-changed' }, wish],
    sampleWorld({ printers: { a4: true, receipt: false } }),
    back.state,
  )
  expect(told.state.view).toMatchObject({ checkSlip: false })
  expect(told.effects.filter(({ type }) => type === 'print')).toEqual([])
})

it('another person’s card ends it, and nothing of the first is asked', () => {
  const other: SessionEvent = { ...card, person: 'digest-of-another' } as SessionEvent
  const { state, effects } = play([...proofs, LIFTED, takeProof, other])
  expect(state.view.name).toBe('looking-up')
  expect(state.personal.proofAsked).toBeNull()
  expect(effects.map(({ type }) => type)).toContain('end')
})

it('the end leaves nothing of what was asked', () => {
  const { state } = play([...proofs, takeProof, made, act({ type: 'end' })])
  expect(state.personal).toEqual(play([act({ type: 'wake' })]).state.personal)
  expect(JSON.stringify(state)).not.toContain('YX7K')
  expect(PDF.ok).toBe(true)
})
