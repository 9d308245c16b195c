/** Somebody who holds a device's key and may do with it what no device does; and an honest device beside it. */
import { encodeBatch } from '../../../sync/protocol/batch.ts'
import { EnrolmentAnswer } from '../../../sync/protocol/devices.ts'
import { createSigningKeyPair, signEd25519, thumbprint } from '../../../sync/protocol/keys.ts'
import { type RequestSigner, signRequest } from '../../../sync/protocol/signature.ts'
import { TestChain, texts } from '../../sync/hall/helpers.ts'
import type { HallProcess } from './hall-process.ts'

export interface Ask {
  method: string
  path: string
  body?: Uint8Array | string
  headers?: Record<string, string>
  /** Over what the signature has put there. */
  forged?: Record<string, string | null>
  created?: Date
  keyId?: string
  signal?: AbortSignal
}

export interface Reply {
  status: number
  code: string | null
  text: string
  retryAfterMs: number
}

export class Sender {
  readonly keys = createSigningKeyPair()
  readonly #hall: HallProcess
  deviceId = ''

  constructor(hall: HallProcess) {
    this.#hall = hall
  }

  signer(keyId = this.deviceId): RequestSigner {
    return { keyId, sign: (bytes) => signEd25519(this.keys.privateKey, bytes) }
  }

  headers(ask: Ask): Record<string, string> {
    const body = ask.body === undefined ? null : Buffer.from(ask.body)
    const signed = signRequest(
      { method: ask.method, path: ask.path, body },
      this.signer(ask.keyId),
      ask.created ?? new Date(),
    )
    const headers: Record<string, string> = { ...ask.headers, ...signed }
    for (const [name, value] of Object.entries(ask.forged ?? {})) {
      if (value === null) delete headers[name]
      else headers[name] = value
    }
    return headers
  }

  /** The request as it goes over the wire. */
  bytes(ask: Ask): Buffer {
    const body = Buffer.from(ask.body ?? '')
    const lines = Object.entries({
      host: 'hall',
      ...this.headers(ask),
      'content-length': String(body.length),
    })
    const head = [
      `${ask.method} ${ask.path} HTTP/1.1`,
      ...lines.map(([name, value]) => `${name}: ${value}`),
    ].join('\r\n')
    return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body])
  }

  async ask(ask: Ask): Promise<Reply> {
    const response = await fetch(this.#hall.url + ask.path, {
      method: ask.method,
      headers: this.headers(ask),
      body: ask.body === undefined ? null : new Uint8Array(Buffer.from(ask.body)),
      signal: ask.signal ?? null,
    })
    const text = await response.text()
    const retryAfterMs = Number(response.headers.get('retry-after') ?? 0) * 1000
    return { status: response.status, code: codeOf(text), text, retryAfterMs }
  }

  async enrol(): Promise<void> {
    const body = JSON.stringify({
      enrolmentCode: await this.#hall.enrolmentCode(),
      publicKey: this.keys.publicKey,
      role: 'pad',
      name: '12号窗口',
      window: '12',
      software: '0.1.0',
    })
    const ask = { method: 'POST', path: '/v1/devices', body, headers: { 'content-type': 'application/json' } }
    const { text } = await this.ask({ ...ask, keyId: thumbprint(this.keys.publicKey) })
    this.deviceId = EnrolmentAnswer.parse(JSON.parse(text)).deviceId
  }

  /** Comes again, as it is told to, while the hall is busy: whatever else the machine does, what it thinks of this. */
  async batchInTurn(body: Uint8Array | string, encoding?: string): Promise<Reply> {
    for (;;) {
      const reply = await this.batch(body, encoding)
      if (reply.code !== 'hall-busy') return reply
      await new Promise((resolve) => setTimeout(resolve, reply.retryAfterMs))
    }
  }

  async batch(body: Uint8Array | string, encoding?: string): Promise<Reply> {
    const headers = {
      'content-type': 'application/cloudevents-batch+json',
      ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    }
    return await this.ask({ method: 'POST', path: '/v1/batches', body, headers })
  }
}

function codeOf(text: string): string | null {
  try {
    const { code } = JSON.parse(text) as { code?: unknown }
    return typeof code === 'string' ? code : null
  } catch {
    return null
  }
}

/**
 * How much a hall may work on others' misbehaviour before an honest device has its answer: a device gives up after 4 s.
 * In processor time of the hall, for a busy machine makes every answer late.
 */
const HONEST_PATIENCE_WORKED_MS = 4_000
/** Then the hall does not work, it hangs. */
const HANGING_MS = 60_000

/** A hall that others keep busy may send it away for a moment, and not time and again. */
const SENT_AWAY_AT_MOST = 10

export interface HonestDevice {
  readonly deviceId: string
  /** Events that were answered for, all with 200. */
  readonly stored: number
  /** Why it has given up; null as long as it goes on. */
  readonly failure: unknown
  /** The most that the hall worked before one answer. */
  readonly longestWorkedMs: number
  stop(): Promise<void>
}

/** @returns the hall's exit code. @throws Error when a rating of the honest device was not stored */
export async function endBoth(hall: HallProcess, honest: HonestDevice): Promise<number | null> {
  const served = await Promise.allSettled([honest.stop()])
  const exitCode = await hall.stop()
  if (served[0].status === 'rejected') throw served[0].reason
  if (honest.stored === 0) throw new Error('the honest device has had no answer')
  return exitCode
}

/** Sends one rating after the other until it is stopped. Whatever else happens at the hall, each has to be stored. */
export async function startHonestDevice(hall: HallProcess): Promise<HonestDevice> {
  const sender = new Sender(hall)
  await sender.enrol()
  const chain = new TestChain(sender.deviceId)
  let [stored, stopped, longestWorkedMs] = [0, false, 0]
  let failure: unknown = null
  const send = async (body: Uint8Array, contentType: string, awayBefore = 0): Promise<void> => {
    const headers = { 'content-type': contentType }
    const signal = AbortSignal.timeout(HANGING_MS)
    const workedBefore = hall.workedMs()
    const { status, text, retryAfterMs } = await sender.ask({
      method: 'POST',
      path: '/v1/batches',
      body,
      headers,
      signal,
    })
    const workedMs = hall.workedMs() - workedBefore
    longestWorkedMs = Math.max(longestWorkedMs, workedMs)
    if (workedMs > HONEST_PATIENCE_WORKED_MS) throw new Error(`an answer came after ${workedMs} ms of work`)
    if (status === 200) return
    if (status !== 429 || awayBefore === SENT_AWAY_AT_MOST)
      throw new Error(`an honest device was answered ${status}: ${text}`)
    await new Promise((resolve) => setTimeout(resolve, retryAfterMs))
    await send(body, contentType, awayBefore + 1)
  }
  const running = (async () => {
    while (!stopped) {
      const batch = await encodeBatch(texts(chain.ratings(1)))
      await send(batch.body, batch.contentType)
      stored += 1
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  })()
  running.catch((error) => {
    failure = error
  })
  return {
    deviceId: sender.deviceId,
    get stored() {
      return stored
    },
    get failure() {
      return failure
    },
    get longestWorkedMs() {
      return longestWorkedMs
    },
    async stop() {
      stopped = true
      await running
    },
  }
}
