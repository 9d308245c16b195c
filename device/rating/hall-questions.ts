/**
 * Questions that come down the hall's line, for systems that cannot reach this pad (PROTOCOLS.md §1.5). Whether one is
 * asked is the pad's own decision, as for any other. What the hall has told a system and what the pad shows must be the
 * same: so a question is held until the hall has heard that it is taken, and is shown only where the hall agrees.
 *
 * Nothing of this is written down here: the hall tells at each connecting of every question that it knows no end of,
 * and the pad's own store knows for a month what became of each id.
 */
import { createBackoff } from '../../sync/backoff.ts'
import {
  EVALUATION_WAITS_MS,
  type EvaluationCancelled,
  type EvaluationNotice,
  type OfferedQuestion,
} from '../../sync/protocol/evaluations.ts'
import { type AnswerHall, hallAnswers, isRefusal, type PadSays } from './hall-answers.ts'
import type { HallQuestionStore } from './hall-question-store.ts'
import type { Pad } from './pad.ts'
import type { AskedQuestion, WindowNews } from './pad-types.ts'

/**
 * The hall's own 2 s, and its answer. So long at most the window's own systems are told `busy` because of a question
 * that nobody has seen yet; after it, whoever asks first has the pad.
 */
const HELD_AT_MOST_MS = 2_500

/** A line that swallows what is said is tried again within that. */
const AGREE_TIMEOUT_MS = 1_200

/** A connection that was cut under the request leaves the next one another. */
const AGAIN_FIRST_MS = 100
const AGAIN_MAX_MS = 2_000

export interface HallQuestionsOptions {
  pad: Pad
  store: HallQuestionStore
  /** Left open by a stop of the program, and not ended yet: it will be, and is not asked again. */
  isLeftOver: (id: string) => boolean
  answer: AnswerHall
  /** The number on this window. */
  window: string
  random?: () => number
  heldAtMostMs?: number
  onTrouble: (error: unknown) => void
}

export interface HallQuestions {
  offered(notice: EvaluationNotice): void
  cancelled(notice: EvaluationCancelled): void
  /** The pad's own news: ends are passed on. */
  news(news: WindowNews): void
  lineReturned(): void
  forgetOld(now: Date): void
  close(): Promise<void>
}

export function hallQuestions(options: HallQuestionsOptions): HallQuestions {
  const { pad, store, isLeftOver, window, onTrouble } = options
  const { random = Math.random, heldAtMostMs = HELD_AT_MOST_MS } = options
  const closing = new AbortController()
  const { signal } = closing
  const answers = hallAnswers({ answer: options.answer, signal, random, onTrouble })
  /** Being taken; true where the hall has taken it back meanwhile. */
  const taking = new Map<string, boolean>()
  /** The hall's questions on this pad whose end is still to come. */
  const open = new Set<string>()

  function say(id: string, state: PadSays): void {
    if (state !== 'waiting') open.delete(id)
    void answers.say(id, state)
  }

  /** As it stands here; null for one that this pad has never asked. */
  function standing(id: string): PadSays | null {
    const question = store.questionOf(id)
    return pad.evaluation(question) ?? (isLeftOver(question) ? 'waiting' : null)
  }

  async function take(id: string, question: OfferedQuestion): Promise<void> {
    const asked = askedQuestion(id, question, window)
    const verdict = pad.ask(asked, 'held')
    switch (verdict.verdict) {
      case 'busy':
      case 'paused':
        return say(id, verdict.verdict)
      case 'already-rated':
        return await refuseOnPage(id, asked)
      case 'same':
        store.note(id, verdict.id, new Date())
        open.add(id)
        return say(id, 'waiting')
      case 'opened':
        return await show(id, verdict.id, asked)
    }
  }

  /** The hall first; and whoever stands there is told only as long as it is about what just happened. */
  async function refuseOnPage(id: string, asked: AskedQuestion): Promise<void> {
    const untilMs = performance.now() + heldAtMostMs
    await answers.say(id, 'already-rated')
    if (performance.now() <= untilMs && !signal.aborted) pad.ask(asked)
  }

  /** @param held under another id where the same is held for another already */
  async function show(id: string, held: string, asked: AskedQuestion): Promise<void> {
    if (held !== id) store.note(id, held, new Date())
    let isHeld = true
    const letGo = (): void => {
      isHeld = false
      pad.letGo(held)
    }
    const tooLong = setTimeout(letGo, heldAtMostMs)
    const agreement = await agreed(id)
    clearTimeout(tooLong)
    if (agreement !== 'yes') letGo()
    // Asked by nobody, whatever the hall has heard.
    if (agreement === 'unheard') say(id, 'cancelled')
    if (agreement !== 'yes') return
    open.add(id)
    try {
      if (isHeld) pad.openHeld(held)
      else if (standing(id) === null) askLate(id, asked)
    } finally {
      // Not written down, refused by now, or asked at the window meanwhile and answered.
      const state = standing(id) ?? 'cancelled'
      if (state !== 'waiting') say(id, state)
    }
  }

  /** The line was cut in between, and the pad was free for others meanwhile. */
  function askLate(id: string, asked: AskedQuestion): void {
    const verdict = pad.ask(asked)
    if (verdict.verdict === 'same') store.note(id, verdict.id, new Date())
  }

  /** Whether the hall has heard that it is taken, and whoever asked for it still waits; for as long as it may be asked. */
  async function agreed(id: string): Promise<'yes' | 'no' | 'unheard'> {
    const untilMs = performance.now() + EVALUATION_WAITS_MS
    const again = createBackoff(AGAIN_FIRST_MS, AGAIN_MAX_MS, random)
    while (performance.now() < untilMs && !signal.aborted) {
      const result = await options.answer(id, 'waiting', { timeoutMs: AGREE_TIMEOUT_MS, signal })
      if (result.ok) return result.value.state === 'waiting' && !signal.aborted ? 'yes' : 'no'
      if (isRefusal(result)) return 'no'
      await answers.pause(again.next())
    }
    return signal.aborted ? 'no' : 'unheard'
  }

  /** For an untouched question at once; the end that follows is told as any other. */
  function takeBack(id: string): void {
    const question = store.questionOf(id)
    pad.cancel(question)
    const state = standing(id)
    if (state !== 'waiting') say(id, state ?? 'cancelled')
  }

  function guarded(action: () => void): void {
    try {
      action()
    } catch (error) {
      onTrouble(error)
    }
  }

  return {
    offered: ({ id, question }) =>
      guarded(() => {
        if (signal.aborted || taking.has(id)) return
        const state = standing(id)
        if (state !== null) {
          open.add(id)
          say(id, state)
        } else if (question === null) say(id, 'cancelled')
        else {
          taking.set(id, false)
          void take(id, question)
            .catch(onTrouble)
            .finally(() => {
              const isTakenBack = taking.get(id) === true
              taking.delete(id)
              if (isTakenBack && open.has(id)) guarded(() => takeBack(id))
            })
        }
      }),
    cancelled: ({ id }) =>
      guarded(() => {
        if (signal.aborted) return
        if (taking.has(id)) taking.set(id, true)
        else takeBack(id)
      }),
    news(news) {
      if (news.type !== 'evaluation' || news.state === 'waiting') return
      const { id, state } = news
      guarded(() => {
        for (const hallId of [id, ...store.hallIdsOf(id)]) if (open.has(hallId)) say(hallId, state)
      })
    },
    lineReturned: () => answers.hurry(),
    forgetOld: (now) => store.forgetOld(now),
    async close() {
      closing.abort()
      await answers.ended()
    },
  }
}

function askedQuestion(id: string, question: OfferedQuestion, window: string): AskedQuestion {
  const { caseNo, itemCode, itemName, serviceName, serviceNumber, ticketNo } = question
  return {
    id,
    case: {
      caseNo,
      itemCode,
      itemName,
      handleItem: null,
      serviceName: serviceName ?? itemName,
      serviceNumber,
      ticketNo,
    },
    assessNumber: question.assessNumber,
    staffId: question.staffId,
    window,
    user: question.user,
    replace: question.replace,
  }
}
