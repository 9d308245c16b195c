/**
 * Signed requests of a device (PROTOCOLS.md §1.1): HTTP Message Signatures (RFC 9421) with one fixed shape, and
 * Content-Digest (RFC 9530). The kept library builds the signature base; signing and verifying stay here,
 * because its verifier takes any label, further parameters and more signatures than one, and reads `@path` from
 * a parsed URL, which would make one path of several.
 */
import { createHash } from 'node:crypto'
import { httpbis } from 'http-message-signatures'
import { type SigningKey, verifyEd25519 } from './keys.ts'

/** How far a request's `created` may be from the hall's clock, either way. */
export const CLOCK_TOLERANCE_SECONDS = 5 * 60

const LABEL = 'w24'

/** Opaque to the hall; visible ASCII without a comma, so that two headers joined into one are seen. */
const IDEMPOTENCY_KEY = /^[\x21-\x2b\x2d-\x7e]{1,128}$/

/** An origin-form target without a query (RFC 9112 §3.2.1). */
const SIGNED_PATH = /^\/[\x21\x22\x24-\x3e\x40-\x7e]*$/

export interface RequestSigner {
  /** The deviceId, or the key's thumbprint at enrolment. */
  keyId: string
  sign(bytes: Uint8Array): Uint8Array
}

export interface RequestToSign {
  method: string
  path: string
  /** The bytes as they are sent, after compression. Null or empty: no body. */
  body: Uint8Array | null
  idempotencyKey?: string | undefined
}

type FieldName = 'content-digest' | 'idempotency-key'

/**
 * The headers that make a request a signed one, in lower case.
 * @throws Error for a path with a query or a key that no header can carry: the caller has a defect.
 */
export function signRequest(
  request: RequestToSign,
  signer: RequestSigner,
  created: Date,
): Record<string, string> {
  if (!SIGNED_PATH.test(request.path)) throw new Error('a signed request has a plain path and no query')
  const { idempotencyKey } = request
  if (idempotencyKey !== undefined && !IDEMPOTENCY_KEY.test(idempotencyKey))
    throw new Error('an idempotency key is 1 to 128 visible ASCII characters without a comma')
  const fields: Partial<Record<FieldName, string>> = {}
  if (request.body !== null && request.body.byteLength > 0)
    fields['content-digest'] = contentDigest(request.body)
  if (idempotencyKey !== undefined) fields['idempotency-key'] = idempotencyKey
  const seconds = Math.floor(created.getTime() / 1000)
  const parameters = `${componentList(fields)};created=${seconds};keyid="${signer.keyId}";alg="ed25519"`
  const signature = signer.sign(signatureBase(request.method, request.path, fields, parameters))
  return {
    ...fields,
    'signature-input': `${LABEL}=${parameters}`,
    signature: `${LABEL}=:${Buffer.from(signature).toString('base64')}:`,
  }
}

/** `sha-256=:…:` over the bytes as sent (RFC 9530 §2). */
export function contentDigest(bytes: Uint8Array): string {
  return `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`
}

export type SignatureFault =
  | 'signature-missing'
  | 'signature-malformed' // not of the one shape, or it does not cover what the request carries
  | 'query-not-allowed'
  | 'unknown-key'
  | 'signature-bad'
  | 'digest-mismatch'
  | 'clock' // good in all else, but `created` is over 5 minutes away: answer with the time

export type SignatureRefusal = { ok: false; code: SignatureFault; detail: string }

export type VerifiedRequest = { ok: true; keyId: string; created: Date } | SignatureRefusal

export interface ReceivedRequest {
  method: string
  /** The target as it stands in the request line: never decoded or normalised. */
  path: string
  /** Lower-case names, as Node gives them; what came twice is joined by a comma. */
  headers: Readonly<Record<string, string | string[] | undefined>>
  /** The bytes as received, before unpacking. */
  body: Uint8Array | null
}

const SIGNATURE_INPUT =
  /^w24=(\("@method" "@path"( "content-digest")?( "idempotency-key")?\);created=(\d{1,12});keyid="([A-Za-z0-9_-]{1,64})";alg="ed25519")$/
/** 64 bytes in base64. */
const SIGNATURE = /^w24=:([A-Za-z0-9+/]{86}==):$/

/** Checks a request's signature, then its digest, then its clock. Nothing of a request may be used before. */
export async function verifyRequest(
  request: ReceivedRequest,
  keyOf: (keyId: string) => SigningKey | null | Promise<SigningKey | null>,
  now: Date,
): Promise<VerifiedRequest> {
  const { body } = request
  const head = await verifyHead({ ...request, hasBody: body !== null && body.byteLength > 0 }, keyOf)
  return head.ok ? verifyBody(head, body ?? new Uint8Array(), now) : head
}

/** What a head is signed for, before its body has come. */
export interface VerifiedHead {
  ok: true
  keyId: string
  /** The Content-Digest that is signed; null where there is no body. */
  digest: string | null
  created: Date
}

export type ReceivedHead = Omit<ReceivedRequest, 'body'> & { hasBody: boolean }

/** The first half of `verifyRequest`: who is no device is known before any of its body is read. */
export async function verifyHead(
  request: ReceivedHead,
  keyOf: (keyId: string) => SigningKey | null | Promise<SigningKey | null>,
): Promise<VerifiedHead | SignatureRefusal> {
  const input = header(request, 'signature-input')
  const signature = header(request, 'signature')
  if (input === null && signature === null)
    return fault('signature-missing', 'sign the request as RFC 9421 has it, label w24')
  if (request.path.includes('?')) return fault('query-not-allowed', 'a signed request has no query')
  const shape = input === null ? null : SIGNATURE_INPUT.exec(input)
  const bytes = signature === null ? null : SIGNATURE.exec(signature)?.[1]
  if (!shape || !bytes || !SIGNED_PATH.test(request.path)) return malformed('not one signature of this shape')
  const [, parameters = '', digestCovered, keyCovered, created = '', keyId = ''] = shape

  const fields: Partial<Record<FieldName, string>> = {}
  const { hasBody } = request
  if (hasBody !== (digestCovered !== undefined))
    return malformed('content-digest is covered exactly where there is a body')
  const digest = header(request, 'content-digest')
  if (hasBody) {
    if (digest === null) return fault('digest-mismatch', 'the request has a body and no Content-Digest')
    fields['content-digest'] = digest
  }
  const idempotencyKey = header(request, 'idempotency-key')
  if ((idempotencyKey !== null) !== (keyCovered !== undefined))
    return malformed('idempotency-key is covered exactly where it is present')
  if (idempotencyKey !== null) {
    if (!IDEMPOTENCY_KEY.test(idempotencyKey)) return malformed('this Idempotency-Key cannot be')
    fields['idempotency-key'] = idempotencyKey
  }

  const key = await keyOf(keyId)
  if (key === null) return fault('unknown-key', 'no device has this keyid')
  const base = signatureBase(request.method, request.path, fields, parameters)
  if (!verifyEd25519(key, base, Buffer.from(bytes, 'base64')))
    return fault('signature-bad', 'the signature is not that of this request under this key')
  return { ok: true, keyId, digest: hasBody ? digest : null, created: new Date(Number(created) * 1000) }
}

/** The other half: the body is the one that was signed, and signed just now. */
export function verifyBody(head: VerifiedHead, body: Uint8Array, now: Date): VerifiedRequest {
  const { keyId, digest, created } = head
  if (digest === null ? body.byteLength > 0 : digest !== contentDigest(body))
    return fault('digest-mismatch', 'Content-Digest is not the sha-256 of the body as received')
  const late = verifyCreated(head, now)
  if (late !== null) return late
  return { ok: true, keyId, created }
}

/** Null: signed just now. To be asked before the body as well: a head seen once must not hold a place for ever. */
export function verifyCreated({ created }: VerifiedHead, now: Date): SignatureRefusal | null {
  if (Math.abs(created.getTime() - now.getTime()) <= CLOCK_TOLERANCE_SECONDS * 1000) return null
  return fault('clock', `created is over ${CLOCK_TOLERANCE_SECONDS} s from this clock; sign with the offset`)
}

function componentList(fields: Partial<Record<FieldName, string>>): string {
  const components = ['@method', '@path', ...fieldNames(fields)]
  return `(${components.map((component) => `"${component}"`).join(' ')})`
}

/** In the contract's order, whatever the order of the object. */
function fieldNames(fields: Partial<Record<FieldName, string>>): FieldName[] {
  return (['content-digest', 'idempotency-key'] as const).filter((name) => fields[name] !== undefined)
}

/** RFC 9421 §2.5; `parameters` is the `@signature-params` line as it is sent. */
function signatureBase(
  method: string,
  path: string,
  fields: Partial<Record<FieldName, string>>,
  parameters: string,
): Uint8Array {
  const components = httpbis.createSignatureBase(
    {
      fields: ['@method', '@path', ...fieldNames(fields)],
      componentParser: (name) => (name === '@path' ? [path] : null),
    },
    // The library wants an absolute URL here; every component that would read it is given above.
    { method, url: 'http://hall.invalid/', headers: { ...fields } as Record<string, string> },
  )
  components.push(['"@signature-params"', [parameters]])
  return Buffer.from(httpbis.formatSignatureBase(components))
}

function header(request: Pick<ReceivedRequest, 'headers'>, name: string): string | null {
  const value = request.headers[name]
  if (value === undefined) return null
  return Array.isArray(value) ? value.join(', ') : value
}

function fault(code: SignatureFault, detail: string): SignatureRefusal {
  return { ok: false, code, detail }
}

function malformed(detail: string): SignatureRefusal {
  return fault('signature-malformed', detail)
}
