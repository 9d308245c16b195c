import { expect, test } from 'vitest'
import { maskIdNumber, maskName } from '../../../drivers/id-reader/masking.ts'

test.each([
  ['张小雨', '张*'],
  ['张三', '张*'],
  ['欧阳小雨', '欧阳*'],
  ['欧阳', '欧*'],
  ['𬭎小雨', '𬭎*'],
  ['买买提·艾山', '买*'],
  ['Mary Johnson', 'M*'],
  [' 张小雨 ', '张*'],
  ['', '*'],
])('%s is shown as %s', (name, shown) => {
  expect(maskName(name)).toBe(shown)
})

test.each([
  ['11010519491231002X', '110105********002X'],
  ['USA110000900101', 'USA110*****0101'],
  ['1234567890', '**********'],
  ['', ''],
])('the number %s is shown as %s', (number, shown) => {
  expect(maskIdNumber(number)).toBe(shown)
})
