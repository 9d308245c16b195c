/** What the room `device` keeps beside the configuration: how far the first run is, and the panel's pixels. */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { replaceFile, syncFolderOf } from '../../../sync/durable-file.ts'

const FILE_NAME = 'setup.json'
/** An enrolment code lies in it until the configuration has it. */
const FILE_MODE = 0o600

const Step = z.enum(['name', 'hall', 'role', 'peripherals', 'screen', 'report'])

const Kept = z.strictObject({
  version: z.literal(1),
  /** Null once the first run is over. */
  firstRun: z
    .strictObject({
      step: Step,
      /** Steps that were gone through although nothing else shows it. */
      passed: z.array(Step).max(Step.options.length),
      name: z.string().nullable(),
      url: z.string().nullable(),
      enrolmentCode: z.string().nullable(),
      /** PEM of the authority that the technician has taken for the hall's. */
      ca: z.string().nullable().default(null),
    })
    .nullable(),
  /** As somebody has measured it; null before. */
  panel: z
    .strictObject({
      diagonalInches: z.number(),
      widthPx: z.int().min(1),
      heightPx: z.int().min(1),
    })
    .nullable(),
})
export type Kept = z.infer<typeof Kept>
export type FirstRun = NonNullable<Kept['firstRun']>

export const NEW_FIRST_RUN: FirstRun = {
  step: 'name',
  passed: [],
  name: null,
  url: null,
  enrolmentCode: null,
  ca: null,
}

/** One that is missing or damaged is made anew: nothing in it is worth more than being asked once more. */
export const readKept = (dataDir: string, configured: boolean): Kept => {
  const fresh: Kept = { version: 1, firstRun: configured ? null : NEW_FIRST_RUN, panel: null }
  try {
    const kept = Kept.safeParse(JSON.parse(readFileSync(join(dataDir, FILE_NAME), 'utf8')))
    if (!kept.success) return fresh
    // Without a configuration there is a first run, whatever was there before.
    return kept.data.firstRun === null && !configured ? { ...kept.data, firstRun: NEW_FIRST_RUN } : kept.data
  } catch (error) {
    if (error instanceof SyntaxError) return fresh
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return fresh
    throw error
  }
}

/** @throws the system's error when it cannot be written; the old one is then still whole */
export const writeKept = (dataDir: string, kept: Kept): void =>
  replaceFile(join(dataDir, FILE_NAME), `${JSON.stringify(kept, null, 2)}\n`, FILE_MODE)

/** Of a device that is retired. */
export const forgetKept = (dataDir: string): void => {
  const path = join(dataDir, FILE_NAME)
  rmSync(path, { force: true })
  syncFolderOf(path)
}
