/** The hall server's own certificate, where no proxy brings one (`--tls-cert`, `--tls-key`). */
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { HallError } from './fault.ts'

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

/** @throws HallError `tls-invalid` */
export function readTls({ certFile, keyFile }: TlsFiles): TlsText {
  const tls = { cert: read(certFile, 'certificate'), key: read(keyFile, 'key') }
  try {
    createSecureContext(tls)
  } catch (cause) {
    const message = `${certFile} and ${keyFile} are no certificate in PEM and the key that belongs to it`
    throw new HallError('tls-invalid', message, { cause })
  }
  return tls
}

function read(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable'
    throw new HallError('tls-invalid', `the ${what} ${path} cannot be read (${code})`, { cause })
  }
}
