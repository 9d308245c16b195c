import type { OutgoingBatch } from '../../../sync/outbox.ts'
import { splitBatch } from '../../../sync/protocol/batch.ts'

/** The texts of a batch, as they were appended; none for none. */
export function textsOf(batch: OutgoingBatch | null): string[] {
  if (batch === null) return []
  const split = splitBatch(Buffer.concat([Buffer.from('['), batch.joined, Buffer.from(']')]))
  if (!split.ok) throw new Error(split.detail)
  return split.texts
}
