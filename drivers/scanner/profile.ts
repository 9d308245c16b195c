import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { MAX_SCAN_BYTES } from './raw-scan.ts'

/** Bytes as DEVICES writes them: pairs of capital hexadecimal digits with spaces between. */
const hexSchema = z
  .string()
  .regex(/^[0-9A-F]{2}( [0-9A-F]{2})*$/)
  .transform((text) => Uint8Array.from(text.split(' '), (pair) => Number.parseInt(pair, 16)))

/** Sooner than this a scanner would be kept busy answering instead of reading. */
const MIN_REARM_MS = 300
/** What makes answer to a trigger is a handful of bytes. */
const MAX_REPLY_BYTES = 32

const replySchema = z.discriminatedUnion('kind', [
  /** Says nothing to a trigger. */
  z.strictObject({ kind: z.literal('none') }),
  /** Always the same bytes. `due` = a scanner that does not send them is not there. */
  z.strictObject({
    kind: z.literal('bytes'),
    bytes: hexSchema.refine((bytes) => bytes.length <= MAX_REPLY_BYTES),
    due: z.boolean(),
  }),
  /** An ack or a nak of the Simple Serial Interface; always due. */
  z.strictObject({ kind: z.literal('ssi') }),
])

const triggerSchema = z.strictObject({
  /** Whole: for HID an output report with its id first, to be filled up with NULs. */
  start: hexSchema,
  /** Null where reading ends by itself. */
  stop: hexSchema.nullable(),
  reply: replySchema,
  /** A session of reading ends with a code or by itself: it is begun again after this. */
  rearmMs: z.int().min(MIN_REARM_MS),
})

const byteSchema = z.int().min(0).max(0xff)
const offsetSchema = z.int().nonnegative().max(MAX_SCAN_BYTES)

const layoutSchema = z
  .strictObject({
    reportId: byteSchema,
    bytes: offsetSchema.positive(),
    lengthAt: offsetSchema.nullable(),
    aimAt: offsetSchema.nullable(),
    dataAt: offsetSchema,
    dataBytes: offsetSchema.positive(),
    continued: z.strictObject({ at: offsetSchema, mask: byteSchema }).nullable(),
  })
  .refine(({ bytes, lengthAt, aimAt, dataAt, dataBytes, continued }) => {
    const ends = [(lengthAt ?? -1) + 1, (aimAt ?? -3) + 3, dataAt + dataBytes, (continued?.at ?? -1) + 1]
    return ends.every((end) => end <= bytes)
  }, 'a field lies outside the report')

const common = {
  /** Shown to the technician. */
  title: z.string().min(1),
  /** How the scanner itself has to be set, for the technician: suffix, trigger mode, interface. */
  setup: z.string().min(1),
  trigger: triggerSchema.nullable(),
}

/** What differs from make to make: data, so that a new scanner needs no new code (DEVICES §2.2, §2.3). */
const profileSchema = z.discriminatedUnion('driver', [
  z.strictObject({ ...common, driver: z.literal('serial') }),
  z.strictObject({
    ...common,
    driver: z.literal('hid-pos'),
    /** USB ids as lsusb prints them, vendor and product. */
    hidIds: z.array(z.string().regex(/^[0-9A-F]{4}:[0-9A-F]{4}$/)),
    /** Used where the device's own report descriptor cannot be had. */
    layouts: z.array(layoutSchema).min(1),
    /** What a write is filled up to where the descriptor does not tell. */
    outputReportBytes: z.int().positive(),
    // A reply would come as a report among reports of codes: no make is known to us that does so.
    trigger: triggerSchema.refine(({ reply }) => reply.kind === 'none').nullable(),
  }),
])

export type ScannerProfile = z.infer<typeof profileSchema>
export type HidPosProfile = Extract<ScannerProfile, { driver: 'hid-pos' }>
export type TriggerProfile = z.infer<typeof triggerSchema>
export type ScannerDriver = ScannerProfile['driver']

const FILE = new URL('../profiles/scanners.json', import.meta.url)

/** Checked when it is loaded: a wrong profile is a defect of this program, not of a device. */
const PROFILES = z.record(z.string(), profileSchema).parse(JSON.parse(readFileSync(FILE, 'utf8')))

/** Names of all profiles; `scannerProfile(name)?.driver` says which driver each is for. */
export const SCANNER_PROFILES: readonly string[] = Object.keys(PROFILES)

export function scannerProfile(name: string): ScannerProfile | undefined {
  return Object.hasOwn(PROFILES, name) ? PROFILES[name] : undefined
}

/** The profile of each driver for a scanner that nothing is known of: it reads by itself and is not triggered. */
export const GENERIC_PROFILE: Readonly<Record<ScannerDriver, string>> = {
  serial: 'generic-serial',
  'hid-pos': 'generic-hid-pos',
}

/**
 * HID scanners known by their ids, for looking around. Others are known by the usage page of their reports
 * (`BAR_CODE_SCANNER_PAGE`), wherever the system tells it.
 */
export const SCANNER_HID_IDS: readonly { vendorId: number; productId: number; profile: string }[] =
  Object.entries(PROFILES).flatMap(([profile, one]) =>
    one.driver === 'hid-pos'
      ? one.hidIds.map((id) => {
          const [vendorId = 0, productId = 0] = id.split(':').map((part) => Number.parseInt(part, 16))
          return { vendorId, productId, profile }
        })
      : [],
  )
