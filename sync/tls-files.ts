/** A listener's own certificate and key, from files that people renew while it runs: the hall server's and a pad's. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'

export interface TlsFiles {
  /** PEM: the server's certificate, then those between it and its root. */
  certFile: string
  /** PEM, without a passphrase. */
  keyFile: string
}

export interface TlsText {
  cert: string
  key: string
}

export type TlsRead =
  | { ok: true; tls: TlsText; validUntil: Date }
  /** `file`: which of the two it is about. `message`: the path, what is wrong, and what to do; nothing of the key. */
  | { ok: false; file: 'cert' | 'key'; message: string }

/** Whether it has run out is told by `expiryFault`: a server may have to go on with it. */
export function readTlsFiles({ certFile, keyFile }: TlsFiles): TlsRead {
  const cert = readPem(certFile, 'certificate')
  if (!cert.ok) return { ok: false, file: 'cert', message: cert.message }
  const key = readPem(keyFile, 'key')
  if (!key.ok) return { ok: false, file: 'key', message: key.message }
  const certificate = parsed(() => new X509Certificate(cert.text))
  if (certificate === null) {
    const message = `${certFile} is no certificate in PEM: give the file that begins with BEGIN CERTIFICATE`
    return { ok: false, file: 'cert', message }
  }
  const privateKey = parsed(() => createPrivateKey(key.text))
  if (privateKey === null) {
    const message = `${keyFile} is no private key in PEM without a passphrase: give the one that ${certFile} was made for`
    return { ok: false, file: 'key', message }
  }
  const tls = { cert: cert.text, key: key.text }
  if (!certificate.checkPrivateKey(privateKey)) {
    const message = `${keyFile} is not the key of ${certFile}: give the two files of one issue`
    return { ok: false, file: 'key', message }
  }
  // Those between it and its root are read here for the first time.
  if (parsed(() => createSecureContext(tls)) === null) {
    const message = `${certFile} holds a certificate that cannot be served: give the whole chain in PEM, the server's own first`
    return { ok: false, file: 'cert', message }
  }
  return { ok: true, tls, validUntil: certificate.validToDate }
}

/** Words for a certificate that has run out by `now`; null while it is good. */
export function expiryFault(certFile: string, validUntil: Date, now: Date): string | null {
  if (validUntil.getTime() > now.getTime()) return null
  return `the certificate ${certFile} ran out on ${validUntil.toISOString().slice(0, 10)}: put a renewed one in its place; it is taken without a restart`
}

type ReadPem = { ok: true; text: string } | { ok: false; message: string }

function readPem(path: string, what: string): ReadPem {
  try {
    return { ok: true, text: readFileSync(path, 'utf8') }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    return {
      ok: false,
      message: `the ${what} ${path} cannot be read (${code}): check its path and its permissions`,
    }
  }
}

/** What OpenSSL says of a key may hold parts of it: only that it failed is kept. */
function parsed<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}
