/**
 * One part of a storm: many devices in one process, each with its key, its chain and its own waiting, sending as the
 * uplink does: one batch at a time, signed when it is sent but for the very first, Retry-After obeyed with jitter.
 * Told `prepare` and then `go`; tells how every single answer went.
 */
import { Agent, request } from 'node:http'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import {
  createBackoff,
  LINE_BACKOFF_FIRST_MS,
  LINE_BACKOFF_MAX_MS,
  RETRY_AFTER_JITTER_MS,
} from '../../../sync/backoff.ts'
import { BATCH_PATH, BatchAnswer, type EncodedBatch, encodeBatch } from '../../../sync/protocol/batch.ts'
import { formatSequence } from '../../../sync/protocol/identifiers.ts'
import { createSigningKeyPair, signEd25519 } from '../../../sync/protocol/keys.ts'
import { signRequest } from '../../../sync/protocol/signature.ts'
import { CHAIN_START, nextTexts } from './rows.ts'

export interface Prepare {
  prepare: { url: string; first: number; devices: number; events: number; batchEvents: number }
}
export interface Prepared {
  /** To be enrolled by whoever runs the storm: the public keys in the order of the devices. */
  keys: { kty: 'OKP'; crv: 'Ed25519'; x: string }[]
}
export interface Outcome {
  answers: { status: number; ms: number }[]
  /** Of each device, from the start to its last event's answer. */
  finishedMs: number[]
  /** Of each device, how often it was sent away in all. */
  sentAway: number[]
  noAnswer: number
}

interface Device {
  id: string
  privateKey: ReturnType<typeof createSigningKeyPair>['privateKey']
  batches: { encoded: EncodedBatch; through: string }[]
  /**
   * Of the first batch, made in advance: each device of a storm signs by itself, and thousands of signatures in this
   * process would spread out the storm and take the processor from the server.
   */
  firstHeaders: Record<string, string>
}

export const deviceName = (number: number): string => `P-STORM-${number}`

const outcome: Outcome = { answers: [], finishedMs: [], sentAway: [], noAnswer: 0 }
const agent = new Agent({ keepAlive: true })
let url = ''
let devices: Device[] = []

function prepare(of: Prepare['prepare']): Prepared {
  url = of.url
  const keys: Prepared['keys'] = []
  devices = Array.from({ length: of.devices }, (_, index) => {
    const id = deviceName(of.first + index)
    const { publicKey, privateKey } = createSigningKeyPair()
    keys.push(publicKey)
    const batches: Device['batches'] = []
    let link = CHAIN_START
    while (link.sequence < of.events) {
      const made = nextTexts(id, link, Math.min(of.batchEvents, of.events - link.sequence))
      link = made.link
      batches.push({ encoded: encodeBatch(made.texts), through: formatSequence(link.sequence) })
    }
    return { id, privateKey, batches, firstHeaders: {} }
  })
  for (const device of devices) {
    const [first] = device.batches
    if (first !== undefined) device.firstHeaders = signed(device, first.encoded)
  }
  return { keys }
}

/** `ms`: from the moment that the device asked, the connection's own time included. */
type Answered = { status: number; retryAfter: string | undefined; body: string; ms: number }

function signed({ id, privateKey }: Device, { body }: EncodedBatch): Record<string, string> {
  const signer = { keyId: id, sign: (bytes: Uint8Array) => signEd25519(privateKey, bytes) }
  return signRequest({ method: 'POST', path: BATCH_PATH, body }, signer, new Date())
}

function send(
  signature: Record<string, string>,
  { body, contentType, contentEncoding }: EncodedBatch,
): Promise<Answered> {
  const headers: Record<string, string | number> = {
    ...signature,
    'content-type': contentType,
    'content-length': body.byteLength,
  }
  if (contentEncoding !== null) headers['content-encoding'] = contentEncoding
  return new Promise((resolve, reject) => {
    const sentAt = performance.now()
    const asked = request(url + BATCH_PATH, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const { statusCode: status = 0, headers } = response
        resolve({ status, retryAfter: headers['retry-after'], body: text, ms: performance.now() - sentAt })
      })
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

async function deliver(device: Device, begun: number): Promise<void> {
  let sentAway = 0
  const backoff = createBackoff(LINE_BACKOFF_FIRST_MS, LINE_BACKOFF_MAX_MS)
  let headers: Record<string, string> | null = device.firstHeaders
  for (const { encoded, through } of device.batches)
    for (;;) {
      const answered = await send(headers ?? signed(device, encoded), encoded).catch(() => null)
      headers = null
      if (answered === null) {
        outcome.noAnswer += 1
        await sleep(backoff.next())
        continue
      }
      outcome.answers.push({ status: answered.status, ms: answered.ms })
      if (answered.status === 200) {
        if (BatchAnswer.parse(JSON.parse(answered.body)).through !== through)
          throw new Error(`${device.id}: not through ${through}: ${answered.body}`)
        break
      }
      if (answered.status !== 429 || answered.retryAfter === undefined)
        throw new Error(`${device.id}: ${answered.status} ${answered.body}`)
      sentAway += 1
      await sleep(Number(answered.retryAfter) * 1000 + Math.random() * RETRY_AFTER_JITTER_MS)
    }
  outcome.finishedMs.push(performance.now() - begun)
  outcome.sentAway.push(sentAway)
}

process.on('disconnect', () => process.exit(0))
process.on('message', async (message: Prepare | { go: true }) => {
  if ('prepare' in message) {
    process.send?.(prepare(message.prepare))
    return
  }
  outcome.answers.length = outcome.finishedMs.length = outcome.sentAway.length = outcome.noAnswer = 0
  const begun = performance.now()
  const deliveries: Promise<void>[] = []
  for (const device of devices) {
    deliveries.push(deliver(device, begun))
    // Its connection goes out now, not behind the making of all the others.
    await turn()
  }
  await Promise.all(deliveries)
  process.send?.(outcome)
})
