/** One HTTP server on one address, opened with clear faults and closed without waiting for its readers. */
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Express } from 'express'
import type { TlsText } from '../../sync/tls-files.ts'
import { httpUrl, type ListenAddress } from '../address.ts'
import { DeviceError } from '../device-error.ts'

/** A whole request of at most 64 KiB on a LAN takes no longer; a slower sender holds a socket for nothing. */
const REQUEST_MS = 10_000
/** A kiosk's browser and a few window systems need far fewer. */
const CONNECTIONS_AT_MOST = 200

/** Who connects and then says nothing holds a socket for nothing: Node would wait two minutes. */
const HANDSHAKE_MS = 10_000
/** TLS 1.0 and 1.1 are formally deprecated (RFC 8996). */
const OLDEST_TLS = 'TLSv1.2'

export interface Listener {
  /** With the port that was really taken. */
  address: ListenAddress
  url: string
  /** For connections from now on; nothing without TLS. */
  setCertificate(tls: TlsText): void
  close(): Promise<void>
}

/**
 * @param where the place in the configuration, for whoever reads a fault
 * @param tls served over TLS with it; in plain without
 * @throws DeviceError `port-taken`, `address-not-here` or `port-forbidden`
 */
export const listen = async (
  app: Express,
  wanted: ListenAddress,
  where: string,
  tls: TlsText | null = null,
): Promise<Listener> => {
  const timeouts = { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS }
  const secure =
    tls === null
      ? null
      : createSecureServer(
          { ...timeouts, handshakeTimeout: HANDSHAKE_MS, ...tls, minVersion: OLDEST_TLS },
          app,
        )
  const server = secure ?? createServer(timeouts, app)
  server.maxConnections = CONNECTIONS_AT_MOST
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', (error) => reject(openingFault(error, wanted, where)))
  server.listen(wanted.port, wanted.host, resolve)
  await promise
  const { port } = server.address() as AddressInfo
  const address = { host: wanted.host, port }
  return {
    address,
    url: secure === null ? httpUrl(address) : httpUrl(address).replace(/^http:/, 'https:'),
    setCertificate(renewed) {
      secure?.setSecureContext({ ...renewed, minVersion: OLDEST_TLS })
    },
    async close() {
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      server.closeAllConnections()
      await closed.promise
    },
  }
}

const openingFault = (error: Error, { host, port }: ListenAddress, where: string): unknown => {
  const code = 'code' in error ? error.code : null
  const place = `${where}: ${host}:${port}`
  switch (code) {
    case 'EADDRINUSE':
      return new DeviceError(
        'port-taken',
        `${place} is taken by another program; stop it or choose another port`,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new DeviceError('address-not-here', `${place} is no address of this machine; choose one that is`)
    case 'EACCES':
      return new DeviceError('port-forbidden', `${place} needs more rights; choose a port from 1024 up`)
    default:
      return error
  }
}
