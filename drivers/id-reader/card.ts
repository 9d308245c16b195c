import { Personal } from '../personal.ts'

export type Sex = 'unknown' | 'male' | 'female' | 'not-stated'

/** The digit that cards carry. */
export const SEX_CODES: Record<Sex, string> = { unknown: '0', male: '1', female: '2', 'not-stated': '9' }

/** `YYYY-MM-DD`, or 长期 for a card that does not expire. */
export type ValidTo = string
export const NO_EXPIRY = '长期'

interface CardFields {
  /** For a foreigner's card without a Chinese name, the English one. */
  name: string
  englishName?: string
  sex: Sex
  /** `YYYY-MM-DD`, as are the other dates. */
  birth: string
  number: string
  issuer?: string
  validFrom: string
  validTo: ValidTo
}

export type CardText =
  | (CardFields & { kind: 'citizen'; ethnicGroup: string; address: string; issuer: string })
  | (CardFields & {
      kind: 'residence-permit-hmt'
      address: string
      issuer: string
      passNumber: string
      issueCount: string
    })
  | (CardFields & {
      kind: 'foreigner-2017'
      englishName: string
      nationality: string
      version: string
      issuer: string
    })
  | (CardFields & { kind: 'foreigner-2023'; englishName: string; nationality: string; changeCount: string })

/**
 * Odd, and yet a card: the security module has vouched for what it says, so a person is not turned away for it.
 * Whoever compares people with papers may want to look twice.
 */
export type CardWarning =
  /** The 17th digit of the number is odd for men and even for women, and this one is not. */
  | 'sex-differs-from-number'
  /** The card expires before it begins. */
  | 'validity-reversed'
  /** The card begins before its holder was born. */
  | 'valid-before-birth'
  /** A later address was asked for and could not be read: the printed one may be an old one. */
  | 'later-address-unread'

/**
 * The photo is WLT, a closed format: opaque here, held in memory only, never stored (DEVICES §1.5). Photo and
 * fingerprints are wiped when the card is lifted: copy what has to last longer.
 */
export type IdCard = CardText & {
  photo: Personal<Uint8Array>
  warnings?: readonly CardWarning[]
  /** A later address written beside the printed one; only where it is asked for and the card has it. */
  extraAddress?: string
  /** Opaque, and only where configured. */
  fingerprints?: Personal<Uint8Array>
}

/** A card with its photo, ready to be handed out. */
export function withPhoto(card: CardText, photo: Uint8Array): IdCard {
  return { ...card, photo: new Personal(Uint8Array.from(photo)) }
}

/** What has to be wiped: of a face and of fingers. */
export function picturesOf({ photo, fingerprints }: IdCard): Uint8Array[] {
  return [photo.reveal(), ...(fingerprints === undefined ? [] : [fingerprints.reveal()])]
}
