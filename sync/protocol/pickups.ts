/** Handing over results (PROTOCOLS.md §1.4, `POST /v1/pickups`). */
import { z } from 'zod'
import { CaseNo } from './case-number.ts'
import { Instant } from './identifiers.ts'
import { MAX_SEALED_CHARACTERS } from './sealing.ts'

export const PICKUPS_PATH = '/v1/pickups'

/** Of a receipt its bare number, as scanned; of a card a JWE sealed for purpose `pickup`. */
export const PickupProof = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('receipt'), value: CaseNo }),
  z.strictObject({ kind: z.literal('card'), user: z.string().max(MAX_SEALED_CHARACTERS) }),
])
export type PickupProof = z.infer<typeof PickupProof>

export const PickupRequest = z.strictObject({ caseNo: CaseNo, proof: PickupProof })
export type PickupRequest = z.infer<typeof PickupRequest>

export const PickupAnswer = z.object({
  caseNo: CaseNo,
  collectedAt: Instant,
  /** Where it lies: a window or a locker's number. */
  where: z.string(),
})
export type PickupAnswer = z.infer<typeof PickupAnswer>
