/** Whoever a card names, sealed for the hall. */
import type { IdCard } from '../../drivers/id-reader/card.ts'
import { Personal } from '../../drivers/personal.ts'
import type { Identity } from '../../sync/identity.ts'
import { type SealedUser, type SealPurpose, seal } from '../../sync/protocol/sealing.ts'

/** DOMAIN.md §2.1, userProp: 1 = a person. */
const PERSON = '1'

/** GA/T 517: 111 resident identity card, 553 foreigner's permanent residence, 990 any other document. */
const ID_TYPES: Record<IdCard['kind'], string> = {
  citizen: '111',
  'residence-permit-hmt': '990',
  'foreigner-2017': '553',
  'foreigner-2023': '553',
}

/**
 * Not async, and to be called where the card is at hand: a function that waits would keep the card in memory.
 * @param now by the hall's clock: it refuses searches older than 2 minutes
 * @returns null before the first enrolment: there is nobody yet to seal for
 */
export const sealUser = (
  card: Personal<IdCard>,
  purpose: SealPurpose,
  { deviceId, sealingKey }: Identity,
  now: Date,
): Promise<string> | null =>
  deviceId === null || sealingKey === null
    ? null
    : seal({ purpose, device: deviceId, user: userOf(card) }, sealingKey, now)

export const userOf = (card: Personal<IdCard>): Personal<SealedUser> => {
  const { kind, name, number } = card.reveal()
  return new Personal({ type: PERSON, name, idType: ID_TYPES[kind], idNumber: number, phone: null })
}
