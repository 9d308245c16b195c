/** What a hall asks those who issue proofs: social insurance, housing fund, tax, real estate, … */

import type { Personal } from '../../protocol/personal.ts'
import type { Applicant } from '../case-system/case-system.ts'
import type { DocumentFetched, NotFound, Refused, Unavailable } from '../outside/outcome.ts'

export interface MadeProof {
  /** What the issuer gives its bytes by: opaque, at most 512 characters, naming nobody. */
  reference: string
  title: string
  pages: number
  verificationCode: string
  /** Where the issuer says whether it is one; absent where the paper alone says it. */
  verifyAddress?: string | undefined
}

/** `not-found`: nobody here issues this kind. `refused`: for instance, nothing is on record for this person. */
export type ProofOutcome = { outcome: 'made'; proof: MadeProof } | NotFound | Refused | Unavailable

export type KindsFound = { outcome: 'found'; kinds: readonly string[] } | Unavailable

export interface ProofIssuer {
  kinds(): Promise<KindsFound>
  /** @param key names this one errand: the same again is the same proof, not a second one */
  make(kind: string, person: Personal<Applicant>, key: string): Promise<ProofOutcome>
  document(reference: string): Promise<DocumentFetched>
  close(): void
}
