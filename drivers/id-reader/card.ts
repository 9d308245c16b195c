import { Personal } from '../personal.ts'
import { bareDate, calendarDate } from './dates.ts'
import { ethnicGroupCode, ethnicGroupName } from './ethnic-groups.ts'
import { TEXT_BYTES } from './frame.ts'
import { checkIdNumber, type IdNumberKind } from './id-number.ts'

export type Sex = 'unknown' | 'male' | 'female' | 'not-stated'

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

/** The photo is WLT, a closed format: opaque here, held in memory only, never stored (DEVICES §1.5). */
export type IdCard = CardText & { photo: Personal<Uint8Array> }

/** Why text is no card; names a field, never its content. */
export type CardFault =
  | 'size'
  | 'kind'
  | 'text'
  | 'name'
  | 'sex'
  | 'ethnic-group'
  | 'birth'
  | 'number'
  | 'valid-from'
  | 'valid-to'

export type DecodedCard = { ok: true; card: CardText } | { ok: false; fault: CardFault }

type Field = readonly [offset: number, bytes: number]

/** The UTF-16LE character here names the layout. */
const KIND_AT: Field = [248, 2]

const SHARED = { name: [0, 30], sex: [30, 2], birth: [36, 16], number: [122, 36] } as const
const VALIDITY = { validFrom: [188, 16], validTo: [204, 16] } as const
const CITIZEN = {
  ...SHARED,
  ...VALIDITY,
  ethnicGroup: [32, 4],
  address: [52, 70],
  issuer: [158, 30],
} as const
const PERMIT = {
  ...SHARED,
  ...VALIDITY,
  address: [52, 70],
  issuer: [158, 30],
  passNumber: [220, 18],
  issueCount: [238, 4],
} as const
const FOREIGNER_2017 = {
  ...VALIDITY,
  englishName: [0, 120],
  sex: [120, 2],
  number: [122, 30],
  nationality: [152, 6],
  name: [158, 30],
  birth: [220, 16],
  version: [236, 4],
  issuer: [240, 8],
} as const
const FOREIGNER_2023 = {
  ...SHARED,
  ...VALIDITY,
  changeCount: [32, 4],
  englishName: [52, 70],
  englishNameRest: [220, 22],
  nationality: [242, 6],
} as const

const SEXES: Record<string, Sex> = { '0': 'unknown', '1': 'male', '2': 'female', '9': 'not-stated' }
const KINDS: Record<string, IdNumberKind> = {
  ' ': 'citizen',
  J: 'residence-permit-hmt',
  I: 'foreigner-2017',
  Y: 'foreigner-2023',
}

/** Reads the 256 text bytes of any of the four cards. */
export function decodeCard(bytes: Uint8Array): DecodedCard {
  if (bytes.length !== TEXT_BYTES) return { ok: false, fault: 'size' }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf16le')
  const kind = KINDS[text[KIND_AT[0] / 2] ?? '']
  if (kind === undefined) return { ok: false, fault: 'kind' }
  if (!text.isWellFormed() || /\p{Cc}/u.test(text)) return { ok: false, fault: 'text' }
  // Some issuers pad with ideographic spaces.
  const field = ([offset, size]: Field): string =>
    text.slice(offset / 2, (offset + size) / 2).replace(/[ \u3000]+$/, '')

  const layout = { 'foreigner-2017': FOREIGNER_2017, 'foreigner-2023': FOREIGNER_2023 }
  const own = kind === 'citizen' || kind === 'residence-permit-hmt' ? CITIZEN : layout[kind]
  const sex = SEXES[field(own.sex)]
  const birth = calendarDate(field(own.birth))
  const number = field(own.number)
  const validFrom = calendarDate(field(own.validFrom))
  const validToText = field(own.validTo)
  const validTo = validToText === NO_EXPIRY ? NO_EXPIRY : calendarDate(validToText)
  const checked = checkIdNumber(number)

  if (sex === undefined) return { ok: false, fault: 'sex' }
  if (birth === undefined) return { ok: false, fault: 'birth' }
  if (!checked.ok || checked.kind !== kind) return { ok: false, fault: 'number' }
  if (validFrom === undefined) return { ok: false, fault: 'valid-from' }
  if (validTo === undefined) return { ok: false, fault: 'valid-to' }

  const fields = { sex, birth, number, validFrom, validTo }
  switch (kind) {
    case 'citizen': {
      const ethnicGroup = ethnicGroupName(field(CITIZEN.ethnicGroup))
      if (ethnicGroup === undefined) return { ok: false, fault: 'ethnic-group' }
      const rest = { ethnicGroup, address: field(CITIZEN.address), issuer: field(CITIZEN.issuer) }
      return named({ kind, name: field(CITIZEN.name), ...fields, ...rest })
    }
    case 'residence-permit-hmt': {
      const pass = { passNumber: field(PERMIT.passNumber), issueCount: field(PERMIT.issueCount) }
      const rest = { address: field(PERMIT.address), issuer: field(PERMIT.issuer), ...pass }
      return named({ kind, name: field(PERMIT.name), ...fields, ...rest })
    }
    case 'foreigner-2017': {
      const englishName = field(FOREIGNER_2017.englishName)
      const name = field(FOREIGNER_2017.name) || englishName
      const rest = { nationality: field(FOREIGNER_2017.nationality), version: field(FOREIGNER_2017.version) }
      return named({ kind, name, englishName, ...fields, ...rest, issuer: field(FOREIGNER_2017.issuer) })
    }
    case 'foreigner-2023': {
      // The first part is not trimmed when the second goes on, or a space between two words would be lost.
      const rest = field(FOREIGNER_2023.englishNameRest)
      const first = field(FOREIGNER_2023.englishName)
      const englishName = rest === '' ? first : first.padEnd(FOREIGNER_2023.englishName[1] / 2) + rest
      const name = field(FOREIGNER_2023.name) || englishName
      const more = {
        nationality: field(FOREIGNER_2023.nationality),
        changeCount: field(FOREIGNER_2023.changeCount),
      }
      return named({ kind, name, englishName, ...fields, ...more })
    }
  }
}

function named(card: CardText): DecodedCard {
  return card.name === '' ? { ok: false, fault: 'name' } : { ok: true, card }
}

/** The 256 text bytes of a card, for the simulator. Throws when a value does not fit its field. */
export function encodeCard(card: CardText): Uint8Array {
  const characters = new Array<string>(TEXT_BYTES / 2).fill(' ')
  const put = (field: Field, value: string): void => {
    if (value.length > field[1] / 2) throw new RangeError('a value is too long for its field on the card')
    for (let index = 0; index < value.length; index += 1)
      characters[field[0] / 2 + index] = value[index] ?? ' '
  }
  const shared = {
    sex: Object.keys(SEXES).find((code) => SEXES[code] === card.sex) ?? '0',
    birth: bareDate(card.birth),
    validFrom: bareDate(card.validFrom),
    validTo: card.validTo === NO_EXPIRY ? NO_EXPIRY : bareDate(card.validTo),
  }
  const fill = (layout: Record<string, Field>, values: Record<string, string>): void => {
    for (const [name, field] of Object.entries(layout)) put(field, values[name] ?? '')
  }
  switch (card.kind) {
    case 'citizen':
      fill(CITIZEN, { ...card, ...shared, ethnicGroup: ethnicGroupCode(card.ethnicGroup) ?? '97' })
      break
    case 'residence-permit-hmt':
      fill(PERMIT, { ...card, ...shared })
      break
    case 'foreigner-2017':
      fill(FOREIGNER_2017, { ...card, ...shared, name: card.name === card.englishName ? '' : card.name })
      break
    case 'foreigner-2023': {
      const half = FOREIGNER_2023.englishName[1] / 2
      const [englishName, englishNameRest] = [card.englishName.slice(0, half), card.englishName.slice(half)]
      const name = card.name === card.englishName ? '' : card.name
      fill(FOREIGNER_2023, { ...card, ...shared, name, englishName, englishNameRest })
      break
    }
  }
  put(KIND_AT, Object.keys(KINDS).find((letter) => KINDS[letter] === card.kind) ?? ' ')
  return Uint8Array.from(Buffer.from(characters.join(''), 'utf16le'))
}

/** A card with its photo, ready to be handed out. */
export function withPhoto(card: CardText, photo: Uint8Array): IdCard {
  return { ...card, photo: new Personal(Uint8Array.from(photo)) }
}
