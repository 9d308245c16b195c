/** Results that wait: where one lies, what it takes, and its handing over. */
import { z } from 'zod'
import type { Case } from '../../../sync/protocol/cases.ts'
import type { PickupAnswer } from '../../../sync/protocol/pickups.ts'
import type { PickupRefusal } from '../../pickup/pickup.ts'
import { id } from './common.ts'
import type { SlipView } from './printing.ts'

export type { PickupRefusal } from '../../pickup/pickup.ts'

/** What of a case its handing over is about. */
export interface WaitingResult {
  caseNo: string
  itemName: string
  pickup: NonNullable<Case['pickup']>
  /** The window it lies at, open now or when it opens next (an instant); null for a locker. */
  window: { openNow: boolean; opensAt: string | null } | null
}

export type PickupView =
  | {
      name: 'pickup'
      result: WaitingResult
      /** What was shown: the receipt, or the owner's card. */
      provedBy: 'card' | 'receipt'
      /** Set where the hall wants the card of the one it belongs to, or one could not be read. */
      problem: 'card-needed' | 'other-person' | 'unreadable-card' | 'card-number-wrong' | null
      acceptsCard: boolean
      /** Whose card lies there; null while none does. */
      cardMasked: string | null
      /** A slip with place and hours can come out. */
      printable: boolean
    }
  | { name: 'collected'; result: WaitingResult; collected: PickupAnswer; slip: SlipView }
  | { name: 'pickup-refused'; result: WaitingResult; refusal: PickupRefusal; words: string }
  | { name: 'pickup-unknown'; result: WaitingResult }

export const pickupActions = [
  z.strictObject({ type: z.literal('open-pickup') }),
  /** One key for one intent: the same key again is the same handing over. */
  z.strictObject({ type: z.literal('collect'), key: id }),
  z.strictObject({ type: z.literal('ask-pickup-again') }),
] as const
/** Where to fetch it, taken along; one key for one intent. */
export const pickupPrints = [z.strictObject({ type: z.literal('print-pickup'), key: id })] as const
