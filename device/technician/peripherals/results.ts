/** What the last test of each peripheral said, kept until its port changes: DATA/technician-tests.json. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { replaceFile } from '../../../sync/durable-file.ts'
import { Instant } from '../../../sync/protocol/identifiers.ts'
import type { TestResult } from '../../http/contract.ts'
import { type Entry, sameEntry } from './entries.ts'

export const RESULTS_FILE = 'technician-tests.json'

const OWNER_ONLY = 0o600

const Code = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/)

const Kept = z.strictObject({
  entry: z.strictObject({
    name: z.enum(['idReader', 'scanner', 'receiptPrinter', 'pagePrinter', 'keypad']),
    driver: z.string(),
    profile: z.string().nullable(),
    port: z.string(),
  }),
  /** Who made it: the page and the command are the technician's. */
  by: z.literal('technician'),
  outcome: z.enum(['passed', 'failed']),
  at: Instant,
  step: Code.nullable(),
  reason: Code.nullable(),
  software: z.string().min(1).max(64),
  proof: z.enum(['confirmed', 'probable']).nullable(),
})
type Kept = z.infer<typeof Kept>

const File = z.strictObject({ version: z.literal(1), tests: z.array(Kept) })

/** The result that holds for this entry; null when it was not tried since its port was bound. */
export const resultOf = (dataDir: string, entry: Entry): TestResult | null => {
  const kept = readKept(dataDir).find((one) => sameEntry(one.entry, entry))
  if (kept === undefined) return null
  const { outcome, at, step, reason, software, proof } = kept
  return { outcome, at, step, reason, software, proof }
}

/** @throws the system's error when the folder cannot be written */
export const keepResult = (dataDir: string, entry: Entry, result: TestResult): void => {
  const others = readKept(dataDir).filter((one) => one.entry.name !== entry.name)
  const { name, driver, profile, port } = entry
  write(dataDir, [...others, { entry: { name, driver, profile, port }, by: 'technician', ...result }])
}

/** A port that was changed and is changed back was another in between: what was proved there is not proved here. */
export const forgetResult = (dataDir: string, name: Entry['name']): void => {
  const kept = readKept(dataDir)
  const others = kept.filter((one) => one.entry.name !== name)
  if (others.length < kept.length) write(dataDir, others)
}

/** A file that is damaged, or of a later version, says nothing: then nothing was tried. */
const readKept = (dataDir: string): Kept[] => {
  try {
    const parsed = File.safeParse(JSON.parse(readFileSync(join(dataDir, RESULTS_FILE), 'utf8')))
    return parsed.success ? parsed.data.tests : []
  } catch (error) {
    if (error instanceof SyntaxError || isAbsent(error)) return []
    throw error
  }
}

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')

const write = (dataDir: string, tests: readonly Kept[]): void =>
  replaceFile(join(dataDir, RESULTS_FILE), `${JSON.stringify({ version: 1, tests }, null, 2)}\n`, OWNER_ONLY)
