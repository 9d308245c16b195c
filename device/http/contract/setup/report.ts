/** The readiness report: what was proved on this device, to be signed. */
import { z } from 'zod'

export interface ReportState {
  /** Why the device is not ready; empty where it is. */
  open: OpenPoint[]
  ready: boolean
  /** The newest report that was made; null before the first since this program began. */
  made: {
    number: number
    /** RFC 3339. */
    at: string
    /** At /api/setup/files/NAME while somebody is in. */
    file: string
    ready: boolean
    pages: number
    tookMs: number
  } | null
  /** One is being made. */
  making: boolean
  /** How the newest print of it went; null before. `printed` and `probable` have the printer's word. */
  printed: {
    paper: 'a4' | 'receipt'
    outcome: 'printing' | 'printed' | 'probable' | 'unknown' | 'failed'
    reason: string | null
  } | null
  /** How saving it went; `done` or a stable code. */
  saved: { file: string; code: string } | null
}

/** `what`: a peripheral by its name, `hall`, `screen`, `network`, `clock`, `storage`, or the id of a fault. */
export interface OpenPoint {
  what: string
  code: OpenCode
}

export type OpenCode =
  | 'not-tried' // a peripheral's test, or a check
  | 'failed'
  | 'not-working' // it passed its test, and is out of work now
  | 'none-bound'
  | 'not-measured'
  | 'not-enrolled'
  | 'not-running'
  | 'fault'

export const ReportAction = z.discriminatedUnion('type', [
  /** The checks that it rests on are made, those of them that nobody has made yet. */
  z.strictObject({ type: z.literal('check') }),
  z.strictObject({ type: z.literal('make') }),
  z.strictObject({ type: z.literal('print'), paper: z.enum(['a4', 'receipt']) }),
  z.strictObject({ type: z.literal('save'), stick: z.string().min(1).max(128) }),
])
export type ReportAction = z.infer<typeof ReportAction>
