/** The hall's signed file on a stick, for a device without a line whose PIN is lost. */
import { readReset } from '../../../sync/protocol/technician-reset.ts'
import { refuse, type SetupAnswer } from '../workshop.ts'
import type { HallKeys } from './hall-keys.ts'

/** Clocks of a hall and of a device without a line may be this far apart. */
const CLOCK_APART_MS = 24 * 60 * 60 * 1000
/** Before this software was made: a clock that tells such a time was never set. */
const CLOCK_NOT_SET_BEFORE_MS = Date.UTC(2026, 0, 1)

export interface ResetCircumstances {
  hall: Pick<HallKeys, 'keys' | 'isUsed'>
  /** Null before enrolment: no hall knows this device then. */
  deviceId: string | null
  /** By the best clock that there is. */
  now: Date
}

/** @returns the id of the file, to be noted as used once the new PIN stands */
export const judgeResetFile = (
  bytes: Uint8Array,
  { hall, deviceId, now }: ResetCircumstances,
): { ok: true; id: string } | (SetupAnswer & { ok: false }) => {
  if (deviceId === null) return no('not-enrolled', 'no hall knows this device, so none can sign for it')
  const keys = hall.keys()
  if (keys.length === 0)
    return no('no-hall-key', 'this device has not learned the key of its hall yet: it needs the line once')
  const read = readReset(bytes, keys)
  if (!read.ok) {
    return read.fault === 'damaged'
      ? no('reset-file-damaged', 'the file is not whole: write it anew')
      : no('reset-file-not-signed', 'the file was not signed by the hall of this device, or was changed')
  }
  const { device, id, issuedAt, expiresAt } = read.claim
  if (device !== deviceId)
    return no('reset-file-other-device', `the file is for ${device}; this is ${deviceId}`)
  if (hall.isUsed(id)) return no('reset-file-used', 'the file was used before: ask the hall for another')
  const nowMs = now.getTime()
  if (nowMs < CLOCK_NOT_SET_BEFORE_MS || nowMs < Date.parse(issuedAt) - CLOCK_APART_MS)
    return no(
      'clock-wrong',
      'the clock of this device is behind: set it, or bring the line back, and try again',
    )
  if (nowMs > Date.parse(expiresAt))
    return no(
      'reset-file-expired',
      'the file is too old by the clock of this device: ask the hall for another',
    )
  return { ok: true, id }
}

const no = (code: string, detail: string): SetupAnswer & { ok: false } => ({
  ...refuse(code, detail),
  ok: false,
})
