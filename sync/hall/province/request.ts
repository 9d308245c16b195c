/** A record as one signed request of a province's own envelope. */
import { inChinaTime } from './china-time.ts'
import { encrypt } from './encryption.ts'
import type { Envelope, ProvinceProfile, RecordShape } from './profile-schema.ts'
import type { ProvinceRecord } from './record.ts'
import { type Credentials, newNonce, sign } from './signing.ts'
import { type Filling, fillTemplate, fillText } from './templates.ts'

export interface ProvinceRequest {
  path: string
  headers: Record<string, string>
  body: string
}

const MEDIA_TYPE = {
  json: 'application/json; charset=utf-8',
  form: 'application/x-www-form-urlencoded; charset=utf-8',
} as const satisfies Record<Envelope['format'], string>

/** @param at by the province's own clock, as far as it is known */
export function provinceRequest(
  profile: ProvinceProfile,
  shape: RecordShape,
  record: ProvinceRecord,
  { credentials, at }: { credentials: Credentials; at: Date },
): ProvinceRequest {
  const { envelope, encryption } = profile
  const payload = envelope.list ? [record] : record
  const text = JSON.stringify(payload)
  const sealed = encryption === null ? text : encrypt(encryption, text, credentials.encryptionKey())
  const unsigned: Filling = {
    payload: sealed,
    timestamp: timestamp(envelope, at),
    nonce: newNonce(),
    appKey: credentials.appKey,
    path: shape.path,
  }
  const filling: Filling = { ...unsigned, signature: sign(profile.signing, unsigned, credentials) }
  const inBody = envelope.payload === 'object' ? { ...filling, payload } : filling
  const body = fillTemplate(shape.body, inBody)
  const headers = Object.fromEntries(
    Object.entries(envelope.headers).map(([name, template]) => [name, fillText(template, filling)]),
  )
  return {
    path: shape.path,
    headers: { ...headers, 'content-type': MEDIA_TYPE[envelope.format] },
    body:
      envelope.format === 'json'
        ? JSON.stringify(body)
        : new URLSearchParams(body as Record<string, string>).toString(),
  }
}

export function timestamp({ timestamp: format }: Envelope, at: Date): string {
  if (format === 'unix-milliseconds') return String(at.getTime())
  if (format === 'unix-seconds') return String(Math.floor(at.getTime() / 1000))
  return inChinaTime(at, format)
}
