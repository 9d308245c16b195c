import { calendarDate, isToCome, localDate } from './dates.ts'

/** Which card carries such a number (DEVICES §1.5). */
export type IdNumberKind = 'citizen' | 'residence-permit-hmt' | 'foreigner-2017' | 'foreigner-2023'

/** What is wrong with a number, so that a screen can say more than "wrong". */
export type IdNumberFault = 'length' | 'characters' | 'area' | 'date' | 'check-digit'

export type CheckedIdNumber =
  | { ok: true; kind: IdNumberKind; birth: string | null }
  | { ok: false; fault: IdNumberFault }

/** First two digits of the area codes of GB/T 2260 that citizens' numbers begin with. */
const PROVINCES = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71'.split(
    ' ',
  ),
)
const HMT_AREAS = new Set(['810000', '820000', '830000'])

const CHECK_CHARACTERS = '10X98765432'

/** The 18th character for the 17 digits before it: ISO 7064 MOD 11-2, as GB 11643 has it. */
export function checkCharacter(digits: string): string {
  let sum = 0
  // The weight of a place is 2 to the power of its distance from the end, modulo 11.
  for (const digit of digits) sum = ((sum + Number(digit)) * 2) % 11
  return CHECK_CHARACTERS[sum] ?? ''
}

/** Tells numbers of all four cards apart and says which rule a wrong one breaks first. `today`: `YYYY-MM-DD`. */
export function checkIdNumber(number: string, today: string = localDate()): CheckedIdNumber {
  if (/^[A-Z]/.test(number)) return checkForeigner2017(number)
  if (number.length !== 18) return { ok: false, fault: 'length' }
  if (!/^\d{17}[\dX]$/.test(number)) return { ok: false, fault: 'characters' }
  const kind = kindOf(number)
  if (kind === undefined) return { ok: false, fault: 'area' }
  const birth = calendarDate(number.slice(6, 14))
  if (birth === undefined || isToCome(birth, today)) return { ok: false, fault: 'date' }
  if (checkCharacter(number.slice(0, 17)) !== number[17]) return { ok: false, fault: 'check-digit' }
  return { ok: true, kind, birth }
}

function kindOf(number: string): IdNumberKind | undefined {
  // 9 leads a permanent resident's number, which carries no area code.
  if (number.startsWith('9')) return 'foreigner-2023'
  if (HMT_AREAS.has(number.slice(0, 6))) return 'residence-permit-hmt'
  return PROVINCES.has(number.slice(0, 2)) ? 'citizen' : undefined
}

/** Three letters of the nationality and twelve digits, whose check rule is not public: nothing more to check. */
function checkForeigner2017(number: string): CheckedIdNumber {
  if (number.length !== 15) return { ok: false, fault: 'length' }
  if (!/^[A-Z]{3}\d{12}$/.test(number)) return { ok: false, fault: 'characters' }
  return { ok: true, kind: 'foreigner-2017', birth: null }
}
