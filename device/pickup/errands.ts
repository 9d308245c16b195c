/** Having a result handed over (PROTOCOLS.md §1.4, `POST /v1/pickups`). */
import type { HallClient, HallFault } from '../../sync/hall-client.ts'
import type { Identity } from '../../sync/identity.ts'
import type { PickupProof, PickupRequest } from '../../sync/protocol/pickups.ts'
import { sealUser } from '../cases/card-user.ts'
import type { AppendFact } from '../facts.ts'
import { deadEndOf, surelyUnsent } from '../hall-answers.ts'
import { onceForKey, sameRequest } from '../same-request.ts'
import type { ErrandRunners } from '../session/errands.ts'
import type { PickupOutcome, PickupRefusal } from './pickup.ts'

export interface PickupErrandOptions {
  client: HallClient
  identity: Identity
  /** In a transaction of its own. */
  append: AppendFact
  onTrouble: (error: unknown) => void
}

export const pickupErrands = (options: PickupErrandOptions): Pick<ErrandRunners, 'pickup'> => {
  const { client, identity } = options
  const requests = sameRequest<PickupRequest>()
  const once = onceForKey()
  return {
    // Not async: a function that waits for the hall would keep the card in memory until the hall answers.
    pickup({ card, caseNo, key }) {
      const request = requests(key, () => {
        if (card === null) return Promise.resolve({ caseNo, proof: { kind: 'receipt', value: caseNo } })
        const sealed = sealUser(card, 'pickup', identity, client.clock.hallNow())
        return sealed === null ? null : sealed.then((user) => ({ caseNo, proof: { kind: 'card', user } }))
      })
      if (request === null) return Promise.resolve({ outcome: 'dead-end', deadEnd: 'line-down' })
      return collect(options, key, request, once)
    },
  }
}

const collect = async (
  options: PickupErrandOptions,
  key: string,
  asked: Promise<PickupRequest>,
  once: ReturnType<typeof onceForKey>,
): Promise<PickupOutcome> => {
  const request = await asked
  const result = await options.client.collect(request, key)
  if (!result.ok) return refusedOr(result)
  once(key, () => note(options, request.caseNo, request.proof.kind))
  return { outcome: 'collected', pickup: result.value }
}

/** A store that is full keeps no result from its owner: the hall has noted the handing over. */
const note = (
  { append, onTrouble }: PickupErrandOptions,
  caseNo: string,
  proof: PickupProof['kind'],
): void => {
  try {
    append('pickup', { caseNo, proof }, new Date())
  } catch (error) {
    onTrouble(error)
  }
}

const REASONS: readonly PickupRefusal[] = ['card-needed', 'other-person']

const refusedOr = (fault: HallFault): PickupOutcome => {
  if (fault.kind === 'no-answer' && !surelyUnsent(fault)) return { outcome: 'unknown' }
  if (fault.kind !== 'problem') return { outcome: 'dead-end', deadEnd: deadEndOf(fault) }
  const { code, detail, reason } = fault.problem
  const refused = (refusal: PickupRefusal, words: string): PickupOutcome => ({
    outcome: 'refused',
    refusal,
    words,
  })
  switch (code) {
    case 'outcome-unknown':
      return { outcome: 'unknown' }
    case 'already-collected':
      return refused('already-collected', '')
    case 'not-found':
      return refused('nothing-here', '')
    case 'pickup-refused':
      return refused(REASONS.find((one) => one === reason) ?? 'other', detail)
    default:
      return { outcome: 'dead-end', deadEnd: deadEndOf(fault) }
  }
}
