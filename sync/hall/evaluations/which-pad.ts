/** Which pad stands at a window. */
import type { PadAtWindow } from '../store/evaluations.ts'

/** Three reports of a minute each: as the fleet's own word for a device that is silent. */
const SILENT_AFTER_MS = 3 * 60 * 1000

export type WhichPad = { verdict: 'this'; deviceId: string } | { verdict: 'none' } | { verdict: 'several' }

/**
 * One that was put in the place of another has its number as well, and the one before may not have been revoked yet:
 * then the one that is heard of is meant. With two that are both alive nobody here knows before which of them the
 * citizen stands, and a question on the wrong one would be answered by somebody else.
 * @param pads the newest first
 */
export function whichPad(pads: readonly PadAtWindow[], now: Date): WhichPad {
  const [newest] = pads
  if (newest === undefined) return { verdict: 'none' }
  if (pads.length === 1) return { verdict: 'this', deviceId: newest.deviceId }
  const alive = pads.filter(
    ({ heardAt }) => heardAt !== null && now.getTime() - heardAt.getTime() <= SILENT_AFTER_MS,
  )
  const [only = newest] = alive
  return alive.length > 1 ? { verdict: 'several' } : { verdict: 'this', deviceId: only.deviceId }
}
