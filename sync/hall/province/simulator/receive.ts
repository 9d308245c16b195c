/** What a province does with a request before it looks at the record: address, envelope, time, signature, nonce, cipher. */
import type { IncomingHttpHeaders } from 'node:http'
import { fromChinaTime } from '../china-time.ts'
import { decrypt } from '../encryption.ts'
import type { AnswerMeaning, Envelope, ProvinceProfile, RecordShape } from '../profile-schema.ts'
import { type Credentials, verify } from '../signing.ts'
import { type Filling, readTemplate } from '../templates.ts'

export interface ProvinceKeys {
  credentials: Credentials
  /** SM2, of the hall. */
  publicKey: string
}

export type Received =
  | { ok: true; kind: 'service' | 'rating'; record: Record<string, unknown> }
  | { ok: false; means: AnswerMeaning; words: string }
  /** Nothing of a platform answers there. */
  | { ok: false; means: null; words: string }

export interface Incoming {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}

export interface Gate {
  profile: ProvinceProfile
  keys: ProvinceKeys
  now: Date
  /** Nonces that have been used. */
  nonces: Set<string>
}

export function receive(incoming: Incoming, gate: Gate): Received {
  const { profile } = gate
  const kind = (['service', 'rating'] as const).find((name) => profile[name].path === incoming.path)
  if (kind === undefined || incoming.method !== 'POST')
    return { ok: false, means: null, words: 'no such address' }
  const filling = unwrap(incoming, profile[kind], profile.envelope)
  if (filling === null) return { ok: false, means: 'refused', words: '报文格式错误' }
  const fault = checkSender({ ...filling, path: incoming.path }, gate)
  if (fault !== null) return fault
  const record = recordOf(filling, gate)
  if (record === null) return { ok: false, means: 'unauthorised', words: '签名或密文错误' }
  return { ok: true, kind, record }
}

function unwrap({ headers, body }: Incoming, shape: RecordShape, envelope: Envelope): Filling | null {
  const found = readTemplate(shape.body, bodyValue(body, envelope))
  if (found === null) return null
  for (const [name, template] of Object.entries(envelope.headers)) {
    const inHeader = readTemplate(template, headers[name.toLowerCase()])
    if (inHeader === null) return null
    Object.assign(found, inHeader)
  }
  return found
}

function bodyValue(body: string, { format }: Envelope): unknown {
  if (format === 'form') return Object.fromEntries(new URLSearchParams(body))
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

function checkSender(filling: Filling, { profile, keys, now, nonces }: Gate): Received | null {
  const { envelope, signing } = profile
  if (filling.appKey !== undefined && filling.appKey !== keys.credentials.appKey)
    return { ok: false, means: 'unauthorised', words: '签名错误：应用标识未注册' }
  if (filling.timestamp !== undefined) {
    const at = timeOf(String(filling.timestamp), envelope)
    if (at === null || Math.abs(at.getTime() - now.getTime()) > envelope.windowSeconds * 1000)
      return { ok: false, means: 'clock', words: '请求时间超出允许范围' }
  }
  if (signing.kind !== 'none') {
    const payload = typeof filling.payload === 'string' ? filling.payload : JSON.stringify(filling.payload)
    if (!verify(signing, { ...filling, payload }, String(filling.signature ?? ''), keys))
      return { ok: false, means: 'unauthorised', words: '签名错误' }
  }
  if (filling.nonce !== undefined) {
    const nonce = String(filling.nonce)
    if (nonces.has(nonce)) return { ok: false, means: 'unauthorised', words: '签名错误：随机数重复' }
    nonces.add(nonce)
  }
  return null
}

function timeOf(text: string, { timestamp }: Envelope): Date | null {
  if (timestamp !== 'unix-seconds' && timestamp !== 'unix-milliseconds') return fromChinaTime(text, timestamp)
  if (!/^\d{1,15}$/.test(text)) return null
  return new Date(Number(text) * (timestamp === 'unix-seconds' ? 1000 : 1))
}

function recordOf({ payload }: Filling, { profile, keys }: Gate): Record<string, unknown> | null {
  const { encryption, envelope } = profile
  let value: unknown = payload
  if (envelope.payload === 'text') {
    const text =
      encryption === null
        ? String(payload)
        : decrypt(encryption, String(payload), keys.credentials.encryptionKey())
    try {
      value = JSON.parse(text ?? '')
    } catch {
      return null
    }
  }
  if (envelope.list) {
    if (!Array.isArray(value) || value.length !== 1) return null
    value = value[0]
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null
}
