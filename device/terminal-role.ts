/** A terminal: the session, and the printers and cases that it uses. */

import type { HallClient } from '../sync/hall-client.ts'
import { createCases } from './cases/cases.ts'
import { keepGuideIndex } from './content/guide-search/keep-guide-index.ts'
import type { Documents } from './documents/documents.ts'
import type { AppendFact } from './facts.ts'
import { TerminalAction, type TerminalState, type TerminalView } from './http/contract.ts'
import type { Peripherals } from './peripherals/peripherals.ts'
import { pickupErrands } from './pickup/errands.ts'
import { PrintLedger } from './printing/ledger.ts'
import { createPrinting } from './printing/printing.ts'
import { proofErrands } from './proofs/errands.ts'
import { ratingErrands } from './rating/errands.ts'
import { QuestionStore } from './rating/question-store.ts'
import { TerminalQuestions } from './rating/terminal-questions.ts'
import { feedbackErrands } from './reports/errands.ts'
import { FeedbackStore } from './reports/feedback-store.ts'
import type { House, Role } from './role.ts'
import { Session } from './session/session.ts'
import type { SessionTimings, World } from './session/state.ts'
import { tilesOf } from './session/tiles.ts'
import { ticketErrands } from './tickets/errands.ts'

/** Whoever waited for a paper that a restart cut off has gone after this. */
const INTERRUPTED_SHOWN_MS = 5 * 60_000

/** On these pages there is nobody whose place could be lost. */
const NOBODY_HERE: readonly TerminalView['name'][] = ['not-enrolled', 'rest', 'ending']

export interface TerminalParts {
  client: HallClient
  documents: Documents
  peripherals: Peripherals
  timings?: SessionTimings
}

export const createTerminalRole = (house: House, parts: TerminalParts): Role => {
  const { db, identity, outbox, content, onTrouble } = house
  const { peripherals } = parts
  const ledger = new PrintLedger(db, outbox.append)

  const tiles = () =>
    tilesOf({
      offered: house.settings().services,
      online: house.online(),
      reader: peripherals.isReady('idReader'),
      scanner: peripherals.isReady('scanner'),
      content: content.guides().length > 0,
      numbers: content.businessTypes().length > 0,
    })
  const guideIndex = keepGuideIndex({
    guides: content.guides,
    onReady: () => session.worldChanged(),
    onTrouble,
  })
  const world = (): World => ({
    nowMs: performance.now(),
    enrolled: identity.deviceId !== null,
    online: house.online(),
    tiles: tiles(),
    accepts: { card: peripherals.isReady('idReader'), code: peripherals.isReady('scanner') },
    printers: {
      a4: peripherals.isReady('pagePrinter'),
      receipt: peripherals.isReady('receiptPrinter'),
    },
    printerTroubles: {
      a4: peripherals.troubleOf('pagePrinter'),
      receipt: peripherals.troubleOf('receiptPrinter'),
    },
    guides: content.guides(),
    guideIndex: guideIndex.index,
    forms: content.forms(),
    businessTypes: content.businessTypes(),
    proofs: content.proofs(),
    calendars: content.calendars(),
    hall: content.hall(),
    now: new Date(),
  })
  const printing = createPrinting({
    ledger,
    documents: parts.documents,
    hall: content.hall,
    blankForm: content.blankForm,
    receiptPrinter: peripherals.receiptPrinter,
    pagePrinter: peripherals.pagePrinter,
    onTrouble,
  })
  const feedback = new FeedbackStore(db, outbox.append)
  const stored = new QuestionStore(db, outbox.append)
  const questions = new TerminalQuestions({
    store: stored,
    dictionaries: content.dictionaries,
    clock: house.clock,
    onTrouble,
  })
  const cases = createCases(parts.client, identity)
  const kept: AppendFact = (type, data, at) => db.transaction(() => outbox.append(type, data, at))()
  const session = new Session({
    world,
    cases,
    errands: {
      ...pickupErrands({ client: parts.client, identity, append: kept, onTrouble }),
      ...proofErrands({ client: parts.client, identity }),
      ...ticketErrands({ client: parts.client, identity, append: kept, onTrouble }),
      ...feedbackErrands({ identity, store: feedback, clock: house.clock, onTrouble }),
      ...ratingErrands({ identity, cases, questions, onTrouble }),
    },
    printing,
    ledger,
    onEnd: (fact) => kept('session', fact, new Date()),
    onChange: house.onChange,
    onTrouble,
    timings: () => parts.timings ?? house.settings().timings,
    beginsWith: () => house.settings().preferences,
  })

  return {
    state: (surroundings): TerminalState => ({
      ...surroundings,
      role: 'terminal',
      preferences: session.preferences,
      view: session.view,
      tiles: tiles(),
      cardExpired: session.cardExpired,
      idleEndsAt: session.idleEndsAt,
      closesAt: session.closesAt,
    }),
    async act(action) {
      session.act(TerminalAction.parse(action))
      return { ok: true }
    },
    peripheral(event) {
      if (event.kind === 'card') session.card(event.event)
      else session.scan(event.scan)
    },
    isBusy: () => !NOBODY_HERE.includes(session.view.name),
    worldChanged() {
      guideIndex.look()
      session.worldChanged()
    },
    enrolled() {
      questions.recover()
      const now = new Date()
      const [latest] = ledger.endInterrupted(now).reverse()
      session.worldChanged()
      if (latest !== undefined && now.getTime() - latest.acceptedAt.getTime() < INTERRUPTED_SHOWN_MS) {
        session.showInterrupted(latest)
      }
    },
    forgetOld(now) {
      ledger.forgetOld(now)
      feedback.forgetOld(now)
      stored.forgetOldOutcomes(now)
    },
    close() {
      guideIndex.close()
      printing.close()
      session.close()
      questions.close()
    },
  }
}
