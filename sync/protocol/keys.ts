/** The keys of both ends: Ed25519 to sign (RFC 8032), X25519 to seal, as JWK (RFC 8037) with RFC 7638 names. */
import { createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { z } from 'zod'
import { canonicalText, sha256Base64url } from './canonical.ts'

/** 32 bytes as base64url. */
const Coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

/** The public half of a device's signing key. Members beside these are dropped, a private one among them. */
export const SigningKey = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: Coordinate })
export type SigningKey = z.infer<typeof SigningKey>

/** The public half of the hall's sealing key; `kid` is its thumbprint. */
export const SealingKey = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('X25519'),
  x: Coordinate,
  kid: z.string().min(1).max(128),
})
export type SealingKey = z.infer<typeof SealingKey>

/** Both halves: never leaves the hall server. */
export const SealingKeyPair = z.object({ ...SealingKey.shape, d: Coordinate })
export type SealingKeyPair = z.infer<typeof SealingKeyPair>

/** The RFC 7638 thumbprint (SHA-256, base64url) of an OKP key. */
export function thumbprint(key: { kty: 'OKP'; crv: string; x: string }): string {
  return sha256Base64url(canonicalText({ crv: key.crv, kty: key.kty, x: key.x }))
}

export function createSigningKeyPair(): { publicKey: SigningKey; privateKey: KeyObject } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return { publicKey: SigningKey.parse(publicKey.export({ format: 'jwk' })), privateKey }
}

/** The public JWK that belongs to a private Ed25519 key. */
export function publicKeyOf(privateKey: KeyObject): SigningKey {
  return SigningKey.parse(createPublicKey(privateKey).export({ format: 'jwk' }))
}

export function createSealingKeyPair(): SealingKeyPair {
  const jwk = generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' })
  const half = z.object({ kty: z.literal('OKP'), crv: z.literal('X25519'), x: Coordinate, d: Coordinate })
  const key = half.parse(jwk)
  return { ...key, kid: thumbprint(key) }
}

/** The half that a device may have. */
export function publicSealingKey(pair: SealingKeyPair): SealingKey {
  return SealingKey.parse(pair)
}

/** 64 bytes (RFC 8032 §5.1.6). */
export function signEd25519(privateKey: KeyObject, bytes: Uint8Array): Uint8Array {
  return sign(null, bytes, privateKey)
}

/** False for a wrong signature, and for a key that is no point of the curve. */
export function verifyEd25519(publicKey: SigningKey, bytes: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(null, bytes, createPublicKey({ key: publicKey, format: 'jwk' }), signature)
  } catch {
    return false
  }
}
