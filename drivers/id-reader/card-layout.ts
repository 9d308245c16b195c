/** Where things stand in the 256 text bytes of each kind of card (DEVICES §1.5). */
import type { IdNumberKind } from './id-number.ts'

/** In bytes of UTF-16LE. */
export type Field = readonly [offset: number, bytes: number]

/** The character here names the kind of card, and with it the layout. */
export const KIND_AT: Field = [248, 2]

export const KIND_LETTERS: Record<IdNumberKind, string> = {
  citizen: ' ',
  'residence-permit-hmt': 'J',
  'foreigner-2017': 'I',
  'foreigner-2023': 'Y',
}

const SHARED = { name: [0, 30], sex: [30, 2], birth: [36, 16], number: [122, 36] } as const
const VALIDITY = { validFrom: [188, 16], validTo: [204, 16] } as const

export const CITIZEN = {
  ...SHARED,
  ...VALIDITY,
  ethnicGroup: [32, 4],
  address: [52, 70],
  issuer: [158, 30],
} as const

export const PERMIT = {
  ...SHARED,
  ...VALIDITY,
  address: [52, 70],
  issuer: [158, 30],
  passNumber: [220, 18],
  issueCount: [238, 4],
} as const

export const FOREIGNER_2017 = {
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

export const FOREIGNER_2023 = {
  ...SHARED,
  ...VALIDITY,
  changeCount: [32, 4],
  englishName: [52, 70],
  englishNameRest: [220, 22],
  nationality: [242, 6],
} as const

export const LAYOUTS = {
  citizen: CITIZEN,
  'residence-permit-hmt': PERMIT,
  'foreigner-2017': FOREIGNER_2017,
  'foreigner-2023': FOREIGNER_2023,
} as const
