/** What a pad's verdicts are to whoever asked, alike for systems and for the clerk's page. */
import type { Pad } from '../../rating/pad.ts'
import type { AskedQuestion } from '../../rating/pad-types.ts'
import { HttpProblem } from '../problem.ts'
import type { PinVerdict } from './pin-gate.ts'

export interface Asked {
  /** False: it was open before. */
  opened: boolean
  id: string
  expiresAt: string
}

/** @throws HttpProblem `busy`, `already-rated`, `paused` */
export const askOf = (pad: Pick<Pad, 'ask'>, question: AskedQuestion): Asked => {
  const answer = pad.ask(question)
  switch (answer.verdict) {
    case 'opened':
    case 'same':
      return { opened: answer.verdict === 'opened', id: answer.id, expiresAt: answer.expiresAt }
    case 'busy':
      throw new HttpProblem('busy', 'another question is open; wait for it, or ask with "replace": true')
    case 'already-rated':
      throw new HttpProblem('already-rated', 'this case, service and assess number were rated before')
    case 'paused':
      throw new HttpProblem('paused', 'open the window first')
  }
}

/** null for the right one. */
export const pinProblem = (verdict: PinVerdict): HttpProblem | null => {
  switch (verdict.verdict) {
    case 'right':
      return null
    case 'wrong':
      return new HttpProblem('wrong-pin', 'try again; after each wrong one the wait is twice as long')
    case 'no-pin':
      return new HttpProblem('no-pin', 'set one at the hall: window24 hall pin STAFFID --data DIR')
    case 'too-many-tries':
      return new HttpProblem('too-many-tries', `wrong too often: wait ${verdict.retryAfterSeconds} s`, {
        'Retry-After': String(verdict.retryAfterSeconds),
      })
  }
}

export const unknownEvaluation = (): HttpProblem =>
  new HttpProblem('not-found', 'this pad knows no question of this id')
