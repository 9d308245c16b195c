/** `POST /v1/proofs` (PROTOCOLS.md §1.4): an issuer makes a proof for whoever's card it is. */
import type { Request } from 'express'
import { z } from 'zod'
import { ProofAnswer, ProofRequest } from '../../../protocol/proofs.ts'
import type { ProofIssuer } from '../../proofs/proof-issuer.ts'
import { type Answer, refusal } from '../answer.ts'
import { parseBody } from '../json.ts'
import { type OnceRequest, once } from '../once.ts'
import type { HallParts } from '../parts.ts'
import { applicantOf, type HourlyLimit, openUser, refuseBeyond } from '../sealed.ts'
import type { SignedRequest } from '../signed.ts'

export const PROOF_LIMIT_BYTES = 16 * 1024

/** Thirty people with two kinds each: more no terminal prints, and a stolen one must not comb an issuer. */
const PROOFS: HourlyLimit = { use: 'proof', limit: 60, code: 'too-many-tries', what: 'proofs' }

export async function makeProof(parts: HallParts, signed: SignedRequest, request: Request): Promise<Answer> {
  const parsed = parseBody(request, signed.body, ProofRequest)
  if (!parsed.ok) return parsed.answer
  const { proofs } = parts
  if (proofs === null) return refusal('proof-issuer-down', 'this hall has no issuer of proofs connected')
  const { deviceId } = signed.device
  return await once(
    parts,
    signed,
    request,
    (errand) => make(parts, proofs, deviceId, parsed.value, errand),
    (kept) => withLivingHandle(parts, deviceId, KeptProof.parse(kept)),
  )
}

/** A repeat whose answer's handle has less left than this gets a fresh one: the paper is still to be fetched by it. */
const HANDLE_LEFT_MS = 2 * 60 * 1000

/** The answer, and what its paper's issuer calls it: kept locked, and never told. */
const KeptProof = z.object({ answer: ProofAnswer, reference: z.string() })
type KeptProof = z.infer<typeof KeptProof>

async function withLivingHandle(
  { store, clock }: HallParts,
  deviceId: string,
  { answer, reference }: KeptProof,
): Promise<ProofAnswer> {
  const soon = new Date(clock().getTime() + HANDLE_LEFT_MS)
  if ((await store.documents.find(deviceId, answer.handle, soon)) !== null) return answer
  const paper = { reference, pages: answer.pages }
  const [handle = ''] = await store.documents.give(deviceId, 'proof', [paper], clock())
  return { ...answer, handle }
}

async function make(
  parts: HallParts,
  issuer: ProofIssuer,
  device: string,
  { kind, user }: ProofRequest,
  { key, requestHash }: OnceRequest,
): Promise<Answer> {
  const opened = await openUser(parts, { jwe: user, device, purpose: 'proof', requestHash })
  if (!opened.ok) return opened.answer
  const refused = await refuseBeyond(parts, device, PROOFS)
  if (refused !== null) return refused
  const made = await issuer.make(kind, applicantOf(opened.user), key)
  switch (made.outcome) {
    case 'not-found':
      return refusal('not-found', 'nobody connected to this hall issues this kind of proof')
    case 'refused':
      return refusal('proof-refused', made.words, { reason: made.code })
    case 'unavailable':
      return made.notAsked === true
        ? refusal('proof-issuer-down', 'the issuer cannot be asked now: ask again in a minute')
        : refusal('outcome-unknown', 'the issuer gave no answer: ask again with the same Idempotency-Key')
    case 'made': {
      const { reference, title, pages, verificationCode, verifyAddress } = made.proof
      const [handle = ''] = await parts.store.documents.give(
        device,
        'proof',
        [{ reference, pages }],
        parts.clock(),
      )
      const answer = { handle, title, pages, verificationCode, ...(verifyAddress && { verifyAddress }) }
      return { status: 201, body: { answer, reference } satisfies KeptProof }
    }
  }
}
