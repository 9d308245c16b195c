import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bareDate, calendarDate, isToCome } from '../../../drivers/id-reader/dates.ts'
import { checkCharacter, checkIdNumber } from '../../../drivers/id-reader/id-number.ts'

test.each([
  ['11010519491231002X', 'citizen', '1949-12-31'],
  ['810000199408230021', 'residence-permit-hmt', '1994-08-23'],
  ['830000199201300022', 'residence-permit-hmt', '1992-01-30'],
  ['932682198501010017', 'foreigner-2023', '1985-01-01'],
  ['911124198108030024', 'foreigner-2023', '1981-08-03'],
  ['USA110000900101', 'foreigner-2017', null],
])('%s is the number of a %s', (number, kind, birth) => {
  expect(checkIdNumber(number)).toEqual({ ok: true, kind, birth })
})

test.each([
  ['11010519491231002', 'length'],
  ['', 'length'],
  ['11010519491231002XX', 'length'],
  ['11010519491231002x', 'characters'],
  ['1101051949123A002X', 'characters'],
  ['000105194912310025', 'area'],
  // Hong Kong, Macao and Taiwan have one area each, and no citizens' numbers.
  [numbered('81010119940823002'), 'area'],
  [numbered('82000119940823002'), 'area'],
  [numbered('83999919940823002'), 'area'],
  ['110105194902300027', 'date'],
  ['110105194913310020', 'date'],
  ['110105194912310021', 'check-digit'],
  ['11010519491231003X', 'check-digit'],
  ['USA11000090010', 'length'],
  ['USA11000090010A', 'characters'],
])('%s is wrong in its %s', (number, fault) => {
  expect(checkIdNumber(number)).toEqual({ ok: false, fault })
})

test('the check character finds every single wrong digit and every swap of neighbours', () => {
  const good = '11010519491231002X'
  expect(checkCharacter(good.slice(0, 17))).toBe('X')
  for (let at = 0; at < 17; at += 1) {
    for (let digit = 0; digit < 10; digit += 1) {
      if (good[at] === String(digit)) continue
      const wrong = good.slice(0, at) + digit + good.slice(at + 1, 17)
      expect(checkCharacter(wrong)).not.toBe('X')
    }
    const swapped = good.slice(0, at) + (good[at + 1] ?? '') + (good[at] ?? '') + good.slice(at + 2)
    if (at < 16 && good[at] !== good[at + 1]) expect(checkCharacter(swapped.slice(0, 17))).not.toBe('X')
  }
})

const day = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2025-12-31'), noInvalidDate: true })
  .map((at) => at.toISOString().slice(0, 10))
const area = fc.constantFrom('330099', '110105', '810000', '820000', '830000', '932682')

function numbered(seventeen: string): string {
  return seventeen + checkCharacter(seventeen)
}

test('every number with an area, a day of the past and its check character is good, and no other day', () => {
  fc.assert(
    fc.property(area, day, fc.nat(999), (place, birth, order) => {
      const number = numbered(place + bareDate(birth) + String(order).padStart(3, '0'))
      expect(checkIdNumber(number)).toMatchObject({ ok: true, birth })
      // The very day, and not the day before.
      const [year = '', month = '', date = ''] = birth.split('-')
      const later = `${Number(year) + 150}-${month}-${date === '29' ? '28' : date}`
      const child = numbered(`${place}${bareDate(later)}002`)
      expect(checkIdNumber(child, later)).toMatchObject({ ok: true })
      expect(checkIdNumber(child, `${Number(year) + 149}-12-31`)).toEqual({ ok: false, fault: 'date' })
    }),
  )
})

test('no text makes the check throw, and what passes has 18 characters or 15', () => {
  const like = fc.stringMatching(/^[A-Z0-9]{0,20}$/)
  fc.assert(
    fc.property(fc.oneof(like, fc.string()), (text) => {
      const checked = checkIdNumber(text)
      if (checked.ok) expect(text).toMatch(/^(\d{17}[\dX]|[A-Z]{3}\d{12})$/)
    }),
  )
})

test('eight digits are a date exactly when the calendar has that day', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9]{8}$/), day, (digits, real) => {
      expect(calendarDate(bareDate(real))).toBe(real)
      const date = calendarDate(digits)
      const [year, month, last] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6)].map(Number)
      const days = new Date(Date.UTC(2000, month ?? 0, 0))
      days.setUTCFullYear(year ?? 0, month ?? 0, 0)
      const isDay =
        (month ?? 0) >= 1 && (month ?? 0) <= 12 && (last ?? 0) >= 1 && (last ?? 0) <= days.getUTCDate()
      expect(date !== undefined).toBe(isDay)
      if (date !== undefined) expect(bareDate(date)).toBe(digits)
    }),
    { numRuns: 2000 },
  )
})

test('a day is to come after today, whatever a clock without a battery says', () => {
  fc.assert(
    fc.property(day, (past) => {
      expect(isToCome(past, past)).toBe(false)
      expect(isToCome(past, '1970-01-01')).toBe(false)
      expect(isToCome('2099-01-01', past)).toBe(true)
    }),
  )
})
