/**
 * Which reports, complaints and requests have been dealt with: a line for each in a file of the hall's folder, added
 * and never changed, so that two people who close at once lose nothing.
 */
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { syncFolderOf } from '../../durable-file.ts'
import { FeedbackCode } from '../../protocol/feedback-code.ts'
import { formatInstant, Instant } from '../../protocol/identifiers.ts'
import { HallError } from '../fault.ts'

const FILE = 'feedback-closed.jsonl'
const OWNER_ONLY_MODE = 0o600

const Line = z.strictObject({ code: FeedbackCode, device: z.string(), closedAt: Instant })

/** By device and code, when each was closed first. @throws HallError `feedback-damaged` */
export function closedFeedback(dataDir: string): Map<string, Date> {
  const path = join(dataDir, FILE)
  const closed = new Map<string, Date>()
  for (const [index, text] of linesOf(path).entries()) {
    const line = Line.safeParse(jsonOf(text))
    if (!line.success)
      throw new HallError(
        'feedback-damaged',
        `${path}, line ${index + 1} is not what was written there: restore the file, or take that line out`,
      )
    const { device, code, closedAt } = line.data
    const key = feedbackKey(device, code)
    if (!closed.has(key)) closed.set(key, new Date(closedAt))
  }
  return closed
}

/** Two devices may have drawn one code. */
export function feedbackKey(device: string, code: string): string {
  return `${device} ${code}`
}

/** When this returns it survives a pulled plug. @throws the system's error when it cannot be written */
export function noteClosed(dataDir: string, device: string, code: string, at: Date): void {
  const path = join(dataDir, FILE)
  const file = openSync(path, 'a', OWNER_ONLY_MODE)
  try {
    writeSync(file, `${JSON.stringify({ code, device, closedAt: formatInstant(at) })}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  syncFolderOf(path)
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
