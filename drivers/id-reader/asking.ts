/** A question to the reader as the reading cycle sees it: a reply, or what keeps the cycle from going on. */
import type { Reply } from './frame.ts'
import type { Answer, Miss, ReaderLine } from './line.ts'
import type { RequestName } from './requests.ts'
import { DONE, isNotUnderstood, isSamOutOfOrder } from './sw3.ts'

/** The line or the reader is the matter, not a card. */
export type Halt =
  | Miss
  | { kind: 'out-of-order'; sw3: number }
  /** Answered, and not done; it says nothing of any card. */
  | { kind: 'refused'; request: RequestName; sw3: number }

/** What a step of the cycle found out about the reader. */
export type Step = { kind: 'answered' } | Halt

export const ANSWERED: Step = { kind: 'answered' }

export type Asked = { kind: 'reply'; reply: Reply } | Halt

export async function ask(line: ReaderLine, request: RequestName): Promise<Asked> {
  return judged(await line.ask(request))
}

/** No sooner than the poll interval allows. */
export async function poll(line: ReaderLine, request: RequestName): Promise<Asked> {
  return judged(await line.poll(request))
}

/** What a SAM says of itself: one that is out of order answers all the same, and is no dead line. */
export function samStatus(asked: Asked): Step {
  if (asked.kind !== 'reply') return asked
  const { sw3 } = asked.reply
  if (isNotUnderstood(sw3)) return { kind: 'refused', request: 'sam-status', sw3 }
  return sw3 === DONE ? ANSWERED : { kind: 'out-of-order', sw3 }
}

function judged(answer: Answer): Asked {
  if (answer.kind !== 'reply' || !isSamOutOfOrder(answer.reply.sw3)) return answer
  return { kind: 'out-of-order', sw3: answer.reply.sw3 }
}
