import { expect, test } from 'vitest'
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
