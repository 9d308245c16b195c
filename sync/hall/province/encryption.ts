/** A record's text under SM4 (GB/T 32907, GM/T 0002), where a province wants the body hidden from what stands between. */
import { randomBytes } from 'node:crypto'
import { sm4 } from 'sm-crypto-v2'
import type { Encryption } from './profile-schema.ts'

const BLOCK_BYTES = 16

/** @param key 32 hexadecimal digits */
export function encrypt(encryption: Encryption, text: string, key: string): string {
  const plain = new TextEncoder().encode(text)
  if (encryption.kind === 'sm4-ecb')
    return Buffer.from(sm4.encrypt(plain, key, { mode: 'ecb', output: 'array' })).toString(
      encryption.encoding,
    )
  const iv = randomBytes(BLOCK_BYTES)
  const sealed = sm4.encrypt(plain, key, { mode: 'cbc', iv, output: 'array' })
  return Buffer.concat([iv, sealed]).toString(encryption.encoding)
}

/** null when it was not encrypted with this key. */
export function decrypt(encryption: Encryption, sealed: string, key: string): string | null {
  try {
    const bytes = Buffer.from(sealed, encryption.encoding)
    const plain =
      encryption.kind === 'sm4-ecb'
        ? sm4.decrypt(bytes, key, { mode: 'ecb', output: 'array' })
        : sm4.decrypt(bytes.subarray(BLOCK_BYTES), key, {
            mode: 'cbc',
            iv: bytes.subarray(0, BLOCK_BYTES),
            output: 'array',
          })
    return new TextDecoder('utf-8', { fatal: true }).decode(plain)
  } catch {
    return null
  }
}
