/**
 * What one province's 好差评 platform wants (DOMAIN.md §2.1), as data: one file each in profiles/. Whatever differs
 * from province to province is a field here, never an `if` in code.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** What of a rating can be put into a province's record, by this project's own names. */
export const ratingValues = [
  'caseNo',
  'itemCode',
  'handleItem',
  'itemName',
  'serviceName',
  'serviceNumber',
  'assessNumber',
  'channel',
  'level',
  'labels',
  'comment',
  'staffId',
  'window',
  'askedAt',
  'capturedAt',
] as const
export type RatingValue = (typeof ratingValues)[number]

const Deadline = z.strictObject({
  days: z.int().min(1),
  /** Of the hall's calendar, or as they come. */
  counted: z.enum(['working', 'calendar']),
})

export const ProvinceProfile = z.strictObject({
  title: z.string().min(2),
  /** The field on the wire that takes each value. A value without a field is not sent. */
  fields: z.partialRecord(z.enum(ratingValues), z.string().min(1)),
  /** Fields that are the same in every record. */
  constants: z.record(z.string(), z.string()),
  /** Some count 1 as best, some from 0 to 4: every level has its code here. */
  levels: z.strictObject({ 1: z.string(), 2: z.string(), 3: z.string(), 4: z.string(), 5: z.string() }),
  channels: z.strictObject({ pad: z.string(), terminal: z.string(), keypad: z.string() }),
  /** y M d H m s stand for the parts of China's time. */
  timeFormat: z.string().regex(/y.*M.*d.*H.*m.*s/),
  labelSeparator: z.string().min(1),
  /** Levels below this one are refused without a label or words. */
  reasonWantedBelow: z.int().min(1).max(5),
  callBack: Deadline,
  putRight: Deadline,
})
export type ProvinceProfile = z.infer<typeof ProvinceProfile>

const folder = join(import.meta.dirname, 'profiles')

export function profileNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort()
}

/** null when there is none of that name; throws when its file is wrong, with the path of each fault. */
export function loadProfile(name: string): ProvinceProfile | null {
  if (!profileNames().includes(name)) return null
  const parsed = ProvinceProfile.safeParse(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')))
  if (!parsed.success) throw new Error(`profiles/${name}.json: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}
