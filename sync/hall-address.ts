/** Where the hall server may be (PROTOCOLS.md, three parties): `https:`, or `http:` on this very machine. */
import { isIPv4 } from 'node:net'

/** An address of the hall that this device must not use, in words for whoever configures it. */
export class HallAddressError extends Error {
  readonly code = 'hall-address'

  constructor(message: string) {
    super(message)
    this.name = 'HallAddressError'
  }
}

/**
 * The origin of the hall server.
 * @throws HallAddressError when it is no such address, or would send in the clear past this machine
 */
export function hallOrigin(address: string): string {
  const url = URL.parse(address)
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw new HallAddressError(
      `${address} is no address of a hall server: write https://HOST or https://HOST:PORT`,
    )
  if (
    url.username !== '' ||
    url.password !== '' ||
    url.pathname !== '/' ||
    url.search !== '' ||
    url.hash !== ''
  )
    throw new HallAddressError(
      'the hall server is named by scheme, host and port alone, without anything behind',
    )
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw new HallAddressError(
      `${address} would send in the clear: use https:, http: is for this machine only`,
    )
  return url.origin
}

/** 127.0.0.0/8 and ::1 (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3); `localhost` by RFC 6761 §6.3. */
function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost' || hostname === '[::1]') return true
  return isIPv4(hostname) && hostname.startsWith('127.')
}
