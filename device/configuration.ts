/**
 * `device.json` (PROTOCOLS.md §4). Unknown keys are refused: a technician's typing error must not leave a device
 * without its scanner in silence.
 */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { HallAddressError, hallOrigin } from '../sync/hall-address.ts'
import { HallTrustError, readAuthorities, readPin } from '../sync/hall-trust.ts'
import { normalizeEnrolmentCode } from '../sync/protocol/devices.ts'
import { readTlsFiles } from '../sync/tls-files.ts'
import { parseListen, SCREEN_HOSTS } from './address.ts'
import { describeFaults } from './configuration-faults.ts'
import { Peripherals } from './configuration-peripherals.ts'

/** Below this a token can be guessed over the LAN. */
const TOKEN_CHARACTERS_AT_LEAST = 16
const TOKEN_CHARACTERS_AT_MOST = 256
const NAME_CHARACTERS_AT_MOST = 60
/** As the chain and the hall take it. */
const WINDOW_CHARACTERS_AT_MOST = 32
/** The panels that kiosks and pads are made with lie well within. */
const DIAGONAL_INCHES_AT_LEAST = 5
const DIAGONAL_INCHES_AT_MOST = 100
const DEFAULT_DIAGONAL_INCHES = { terminal: 27, pad: 10.1 } as const

/** Below it the content of one hall may already take four fifths; a terabyte is no device's disk. */
const QUOTA_MIB_AT_LEAST = 128
const QUOTA_MIB_AT_MOST = 1024 * 1024
/** A million facts: a busy window without a line for years. */
const DEFAULT_QUOTA_MIB = 1024

const listen = (fallback: string) =>
  z
    .string()
    .transform((text, context) => {
      const address = parseListen(text)
      if (address !== null) return address
      context.addIssue({
        code: 'custom',
        message: `"${text}" is no address; write HOST:PORT, as in ${fallback}`,
      })
      return z.NEVER
    })
    .prefault(fallback)

const screenListen = (fallback: string) =>
  listen(fallback).refine((address) => SCREEN_HOSTS.includes(address.host), {
    message: 'the screen is served on this machine only; use 127.0.0.1, localhost or [::1]',
  })

const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day from 00:00 to 23:59, as in 18:00')

const origin = z.string().refine(isOrigin, 'must be an origin, as in http://192.168.1.5:8080, without a path')

const pin = z.string().transform((text, context) => {
  const read = readPin(text)
  if (read !== null) return read
  context.addIssue({ code: 'custom', message: PIN_WORDS })
  return z.NEVER
})

const PIN_WORDS =
  'must be sha256/ and 44 characters of base64, as told by: openssl x509 -in CERT -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64'

const ScreenPart = z.strictObject({
  listen: screenListen('127.0.0.1:8024'),
  diagonalInches: z.number().min(DIAGONAL_INCHES_AT_LEAST).max(DIAGONAL_INCHES_AT_MOST).optional(),
  /** When the night theme begins and ends, by the device's clock. */
  night: z.strictObject({ from: timeOfDay, to: timeOfDay }).default({ from: '18:00', to: '07:00' }),
  /** Pages that may show this screen in a frame; only the demo's bench dock does. */
  embeddedBy: z.array(origin).default([]),
})

const Shape = z.strictObject({
  role: z.enum(['terminal', 'pad']),
  device: z.strictObject({
    name: z.string().min(1).max(NAME_CHARACTERS_AT_MOST),
    /** The number on the window where a pad stands. */
    window: z
      .string()
      .min(1)
      .max(WINDOW_CHARACTERS_AT_MOST)
      .refine(isPlainText, 'holds a control character; write it as it stands on the window')
      .nullable()
      .default(null),
  }),
  /** null: a pad that is a keypad alone. */
  screen: ScreenPart.nullable().prefault({}),
  window: z
    .strictObject({
      listen: listen('0.0.0.0:8025'),
      /** None where no system asks and clerks use the page alone. */
      tokens: z
        .array(
          z.strictObject({
            /** Of the integrating system; it goes to the log, the token never does. */
            name: z.string().min(1).max(NAME_CHARACTERS_AT_MOST),
            token: z.string().min(TOKEN_CHARACTERS_AT_LEAST).max(TOKEN_CHARACTERS_AT_MOST),
            origins: z.array(origin).default([]),
          }),
        )
        .default([]),
      /** PEM files; null: in plain, and then no person is named in plain but from this machine. */
      tls: z
        .strictObject({ cert: z.string().min(1), key: z.string().min(1) })
        .superRefine(refuseTlsFiles)
        .nullable()
        .default(null),
    })
    .optional(),
  hall: z.strictObject({
    url: z.string().superRefine(refuseHallAddress),
    /** Used at the first start, and then no more. */
    enrolmentCode: z
      .string()
      .refine(
        (typed) => normalizeEnrolmentCode(typed) !== null,
        'must be the 10 letters and digits that "window24 hall enrol" printed',
      )
      .nullable()
      .default(null),
    /** A PEM file or its text: the only authorities that this device trusts; null for the system's. */
    ca: z.string().transform(authorities).nullable().default(null),
    /** The hall's key, or its present and its next one: on every connection. A clock at 1970 needs it. */
    pin: z
      .union([pin.transform((one) => [one]), z.array(pin).min(1)])
      .nullable()
      .default(null),
  }),
  /** Which services a terminal offers; the others stay dim. */
  services: z.array(z.enum(['guides', 'my-papers', 'pickup', 'progress', 'ticket', 'feedback'])).optional(),
  peripherals: Peripherals.prefault({}),
  storage: z
    .strictObject({
      /** How much of the disk this device's store may take, in MiB. */
      quotaMiB: z.int().min(QUOTA_MIB_AT_LEAST).max(QUOTA_MIB_AT_MOST).default(DEFAULT_QUOTA_MIB),
    })
    .prefault({}),
})

const DEFAULT_SERVICES = ['guides', 'my-papers', 'pickup', 'progress', 'ticket', 'feedback'] as const

const Checked = Shape.superRefine((value, context) => {
  const refuse = (path: string[], message: string): void =>
    context.addIssue({ code: 'custom', path, message })
  if (value.role === 'terminal') {
    if (value.screen === null) refuse(['screen'], 'only a pad with a keypad does without; give the screen')
    if (value.window !== undefined) refuse(['window'], 'only a pad has a window interface; take it out')
    if (value.peripherals.keypad !== undefined) {
      refuse(
        ['peripherals', 'keypad'],
        'a keypad answers what a pad asks; it belongs to the pad of its window',
      )
    }
  } else {
    if (value.services !== undefined) refuse(['services'], 'only a terminal offers services; take it out')
    if (value.device.window === null) {
      refuse(['device', 'window'], 'missing; a pad stands at a window, give its number')
    }
    if (value.screen === null && value.peripherals.keypad === undefined)
      refuse(['screen'], 'a pad without a screen needs a keypad; give the screen, or peripherals.keypad')
  }
  const names = value.window?.tokens.map((token) => token.name) ?? []
  if (new Set(names).size < names.length) refuse(['window', 'tokens'], 'two tokens have the same name')
}).transform((value) => ({
  ...value,
  screen: screenOf(value),
  services: value.services ?? (value.role === 'terminal' ? [...DEFAULT_SERVICES] : []),
}))

/** Without a panel its pages are there all the same, for whoever looks after the device: at any free port. */
function screenOf({ role, screen }: z.output<typeof Shape>) {
  const hasPanel = screen !== null
  const { listen, ...part } = screen ?? ScreenPart.parse({})
  return {
    ...part,
    hasPanel,
    listen: hasPanel ? listen : { ...listen, port: 0 },
    diagonalInches: part.diagonalInches ?? DEFAULT_DIAGONAL_INCHES[role],
  }
}

export type Configuration = z.output<typeof Checked>
export type PeripheralsConfiguration = Configuration['peripherals']

export type ParsedConfiguration =
  | { ok: true; configuration: Configuration }
  /** One line a fault: path, what is wrong, what to do. */
  | { ok: false; faults: string[] }

export const parseConfiguration = (value: unknown): ParsedConfiguration => {
  const result = Checked.safeParse(value)
  return result.success
    ? { ok: true, configuration: result.data }
    : { ok: false, faults: describeFaults(result.error.issues, Shape) }
}

/** Reads and checks the file; a missing or unreadable file is a fault like the others. */
export const readConfiguration = async (path: string): Promise<ParsedConfiguration> => {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    return { ok: false, faults: [`the file: cannot be read (${code}); check its path and its permissions`] }
  }
  try {
    return parseConfiguration(JSON.parse(text))
  } catch (error) {
    // The parser's message may quote the file, and the file holds tokens.
    const place =
      error instanceof SyntaxError ? (/position \d+|line \d+ column \d+/.exec(error.message)?.[0] ?? '') : ''
    return {
      ok: false,
      faults: [`the file: is no JSON${place === '' ? '' : ` (at ${place})`}; check commas and quotes`],
    }
  }
}

/** No event of the chain could carry anything else (PROTOCOLS.md §1.2). */
function isPlainText(text: string): boolean {
  return !/[\p{Cc}\p{Cs}]/u.test(text)
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.origin === text
}

function authorities(ca: string, context: z.core.$RefinementCtx): string[] {
  try {
    return readAuthorities(ca)
  } catch (error) {
    if (!(error instanceof HallTrustError)) throw error
    context.addIssue({ code: 'custom', message: error.message })
    return z.NEVER
  }
}

function refuseHallAddress(url: string, context: z.core.$RefinementCtx<string>): void {
  try {
    hallOrigin(url)
  } catch (error) {
    if (!(error instanceof HallAddressError)) throw error
    context.addIssue({ code: 'custom', message: error.message })
  }
}

function refuseTlsFiles(files: { cert: string; key: string }, context: z.core.$RefinementCtx): void {
  const read = readTlsFiles({ certFile: files.cert, keyFile: files.key })
  if (!read.ok) context.addIssue({ code: 'custom', path: [read.file], message: read.message })
}
