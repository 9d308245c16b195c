import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parsePort } from '../../../drivers/transport/port.ts'

test.each([
  [
    'serial:/dev/serial/by-id/usb-reader?baud=115200',
    { kind: 'serial', path: '/dev/serial/by-id/usb-reader', baud: 115_200 },
  ],
  ['tcp://127.0.0.1:9102', { kind: 'tcp', host: '127.0.0.1', port: 9102 }],
  ['tcp://[::1]:9102', { kind: 'tcp', host: '::1', port: 9102 }],
  ['tcp://reader-3.hall.example:4001', { kind: 'tcp', host: 'reader-3.hall.example', port: 4001 }],
  ['hid:2B8B:2721', { kind: 'hid', vendorId: 0x2b8b, productId: 0x2721 }],
  ['ipp://127.0.0.1/printers/a4', { kind: 'ipp', url: 'ipp://127.0.0.1/printers/a4' }],
  ['dir:/var/spool/pages', { kind: 'dir', path: '/var/spool/pages' }],
])('%s is understood', (text, port) => {
  expect(parsePort(text)).toEqual({ ok: true, port })
})

test.each([
  ['', 'port (empty): write serial:'],
  ['COM3', 'port COM3: write serial:'],
  ['serial:/dev/ttyUSB0', 'port serial:/dev/ttyUSB0: say the speed'],
  ['serial:ttyUSB0?baud=9600', 'absolute path'],
  ['serial:/dev/ttyUSB0?baud=9601', '9601 baud is none of'],
  ['serial:/dev/ttyUSB0?parity=even', 'the only setting'],
  ['serial:/dev/tty\u0000x?baud=9600', 'absolute path'],
  ['tcp://127.0.0.1', 'write tcp://HOST:PORT'],
  ['tcp://127.0.0.1:70000', '70000 is no TCP port'],
  ['tcp://user@host:1', 'write tcp://HOST:PORT'],
  ['hid:2B8B', 'four hexadecimal digits'],
  ['ipp://', 'write ipp://HOST/printers/NAME'],
  ['ipp://a:b@host/printers/x', 'no user name'],
  ['dir:pages', 'absolute path'],
])('%j is refused and the fault says what to write', (text, fault) => {
  const parsed = parsePort(text)
  expect(parsed.ok).toBe(false)
  if (!parsed.ok) expect(parsed.fault).toContain(fault)
})

test('no string makes the parser throw', () => {
  // Any UTF-16 code unit, lone surrogates included.
  const anyString = fc.array(fc.nat(0xffff), { maxLength: 30 }).map((units) => String.fromCharCode(...units))
  const prefixes = fc.constantFrom('serial:', 'tcp://', 'hid:', 'ipp://', 'dir:', '')
  fc.assert(
    fc.property(prefixes, anyString, (prefix, rest) => {
      const parsed = parsePort(prefix + rest)
      if (!parsed.ok) expect(parsed.fault).toMatch(/^port /)
    }),
  )
})
