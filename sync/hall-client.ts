/** All that a device asks of its hall server, apart from sending batches (PROTOCOLS.md §1.1, §1.4). */
import { z } from 'zod'
import { createHallClock, type HallClock } from './hall-clock.ts'
import { type HallAnswer, type HallFault, type HallLine, openHallLine, unexpected } from './hall-request.ts'
import type { HallTrust } from './hall-trust.ts'
import type { Identity } from './identity.ts'
import { CaseSearchAnswer, type CaseSearchRequest } from './protocol/cases.ts'
import { ContentManifest } from './protocol/content.ts'
import {
  CASE_SEARCHES_PATH,
  CONTENT_PATH,
  contentItemPath,
  DEVICES_PATH,
  EnrolmentAnswer,
  type EnrolmentRequest,
  StatusAnswer,
  type StatusReport,
  settingsPath,
  statusPath,
  TIME_PATH,
  TimeAnswer,
} from './protocol/devices.ts'
import { DOCUMENT_MEDIA_TYPE, documentPath, MAX_DOCUMENT_BYTES } from './protocol/documents.ts'
import { EvaluationStateAnswer, type PadAnswer, padAnswerPath } from './protocol/evaluations.ts'
import { Instant } from './protocol/identifiers.ts'
import { PICKUPS_PATH, PickupAnswer, type PickupRequest } from './protocol/pickups.ts'
import { PROOFS_PATH, ProofAnswer, type ProofRequest } from './protocol/proofs.ts'
import { QUEUE_PATH, QueueAnswer, TICKETS_PATH, TicketAnswer, type TicketRequest } from './protocol/queue.ts'
import { TechnicianCodeAnswer, technicianCodePath } from './protocol/technician-reset.ts'

export type { HallAnswer, HallFault, HallRequest } from './hall-request.ts'

/** A citizen stands and waits for these: longer than this nobody believes that an answer still comes. */
const SEARCH_TIMEOUT_MS = 10_000

/** Small questions of the device itself. */
const SHORT_TIMEOUT_MS = 10_000

/** An issuer makes and signs it first; the hall gives the issuer 20 s. */
const PROOF_TIMEOUT_MS = 30_000

/** 32 MiB, which the hall itself may have to fetch for 45 s. */
const DOCUMENT_TIMEOUT_MS = 90_000

/** A content item over a slow line. */
const ITEM_TIMEOUT_MS = 60_000

export type HallResult<T> = { ok: true; value: T } | HallFault

export type ManifestAnswer = { changed: false } | { changed: true; manifest: ContentManifest }

export type SettingsAnswer = { changed: false } | { changed: true; version: string; settings: unknown }

export interface HallClient extends HallLine {
  /**
   * Joins the hall and writes the identity; a device that has joined keeps its id without asking.
   * @throws the system's error when identity.json cannot be written: the same code and key again is then right
   */
  enrol(request: Omit<EnrolmentRequest, 'publicKey'>): Promise<HallResult<{ deviceId: string }>>
  searchCases(request: CaseSearchRequest): Promise<HallResult<CaseSearchAnswer>>
  /** The bytes of a paper, at most 32 MiB; 404 for a handle that is another's or over ten minutes old. */
  getDocument(handle: string): Promise<HallResult<Uint8Array>>
  /** @param key the Idempotency-Key: the same again, with the same request, is the same proof */
  requestProof(request: ProofRequest, key: string): Promise<HallResult<ProofAnswer>>
  /** @param key the Idempotency-Key: the same again, with the same request, is the same handing over */
  collect(request: PickupRequest, key: string): Promise<HallResult<PickupAnswer>>
  getQueue(): Promise<HallResult<QueueAnswer>>
  /** @param key the Idempotency-Key: the same again, with the same request, is the same number */
  takeTicket(request: TicketRequest, key: string): Promise<HallResult<TicketAnswer>>
  time(): Promise<HallResult<z.infer<typeof TimeAnswer>>>
  /**
   * What this pad says of a question that the hall had for it, and how it stands there then.
   * @throws Error before enrolment
   */
  answerEvaluation(
    id: string,
    state: PadAnswer['state'],
    bounds?: { timeoutMs?: number; signal?: AbortSignal },
  ): Promise<HallResult<EvaluationStateAnswer>>
  /** @throws Error before enrolment */
  reportStatus(report: StatusReport): Promise<HallResult<StatusAnswer>>
  /**
   * Whether this code lets a technician choose a new PIN here: yes once, and then no more.
   * @throws Error before enrolment
   */
  technicianCode(code: string): Promise<HallResult<TechnicianCodeAnswer>>
  /** @param version the one that is here already; null for none */
  getManifest(version: string | null): Promise<HallResult<ManifestAnswer>>
  /**
   * As the hall sent them, unchecked. @throws Error before enrolment
   * @param version the one that is here already; null for none
   */
  getSettings(version: string | null): Promise<HallResult<SettingsAnswer>>
  /** The bytes of a content item, unchecked; at most `maxBytes`. */
  getItem(sha256: string, maxBytes: number): Promise<HallResult<Uint8Array>>
}

/** @throws HallAddressError when `url` is none that this device may use */
export function createHallClient(options: {
  url: string
  identity: Identity
  clock?: HallClock
  trust?: HallTrust
}): HallClient {
  const { identity, clock = createHallClock(), trust } = options
  const line = openHallLine({ url: options.url, identity, clock, ...(trust === undefined ? {} : { trust }) })

  async function json<S extends z.ZodType>(
    schema: S,
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    timeoutMs: number,
    body?: unknown,
    idempotencyKey?: string,
  ): Promise<HallResult<z.infer<S>>> {
    const sentAt = clock.monotonic()
    const answer = await line.request({
      method,
      path,
      timeoutMs,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      ...(body === undefined
        ? {}
        : { body: Buffer.from(JSON.stringify(body)), contentType: 'application/json' }),
    })
    if (!answer.ok) return answer
    const read = readJson(schema, answer)
    if (read.ok) learnTime(clock, read.value, sentAt)
    return read
  }

  return {
    ...line,

    async enrol(request) {
      if (identity.deviceId !== null) return { ok: true, value: { deviceId: identity.deviceId } }
      const body: EnrolmentRequest = { ...request, publicKey: identity.publicKey }
      const answer = await json(EnrolmentAnswer, 'POST', DEVICES_PATH, SHORT_TIMEOUT_MS, body)
      if (!answer.ok) return answer
      identity.enrol(answer.value.deviceId, answer.value.sealingKey)
      return { ok: true, value: { deviceId: answer.value.deviceId } }
    },

    searchCases: (request) => json(CaseSearchAnswer, 'POST', CASE_SEARCHES_PATH, SEARCH_TIMEOUT_MS, request),

    async getDocument(handle) {
      const answer = await line.request({
        method: 'GET',
        path: documentPath(handle),
        timeoutMs: DOCUMENT_TIMEOUT_MS,
        maxAnswerBytes: MAX_DOCUMENT_BYTES,
      })
      if (!answer.ok) return answer
      return mediaTypeOf(answer) === DOCUMENT_MEDIA_TYPE
        ? { ok: true, value: answer.body }
        : unexpected(answer.status, `the answer is not ${DOCUMENT_MEDIA_TYPE}`, null)
    },

    requestProof: (request, key) => json(ProofAnswer, 'POST', PROOFS_PATH, PROOF_TIMEOUT_MS, request, key),
    collect: (request, key) => json(PickupAnswer, 'POST', PICKUPS_PATH, SEARCH_TIMEOUT_MS, request, key),
    getQueue: () => json(QueueAnswer, 'GET', QUEUE_PATH, SEARCH_TIMEOUT_MS),
    takeTicket: (request, key) => json(TicketAnswer, 'POST', TICKETS_PATH, SEARCH_TIMEOUT_MS, request, key),

    time: () => json(TimeAnswer, 'GET', TIME_PATH, SHORT_TIMEOUT_MS),

    async answerEvaluation(id, state, { timeoutMs = SHORT_TIMEOUT_MS, signal } = {}) {
      if (identity.deviceId === null) throw new Error('a device without an id is asked nothing by the hall')
      const answer = await line.request({
        method: 'PUT',
        path: padAnswerPath(identity.deviceId, id),
        body: Buffer.from(JSON.stringify({ state } satisfies PadAnswer)),
        contentType: 'application/json',
        timeoutMs,
        ...(signal === undefined ? {} : { signal }),
      })
      return answer.ok ? readJson(EvaluationStateAnswer, answer) : answer
    },

    reportStatus(report) {
      if (identity.deviceId === null) throw new Error('a device without an id has no status at the hall')
      return json(StatusAnswer, 'PUT', statusPath(identity.deviceId), SHORT_TIMEOUT_MS, report)
    },

    technicianCode(code) {
      if (identity.deviceId === null) throw new Error('a device without an id is not known to the hall')
      const path = technicianCodePath(identity.deviceId)
      return json(TechnicianCodeAnswer, 'POST', path, SHORT_TIMEOUT_MS, { code })
    },

    async getManifest(version) {
      const answer = await line.request({
        method: 'GET',
        path: CONTENT_PATH,
        timeoutMs: SHORT_TIMEOUT_MS,
        headers: version === null ? {} : { 'if-none-match': `"${version}"` },
      })
      if (!answer.ok) return answer
      if (answer.status === 304) return { ok: true, value: { changed: false } }
      const manifest = readJson(ContentManifest, answer)
      return manifest.ok ? { ok: true, value: { changed: true, manifest: manifest.value } } : manifest
    },

    async getSettings(version) {
      if (identity.deviceId === null) throw new Error('a device without an id has no settings at the hall')
      const answer = await line.request({
        method: 'GET',
        path: settingsPath(identity.deviceId),
        timeoutMs: SHORT_TIMEOUT_MS,
        headers: version === null ? {} : { 'if-none-match': `"${version}"` },
      })
      if (!answer.ok) return answer
      if (answer.status === 304) return { ok: true, value: { changed: false } }
      const settings = readJson(z.unknown(), answer)
      if (!settings.ok) return settings
      const tag = /^"([\x21\x23-\x7e]{1,128})"$/.exec(answer.headers.get('etag') ?? '')?.[1]
      if (tag === undefined) return unexpected(answer.status, 'the settings have no version', null)
      return { ok: true, value: { changed: true, version: tag, settings: settings.value } }
    },

    async getItem(sha256, maxBytes) {
      const path = contentItemPath(sha256)
      const answer = await line.request({
        method: 'GET',
        path,
        timeoutMs: ITEM_TIMEOUT_MS,
        maxAnswerBytes: maxBytes,
      })
      return answer.ok ? { ok: true, value: answer.body } : answer
    },
  }
}

/** An answer's JSON by its schema; `unexpected` for another media type or another shape. */
export function readJson<S extends z.ZodType>(schema: S, answer: HallAnswer): HallResult<z.infer<S>> {
  if (mediaTypeOf(answer) !== 'application/json')
    return unexpected(answer.status, 'the answer is not application/json', null)
  try {
    const read = schema.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(answer.body)))
    if (read.success) return { ok: true, value: read.data }
  } catch {
    // No JSON: told as any other answer that is not the contract's.
  }
  return unexpected(answer.status, 'the answer is not of the agreed shape', null)
}

function mediaTypeOf({ headers }: HallAnswer): string | undefined {
  return headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
}

/** Learns the hall's clock from any answer that tells it. */
export function learnTime(clock: HallClock, value: unknown, sentAt: number): void {
  if (typeof value !== 'object' || value === null || !('time' in value)) return
  const told = Instant.safeParse(value.time)
  if (told.success) clock.learn(told.data, sentAt)
}
