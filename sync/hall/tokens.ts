/** Bearer tokens of integrating systems (RFC 6750): shown once, kept as a hash. */
import { randomBytes } from 'node:crypto'
import { sha256Hex } from '../protocol/canonical.ts'

/** 256 bits: nobody guesses one, so a plain hash keeps it (no salt or stretching is needed against a dictionary). */
const TOKEN_BYTES = 32

const NAME_CHARACTERS_AT_MOST = 60

export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url')
}

export function tokenHash(token: string): string {
  return sha256Hex(token)
}

/** For people and logs. The words of the command are no names, or nobody could revoke them. */
export function isTokenName(name: string): boolean {
  const plain = name.length > 0 && name.length <= NAME_CHARACTERS_AT_MOST && !/[\p{Cc}\p{Cs}]/u.test(name)
  return plain && name !== 'list' && name !== 'revoke'
}
