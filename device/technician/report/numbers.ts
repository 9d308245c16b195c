/** How many readiness reports this device has made: DATA/technician-reports.json. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { replaceFile } from '../../../sync/durable-file.ts'

const FILE = 'technician-reports.json'
const OWNER_ONLY = 0o600

const Kept = z.strictObject({ version: z.literal(1), last: z.int().min(0) })

/**
 * A number is given once, also when nothing becomes of its report. A damaged file begins anew: the time tells reports
 * apart as well.
 * @throws the system's error when the folder cannot be written
 */
export const nextReportNumber = (dataDir: string): number => {
  const path = join(dataDir, FILE)
  const next = lastIn(path) + 1
  replaceFile(path, `${JSON.stringify({ version: 1, last: next })}\n`, OWNER_ONLY)
  return next
}

const lastIn = (path: string): number => {
  try {
    return Kept.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data?.last ?? 0
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (isAbsent || error instanceof SyntaxError) return 0
    throw error
  }
}
