import { expect, test } from 'vitest'
import {
  ID_READER_HID_IDS,
  ID_READER_PROFILES,
  idReaderProfile,
  profileFor,
} from '../../../drivers/id-reader/profile.ts'

const SERIAL = 'serial:/dev/serial/by-id/usb-reader?baud=115200'

test.each([
  [SERIAL, 'serial'],
  ['tcp://127.0.0.1:9101', 'serial'],
  ['hid:2B8B:2721', 'hid-raw'],
  ['hid:2b8b:2721', 'hid-raw'],
  ['hid:10C4:0007', 'hid-wrapped'],
  ['hid:203B:0101', 'hid-wrapped'],
])('a reader at %s speaks as the profile %s says', (port, name) => {
  expect(profileFor(port)).toEqual({ ok: true, profile: idReaderProfile(name) })
})

test('a configured profile overrides what the port tells', () => {
  expect(profileFor('hid:2B8B:2721', 'hid-wrapped')).toEqual({
    ok: true,
    profile: idReaderProfile('hid-wrapped'),
  })
  expect(profileFor(SERIAL, 'serial-select-only')).toMatchObject({ profile: { selectWithoutFind: true } })
})

test.each([
  ['hid:1234:5678', undefined, 'no known ID card reader; write its "profile", one of hid-raw, hid-wrapped'],
  ['hid:2B8B:2721', 'serial', 'it is for another kind of port; write one of hid-raw, hid-wrapped'],
  [SERIAL, 'hid-raw', 'it is for another kind of port; write one of serial, serial-select-only'],
  [SERIAL, 'toString', 'there is no such profile; write one of serial, serial-select-only'],
  ['usb:1', undefined, 'port usb:1: write serial:'],
])('%s with the profile %s is refused with what to write', (port, configured, words) => {
  const chosen = profileFor(port, configured)
  expect(chosen.ok ? '' : chosen.detail).toContain(words)
})

test('every device known by its numbers is listed once, with a name for people', () => {
  expect(ID_READER_PROFILES).toEqual(['serial', 'serial-select-only', 'hid-raw', 'hid-wrapped'])
  expect(ID_READER_HID_IDS).toEqual([
    { vendorId: 0x2b8b, productId: 0x2721, name: idReaderProfile('hid-raw')?.title },
    { vendorId: 0x10c4, productId: 0x0007, name: idReaderProfile('hid-wrapped')?.title },
    { vendorId: 0x203b, productId: 0x0101, name: idReaderProfile('hid-wrapped')?.title },
  ])
})
