/** Canonical JSON (RFC 8785) and the hashes over it. */
import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'

/**
 * The one text of a JSON value.
 * @throws Error when the value has none: lone surrogates, NaN, infinity, cycles, undefined.
 */
export function canonicalText(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new Error('this value has no JSON text')
  return text
}

/** SHA-256 as base64url without padding; of a string, its UTF-8. */
export function sha256Base64url(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('base64url')
}

/** SHA-256 as lower-case hexadecimal, as content is named by it. */
export function sha256Hex(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/**
 * Whether a canonical text has a C0 control other than LF in any of its strings or names. In canonical JSON
 * such a control only ever appears as an escape (RFC 8785 §3.2.2.2), so the text itself tells.
 */
export function hasForbiddenControl(canonical: string): boolean {
  return /\\[btfru]/.test(canonical.replaceAll('\\\\', ''))
}
