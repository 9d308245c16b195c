import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { type Port, parsePort } from '../transport/port.ts'

const reportBytes = z.int().min(16).max(1024)

const wireSchema = z.discriminatedUnion('kind', [
  /** Serial lines and serial device servers. */
  z.strictObject({ kind: z.literal('stream') }),
  z.strictObject({ kind: z.literal('hid-raw'), reportBytes }),
  z.strictObject({
    kind: z.literal('hid-wrapped'),
    reportBytes,
    /** What a packet's length counts besides its data [?]; result and packet number make 3. */
    lengthCounts: z.int().min(0).max(3),
  }),
])

/** What differs from reader to reader (DEVICES §1.4 and §1.6): data, so that a new model needs no new code. */
const profileSchema = z.strictObject({
  /** Shown to the technician. */
  title: z.string().min(1),
  wire: wireSchema,
  /** VID:PID of the readers known to speak so: chosen by them when no profile is configured. */
  hidIds: z.array(z.string().regex(/^[0-9A-F]{4}:[0-9A-F]{4}$/)),
  /** Between the answer to a `30xx` command and the next request. */
  pauseAfterReadMs: z.int().min(0).max(1000),
  /** Some readers fail to find a card and still select it [?]. */
  selectWithoutFind: z.boolean(),
})

const profilesSchema = z.record(z.string(), profileSchema).refine(
  (profiles) => {
    const ids = Object.values(profiles).flatMap((profile) => profile.hidIds)
    return new Set(ids).size === ids.length
  },
  { message: 'two profiles claim one device' },
)

export type IdReaderProfile = z.infer<typeof profileSchema>

const FILE = new URL('../profiles/id-readers.json', import.meta.url)

/** Checked when it is loaded: a wrong profile is a defect of this program, not of a device. */
const PROFILES = profilesSchema.parse(JSON.parse(readFileSync(FILE, 'utf8')))

export const ID_READER_PROFILES: readonly string[] = Object.keys(PROFILES)

/** For udev rules and for naming what is plugged in. */
export const ID_READER_HID_IDS: readonly { vendorId: number; productId: number; name: string }[] =
  Object.values(PROFILES).flatMap(({ hidIds, title }) => hidIds.map((id) => ({ ...idsOf(id), name: title })))

export function idReaderProfile(name: string): IdReaderProfile | undefined {
  return Object.hasOwn(PROFILES, name) ? PROFILES[name] : undefined
}

export type ChosenProfile = { ok: true; profile: IdReaderProfile } | { ok: false; detail: string }

/** The profile of a reader at that port: the configured one, or the one that its wire and its VID:PID tell. */
export function profileFor(port: string, configured?: string): ChosenProfile {
  const parsed = parsePort(port)
  if (!parsed.ok) return { ok: false, detail: parsed.fault }
  const name = configured ?? nameFor(parsed.port)
  if (name === undefined) {
    return {
      ok: false,
      detail: `port ${port}: no known ID card reader; write its "profile", one of ${namesFor(parsed.port)}`,
    }
  }
  const profile = idReaderProfile(name)
  if (profile === undefined || !fits(profile, parsed.port)) {
    const why = profile === undefined ? 'there is no such profile' : 'it is for another kind of port'
    return {
      ok: false,
      detail: `profile ${name} at port ${port}: ${why}; write one of ${namesFor(parsed.port)}`,
    }
  }
  return { ok: true, profile }
}

function nameFor(port: Port): string | undefined {
  if (port.kind !== 'hid') return 'serial'
  return ID_READER_PROFILES.find((name) =>
    idReaderProfile(name)?.hidIds.some((id) => {
      const { vendorId, productId } = idsOf(id)
      return vendorId === port.vendorId && productId === port.productId
    }),
  )
}

function fits(profile: IdReaderProfile, port: Port): boolean {
  return (port.kind === 'hid') === (profile.wire.kind !== 'stream')
}

function namesFor(port: Port): string {
  return Object.entries(PROFILES)
    .flatMap(([name, profile]) => (fits(profile, port) ? [name] : []))
    .join(', ')
}

function idsOf(id: string): { vendorId: number; productId: number } {
  const [vendor = '', product = ''] = id.split(':')
  return { vendorId: Number.parseInt(vendor, 16), productId: Number.parseInt(product, 16) }
}
