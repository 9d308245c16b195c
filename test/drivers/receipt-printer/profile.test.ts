import { expect, test } from 'vitest'
import { RECEIPT_PRINTER_PROFILES, receiptPrinterProfile } from '../../../drivers/receipt-printer/profile.ts'

test('the profiles are those that device.json may name', () => {
  expect(RECEIPT_PRINTER_PROFILES).toEqual([
    'generic-80',
    'generic-58',
    'print-done-80',
    'generic-80-512',
    'tear-off-58',
    'status-only-58',
    'gb18030-80',
  ])
})

test('58 mm are 16 Chinese characters a line, 80 mm are 24', () => {
  expect(receiptPrinterProfile('generic-58')).toMatchObject({ dots: 384, columns: 32 })
  expect(receiptPrinterProfile('generic-80')).toMatchObject({ dots: 576, columns: 48 })
})

test('a profile that is not known is undefined, not even one of every object', () => {
  expect(receiptPrinterProfile('toString')).toBeUndefined()
})
