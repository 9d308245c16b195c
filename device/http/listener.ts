/** One HTTP server on one address, opened with clear faults and closed without waiting for its readers. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Express } from 'express'
import { httpUrl, type ListenAddress } from '../address.ts'
import { DeviceError } from '../device-error.ts'

/** A whole request of at most 64 KiB on a LAN takes no longer; a slower sender holds a socket for nothing. */
const REQUEST_MS = 10_000
/** A kiosk's browser and a few window systems need far fewer. */
const CONNECTIONS_AT_MOST = 200

export interface Listener {
  /** With the port that was really taken. */
  address: ListenAddress
  url: string
  close(): Promise<void>
}

/** @throws DeviceError `port-taken`, `address-not-here` or `port-forbidden` */
export const listen = async (app: Express, wanted: ListenAddress, where: string): Promise<Listener> => {
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS }, app)
  server.maxConnections = CONNECTIONS_AT_MOST
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', (error) => reject(openingFault(error, wanted, where)))
  server.listen(wanted.port, wanted.host, resolve)
  await promise
  const { port } = server.address() as AddressInfo
  const address = { host: wanted.host, port }
  return {
    address,
    url: httpUrl(address),
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
