import { setImmediate as nextTurn } from 'node:timers/promises'
import { monotonicMs } from '../time.ts'
import type { ReceiptDocument } from './document.ts'
import { type EncodedDocument, encodingSteps } from './encode-document.ts'
import type { ReceiptPrinterProfile } from './profile.ts'

/** What a citizen does not notice, and what a card reader's poll of 300 ms does not either. */
const TURN_MS = 5

/**
 * A document as whole commands; one that is long, or full of characters that must be drawn, lets other work in.
 * @throws ReceiptDocumentError for a document that this paper cannot hold
 */
export async function encodeInTurns(
  document: ReceiptDocument,
  profile: ReceiptPrinterProfile,
): Promise<EncodedDocument> {
  return await inTurns(encodingSteps(document, profile))
}

/** Takes steps until a turn of the event loop has been long enough, and then goes on in another. */
export async function inTurns<T>(steps: Generator<void, T>): Promise<T> {
  let beganMs = monotonicMs()
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    if (monotonicMs() - beganMs < TURN_MS) continue
    await nextTurn()
    beganMs = monotonicMs()
  }
}
