/**
 * What a hall server started as a child tells the process that started it (`window24 demo`), over Node's IPC:
 * `{ ready: true, url }`, then answers to `{ ask: 'counts' }` and `{ ask: 'enrolment-code' }`.
 */
import { z } from 'zod'
import type { Hall } from './hall.ts'

const Ask = z.object({ ask: z.enum(['counts', 'enrolment-code']) })

/** Does nothing where there is no parent to talk to. Gives how to let go of it. */
export function serveParent(hall: Hall): () => void {
  if (process.send === undefined) return () => {}
  const answer = async (message: unknown): Promise<void> => {
    const { data } = Ask.safeParse(message)
    if (data?.ask === 'counts') tell({ counts: await hall.counts() })
    if (data?.ask === 'enrolment-code') tell({ enrolmentCode: hall.createEnrolmentCode() })
  }
  process.on('message', answer)
  tell({ ready: true, url: hall.url })
  return () => process.off('message', answer)
}

/** A parent that has just gone is no fault: `disconnect` stops the server. */
function tell(message: object): void {
  if (process.connected) process.send?.(message, undefined, {}, () => {})
}
