/** The listening half of a hall server: HTTP, or HTTPS with a certificate that can be changed while it runs. */
import { createServer as createHttp, type RequestListener, type Server } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { type ListenAddress, listenOn, urlOf } from './listen.ts'
import type { TlsText } from './tls.ts'

/** A device sends a batch of 1 MiB in far less even over a phone line; what takes longer holds a socket for nothing. */
const REQUEST_TIMEOUT_MS = 60 * 1000
/** The head of an honest request comes in one packet; who dribbles it, or connects and says nothing, is ended. */
const HEADERS_TIMEOUT_MS = 15 * 1000
/** How often Node looks for those. */
const CHECK_INTERVAL_MS = 5 * 1000
/** Longer than the minute between two status reports, so that a quiet device keeps its one connection. */
const KEEP_ALIVE_MS = 75 * 1000
/** Requests under way may end by themselves for so long when the server closes. */
const CLOSING_MS = 1000
/** TLS 1.0 and 1.1 are formally deprecated (RFC 8996); every device of this project speaks 1.3. */
const OLDEST_TLS = 'TLSv1.2'

const timeouts = {
  requestTimeout: REQUEST_TIMEOUT_MS,
  headersTimeout: HEADERS_TIMEOUT_MS,
  connectionsCheckingInterval: CHECK_INTERVAL_MS,
  keepAliveTimeout: KEEP_ALIVE_MS,
}

export interface HallServer {
  readonly url: string
  /** For connections from now on; nothing without TLS. */
  setCertificate(tls: TlsText): void
  close(): Promise<void>
}

/** @throws HallError `port-taken` or `address-unusable` */
export async function startServer(options: {
  app: RequestListener
  address: ListenAddress
  certificate: TlsText | null
}): Promise<HallServer> {
  const { app, address, certificate } = options
  const secure =
    certificate === null ? null : createHttps({ ...timeouts, ...certificate, minVersion: OLDEST_TLS }, app)
  const server: Server = secure ?? createHttp(timeouts, app)
  await listenOn(server, address)
  return {
    url: urlOf(server, address.host, secure === null ? 'http' : 'https'),
    setCertificate(tls) {
      secure?.setSecureContext({ ...tls, minVersion: OLDEST_TLS })
    },
    close: () => closeServer(server),
  }
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  const impatience = setTimeout(() => server.closeAllConnections(), CLOSING_MS)
  await closed
  clearTimeout(impatience)
}
