/** How a device joins its hall and reports how it is (PROTOCOLS.md §1.1, §1.4). */
import { z } from 'zod'
import { ClockState } from './event-data.ts'
import { Code, DeviceId, Head, Instant } from './identifiers.ts'
import { SealingKey, SigningKey } from './keys.ts'

export const DEVICES_PATH = '/v1/devices'
export const TIME_PATH = '/v1/time'
export const CONTENT_PATH = '/v1/content'
export const CASE_SEARCHES_PATH = '/v1/case-searches'

export function contentItemPath(sha256: string): string {
  return `${CONTENT_PATH}/${sha256}`
}

export function statusPath(deviceId: string): string {
  return `${DEVICES_PATH}/${deviceId}/status`
}

export function eventsPath(deviceId: string): string {
  return `${DEVICES_PATH}/${deviceId}/events`
}

export function settingsPath(deviceId: string): string {
  return `${DEVICES_PATH}/${deviceId}/settings`
}

export const DeviceRole = z.enum(['terminal', 'pad'])
export type DeviceRole = z.infer<typeof DeviceRole>

const ENROLMENT_CODE_CHARACTERS = 10

/**
 * An enrolment code as typed by a person, in its one form; null when it can be none. Crockford's base 32 reads
 * O as 0 and I and L as 1, takes small letters, and lets hyphens and spaces stand anywhere.
 */
export function normalizeEnrolmentCode(typed: string): string | null {
  const code = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')
  return code.length === ENROLMENT_CODE_CHARACTERS && /^[0-9A-HJKMNP-TV-Z]+$/.test(code) ? code : null
}

const EnrolmentCode = z
  .string()
  .max(32)
  .transform((typed, context) => {
    const code = normalizeEnrolmentCode(typed)
    if (code !== null) return code
    context.addIssue('an enrolment code is 10 characters of Crockford base 32')
    return z.NEVER
  })

/** `POST /v1/devices`, signed by `publicKey` with its thumbprint as keyid. */
export const EnrolmentRequest = z.strictObject({
  enrolmentCode: EnrolmentCode,
  publicKey: SigningKey,
  role: DeviceRole,
  name: z.string().min(1).max(64),
  window: z.string().min(1).max(32).nullable(),
  software: z.string().min(1).max(64),
})
export type EnrolmentRequest = z.infer<typeof EnrolmentRequest>

export const EnrolmentAnswer = z.object({ deviceId: DeviceId, sealingKey: SealingKey, time: Instant })
export type EnrolmentAnswer = z.infer<typeof EnrolmentAnswer>

export const TimeAnswer = z.object({ time: Instant })

/** The most that one status tells; a device has some twenty parts. */
export const STATUS_FAULTS_MAX = 32

/** What is wrong with a device and has lasted. Codes alone: each end has its own words. */
export const StatusFault = z.strictObject({
  /** `PART.REASON`, as `receiptPrinter.paper-out` or `storage.disk-full`. */
  id: z.string().regex(/^[a-zA-Z]{1,32}\.[a-z0-9-]{1,64}$/),
  severity: z.enum(['fault', 'warning']),
  since: Instant,
  /** Services and duties that it stops. */
  stops: z.array(Code).max(16),
})
export type StatusFault = z.infer<typeof StatusFault>

/** `PUT /v1/devices/{id}/status`: each replaces the one before. */
export const StatusReport = z.strictObject({
  role: DeviceRole,
  software: z.string().min(1).max(64),
  uptimeSeconds: z.int().min(0),
  /** New at each start of the device's program. */
  bootId: z.uuid(),
  /** Null before the first event. */
  head: Head.nullable(),
  peripherals: z.record(
    z.string().regex(/^[a-zA-Z]{1,32}$/),
    z.strictObject({
      state: z.enum(['connecting', 'ready', 'fault']),
      since: Instant,
      reason: Code.nullable(),
      warnings: z.array(Code).max(8),
    }),
  ),
  /** Of the receipt printer; null where there is none or nobody knows. */
  paper: z.enum(['ok', 'near-end', 'out']).nullable(),
  /** Events that the hall has not got. */
  backlog: z.int().min(0),
  oldestUnsentAt: Instant.nullable(),
  clock: ClockState,
  storage: z.strictObject({
    freeBytes: z.int().min(0),
    totalBytes: z.int().min(0),
    /** There only while the disk needs a person: full, not to be written, or found damaged. */
    alarm: Code.optional(),
  }),
  /** The worst first; told only to a hall that knows of it (`StatusAnswer.knows`). */
  faults: z.array(StatusFault).max(STATUS_FAULTS_MAX).optional(),
})
export type StatusReport = z.infer<typeof StatusReport>

/**
 * What the hall has seen of this device that a technician has to end. `clone`: another machine reports under the same
 * identity. `fork`: two chains were seen under it.
 */
export const DeviceAlarm = z.enum(['clone', 'fork'])
export type DeviceAlarm = z.infer<typeof DeviceAlarm>

/** `content` and `settings` are the versions (ETags) that this device should have; null where there is none. */
export const StatusAnswer = z.object({
  time: Instant,
  content: z.string().nullable(),
  settings: z.string().nullable(),
  sealingKey: SealingKey,
  /** Left out where there is none. */
  alarms: z.array(DeviceAlarm).optional(),
  /** Verifies what the hall signs for the technicians of its devices (technician-reset.ts); left out by a hall that signs nothing. */
  technicianKey: SigningKey.optional(),
  /**
   * Members of the status that came after the first version of it and that this hall takes, as `faults`: an earlier one
   * refuses what it does not know. Left out by a hall that knows of none.
   */
  knows: z.array(Code).optional(),
})
export type StatusAnswer = z.infer<typeof StatusAnswer>

/** What `content` and `settings` of `GET /v1/devices/{id}/events` carry in their `data`. */
export const VersionNotice = z.object({ version: z.string().min(1).nullable() })

/** Between two signs of life on that stream, at the latest. */
export const EVENTS_COMMENT_SECONDS = 15
