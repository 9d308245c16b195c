/** The pages of a result that waits, and its slip. */
import { formatInstant } from '../../../sync/protocol/identifiers.ts'
import type { PickupAnswer } from '../../../sync/protocol/pickups.ts'
import { openingOf } from '../../content/opening.ts'
import type { PickupSlip } from '../../documents/documents.ts'
import type { CaseView, Language, TerminalView, WaitingResult } from '../../http/contract.ts'
import type { SessionState, World } from '../state.ts'

export type View<Name extends TerminalView['name']> = Extract<TerminalView, { name: Name }>

/** null where nothing of this case waits to be fetched. */
export const waitingResult = (
  { caseNo, itemName, pickup }: Pick<CaseView, 'caseNo' | 'itemName' | 'pickup'>,
  { now, hall, calendars }: World,
): WaitingResult | null => {
  if (pickup?.state !== 'waiting') return null
  const opening = pickup.at === 'locker' ? null : openingOf(now, hall, calendars)
  return {
    caseNo,
    itemName,
    pickup,
    window:
      opening === null
        ? null
        : {
            openNow: opening.openNow,
            opensAt: opening.opensAt === null ? null : formatInstant(opening.opensAt),
          },
  }
}

export const pickupView = (
  result: WaitingResult,
  shown: Pick<View<'pickup'>, 'provedBy' | 'problem'>,
  { personal }: SessionState,
  world: World,
): View<'pickup'> => ({
  name: 'pickup',
  result,
  ...shown,
  cardMasked: personal.card === null ? null : personal.masked,
  acceptsCard: world.accepts.card,
  printable: world.printers.receipt,
})

/** Where it lies, before it is handed over and after. */
export const pickupSlip = (
  { caseNo, itemName, pickup }: WaitingResult,
  collected: PickupAnswer | null,
  language: Language,
): PickupSlip => ({
  language,
  code: caseNo,
  what: itemName,
  where: collected?.where ?? pickup.where,
  needs: collected === null ? pickup.needs : null,
  collectedAt: collected?.collectedAt ?? null,
  validUntil: null,
})
