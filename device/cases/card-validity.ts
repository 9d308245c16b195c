/** Until when a card speaks for its holder. An expired one still says who somebody is. */
import { type IdCard, NO_EXPIRY } from '../../drivers/id-reader/card.ts'
import type { Personal } from '../../drivers/personal.ts'

/** All of China keeps one time. */
const HALL_OFFSET_MS = 8 * 60 * 60 * 1000

/** The last day that a card names is still its own. */
export const isExpired = (card: Personal<IdCard>, now: Date): boolean => {
  const { validTo } = card.reveal()
  const today = new Date(now.getTime() + HALL_OFFSET_MS).toISOString().slice(0, 10)
  return validTo !== NO_EXPIRY && validTo < today
}
