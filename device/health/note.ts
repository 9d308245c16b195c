/**
 * What a device writes down of its own health beside its store: for the doctor, which looks from another process or when
 * this one is gone, and for the next run, which then knows since when something is wrong. A hint, not a record: it is
 * not synced, and a disk that is full does without.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { removeQuietly } from '../../sync/durable-file.ts'

const FILE = 'health.json'
const OWNER_ONLY = 0o600

const Fault = z.object({
  id: z.string(),
  severity: z.enum(['fault', 'warning']),
  since: z.string(),
  stops: z.array(z.string()),
  todo: z.array(z.string()),
  facts: z.record(z.string(), z.string()),
})

const HealthNote = z.object({
  /** RFC 3339, when it was written. */
  at: z.string(),
  /** Of the process that wrote it; null once that has stopped as it should. */
  pid: z.int().nullable(),
  role: z.enum(['terminal', 'pad']),
  name: z.string(),
  deviceId: z.string().nullable(),
  software: z.string(),
  faults: z.array(Fault),
  /** Since when each part is in trouble. */
  parts: z.array(
    z.tuple([z.string(), z.object({ severity: z.enum(['fault', 'warning']), since: z.string() })]),
  ),
  backlog: z.object({ count: z.int(), oldestAt: z.string().nullable() }),
  setAside: z.object({ count: z.int() }),
})
export type HealthNote = z.infer<typeof HealthNote>

export type ReadNote =
  | { found: 'note'; note: HealthNote }
  /** `code`: the system's, as ENOENT; `damaged` for a file that is no such note. */
  | { found: 'none'; code: string }

export const readHealthNote = (dataDir: string): ReadNote => {
  try {
    const read = HealthNote.safeParse(JSON.parse(readFileSync(join(dataDir, FILE), 'utf8')))
    return read.success ? { found: 'note', note: read.data } : { found: 'none', code: 'damaged' }
  } catch (error) {
    if (error instanceof SyntaxError) return { found: 'none', code: 'damaged' }
    if (error instanceof Error && 'code' in error) return { found: 'none', code: String(error.code) }
    throw error
  }
}

/** Whole or not at all; nothing is said of a disk that does not take it, for others tell of that. */
export const writeHealthNote = (dataDir: string, note: HealthNote): void => {
  const path = join(dataDir, FILE)
  const beside = `${path}.new`
  try {
    writeFileSync(beside, `${JSON.stringify(note)}\n`, { mode: OWNER_ONLY })
    renameSync(beside, path)
  } catch {
    removeQuietly(beside)
  }
}
