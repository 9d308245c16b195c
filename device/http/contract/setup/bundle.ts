/** The support bundle: what a developer needs to mend a device, and nobody's name. */
import { z } from 'zod'

export interface BundleState {
  state: 'none' | 'made'
  /**
   * One text file, at /api/setup/files/NAME while somebody is in: what the page shows is, to the letter, what is saved.
   * Null until it is made.
   */
  made: { file: string; at: string; bytes: number; parts: string[] } | null
  /** How saving it went; `done` or a stable code. */
  saved: { file: string; code: string } | null
}

export const BundleAction = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('make') }),
  z.strictObject({ type: z.literal('save'), stick: z.string().min(1).max(128) }),
  z.strictObject({ type: z.literal('discard') }),
])
export type BundleAction = z.infer<typeof BundleAction>
