/**
 * All that a hall server keeps. One interface, so that a village's SQLite file and a province's PostgreSQL are the
 * same hall: everything is asynchronous, and whatever has to be decided together is one call.
 * Every implementation passes test/sync/hall/store-conformance.ts.
 */
import type { DeviceRole } from '../../protocol/devices.ts'
import type { Head } from '../../protocol/identifiers.ts'
import type { SigningKey } from '../../protocol/keys.ts'
import type { StoreError } from '../../sqlite.ts'
import type { DemoHall } from './demo-hall.ts'
import type { DocumentHandles } from './document-handles.ts'
import type { Evaluations } from './evaluations.ts'
import type { ProvinceQueue } from './province-queue.ts'
import type { SealedRequests } from './sealed-requests.ts'
import type { SealingKids } from './sealing-kids.ts'
import type { TechnicianCodes } from './technician-codes.ts'
import type { Tokens } from './tokens.ts'

/** A code lies in the store as the SHA-256 of its text only: who reads a backup cannot enrol with it. */
export interface EnrolmentCodeRow {
  codeHash: string
  createdAt: Date
  expiresAt: Date
}

export interface DeviceFacts {
  role: DeviceRole
  name: string
  window: string | null
  software: string
}

export interface StoredDevice extends DeviceFacts {
  deviceId: string
  publicKey: SigningKey
  /** RFC 7638, of `publicKey`. */
  thumbprint: string
  enrolledAt: Date
  revokedAt: Date | null
}

export interface Enrolment {
  codeHash: string
  publicKey: SigningKey
  thumbprint: string
  device: DeviceFacts
  at: Date
  /** Makes the id of a new device from its number in this hall. */
  nameDevice: (number: number) => string
}

export type EnrolOutcome =
  /** `again`: this code had been used with this very key before; the answer is the same. */
  | { outcome: 'enrolled'; deviceId: string; again: boolean }
  | { outcome: 'unknown-code' | 'expired-code' | 'code-used' | 'revoked' }

/** An event as it is stored: `text` is the canonical text that the device signed and sent, byte for byte. */
export interface StoredEvent {
  epoch: number
  sequence: number
  type: string
  hash: string
  prevhash: string
  text: string
}

/** An event as it is handed out with all that the hall knows of it. */
export interface ReceivedEvent extends StoredEvent {
  deviceId: string
  /** When the device says it happened; null when its text does not say so any more. */
  time: Date | null
  receivedAt: Date
}

/** A rating for a service with a case: what the province is told of. */
export interface RatedService {
  sequence: number
  caseNo: string
  serviceNumber: number
  assessNumber: number
  /** Its reason is still to be asked for by telephone. */
  reasonPending: boolean
  capturedAt: string
}

/** One batch after its schema checks: consecutive events of one epoch, without those that were refused. */
export interface ReceivedBatch {
  deviceId: string
  epoch: number
  /** The first and the last sequence that were sent, refused ones included. */
  first: number
  last: number
  accepted: readonly StoredEvent[]
  /** Holes that this batch's `set-aside` facts own up to: they are not asked for any more. */
  explained: readonly { epoch: number; sequence: number }[]
  /** Those of `accepted` that are ratings with a case; each one newly stored waits for the province from then on. */
  ratings: readonly RatedService[]
  at: Date
  /** At most so many missing sequences are named in an answer, the newest. */
  missingLimit: number
}

export type BatchOutcome =
  | { outcome: 'stored'; stored: number; duplicate: number; missing: number[] }
  /** Nothing of the batch was kept: at `sequence` another chain is stored, with this `hash`. */
  | ({ outcome: 'fork' } & Contradiction)

export interface Contradiction {
  sequence: number
  hash: string
}

/** How far a device's chain is known in one epoch. */
export interface ChainHead {
  epoch: number
  /** The last event the hall has answered for; null before the first. */
  through: number | null
  /** What the device itself last said of its chain; null before its first status. */
  told: { sequence: number; hash: string } | null
  /** When two different chains were seen under this epoch for the first time. */
  forkedAt: Date | null
}

export interface StatusReport {
  deviceId: string
  bootId: string
  head: Head | null
  /** The canonical text of the whole report. */
  text: string
  at: Date
}

export interface StoredStatus {
  text: string
  at: Date
  bootId: string
  /** Set when an earlier bootId came back: two machines run with one identity. */
  cloneSeenAt: Date | null
}

export interface Allowance {
  /** What is being counted, such as `card-search`. */
  use: string
  /** Whose uses are counted together. */
  by: string
  limit: number
  windowMs: number
  at: Date
  /** `only`: whether one more would be allowed, without counting it. */
  ask?: 'only'
}

export type AllowanceOutcome = { allowed: true } | { allowed: false; retryAfterMs: number }

export interface KeptAnswer {
  /** SHA-256 of the request that was answered: the same key with another request is a defect of the device. */
  requestHash: string
  status: number
  body: string
}

export interface Store {
  addEnrolmentCode(code: EnrolmentCodeRow): Promise<void>
  /** In one step, so that two keys with one code cannot both be enrolled. */
  enrol(enrolment: Enrolment): Promise<EnrolOutcome>

  device(deviceId: string): Promise<StoredDevice | null>
  devices(): Promise<StoredDevice[]>
  /** false: no such device, or revoked already. */
  revokeDevice(deviceId: string, at: Date): Promise<boolean>

  /** Under a lock of that device and in one transaction: everything that was accepted, or nothing. */
  storeBatch(batch: ReceivedBatch): Promise<BatchOutcome>
  /** In order of epoch and sequence. */
  eventsOf(deviceId: string): AsyncIterable<StoredEvent>
  /**
   * Events of all devices, enrolled or revoked, that say they happened from `from` and before `to`, device by device
   * in chain order; those that do not say when are among them. Page by page: bounded memory, nobody waits for it.
   */
  eventsBetween(from: Date, to: Date): AsyncIterable<ReceivedEvent>
  headsOf(deviceId: string): Promise<ChainHead[]>
  /** Every id that a record or a head stands under, in order, whether a device of that name is enrolled or not. */
  chainIds(): Promise<string[]>
  /** The numbers of all devices, ascending: they are given out one by one, and none is ever taken back. */
  deviceNumbers(): Promise<number[]>
  /** All events, or those of one type name. */
  countEvents(type?: string): Promise<number>

  putStatus(report: StatusReport): Promise<void>
  statusOf(deviceId: string): Promise<StoredStatus | null>

  /** false: this id was shown before. It is forgotten after `until`, when what it stands for is refused for its age. */
  takeOnce(deviceId: string, jti: string, until: Date, at: Date): Promise<boolean>
  /** Counts one use in a sliding window, unless the limit is reached. */
  allow(allowance: Allowance): Promise<AllowanceOutcome>

  /** The answer first given under an Idempotency-Key, kept or found; kept for a day. */
  keepAnswer(deviceId: string, key: string, answer: KeptAnswer, at: Date): Promise<KeptAnswer>
  keptAnswer(deviceId: string, key: string): Promise<KeptAnswer | null>

  /** Which sealing keys this hall has handed out. */
  readonly sealingKids: SealingKids
  readonly tokens: Tokens
  /** For technicians who have lost a PIN. */
  readonly technicianCodes: TechnicianCodes
  readonly province: ProvinceQueue
  readonly documents: DocumentHandles
  /** Which request a sealing came with, under an Idempotency-Key. */
  readonly sealed: SealedRequests
  /** Questions for the pads, asked through this hall. */
  readonly evaluations: Evaluations
  /** What happened in a demonstration hall. */
  readonly demo: DemoHall

  /** Comes when nothing can be answered for any more: this process has to end, and the store to be opened anew. */
  readonly failed: Promise<StoreError>
  close(): Promise<void>
}
