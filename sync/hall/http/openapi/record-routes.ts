/** Batches of a device's chain (PROTOCOLS.md §1.3). */
import { z } from 'zod'
import { BATCH_MEDIA_TYPE, BatchAnswer, MAX_BATCH_EVENTS } from '../../../protocol/batch.ts'
import { Envelope } from '../../../protocol/events.ts'
import type { RouteSchema } from './route-schema.ts'

export const recordRoutes: readonly RouteSchema[] = [
  {
    method: 'post',
    path: '/v1/batches',
    summary: 'Hand over the next events of the chain, in order',
    description:
      'One epoch, consecutive; Content-Encoding gzip, zstd or none; at most 1 MiB unpacked. What `through` reaches may be released.',
    asked: 'by-device',
    body: { mediaType: BATCH_MEDIA_TYPE, schema: z.array(Envelope).min(1).max(MAX_BATCH_EVENTS) },
    answers: { 200: { description: 'what became of them', body: { schema: BatchAnswer } } },
    problems: [
      'batch-malformed',
      'batch-not-consecutive',
      'batch-too-large',
      'encoding-unknown',
      'media-type',
      'chain-fork',
      'hall-busy',
    ],
  },
]
