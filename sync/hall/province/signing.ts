/**
 * How a request shows whose it is. SM2 and SM3 are the nation's own signature and digest (GB/T 32918, GB/T 32905;
 * GM/T 0003, 0004), from a kept library.
 */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import { sm2, sm3 } from 'sm-crypto-v2'
import type { Signing } from './profile-schema.ts'
import { type Filling, fillText } from './templates.ts'

/** What the province gave a hall, or the hall gave it. Prints as nothing. */
export class Credentials {
  readonly appKey: string
  readonly #secret: string
  readonly #privateKey: string
  readonly #encryptionKey: string

  constructor(given: { appKey: string; secret: string; privateKey: string; encryptionKey: string }) {
    this.appKey = given.appKey
    this.#secret = given.secret
    this.#privateKey = given.privateKey
    this.#encryptionKey = given.encryptionKey
  }

  /** For HMAC and keyed digests. */
  secret(): string {
    return this.#secret
  }

  /** SM2, 64 hexadecimal digits. */
  privateKey(): string {
    return this.#privateKey
  }

  /** SM4, 32 hexadecimal digits. */
  encryptionKey(): string {
    return this.#encryptionKey
  }

  equals(other: Credentials): boolean {
    const all = (one: Credentials): string =>
      JSON.stringify([one.appKey, one.secret(), one.privateKey(), one.encryptionKey()])
    return all(this) === all(other)
  }

  toJSON(): string {
    return '[secret]'
  }
}

export function newNonce(): string {
  return randomUUID().replaceAll('-', '')
}

/** The signature of what `over` makes of this filling; empty where nothing is signed. */
export function sign(signing: Signing, filling: Filling, credentials: Credentials): string {
  switch (signing.kind) {
    case 'none':
      return ''
    case 'hmac-sha256':
      return createHmac('sha256', credentials.secret())
        .update(overText(signing.over, filling, credentials))
        .digest(signing.encoding)
    case 'sm3':
      return encoded(sm3(utf8(overText(signing.over, filling, credentials))), signing.encoding)
    case 'hmac-sm3': {
      const key = Buffer.from(credentials.secret(), 'utf8')
      const digest = sm3(utf8(overText(signing.over, filling, credentials)), { key, mode: 'hmac' })
      return encoded(digest, signing.encoding)
    }
    case 'sm2': {
      const message = utf8(overText(signing.over, filling, credentials))
      const options = { hash: true, der: signing.der, userId: signing.userId }
      return encoded(sm2.doSignature(message, credentials.privateKey(), options), signing.encoding)
    }
  }
}

/** @param credentials what the receiver shares with the sender @param publicKey of the sender, for SM2 */
export function verify(
  signing: Signing,
  filling: Filling,
  signature: string,
  keys: { credentials: Credentials; publicKey: string },
): boolean {
  if (signing.kind !== 'sm2') return sameText(sign(signing, filling, keys.credentials), signature)
  const message = utf8(overText(signing.over, filling, keys.credentials))
  const hex = signing.encoding === 'hex' ? signature : Buffer.from(signature, 'base64').toString('hex')
  try {
    return sm2.doVerifySignature(message, hex, keys.publicKey, {
      hash: true,
      der: signing.der,
      userId: signing.userId,
    })
  } catch {
    return false
  }
}

function overText(over: string, filling: Filling, credentials: Credentials): string {
  return fillText(over, { ...filling, secret: credentials.secret() })
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

const encoded = (hex: string, encoding: 'hex' | 'base64'): string =>
  encoding === 'hex' ? hex : Buffer.from(hex, 'hex').toString('base64')

function sameText(one: string, other: string): boolean {
  const [a, b] = [utf8(one), utf8(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
