/** The way to a hall server, one piece of it after the other: its name, a connection, its certificate. */
import type { X509Certificate } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { connect, isIP } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import { type HallTrust, isPinned } from '../../../sync/hall-trust.ts'

/** A name server that says nothing for this long keeps the device from its hall as well. */
const NAME_WITHIN_MS = 5_000
/** As long for a connection and for the handshake: far more than a line takes that a device can work with. */
const CONNECTION_WITHIN_MS = 5_000

const HTTPS_PORT = 443
const HTTP_PORT = 80

/** `code` is stable and has words on the page; null where nothing is to be said. */
export interface Reached {
  good: boolean
  code: string | null
  facts: Record<string, string>
}

/** Who vouches for a server and is not trusted yet: a certificate that has signed itself. */
export interface Authority {
  /** SHA-256 of it, as `openssl x509 -fingerprint -sha256` prints it. */
  fingerprint: string
  pem: string
}

export interface Certified extends Reached {
  /** With `certificate-unknown`, where the server shows one; null where only the hall's keeper has it. */
  authority: Authority | null
}

export interface Place {
  host: string
  port: number
  secure: boolean
}

export const placeOf = (origin: string): Place => {
  const url = new URL(origin)
  const secure = url.protocol === 'https:'
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? HTTPS_PORT : HTTP_PORT),
    secure,
  }
}

export interface Named extends Reached {
  /** Of both kinds, as a device tries them. */
  addresses: string[]
}

export const askName = async ({ host }: Place): Promise<Named> => {
  if (isIP(host) !== 0) return { good: true, code: 'is-address', facts: { address: host }, addresses: [host] }
  try {
    const found = await within(lookup(host, { all: true }), NAME_WITHIN_MS)
    const addresses = found.map(({ address }) => address)
    return { good: true, code: null, facts: { host, address: addresses.join(', ') }, addresses }
  } catch (error) {
    const code = codeOf(error) === 'ENOTFOUND' ? 'unknown-host' : 'no-name-server'
    return { good: false, code, facts: { host }, addresses: [] }
  }
}

/** One address after the other, until one is there. @returns which, under `facts.address` */
export const tryConnections = async (place: Place, addresses: readonly string[]): Promise<Reached> => {
  let last: Reached = { good: false, code: 'no-connection', facts: {} }
  for (const address of addresses) {
    last = await tryConnection(place, address)
    if (last.good) return last
  }
  return last
}

const tryConnection = async (place: Place, address: string): Promise<Reached> => {
  const facts = { address, port: String(place.port) }
  const { promise, resolve } = Promise.withResolvers<string | null>()
  const socket = connect({ host: address, port: place.port })
  const limit = setTimeout(() => resolve('ETIMEDOUT'), CONNECTION_WITHIN_MS)
  socket.once('connect', () => resolve(null))
  socket.once('error', (error) => resolve(codeOf(error)))
  const failed = await promise
  clearTimeout(limit)
  socket.destroy()
  if (failed === null) return { good: true, code: null, facts }
  return { good: false, code: CONNECTION_CODES[failed] ?? 'no-connection', facts }
}

const CONNECTION_CODES: Record<string, string> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'no-answer',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
}

/** Whom the server says it is; nothing is sent to it. Dates are judged by this machine's clock. */
export const lookAtCertificate = async (
  place: Place,
  address: string,
  trust: HallTrust,
): Promise<Certified> => {
  const { promise, resolve } = Promise.withResolvers<Certified>()
  const socket = connectSecurely({
    host: address,
    port: place.port,
    ...(isIP(place.host) === 0 && { servername: place.host }),
    ...(trust.ca !== null && { ca: trust.ca }),
    // Nothing is sent: what is wrong with it is what is to be told.
    rejectUnauthorized: false,
  })
  const limit = setTimeout(
    () => resolve({ good: false, code: 'no-handshake', facts: {}, authority: null }),
    CONNECTION_WITHIN_MS,
  )
  socket.once('error', (error) => {
    const code = codeOf(error) === 'ERR_SSL_WRONG_VERSION_NUMBER' ? 'no-tls' : 'no-handshake'
    resolve({ good: false, code, facts: {}, authority: null })
  })
  socket.once('secureConnect', () => {
    const leaf = socket.getPeerX509Certificate()
    if (leaf === undefined) return resolve({ good: false, code: 'no-handshake', facts: {}, authority: null })
    const judged = judge(leaf, place, trust, socket.authorizationError)
    const authority = judged.code === 'certificate-unknown' ? topOf(leaf) : null
    const seen = authority === null ? {} : { fingerprint: authority.fingerprint }
    resolve({ ...judged, facts: { ...judged.facts, ...seen }, authority })
  })
  const reached = await promise
  clearTimeout(limit)
  socket.destroy()
  return reached
}

const judge = (leaf: X509Certificate, place: Place, trust: HallTrust, wrong: Error | undefined): Reached => {
  const facts = {
    subject: /^CN=(.+)$/m.exec(leaf.subject)?.[1] ?? leaf.subject,
    from: day(leaf.validFromDate),
    to: day(leaf.validToDate),
    today: day(new Date()),
  }
  const names = isIP(place.host) === 0 ? leaf.checkHost(place.host) : leaf.checkIP(place.host)
  if (wrong !== undefined && wrong !== null) {
    const why = String(codeOf(wrong) ?? wrong)
    if (why === 'CERT_HAS_EXPIRED' || why === 'CERT_NOT_YET_VALID')
      return { good: false, code: 'certificate-dates', facts }
    if (why === 'ERR_TLS_CERT_ALTNAME_INVALID')
      return { good: false, code: 'certificate-name', facts: { ...facts, host: place.host } }
    return { good: false, code: 'certificate-unknown', facts: { ...facts, why } }
  }
  if (names === undefined)
    return { good: false, code: 'certificate-name', facts: { ...facts, host: place.host } }
  if (!isPinned(leaf, trust)) return { good: false, code: 'certificate-pin', facts }
  return { good: true, code: null, facts }
}

/** A chain longer than this belongs to no hall; one that goes round has no end. */
const CHAIN_AT_MOST = 8

/** The end of the chain as the server has sent it. */
const topOf = (leaf: X509Certificate): Authority | null => {
  let top = leaf
  for (let step = 0; step < CHAIN_AT_MOST; step += 1) {
    if (top.checkIssued(top) && top.verify(top.publicKey))
      return { fingerprint: top.fingerprint256, pem: top.toString() }
    if (top.issuerCertificate === undefined) return null
    top = top.issuerCertificate
  }
  return null
}

const day = (date: Date): string => date.toISOString().slice(0, 10)

const codeOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error ? String(error.code) : null

class TooLate extends Error {
  readonly code = 'ETIMEDOUT'
}

const within = async <T>(promise: Promise<T>, ms: number): Promise<T> => {
  const late = Promise.withResolvers<never>()
  const limit = setTimeout(() => late.reject(new TooLate()), ms)
  return await Promise.race([promise, late.promise]).finally(() => clearTimeout(limit))
}
