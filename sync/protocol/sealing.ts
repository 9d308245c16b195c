/**
 * Sealed personal data (PROTOCOLS.md §1.2): compact JWE (RFC 7516), ECDH-ES with X25519, A256GCM. A device can
 * seal and never unseal; what is sealed says for which purpose and by which device, and works for no other.
 */
import { randomUUID } from 'node:crypto'
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader, importJWK } from 'jose'
import { z } from 'zod'
import { DeviceId } from './identifiers.ts'
import type { SealingKey, SealingKeyPair } from './keys.ts'
import { Personal, type Revealable } from './personal.ts'

export const SealPurpose = z.enum([
  'rating',
  'search',
  'proof',
  'pickup',
  'ticket',
  'report',
  'complaint',
  'request',
])
export type SealPurpose = z.infer<typeof SealPurpose>

const TYP = 'w24-sealed'
const ALG = 'ECDH-ES'
const ENC = 'A256GCM'

/** A name, an ID document and a phone; longer only where somebody wrote 500 characters. Fits into an event. */
export const MAX_SEALED_CHARACTERS = 8192

/** Who it is about: `type` and `idType` as the province counts them (DOMAIN.md §2.1). */
export const SealedUser = z.strictObject({
  type: z.string().max(8),
  name: z.string().max(128),
  idType: z.string().max(8),
  idNumber: z.string().max(64),
  phone: z.string().max(32).nullable(),
})
export type SealedUser = z.infer<typeof SealedUser>

export type Sealable<T> = T | Revealable<T>

export interface ToSeal {
  purpose: SealPurpose
  device: string
  user?: Sealable<SealedUser>
  /** Words of a person: a comment, a report, a complaint. */
  text?: Sealable<string>
}

const Payload = z.object({
  purpose: SealPurpose,
  device: DeviceId,
  iat: z.int().min(0),
  jti: z.uuid(),
  user: SealedUser.optional(),
  text: z.string().max(4096).optional(),
})
export type SealedPayload = z.infer<typeof Payload>

/** Seals for the holder of `key`'s other half, adding when (`iat`, seconds) and which (`jti`). */
export async function seal(toSeal: ToSeal, key: SealingKey, now: Date): Promise<string> {
  const payload: SealedPayload = {
    purpose: toSeal.purpose,
    device: toSeal.device,
    iat: Math.max(0, Math.floor(now.getTime() / 1000)),
    jti: randomUUID(),
    ...(toSeal.user === undefined ? {} : { user: SealedUser.parse(revealed(toSeal.user)) }),
    ...(toSeal.text === undefined ? {} : { text: revealed(toSeal.text) }),
  }
  return await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({ alg: ALG, enc: ENC, kid: key.kid, typ: TYP })
    .encrypt(await importJWK(key, ALG))
}

function revealed<T>(value: Sealable<T>): T {
  return typeof value === 'object' && value !== null && 'reveal' in value ? value.reveal() : value
}

/** What was sealed. */
export class Unsealed extends Personal<SealedPayload> {
  /** When it was sealed, by the device's clock. */
  get sealedAt(): Date {
    return new Date(this.reveal().iat * 1000)
  }

  /** Names this sealing: the hall takes each only once. */
  get jti(): string {
    return this.reveal().jti
  }
}

export type SealFault =
  | 'seal-malformed' // no JWE of this kind, or not what it should hold
  | 'seal-unknown-key' // sealed for another key: the device is to fetch the present one
  | 'seal-broken' // altered, or not sealed with this key
  | 'seal-purpose'
  | 'seal-device'

export type UnsealResult = { ok: true; unsealed: Unsealed } | { ok: false; code: SealFault }

const Header = z.strictObject({
  alg: z.literal(ALG),
  enc: z.literal(ENC),
  epk: z.looseObject({ kty: z.literal('OKP'), crv: z.literal('X25519'), x: z.string() }),
  kid: z.string(),
  typ: z.literal(TYP),
})

/** Opens what a device sealed for this purpose. Faults say nothing of what is inside. */
export async function unseal(
  jwe: string,
  keys: readonly SealingKeyPair[],
  expected: { purpose: SealPurpose; device: string },
): Promise<UnsealResult> {
  if (jwe.length > MAX_SEALED_CHARACTERS) return { ok: false, code: 'seal-malformed' }
  const header = readHeader(jwe)
  if (header === null) return { ok: false, code: 'seal-malformed' }
  const key = keys.find((candidate) => candidate.kid === header.kid)
  if (key === undefined) return { ok: false, code: 'seal-unknown-key' }
  const plaintext = await decrypt(jwe, key)
  if (plaintext === null) return { ok: false, code: 'seal-broken' }
  const payload = readPayload(plaintext)
  if (payload === null) return { ok: false, code: 'seal-malformed' }
  if (payload.purpose !== expected.purpose) return { ok: false, code: 'seal-purpose' }
  if (payload.device !== expected.device) return { ok: false, code: 'seal-device' }
  return { ok: true, unsealed: new Unsealed(payload) }
}

function readHeader(jwe: string): z.infer<typeof Header> | null {
  try {
    return Header.safeParse(decodeProtectedHeader(jwe)).data ?? null
  } catch {
    return null
  }
}

async function decrypt(jwe: string, key: SealingKeyPair): Promise<Uint8Array | null> {
  try {
    const options = { keyManagementAlgorithms: [ALG], contentEncryptionAlgorithms: [ENC] }
    return (await compactDecrypt(jwe, await importJWK(key, ALG), options)).plaintext
  } catch {
    return null
  }
}

function readPayload(plaintext: Uint8Array): SealedPayload | null {
  try {
    return (
      Payload.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plaintext))).data ?? null
    )
  } catch {
    return null
  }
}
