import type { CardText, CardWarning, Sex } from './card.ts'
import { NO_EXPIRY, SEX_CODES } from './card.ts'
import {
  CITIZEN,
  type Field,
  FOREIGNER_2017,
  FOREIGNER_2023,
  KIND_AT,
  KIND_LETTERS,
  LAYOUTS,
  PERMIT,
} from './card-layout.ts'
import { calendarDate, isToCome, localDate } from './dates.ts'
import { ethnicGroupName } from './ethnic-groups.ts'
import { checkIdNumber, type IdNumberFault, type IdNumberKind } from './id-number.ts'
import { EXTRA_ADDRESS_BYTES, TEXT_BYTES } from './parts.ts'

/** Why text is no card. Names a field or a rule, never what stands there. */
export type CardFault =
  | 'size'
  /** Something that moves the writing instead of being written, in any field. */
  | 'control-character'
  /** Half a character beyond the first 65,536. */
  | 'unpaired-surrogate'
  | 'name'
  | 'sex'
  | 'ethnic-group'
  | 'birth'
  | 'valid-from'
  | 'valid-to'
  | `number-${IdNumberFault}`
  /** A good number, but of another kind of card. */
  | 'number-of-another-kind'
  /** The card's date of birth is not the number's. */
  | 'number-of-another-birth'

export type DecodedCard =
  | { ok: true; card: CardText; warnings: CardWarning[] }
  | { ok: false; fault: CardFault }

type TextFault = Extract<CardFault, 'control-character' | 'unpaired-surrogate'>

/** Control, format (such as right-to-left override), line and paragraph characters. */
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u
/** Some issuers pad with ideographic spaces, some with NUL. */
const PADDING = /[ \u3000\u0000]+$/

const SEXES = new Map(Object.entries(SEX_CODES).map(([sex, code]) => [code, sex as Sex]))
const KINDS = new Map(Object.entries(KIND_LETTERS).map(([kind, letter]) => [letter, kind as IdNumberKind]))

/** Reads the 256 text bytes of any of the four cards: all of a card, or the fault. `today`: `YYYY-MM-DD`. */
export function decodeCard(bytes: Uint8Array, today: string = localDate()): DecodedCard {
  if (bytes.length !== TEXT_BYTES) return { ok: false, fault: 'size' }
  const text = utf16(bytes)
  // On a citizen's card that place is reserved: what stands there says nothing, and the number decides.
  const kind = KINDS.get(text[KIND_AT[0] / 2] ?? '') ?? 'citizen'
  const read = (field: Field): string => cut(text, field).replace(PADDING, '')

  // Only what belongs to the layout: what issuers leave in reserved bytes turns nobody away.
  for (const field of Object.values(LAYOUTS[kind])) {
    const fault = faultOfText(read(field))
    if (fault !== undefined) return { ok: false, fault }
  }

  const layout = LAYOUTS[kind]
  const sex = SEXES.get(read(layout.sex))
  const birth = calendarDate(read(layout.birth))
  const number = read(layout.number)
  const validFrom = calendarDate(read(layout.validFrom))
  const validTo = read(layout.validTo) === NO_EXPIRY ? NO_EXPIRY : calendarDate(read(layout.validTo))

  if (sex === undefined) return { ok: false, fault: 'sex' }
  if (birth === undefined) return { ok: false, fault: 'birth' }
  const numberFault = faultOfNumber(number, kind, birth, today)
  if (numberFault !== undefined) return { ok: false, fault: numberFault }
  if (validFrom === undefined) return { ok: false, fault: 'valid-from' }
  if (validTo === undefined) return { ok: false, fault: 'valid-to' }

  const card = cardOf(kind, read, { sex, birth, number, validFrom, validTo })
  if (card === undefined) return { ok: false, fault: 'ethnic-group' }
  if (card.name === '') return { ok: false, fault: 'name' }
  return { ok: true, card, warnings: warningsOf(card) }
}

/** The later address of `30 03`, padded as the other fields are; undefined when it is empty, or a fault. */
export function decodeExtraAddress(
  bytes: Uint8Array,
): { ok: true; address: string | undefined } | { ok: false; fault: TextFault | 'size' } {
  if (bytes.length > EXTRA_ADDRESS_BYTES || bytes.length % 2 !== 0) return { ok: false, fault: 'size' }
  const address = utf16(bytes).replace(PADDING, '')
  const fault = faultOfText(address)
  if (fault !== undefined) return { ok: false, fault }
  return { ok: true, address: address === '' ? undefined : address }
}

type Checked = Pick<CardText, 'sex' | 'birth' | 'number' | 'validFrom' | 'validTo'>

/** Undefined when the ethnic group has no name; everything else has been checked. */
function cardOf(kind: IdNumberKind, read: (field: Field) => string, fields: Checked): CardText | undefined {
  switch (kind) {
    case 'citizen': {
      const ethnicGroup = ethnicGroupName(read(CITIZEN.ethnicGroup))
      if (ethnicGroup === undefined) return undefined
      const rest = { ethnicGroup, address: read(CITIZEN.address), issuer: read(CITIZEN.issuer) }
      return { kind, name: read(CITIZEN.name), ...fields, ...rest }
    }
    case 'residence-permit-hmt': {
      const pass = { passNumber: read(PERMIT.passNumber), issueCount: read(PERMIT.issueCount) }
      const rest = { address: read(PERMIT.address), issuer: read(PERMIT.issuer), ...pass }
      return { kind, name: read(PERMIT.name), ...fields, ...rest }
    }
    case 'foreigner-2017': {
      const englishName = read(FOREIGNER_2017.englishName)
      const name = read(FOREIGNER_2017.name) || englishName
      const rest = { nationality: read(FOREIGNER_2017.nationality), version: read(FOREIGNER_2017.version) }
      return { kind, name, englishName, ...fields, ...rest, issuer: read(FOREIGNER_2017.issuer) }
    }
    case 'foreigner-2023': {
      // The first part is not trimmed when the second goes on, or a space between two words would be lost.
      const rest = read(FOREIGNER_2023.englishNameRest)
      const first = read(FOREIGNER_2023.englishName)
      const englishName = rest === '' ? first : first.padEnd(FOREIGNER_2023.englishName[1] / 2) + rest
      const name = read(FOREIGNER_2023.name) || englishName
      const nationality = read(FOREIGNER_2023.nationality)
      return {
        kind,
        name,
        englishName,
        ...fields,
        nationality,
        changeCount: read(FOREIGNER_2023.changeCount),
      }
    }
  }
}

function faultOfText(text: string): TextFault | undefined {
  if (!text.isWellFormed()) return 'unpaired-surrogate'
  return CONTROL.test(text) ? 'control-character' : undefined
}

function faultOfNumber(
  number: string,
  kind: IdNumberKind,
  birth: string,
  today: string,
): CardFault | undefined {
  const checked = checkIdNumber(number, today)
  if (!checked.ok) return `number-${checked.fault}`
  if (checked.kind !== kind) return 'number-of-another-kind'
  // A foreigner's number of 2017 names no whole date.
  if (checked.birth === null) return isToCome(birth, today) ? 'birth' : undefined
  return checked.birth === birth ? undefined : 'number-of-another-birth'
}

function warningsOf(card: CardText): CardWarning[] {
  const warnings: CardWarning[] = []
  const digit = card.kind === 'foreigner-2017' ? undefined : Number(card.number[16])
  const stated = card.sex === 'male' || card.sex === 'female'
  if (digit !== undefined && stated && (card.sex === 'male') !== (digit % 2 === 1)) {
    warnings.push('sex-differs-from-number')
  }
  if (card.validTo !== NO_EXPIRY && card.validTo < card.validFrom) warnings.push('validity-reversed')
  if (card.validFrom < card.birth) warnings.push('valid-before-birth')
  return warnings
}

function cut(text: string, [offset, bytes]: Field): string {
  return text.slice(offset / 2, (offset + bytes) / 2)
}

function utf16(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf16le')
}
