import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { bytesOf, clash, MIN_FIXED_BYTES, type Pattern, parsePattern, tableMatcher } from './table.ts'

/** The five levels of an evaluation as numbers, 5 the best (DOMAIN §2). */
const LEVELS = [5, 4, 3, 2, 1] as const
export const KEY_COUNT = LEVELS.length
export type KeyLevel = (typeof LEVELS)[number]

const pattern = z.string().transform((text, context): Pattern => {
  const parsed = parsePattern(text)
  if (typeof parsed !== 'string') return parsed
  context.addIssue({ code: 'custom', message: parsed })
  return z.NEVER
})

/** What this program sends: every byte is known. */
const frame = pattern.refine((bytes) => !bytes.includes(null), 'a frame that is sent holds no ??')

/** What is read as somebody's answer. */
const keyReport = pattern.refine(
  (bytes) => bytes[0] !== null && bytes.filter((byte) => byte !== null).length >= MIN_FIXED_BYTES,
  `a key's report begins with a fixed byte and has ${MIN_FIXED_BYTES} of them, or noise becomes an answer`,
)

const common = {
  /** Shown to the technician. */
  title: z.string().min(1),
  /**
   * The level of each key, first key first: units are sold with the keys in either order. All five, or some answer
   * could not be given.
   */
  levels: z
    .array(z.literal(LEVELS))
    .refine((levels) => LEVELS.every((level) => levels.includes(level)) && levels.length === KEY_COUNT, {
      message: 'each of the five levels has one key',
    }),
  /** The speeds at which the unit may be set to talk, the usual one first. */
  baudRates: z.array(z.int().positive()).min(1),
  /** How long the unit asks before it falls asleep by itself, in milliseconds; null: until it is stopped. */
  asksForMs: z.int().min(2000).nullable(),
}

const ff68 = z.strictObject({
  form: z.literal('ff68'),
  ...common,
  address: z.int().min(0).max(0xff),
})

const table = z
  .strictObject({
    form: z.literal('table'),
    ...common,
    start: frame,
    acknowledge: frame.nullable(),
    stop: frame.nullable(),
    beep: frame.nullable(),
    /** For no lamp, one lamp and so on; empty where there are none. */
    lamps: z.array(frame).max(KEY_COUNT + 1),
    /** What the unit sends for each key, first key first. */
    keys: z
      .array(keyReport)
      .length(KEY_COUNT)
      .refine(
        (keys) => keys.every((one, index) => !keys.slice(index + 1).some((other) => clash(one, other))),
        { message: 'one key cannot be told from another' },
      ),
  })
  .refine(
    ({ start, acknowledge, stop, beep, lamps, keys }) =>
      !holdsKey([start, acknowledge, stop, beep, ...lamps], keys),
    {
      path: ['keys'],
      message: 'what is sent holds a key’s report, and an RS-485 adapter’s echo would be an answer',
    },
  )

/** Whether a key's report is found in a frame, or in one and the beginning of that which follows it. */
function holdsKey(sent: readonly (Pattern | null)[], keys: readonly Pattern[]): boolean {
  const match = tableMatcher(keys.map((pattern, value) => ({ pattern, value })))
  const frames = sent.flatMap((pattern) => (pattern === null ? [] : [bytesOf(pattern)]))
  return frames.some((one) =>
    frames.some((next) => {
      const echo = Uint8Array.of(...one, ...next)
      return echo.some((_, at) => typeof match(echo, at) === 'object')
    }),
  )
}

const profilesSchema = z.record(z.string(), z.discriminatedUnion('form', [ff68, table]))

export type KeypadForm = 'ff68' | 'table'
export type KeypadProfile = z.output<typeof profilesSchema>[string]

const FILE = new URL('../profiles/keypads.json', import.meta.url)

/** Checks profiles as they stand in JSON. @throws z.ZodError that says what is wrong where */
export const parseProfiles = (json: unknown): Record<string, KeypadProfile> => profilesSchema.parse(json)

/** Checked when it is loaded: a wrong profile is a defect of this program, not of a device. */
const PROFILES = parseProfiles(JSON.parse(readFileSync(FILE, 'utf8')))

/** The public form at its public address; of the table form there is no commonest unit. */
const DEFAULT_PROFILE: Record<KeypadForm, string | undefined> = { ff68: 'ff68-9600', table: undefined }

/** Names of the profiles of one form. */
export function keypadProfiles(form: KeypadForm): string[] {
  return Object.keys(PROFILES).filter((name) => PROFILES[name]?.form === form)
}

/** Undefined when the name is not known, is of the other form, or is missing where there is no usual one. */
export function keypadProfile(
  form: KeypadForm,
  name: string | undefined = DEFAULT_PROFILE[form],
): KeypadProfile | undefined {
  const profile = name === undefined ? undefined : PROFILES[name]
  return profile?.form === form ? profile : undefined
}
