/** Whom a device takes for its hall over TLS: `hall.ca` and `hall.pin` of device.json (PROTOCOLS.md §1.1, §4). */
import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { getCACertificates } from 'node:tls'

export interface HallTrust {
  /** The authorities that alone are trusted, in PEM; null for the system's. */
  ca: string[] | null
  /** SHA-256 of the server's SubjectPublicKeyInfo in base64: one of them on every connection; empty for any. */
  pins: readonly string[]
}

/** `hall.ca` that cannot be used, in words for whoever configures it. */
export class HallTrustError extends Error {
  readonly code = 'hall-ca'
}

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g

/** `sha256/…`, and as curl writes it. */
const PIN = /^sha256\/{1,2}([A-Za-z0-9+/]{43}=)$/

/** The base64 of a pin as it is written in a configuration; null for anything else. */
export function readPin(text: string): string | null {
  return PIN.exec(text)?.[1] ?? null
}

/**
 * @param ca a PEM text, or the path of one
 * @throws HallTrustError
 */
export function readAuthorities(ca: string): string[] {
  const found = pemText(ca).match(PEM_CERTIFICATE) ?? []
  const wrong = found.length === 0 || found.some((pem) => !isCertificate(pem))
  if (wrong) throw new HallTrustError('hall.ca holds no certificate in PEM: give the file of the authority')
  return [...found]
}

function pemText(ca: string): string {
  if (ca.includes('-----BEGIN')) return ca
  try {
    return readFileSync(ca, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable'
    throw new HallTrustError(`hall.ca names a file that cannot be read (${code}): ${ca}`, { cause })
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.byteLength > 0
  } catch {
    return false
  }
}

export function pinOf(certificate: X509Certificate): string {
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(spki).digest('base64')
}

export function isPinned(certificate: X509Certificate, { pins }: HallTrust): boolean {
  return pins.length === 0 || pins.includes(pinOf(certificate))
}

/** RFC 5280 §4.2.1.12. */
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1'

/** A chain longer than this belongs to no hall. */
const MAX_CHAIN = 8

/**
 * The server's certificates at another time than this machine's clock has, which OpenSSL's own check always uses.
 * Every step of it but the clock is done again here: who it names, what it is for, who has signed it, whether that is
 * an authority, whether the last is trusted, and each one's dates.
 * @param at null: dates are not asked for
 * @returns what is wrong; null for nothing
 */
export function chainFault(
  leaf: X509Certificate,
  host: string,
  trust: HallTrust,
  at: Date | null,
): string | null {
  if (!names(leaf, host)) return 'ERR_TLS_CERT_ALTNAME_INVALID'
  if (leaf.keyUsage !== undefined && !leaf.keyUsage.includes(SERVER_AUTHENTICATION)) return 'INVALID_PURPOSE'
  const roots = (trust.ca ?? getCACertificates('default')).map((pem) => new X509Certificate(pem))
  let current = leaf
  for (let step = 0; step < MAX_CHAIN; step += 1) {
    const fault = at === null ? null : dateFault(current, at)
    if (fault !== null) return fault
    if (roots.some((root) => root.fingerprint256 === current.fingerprint256)) return null
    const root = roots.find((one) => hasSigned(one, current))
    if (root !== undefined) return at === null ? null : dateFault(root, at)
    const issuer = current.issuerCertificate
    if (issuer === undefined || !hasSigned(issuer, current)) return 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'
    if (issuer.fingerprint256 === current.fingerprint256) return 'SELF_SIGNED_CERT_IN_CHAIN'
    current = issuer
  }
  return 'CERT_CHAIN_TOO_LONG'
}

function names(leaf: X509Certificate, host: string): boolean {
  return (isIP(host) === 0 ? leaf.checkHost(host) : leaf.checkIP(host)) !== undefined
}

function hasSigned(issuer: X509Certificate, subject: X509Certificate): boolean {
  return issuer.ca && subject.checkIssued(issuer) && subject.verify(issuer.publicKey)
}

function dateFault({ validFromDate, validToDate }: X509Certificate, at: Date): string | null {
  if (at.getTime() < validFromDate.getTime()) return 'CERT_NOT_YET_VALID'
  return at.getTime() > validToDate.getTime() ? 'CERT_HAS_EXPIRED' : null
}
