import { expect, test } from 'vitest'
import {
  SCANNER_HID_IDS,
  SCANNER_PROFILES,
  scannerProfile,
  superviseScanner,
} from '../../../drivers/scanner/driver.ts'
import { toHex } from '../support.ts'

const triggers = [
  ['honeywell-serial', '16540D', '16550D', { kind: 'none' }],
  ['honeywell-hid', 'FD0316540D', 'FD0316550D', { kind: 'none' }],
  ['newland', '1B31', '1B30', { kind: 'bytes', bytes: Uint8Array.of(6), due: false }],
  [
    'gm65',
    '7E0008010002 01ABCD'.replace(' ', ''),
    null,
    { kind: 'bytes', bytes: Uint8Array.of(2, 0, 0, 1, 0, 0x33, 0x31), due: true },
  ],
  ['zebra-ssi', '04E40400FF14', '04E50400FF13', { kind: 'ssi' }],
] as const

test.each(triggers)('%s is triggered to the byte', (name, start, stop, reply) => {
  const trigger = scannerProfile(name)?.trigger
  if (!trigger) throw new Error('a trigger')
  expect(toHex(trigger.start)).toBe(start)
  expect(trigger.stop === null ? null : toHex(trigger.stop)).toBe(stop)
  expect(trigger.reply).toEqual(reply)
})

test('every profile says how the scanner has to be set', () => {
  expect(SCANNER_PROFILES.length).toBeGreaterThanOrEqual(7)
  for (const name of SCANNER_PROFILES) expect(scannerProfile(name)?.setup).toMatch(/\w/)
})

test('HID scanners are known by their ids', () => {
  expect(SCANNER_HID_IDS).toContainEqual({ vendorId: 0x0c2e, productId: 0x0b87, profile: 'honeywell-hid' })
})

test.each([
  ['no-such', 'serial', 'scanner profile "no-such" is not known'],
  ['toString', 'serial', 'scanner profile "toString" is not known'],
  ['newland', 'hid-pos', 'scanner profile "newland" is for the driver serial, not hid-pos'],
] as const)('profile %s with driver %s is a wrong configuration', (profile, driver, message) => {
  expect(() => superviseScanner({ driver, profile, port: 'tcp://127.0.0.1:1' })).toThrow(message)
})
