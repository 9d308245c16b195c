import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Configuration, parseConfiguration, readConfiguration } from '../../device/configuration.ts'
import { RECEIPT_PRINTER_PROFILES } from '../../drivers/receipt-printer/profile.ts'
import { makeAuthority } from '../sync/support/certificates.ts'
import { temporaryFolder } from './support/house.ts'

const terminal = {
  role: 'terminal',
  device: { name: 'east door' },
  hall: { url: 'https://hall.example', enrolmentCode: null },
}
const pad = {
  role: 'pad',
  device: { name: 'window 12', window: '12' },
  window: { tokens: [{ name: 'case system', token: 'a-token-of-length' }] },
  hall: { url: 'http://127.0.0.1:8026' },
}

const faultsOf = (value: unknown): string[] => {
  const parsed = parseConfiguration(value)
  return parsed.ok ? [] : parsed.faults
}
const configurationOf = (value: unknown): Configuration => {
  const parsed = parseConfiguration(value)
  if (!parsed.ok) throw new Error(parsed.faults.join('\n'))
  return parsed.configuration
}

describe('a configuration', () => {
  it('of a terminal needs a name and a hall, and nothing else', () => {
    expect(configurationOf(terminal)).toMatchObject({
      screen: {
        listen: { host: '127.0.0.1', port: 8024 },
        diagonalInches: 27,
        embeddedBy: [],
        night: { from: '18:00', to: '07:00' },
      },
      services: ['guides', 'my-papers', 'pickup', 'progress', 'ticket', 'feedback'],
      peripherals: {},
    })
  })

  it('of a pad listens for its window on the LAN and offers no services', () => {
    expect(configurationOf(pad)).toMatchObject({
      screen: { diagonalInches: 10.1 },
      window: { listen: { host: '0.0.0.0', port: 8025 }, tokens: [{ origins: [] }], tls: null },
      services: [],
    })
  })

  it('of a pad that is a keypad alone has no panel, and its pages stand at any free port', () => {
    const keypad = { driver: 'ff68', port: 'tcp://127.0.0.1:9105' }
    expect(configurationOf(pad).screen.hasPanel).toBe(true)
    expect(configurationOf({ ...pad, screen: null, peripherals: { keypad } }).screen).toMatchObject({
      hasPanel: false,
      listen: { host: '127.0.0.1', port: 0 },
    })
    expect(faultsOf({ ...pad, screen: null })).toEqual([
      'screen: a pad without a screen needs a keypad; give the screen, or peripherals.keypad',
    ])
    expect(faultsOf({ ...terminal, screen: null })).toEqual([
      'screen: only a pad with a keypad does without; give the screen',
    ])
    expect(faultsOf({ ...pad, screen: { diagonalInch: 7 } })).toEqual([
      'screen.diagonalInch: unknown key; did you mean diagonalInches?',
    ])
  })

  it('takes the peripherals of the contract’s example as they stand', () => {
    const peripherals = {
      idReader: { driver: 'sdt', port: 'serial:/dev/serial/by-id/usb-reader?baud=115200' },
      scanner: { driver: 'serial', port: 'tcp://127.0.0.1:9102' },
      receiptPrinter: { driver: 'escpos', profile: 'generic-80', port: 'tcp://127.0.0.1:9103' },
      pagePrinter: { driver: 'ipp', port: 'ipp://127.0.0.1/printers/a4' },
      keypad: { driver: 'ff68', port: 'tcp://127.0.0.1:9105' },
    }
    expect(configurationOf({ ...pad, peripherals }).peripherals).toEqual(peripherals)
  })

  it('takes every form of port and every option that a driver knows', () => {
    const peripherals = {
      idReader: {
        driver: 'sdt',
        port: 'hid:10C4:0007',
        profile: 'hid-wrapped',
      },
      scanner: { driver: 'hid-pos', port: 'hid:0C2E:0B87', profile: 'honeywell-hid', sameCodeMs: 500 },
      receiptPrinter: { driver: 'escpos', profile: 'generic-58', port: 'serial:/dev/ttyS1?baud=9600' },
      pagePrinter: { driver: 'directory', port: 'dir:/var/spool/pages' },
      keypad: { driver: 'table', port: 'serial:/dev/ttyS2?baud=9600', profile: 'example-table' },
    }
    expect(configurationOf({ ...pad, peripherals }).peripherals).toEqual(peripherals)
  })

  it.each<[object, string]>([
    [
      { keypad: { driver: 'ff86', port: 'tcp://127.0.0.1:1' } },
      'peripherals.keypad.driver: must be "ff68" or "table"',
    ],
    [{ pagePrinter: { port: 'dir:/tray' } }, 'peripherals.pagePrinter.driver: must be "directory" or "ipp"'],
    [
      { keypad: { driver: 'table', port: 'tcp://127.0.0.1:1' } },
      'peripherals.keypad.profile: must be "example-table"',
    ],
    [
      { keypad: { driver: 'ff68', port: 'tcp://127.0.0.1:1', profile: 'example-table' } },
      'peripherals.keypad.profile: must be "ff68-9600" or "ff68-9600-reversed"',
    ],
    [
      { keypad: { driver: 'ff68', port: 'tcp://127.0.0.1:1', profil: 'ff68-9600' } },
      'peripherals.keypad.profil: unknown key; did you mean profile?',
    ],
    [
      { keypad: { driver: 'ff68', port: 'hid:1234:5678' } },
      'peripherals.keypad.port: this driver is reached by a port of the form serial: or tcp:, not hid:',
    ],
    [
      { keypad: { driver: 'ff68', port: 'serial:/dev/ttyS2?baud=115200' } },
      'peripherals.keypad.port: this keypad talks at 9600 baud, not 115200; write ?baud=9600',
    ],
    [
      { keypad: { driver: 'table', port: 'serial:/dev/ttyS2?baud=19200', profile: 'example-table' } },
      'peripherals.keypad.port: this keypad talks at 9600 baud, not 19200; write ?baud=9600',
    ],
    [
      { scanner: { driver: 'serial', port: 'tcp://127.0.0.1:0' } },
      'peripherals.scanner.port: 0 is no TCP port; write the one that the device server has',
    ],
    [
      { scanner: { driver: 'hid-pos', port: 'tcp://127.0.0.1:1' } },
      'peripherals.scanner.port: this driver is reached by a port of the form hid:, not tcp:',
    ],
    [
      { scanner: { driver: 'serial', port: 'tcp://127.0.0.1:1', sameCodeMs: -1 } },
      'peripherals.scanner.sameCodeMs: is less than 0',
    ],
    [
      { pagePrinter: { driver: 'ipp', port: 'dir:/tray' } },
      'peripherals.pagePrinter.port: this driver is reached by a port of the form ipp:, not dir:',
    ],
  ])('whose peripherals do not fit together says which would (%#)', (peripherals, fault) => {
    expect(faultsOf({ ...pad, peripherals })).toEqual([fault])
  })

  it('of a terminal with a keypad, which nothing would ever ask, says where it belongs', () => {
    const peripherals = { keypad: { driver: 'ff68', port: 'tcp://127.0.0.1:9105' } }
    expect(faultsOf({ ...terminal, peripherals })).toEqual([
      'peripherals.keypad: a keypad answers what a pad asks; it belongs to the pad of its window',
    ])
  })

  it('with a reader whose profile is for another kind of port says which are for this one', () => {
    const [fault, ...more] = faultsOf({
      ...terminal,
      peripherals: { idReader: { driver: 'sdt', port: 'hid:10C4:0007', profile: 'serial' } },
    })
    expect(fault).toMatch(/^peripherals\.idReader\.profile: .*hid-raw, hid-wrapped/)
    expect(more).toEqual([])
  })

  it('with a USB reader that nobody knows asks for its profile', () => {
    const faults = faultsOf({
      ...terminal,
      peripherals: { idReader: { driver: 'sdt', port: 'hid:1234:5678' } },
    })
    expect(faults).toEqual([expect.stringMatching(/^peripherals\.idReader\.profile: .*hid-raw, hid-wrapped/)])
  })

  it.each([
    ['serial:/dev/serial/by-id/usb-x?baud=9600', 'serial:/dev/serial/by-id/usb-x?baud=115200'],
    ['serial:/dev/ttyS0?baud=9600', 'serial:/dev//serial/../ttyS0?baud=9600'],
    ['tcp://Server.example:9101', 'tcp://server.example:9101'],
    ['tcp://server.example.:9101', 'tcp://server.example:9101'],
    ['tcp://localhost:9101', 'tcp://127.0.0.1:9101'],
    ['tcp://127.1:9101', 'tcp://LOCALHOST.:9101'],
    ['tcp://[::1]:9101', 'tcp://[0:0:0:0:0:0:0:1]:9101'],
  ])('with two peripherals at one port is refused, however the port is written', (one, other) => {
    const peripherals = {
      keypad: { driver: 'ff68', port: one },
      scanner: { driver: 'serial', port: other },
    }
    expect(faultsOf({ ...pad, peripherals })).toEqual([
      'peripherals.keypad.port: peripherals.scanner is at this port already; each peripheral has a port of its own',
    ])
  })

  it.each([
    ['tcp://10.0.0.1:9101', 'tcp://10.0.0.1:9102'],
    ['tcp://10.0.0.1:9101', 'tcp://10.0.0.2:9101'],
    ['serial:/dev/ttyS0?baud=9600', 'serial:/dev/ttyS1?baud=9600'],
  ])('with its peripherals at %s and %s is taken', (one, other) => {
    const peripherals = {
      keypad: { driver: 'ff68', port: one },
      scanner: { driver: 'serial', port: other },
    }
    expect(faultsOf({ ...pad, peripherals })).toEqual([])
  })

  it.each([
    [{ ...terminal, peripherals: { scaner: {} } }, 'peripherals.scaner: unknown key; did you mean scanner?'],
    [{ ...terminal, colour: 'red' }, 'colour: unknown key; take it out'],
    [{ ...terminal, storage: { quotaMB: 512 } }, 'storage.quotaMB: unknown key; did you mean quotaMiB?'],
    [{ ...terminal, storage: { quotaMiB: 5 } }, 'storage.quotaMiB: is less than 128'],
    [{ ...terminal, storage: { quotaMiB: '1 GiB' } }, 'storage.quotaMiB: must be a number'],
    [{ ...terminal, device: {} }, 'device.name: missing; give a text in quotes'],
    [{ ...terminal, role: 'kiosk' }, 'role: must be "terminal" or "pad"'],
    [
      { ...terminal, screen: { listen: '0.0.0.0:8024' } },
      'screen.listen: the screen is served on this machine only; use 127.0.0.1, localhost or [::1]',
    ],
    [
      { ...terminal, screen: { listen: '127.0.0.2:8024' } },
      'screen.listen: the screen is served on this machine only; use 127.0.0.1, localhost or [::1]',
    ],
    [
      {
        ...terminal,
        peripherals: {
          receiptPrinter: { driver: 'escpos', profile: 'generic-88', port: 'tcp://127.0.0.1:1' },
        },
      },
      `peripherals.receiptPrinter.profile: must be ${RECEIPT_PRINTER_PROFILES.map((name) => `"${name}"`).join(' or ')}`,
    ],
    ...['1\n2', '\u007f', '\ud800'].map((window): [object, string] => [
      { ...pad, device: { name: 'window 12', window } },
      'device.window: holds a control character; write it as it stands on the window',
    ]),
    [
      { ...terminal, screen: { listen: '127.0.0.1' } },
      'screen.listen: "127.0.0.1" is no address; write HOST:PORT, as in 127.0.0.1:8024',
    ],
    [
      { ...terminal, screen: { embeddedBy: ['http://dock.example/page'] } },
      'screen.embeddedBy[0]: must be an origin, as in http://192.168.1.5:8080, without a path',
    ],
    [
      { ...terminal, screen: { night: { from: '24:00', to: '07:00' } } },
      'screen.night.from: must be a time of day from 00:00 to 23:59, as in 18:00',
    ],
    [{ ...terminal, screen: { diagonalInches: 2 } }, 'screen.diagonalInches: is less than 5'],
    [{ ...terminal, window: pad.window }, 'window: only a pad has a window interface; take it out'],
    [
      { ...terminal, services: ['weather'] },
      'services[0]: must be "guides" or "my-papers" or "pickup" or "progress" or "ticket" or "feedback"',
    ],
    [
      { ...terminal, hall: { url: 'http://hall.example' } },
      'hall.url: http://hall.example would send in the clear: use https:, http: is for this machine only',
    ],
    [
      { ...terminal, hall: { url: 'https://hall.example', enrolmentCode: 'ABC' } },
      'hall.enrolmentCode: must be the 10 letters and digits that "window24 hall enrol" printed',
    ],
    [
      { ...terminal, peripherals: { idReader: { driver: 'sdt', port: 'serial:/dev/ttyUSB0' } } },
      'peripherals.idReader.port: port serial:/dev/ttyUSB0: say the speed, as in ?baud=115200',
    ],
    [
      { ...terminal, peripherals: { pagePrinter: { driver: 'directory', port: 'tcp://127.0.0.1:1' } } },
      'peripherals.pagePrinter.port: this driver is reached by a port of the form dir:, not tcp:',
    ],
    [{ ...pad, services: ['guides'] }, 'services: only a terminal offers services; take it out'],
    [
      { ...pad, device: { name: 'window 12' } },
      'device.window: missing; a pad stands at a window, give its number',
    ],
    [
      { ...pad, window: { tls: { cert: '/nowhere/pad.crt', key: '/nowhere/pad.key' } } },
      'window.tls.cert: the certificate /nowhere/pad.crt cannot be read (ENOENT): check its path and its permissions',
    ],
    [
      { ...pad, window: { tokens: [{ name: 'a', token: 'short' }] } },
      'window.tokens[0].token: has less than 16 characters',
    ],
    [
      { ...pad, window: { tokens: [pad.window.tokens[0], pad.window.tokens[0]] } },
      'window.tokens: two tokens have the same name',
    ],
    ['a text', 'the file: must be an object in braces'],
  ])('with a fault is refused, saying where and what to do (%#)', (value, fault) => {
    expect(faultsOf(value)).toContain(fault)
  })

  it('with several faults tells them all, and no token', () => {
    const faults = faultsOf({
      ...pad,
      role: 'pad',
      windw: 1,
      window: { tokens: [{ name: 'a', token: 'a-secret-token-of-it', orgins: [] }] },
    })
    expect(faults).toEqual([
      'window.tokens[0].orgins: unknown key; did you mean origins?',
      'windw: unknown key; did you mean window?',
    ])
  })

  it('that is no file or no JSON is told without quoting it', async () => {
    await using parts = new AsyncDisposableStack()
    const folder = await temporaryFolder(parts)
    const path = join(folder, 'device.json')
    expect(await readConfiguration(path)).toEqual({
      ok: false,
      faults: ['the file: cannot be read (ENOENT); check its path and its permissions'],
    })
    await writeFile(path, '{ "token": secret-word }')
    const broken = await readConfiguration(path)
    expect(broken).toMatchObject({ ok: false, faults: [expect.stringMatching(/^the file: is no JSON/)] })
    expect(JSON.stringify(broken)).not.toContain('secret-word')
    await writeFile(path, JSON.stringify(terminal))
    expect(await readConfiguration(path)).toMatchObject({ ok: true })
  })
})

describe('whom a device takes for its hall', () => {
  const withHall = (hall: object): unknown => ({ ...terminal, hall: { ...terminal.hall, ...hall } })
  const base64 = `${'A'.repeat(43)}=`

  it('is a key, or its present and its next one, as openssl tells it', () => {
    expect(configurationOf(withHall({ pin: `sha256/${base64}` })).hall.pin).toEqual([base64])
    const two = configurationOf(withHall({ pin: [`sha256//${base64}`, `sha256/B${base64.slice(1)}`] }))
    expect(two.hall.pin).toEqual([base64, `B${base64.slice(1)}`])
    expect(faultsOf(withHall({ pin: 'AA:BB:CC' })).join()).toContain('hall.pin')
    expect(faultsOf(withHall({ pin: [] }))).toHaveLength(1)
  })

  it('is an authority whose file can be read, or whose text stands there', async () => {
    await using parts = new AsyncDisposableStack()
    const folder = await temporaryFolder(parts)
    const path = join(folder, 'ca.pem')
    expect(faultsOf(withHall({ ca: path })).join()).toContain('cannot be read (ENOENT)')
    await writeFile(path, 'no certificate')
    expect(faultsOf(withHall({ ca: path })).join()).toContain('no certificate in PEM')
    const authority = makeAuthority()
    parts.defer(() => authority.close())
    await writeFile(path, authority.ca.pem)
    for (const ca of [path, authority.ca.pem])
      expect(configurationOf(withHall({ ca })).hall.ca?.join('')).toBe(authority.ca.pem.trim())
  })
})
