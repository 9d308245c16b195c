/** Having proofs made and papers of issuers fetched (PROTOCOLS.md §1.4: `POST /v1/proofs`, `GET /v1/documents/{handle}`). */
import type { HallClient, HallFault } from '../../sync/hall-client.ts'
import type { Identity } from '../../sync/identity.ts'
import type { ProofRequest } from '../../sync/protocol/proofs.ts'
import { sealUser } from '../cases/card-user.ts'
import { deadEndOf, surelyUnsent } from '../hall-answers.ts'
import { sameRequest } from '../same-request.ts'
import type { ErrandRunners } from '../session/errands.ts'
import { fetchPaper } from './issued-paper.ts'
import type { DocumentOutcome, DocumentWanted, ProofOutcome, ProofRefusal } from './proof.ts'

export interface ProofErrandOptions {
  client: HallClient
  identity: Identity
}

export const proofErrands = ({
  client,
  identity,
}: ProofErrandOptions): Pick<ErrandRunners, 'proof' | 'document'> => {
  const requests = sameRequest<ProofRequest>()
  return {
    // Neither is async: a function that waits for the hall would keep the card in memory until the hall answers.
    proof({ kind, card, key }) {
      const request = requests(key, () => {
        if (card === null) return null
        const sealed = sealUser(card, 'proof', identity, client.clock.hallNow())
        return sealed === null ? null : sealed.then((user) => ({ kind, user }))
      })
      if (request === null) return Promise.resolve({ outcome: 'dead-end', deadEnd: 'line-down' })
      return makeProof(client, key, request)
    },
    document({ card, ...wanted }) {
      // Sealed now, while the card is at hand; it is sent only when the handle turns out to be too old.
      const user = card === null ? null : sealUser(card, 'search', identity, client.clock.hallNow())
      // Not always waited for: what becomes of it is told where it is.
      user?.catch(() => {})
      return fetchDocument(client, wanted, user)
    },
  }
}

const makeProof = async (
  client: HallClient,
  key: string,
  asked: Promise<ProofRequest>,
): Promise<ProofOutcome> => {
  const made = await client.requestProof(await asked, key)
  if (!made.ok) return refusedOr(made)
  const { title, verificationCode, verifyAddress = null } = made.value
  const paper = await fetchPaper(client, made.value)
  return { outcome: 'made', title, verificationCode, verifyAddress, paper }
}

const fetchDocument = async (
  client: HallClient,
  { caseNo, document }: Omit<DocumentWanted, 'card'>,
  user: Promise<string> | null,
): Promise<DocumentOutcome> => {
  const paper = await fetchPaper(client, document)
  if (paper.ok || paper.problem !== 'gone' || user === null) return paper
  // Older than ten minutes: whether it still lies there is asked by the card, which gives it a new handle.
  const found = await client.searchCases({ by: 'card', user: await user })
  if (!found.ok) return paper
  const again = found.value.cases
    .find((one) => one.caseNo === caseNo)
    ?.documents.find(({ kind, title }) => kind === document.kind && title === document.title)
  return again === undefined ? paper : await fetchPaper(client, again)
}

const refusedOr = (fault: HallFault): ProofOutcome => {
  if (fault.kind === 'no-answer' && !surelyUnsent(fault)) return { outcome: 'unknown' }
  if (fault.kind !== 'problem') return { outcome: 'dead-end', deadEnd: deadEndOf(fault) }
  const { code, detail } = fault.problem
  const refused = (refusal: ProofRefusal, words = ''): ProofOutcome => ({
    outcome: 'refused',
    refusal,
    words,
  })
  switch (code) {
    case 'outcome-unknown':
      return { outcome: 'unknown' }
    case 'proof-refused':
      return refused(fault.problem.reason === 'no-record' ? 'no-record' : 'other', detail)
    case 'not-found':
      return refused('not-offered')
    case 'proof-issuer-down':
      return refused('issuer-down')
    case 'too-many-tries':
      return refused('too-many')
    default:
      return { outcome: 'dead-end', deadEnd: deadEndOf(fault) }
  }
}
