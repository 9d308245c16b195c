import { LASTING, type Lasting } from '../../../device/health/settle.ts'
import type { TroubleKind } from '../../../device/health/trouble.ts'

/** What would have to last for seconds is told at once, so that a test waits for nothing but the device itself. */
export const BRIEF = Object.fromEntries(
  Object.keys(LASTING).map((kind) => [kind, { onsetMs: 1, endMs: 1 }]),
) as Record<TroubleKind, Lasting>
