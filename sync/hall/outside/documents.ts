/** A paper's bytes from an outside system: the same operation in every contract that has papers. */
import { z } from 'zod'
import { MAX_DOCUMENT_BYTES } from '../../protocol/documents.ts'
import { operation, Reference, TOO_LARGE } from './operation.ts'
import { type DocumentFetched, noAnswer } from './outcome.ts'
import type { OutsideSystem } from './outside-system.ts'

/** 32 MiB over an office's slow line; the device waits for 90 s. */
const DOCUMENT_TIMEOUT_MS = 45_000

/** @param summary which papers */
export function documentOperation(summary: string) {
  return operation({
    id: 'getDocument',
    method: 'POST',
    path: '/documents',
    summary,
    description: `At most ${MAX_DOCUMENT_BYTES / 1024 / 1024} MiB.`,
    body: z.object({ reference: Reference }),
    status: 200,
    answer: 'application/pdf',
    refusals: [404],
    timeoutMs: DOCUMENT_TIMEOUT_MS,
    maxAnswerBytes: MAX_DOCUMENT_BYTES,
  })
}

export async function fetchDocument(
  system: OutsideSystem,
  asked: ReturnType<typeof documentOperation>,
  reference: string,
): Promise<DocumentFetched> {
  const answer = await system.ask(asked, { reference })
  if (answer.outcome === 'answered') return { outcome: 'found', pdf: answer.value }
  if (answer.outcome === 'not-found') return answer
  return answer.outcome === 'refused' && answer.code === TOO_LARGE
    ? { outcome: 'too-large' }
    : noAnswer(answer)
}
