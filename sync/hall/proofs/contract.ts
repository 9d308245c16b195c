/** What an issuer of proofs is asked over HTTP, for integrators (sync/hall/outside/proof-issuer.openapi.json). */
import { z } from 'zod'
import { MAX_DOCUMENT_PAGES } from '../../protocol/documents.ts'
import { Code } from '../../protocol/identifiers.ts'
import { VerificationCode, VerifyAddress } from '../../protocol/proofs.ts'
import { documentOperation } from '../outside/documents.ts'
import { type Contract, MAX_JSON_ANSWER_BYTES, operation, Person, Reference } from '../outside/operation.ts'

/** Asked before a proof is made, with somebody waiting. */
const KINDS_TIMEOUT_MS = 5_000
/** An issuer signs and renders; the device waits half a minute. */
const MAKE_TIMEOUT_MS = 20_000

export const kindsOperation = operation({
  id: 'kinds',
  method: 'GET',
  path: '/kinds',
  summary: 'Which kinds of proof this issuer makes',
  status: 200,
  answer: z.object({ kinds: z.array(Code).max(100) }),
  oneByOne: 'kinds',
  refusals: [],
  timeoutMs: KINDS_TIMEOUT_MS,
  maxAnswerBytes: MAX_JSON_ANSWER_BYTES,
})

export const makeOperation = operation({
  id: 'makeProof',
  method: 'POST',
  path: '/proofs',
  summary: 'Makes a proof for a person',
  description:
    'The same Idempotency-Key again is the same proof. 409 where there is nothing to prove, with words for the citizen. The PDF shows the verification code and a QR of the issuer’s address with it.',
  body: z.object({ kind: Code, person: Person }),
  idempotent: true,
  status: 201,
  answer: z.object({
    reference: Reference,
    title: z.string().min(1).max(100).describe('of the paper; names nobody'),
    pages: z.int().min(1).max(MAX_DOCUMENT_PAGES),
    verificationCode: VerificationCode,
    verifyAddress: VerifyAddress.optional().describe(
      'where whoever receives the paper asks whether it is one, with the code in it where it belongs there; https',
    ),
  }),
  refusals: [404, 409],
  timeoutMs: MAKE_TIMEOUT_MS,
  maxAnswerBytes: MAX_JSON_ANSWER_BYTES,
})

export const paperOperation = documentOperation(
  'The bytes of a proof; asked for within a day and ten minutes of its making, as long as its Idempotency-Key is known',
)

export const proofIssuerContract: Contract = {
  title: 'Window24: what a hall asks an issuer of proofs',
  description:
    'Implemented by an issuer (social insurance, housing fund, tax, real estate, …), asked by the hall server. Whatever names a person travels in bodies. 404 and 409 carry a code and words; any other status than the one named counts as no answer.',
  operations: [kindsOperation, makeOperation, paperOperation],
}
