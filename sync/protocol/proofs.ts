/** Proofs that issuers make on the spot (PROTOCOLS.md §1.4, `POST /v1/proofs`). */
import { z } from 'zod'
import { DocumentHandle, MAX_DOCUMENT_PAGES } from './documents.ts'
import { Code } from './identifiers.ts'
import { MAX_SEALED_CHARACTERS } from './sealing.ts'

export const PROOFS_PATH = '/v1/proofs'

/** `user`: a JWE sealed for purpose `proof`. */
export const ProofRequest = z.strictObject({ kind: Code, user: z.string().max(MAX_SEALED_CHARACTERS) })
export type ProofRequest = z.infer<typeof ProofRequest>

export const VerificationCode = z.string().regex(/^[0-9A-Za-z-]{4,64}$/)

/** Where the issuer says whether a proof is one: the code stands in it where the issuer wants it there. */
export const VerifyAddress = z.url({ protocol: /^https$/ }).max(200)

export const ProofAnswer = z.object({
  handle: DocumentHandle,
  title: z.string(),
  pages: z.int().min(1).max(MAX_DOCUMENT_PAGES),
  verificationCode: VerificationCode,
  /** Absent where the issuer has told none: the paper alone says it then. */
  verifyAddress: VerifyAddress.optional(),
})
export type ProofAnswer = z.infer<typeof ProofAnswer>

/** Content kind `proofs`: what this hall's terminals can print, in the order in which it is offered. */
export const ProofOffers = z
  .array(
    z.strictObject({
      kind: Code,
      title: z.string().min(2).max(40),
      titleEnglish: z.string().min(2).max(80),
      issuer: z.string().min(2).max(40),
      issuerEnglish: z.string().min(2).max(80),
      /** What it shows and what it is good for, in a sentence. */
      note: z.string().min(2).max(80),
      noteEnglish: z.string().min(2).max(160),
    }),
  )
  .max(100)
export type ProofOffers = z.infer<typeof ProofOffers>
