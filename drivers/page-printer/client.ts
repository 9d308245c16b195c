import { randomInt } from 'node:crypto'
import type { FaultReason } from '../status.ts'
import { opened, passed } from '../transport/tap.ts'
import { postIpp } from './http.ts'
import { httpStatusInWords, type Trouble } from './http-trouble.ts'
import { decodeAnswer, encodeRequest, type IppAnswer, type IppRequest, isSuccess } from './ipp.ts'
import type { IppTarget } from './target.ts'

export interface IppOptions {
  /** requesting-user-name: who owns the jobs. */
  user: string
  deadlineMs: number
  /** So long may nothing move while a document is sent. */
  idleMs?: number
  signal?: AbortSignal
  /** What is to be printed, behind a Print-Job. */
  document?: Uint8Array
}

/**
 * `denied`: the printer understood and said no, in `answer`. `failed`: no understandable answer; `reached` says
 * whether any of the request may have got there, `status` is HTTP's where that said no.
 */
export type IppResult =
  | { kind: 'done'; answer: IppAnswer }
  | { kind: 'denied'; answer: IppAnswer; detail: string }
  | { kind: 'failed'; trouble: Trouble; reached: boolean; detail: string; status?: number }

/** All queues of a large print server, a few attributes each; endless answers end here. */
const MAX_ANSWER_BYTES = 1_048_576
const MAX_REQUEST_ID = 0x7fffffff
const NEVER_ABORTED = new AbortController().signal

/** Asks a printer one thing (RFC 8010 §4). Never rejects; one answer, one deadline, one line. */
export async function ippRequest(
  target: IppTarget,
  request: IppRequest,
  options: IppOptions,
): Promise<IppResult> {
  const requestId = randomInt(1, MAX_REQUEST_ID)
  const message = encodeRequest(request, { printerUri: target.uri, user: options.user }, requestId)
  const parts = options.document === undefined ? [message] : [message, options.document]
  opened(target.uri)
  for (const part of parts) passed(target.uri, 'out', part)
  const posted = await postIpp(target, parts, {
    deadlineMs: options.deadlineMs,
    ...(options.idleMs === undefined ? {} : { idleMs: options.idleMs }),
    maxAnswerBytes: MAX_ANSWER_BYTES,
    signal: options.signal ?? NEVER_ABORTED,
  })
  if (!posted.ok) return { kind: 'failed', ...withoutOk(posted) }
  passed(target.uri, 'in', posted.body)
  if (posted.status !== 200) {
    // A redirection or a client's fault (3xx, 4xx) stops a server before it prints; anything else may come after.
    const reached = posted.status < 300 || posted.status >= 500
    const { status } = posted
    return { kind: 'failed', trouble: 'refused', reached, status, detail: httpStatusInWords(status, target) }
  }
  const garbage = { kind: 'failed', trouble: 'garbage', reached: true } as const
  if (!posted.contentType.startsWith('application/ipp'))
    return { ...garbage, detail: `${target.host} answers, but not in IPP: is ${target.path} a printer?` }
  const answer = decodeAnswer(posted.body)
  if (answer === undefined)
    return { ...garbage, detail: `${target.host} sent ${posted.body.length} bytes that are no IPP answer` }
  if (answer.requestId !== requestId)
    return { ...garbage, detail: `${target.host} answered another question than was asked` }
  if (isSuccess(answer)) {
    if (posted.sentAll) return { kind: 'done', answer }
    return { kind: 'failed', trouble: 'cut', reached: true, detail: `${target.host} did not take all of it` }
  }
  return {
    kind: 'denied',
    answer,
    detail: `${target.host} refused ${request.operation}: ${answer.statusWord}`,
  }
}

const withoutOk = ({ trouble, detail, reached }: { trouble: Trouble; detail: string; reached: boolean }) => ({
  trouble,
  detail,
  reached,
})

/** The reason of a status for trouble below IPP; `before` says whether the printer has answered in this life. */
export function reasonOfTrouble(trouble: Trouble, before: boolean): FaultReason {
  switch (trouble) {
    case 'unreachable':
      return before ? 'line-lost' : 'cannot-open'
    case 'certificate':
    case 'refused':
      return 'cannot-open'
    case 'timeout':
      return 'no-answer'
    case 'cut':
    case 'aborted':
      return 'line-lost'
    case 'too-long':
    case 'garbage':
      return 'bad-frames'
  }
}
