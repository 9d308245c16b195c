/** The `peripherals` of `device.json`: which driver, at which port, as which model (PROTOCOLS.md §4). */
import { posix } from 'node:path'
import { z } from 'zod'
import { ID_READER_PROFILES, profileFor } from '../drivers/id-reader/profile.ts'
import { keypadProfile, keypadProfiles } from '../drivers/keypad/profile.ts'
import { RECEIPT_PRINTER_PROFILES } from '../drivers/receipt-printer/profile.ts'
import { SCANNER_PROFILES, type ScannerDriver, scannerProfile } from '../drivers/scanner/profile.ts'
import { type Port, parsePort } from '../drivers/transport/port.ts'

/** A code that lies under the window so long would be scanned once in a minute's session. */
const SAME_CODE_MS_AT_MOST = 60_000

const port = (...kinds: readonly Port['kind'][]) =>
  z.string().superRefine((text, context) => {
    const parsed = parsePort(text)
    if (!parsed.ok) context.addIssue({ code: 'custom', message: parsed.fault })
    else if (!kinds.includes(parsed.port.kind)) {
      context.addIssue({
        code: 'custom',
        message: `this driver is reached by a port of the form ${kinds.join(': or ')}:, not ${parsed.port.kind}:`,
      })
    } else if (parsed.port.kind === 'tcp' && parsed.port.port === 0) {
      context.addIssue({
        code: 'custom',
        message: '0 is no TCP port; write the one that the device server has',
      })
    }
  })

/** A serial line of this machine, or one behind a device server in the LAN. */
const wire = port('serial', 'tcp')

const IdReader = z
  .strictObject({
    driver: z.literal('sdt'),
    port: port('serial', 'tcp', 'hid'),
    profile: z.enum(ID_READER_PROFILES).exactOptional(),
  })
  .superRefine((reader, context) => {
    const chosen = profileFor(reader.port, reader.profile)
    if (!chosen.ok && parsePort(reader.port).ok)
      context.addIssue({ code: 'custom', path: ['profile'], message: chosen.detail })
  })

const scannerProfiles = (driver: ScannerDriver): string[] =>
  SCANNER_PROFILES.filter((name) => scannerProfile(name)?.driver === driver)
const sameCodeMs = z.int().min(0).max(SAME_CODE_MS_AT_MOST).exactOptional()

const Scanner = z.discriminatedUnion('driver', [
  z.strictObject({
    driver: z.literal('serial'),
    port: wire,
    profile: z.enum(scannerProfiles('serial')).exactOptional(),
    sameCodeMs,
  }),
  z.strictObject({
    driver: z.literal('hid-pos'),
    port: port('hid'),
    profile: z.enum(scannerProfiles('hid-pos')).exactOptional(),
    sameCodeMs,
  }),
])

const ReceiptPrinter = z.strictObject({
  driver: z.literal('escpos'),
  profile: z.enum(RECEIPT_PRINTER_PROFILES),
  port: wire,
})

const PagePrinter = z.discriminatedUnion('driver', [
  z.strictObject({ driver: z.literal('directory'), port: port('dir') }),
  z.strictObject({ driver: z.literal('ipp'), port: port('ipp') }),
])

const Keypad = z
  .discriminatedUnion('driver', [
    z.strictObject({
      driver: z.literal('ff68'),
      port: wire,
      profile: z.enum(keypadProfiles('ff68')).exactOptional(),
    }),
    z.strictObject({ driver: z.literal('table'), port: wire, profile: z.enum(keypadProfiles('table')) }),
  ])
  .superRefine((keypad, context) => {
    const parsed = parsePort(keypad.port)
    const speeds = keypadProfile(keypad.driver, keypad.profile)?.baudRates
    if (!parsed.ok || parsed.port.kind !== 'serial' || speeds?.includes(parsed.port.baud) !== false) return
    context.addIssue({
      code: 'custom',
      path: ['port'],
      message: `this keypad talks at ${speeds.join(' or ')} baud, not ${parsed.port.baud}; write ?baud=${speeds[0]}`,
    })
  })

const Entries = z.strictObject({
  idReader: IdReader.optional(),
  scanner: Scanner.optional(),
  receiptPrinter: ReceiptPrinter.optional(),
  pagePrinter: PagePrinter.optional(),
  keypad: Keypad.optional(),
})

/** Two drivers at one port would take each other's bytes, or lock each other out (field row 10). */
export const Peripherals = Entries.superRefine((peripherals, context) => {
  const owners = new Map<string, string>()
  for (const [name, peripheral] of Object.entries(peripherals)) {
    if (peripheral === undefined) continue
    const place = placeOf(peripheral.port)
    const owner = owners.get(place)
    if (owner === undefined) owners.set(place, name)
    else {
      context.addIssue({
        code: 'custom',
        path: [name, 'port'],
        message: `peripherals.${owner} is at this port already; each peripheral has a port of its own`,
      })
    }
  }
})

/**
 * The same for two port strings that lead to one wire, however they are written. A link of /dev/serial/by-id is not
 * followed: what it leads to need not be plugged in yet.
 */
function placeOf(text: string): string {
  const parsed = parsePort(text)
  if (!parsed.ok) return text
  switch (parsed.port.kind) {
    case 'serial':
      return `serial ${posix.normalize(parsed.port.path)}`
    case 'tcp':
      return `tcp ${hostOf(parsed.port.host)} ${parsed.port.port}`
    case 'hid':
      return `hid ${parsed.port.vendorId} ${parsed.port.productId}`
    case 'ipp':
    case 'dir':
      return text
  }
}

/** Names of this machine itself, as the URL standard writes them. */
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** As the URL standard writes it: small letters, addresses in their shortest form. */
function hostOf(host: string): string {
  const bare = host.replace(/\.$/, '')
  const url = `http://${bare.includes(':') ? `[${bare}]` : bare}`
  const written = URL.canParse(url) ? new URL(url).hostname : bare
  return LOOPBACK.includes(written) ? 'localhost' : written
}
