/** A hall over real HTTP, and a device that speaks to it with the real keys, signatures and chains. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Hall, type HallOptions, startHall } from '../../../sync/hall/hall.ts'
import { encodeBatch } from '../../../sync/protocol/batch.ts'
import { makeEvent } from '../../../sync/protocol/chain.ts'
import { EnrolmentAnswer } from '../../../sync/protocol/devices.ts'
import type { Envelope, EventData, EventType } from '../../../sync/protocol/events.ts'
import { FIRST_PREVHASH } from '../../../sync/protocol/identifiers.ts'
import {
  createSigningKeyPair,
  type SealingKey,
  signEd25519,
  thumbprint,
} from '../../../sync/protocol/keys.ts'
import { signRequest } from '../../../sync/protocol/signature.ts'
import { expectDescribed } from './support/described.ts'

/** A time that the tests can move. */
export class TestClock {
  #offsetMs = 0
  readonly now = (): Date => new Date(Date.now() + this.#offsetMs)

  advance(ms: number): void {
    this.#offsetMs += ms
  }
}

export interface TestHall {
  hall: Hall
  dataDir: string
  clock: TestClock
  close(): Promise<void>
}

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'w24-hall-'))
}

export async function startTestHall(options: Partial<HallOptions> = {}): Promise<TestHall> {
  const dataDir = options.dataDir ?? newFolder()
  const clock = new TestClock()
  const hall = await startHall({ listen: '127.0.0.1:0', demo: false, clock: clock.now, ...options, dataDir })
  return {
    hall,
    dataDir,
    clock,
    async close() {
      await hall.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

export interface Reply {
  status: number
  headers: Headers
  /** Empty where the answer is no JSON object. */
  json: Record<string, unknown>
  text: string
  bytes: Uint8Array
}

export interface Ask {
  method: string
  path: string
  body?: Uint8Array | string | object
  headers?: Record<string, string>
  idempotencyKey?: string
  /** Signed as if it were this much later. */
  skewMs?: number
  keyId?: string
  /** What is really sent, where it is not what was signed. */
  sent?: { body?: Uint8Array; path?: string; headers?: Record<string, string | null> }
}

export class TestDevice {
  readonly keys = createSigningKeyPair()
  readonly thumbprint = thumbprint(this.keys.publicKey)
  readonly #url: string
  readonly #now: () => Date
  deviceId = ''
  sealingKey!: SealingKey

  constructor({ hall, clock }: TestHall) {
    this.#url = hall.url
    this.#now = clock.now
  }

  async ask(ask: Ask): Promise<Reply> {
    const body = bytesOf(ask.body)
    const created = new Date(this.#now().getTime() + (ask.skewMs ?? 0))
    const signer = {
      keyId: ask.keyId ?? this.deviceId,
      sign: (bytes: Uint8Array) => signEd25519(this.keys.privateKey, bytes),
    }
    const headers: Record<string, string> = {
      ...(typeof ask.body === 'object' && !(ask.body instanceof Uint8Array)
        ? { 'content-type': 'application/json' }
        : {}),
      ...ask.headers,
      ...signRequest(
        { method: ask.method, path: ask.path, body, idempotencyKey: ask.idempotencyKey },
        signer,
        created,
      ),
    }
    for (const [name, value] of Object.entries(ask.sent?.headers ?? {})) {
      if (value === null) delete headers[name]
      else headers[name] = value
    }
    const sentBody = ask.sent?.body ?? body
    const response = await fetch(this.#url + (ask.sent?.path ?? ask.path), {
      method: ask.method,
      headers,
      ...(sentBody === null ? {} : { body: Uint8Array.from(sentBody) }),
    })
    const answer = await reply(response)
    expectDescribed({ method: ask.method, path: ask.sent?.path ?? ask.path }, response, answer.text)
    return answer
  }

  async askToEnrol(enrolmentCode: string, changes: Partial<Ask> & { fields?: object } = {}): Promise<Reply> {
    const { fields, ...ask } = changes
    const body = {
      enrolmentCode,
      publicKey: this.keys.publicKey,
      role: 'pad',
      name: '12号窗口',
      window: '12',
      software: '0.1.0',
      ...fields,
    }
    return await this.ask({ method: 'POST', path: '/v1/devices', body, keyId: this.thumbprint, ...ask })
  }

  async enrol(enrolmentCode: string): Promise<void> {
    const answer = EnrolmentAnswer.parse((await this.askToEnrol(enrolmentCode)).json)
    this.deviceId = answer.deviceId
    this.sealingKey = answer.sealingKey
  }

  async sendBatch(texts: readonly string[], changes: Partial<Ask> = {}): Promise<Reply> {
    const batch = await encodeBatch(texts)
    const encoding = batch.contentEncoding === null ? {} : { 'content-encoding': batch.contentEncoding }
    return await this.ask({
      method: 'POST',
      path: '/v1/batches',
      body: batch.body,
      headers: { 'content-type': batch.contentType, ...encoding },
      ...changes,
    })
  }
}

export async function reply(response: Response): Promise<Reply> {
  const bytes = new Uint8Array(await response.arrayBuffer())
  const text = new TextDecoder().decode(bytes)
  const isJson = /^application\/(?:problem\+)?json/.test(response.headers.get('content-type') ?? '')
  const json = isJson ? JSON.parse(text) : {}
  return { status: response.status, headers: response.headers, json, text, bytes }
}

function bytesOf(body: Ask['body']): Uint8Array | null {
  if (body === undefined) return null
  if (body instanceof Uint8Array) return body
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
}

export async function enrolledDevice(hall: TestHall): Promise<TestDevice> {
  const device = new TestDevice(hall)
  await device.enrol(hall.hall.createEnrolmentCode())
  return device
}

export interface Made {
  event: Envelope
  text: string
}

/** Makes the events of one device's chain, one after the other. */
export class TestChain {
  readonly deviceId: string
  epoch = 1
  sequence = 0
  hash = FIRST_PREVHASH

  constructor(deviceId: string) {
    this.deviceId = deviceId
  }

  next<T extends EventType>(type: T, data: EventData<T>): Made {
    const made = makeEvent({
      deviceId: this.deviceId,
      epoch: this.epoch,
      sequence: this.sequence + 1,
      prevhash: this.hash,
      type,
      time: new Date('2026-11-20T12:00:00Z'),
      data,
    })
    this.sequence += 1
    this.hash = made.event.hash
    return made
  }

  ratings(count: number): Made[] {
    return Array.from({ length: count }, () => this.next('rating', ratingData()))
  }

  /** The same point of the chain, to go on from in another way. */
  branch(): TestChain {
    return Object.assign(new TestChain(this.deviceId), {
      epoch: this.epoch,
      sequence: this.sequence,
      hash: this.hash,
    })
  }
}

export function ratingData(): EventData<'rating'> {
  return {
    level: 5,
    labels: ['510', '517'],
    reasonPending: false,
    dictionary: '2019.1',
    comment: null,
    channel: 'pad',
    assessNumber: 1,
    proof: 'none',
    case: {
      caseNo: 'YX2026110007K3',
      itemCode: '11330099MB0A00010R3000101010000',
      itemName: '普通护照申领',
      handleItem: null,
      serviceName: '普通护照申领',
      serviceNumber: 1,
      ticketNo: null,
    },
    staff: { staffId: 'S012', window: '12' },
    anonymous: true,
    user: null,
    askedAt: '2026-11-20T20:00:00+08:00',
    capturedAt: '2026-11-20T20:00:05+08:00',
    clock: { synchronized: true, offsetMs: -12 },
  }
}

export const texts = (made: readonly Made[]): string[] => made.map(({ text }) => text)
