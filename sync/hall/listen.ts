/** Where a hall server listens. */
import type { Server } from 'node:http'
import { isIPv4 } from 'node:net'
import { HallError } from './fault.ts'

export interface ListenAddress {
  host: string
  port: number
}

const MAX_PORT = 65535

/**
 * Connections that the kernel keeps until they are taken in: Linux's own most (net.core.somaxconn). With Node's 511
 * the 512th of a returning crowd is dropped without a word and knocks again a second later (RFC 6298 §2.1).
 */
const BACKLOG = 4096

/** `0.0.0.0:8026`, `[::1]:8026`. @throws HallError `listen-invalid` */
export function listenAddress(listen: string): ListenAddress {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(listen)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  if (host === undefined || port > MAX_PORT)
    throw new HallError('listen-invalid', `"${listen}" is no HOST:PORT, such as 0.0.0.0:8026 or [::1]:8026`)
  return { host, port }
}

/** @throws HallError `port-taken` or `address-unusable` */
export async function listenOn(server: Server, { host, port }: ListenAddress): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenFault(error, host, port)))
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

function listenFault(cause: NodeJS.ErrnoException, host: string, port: number): unknown {
  if (cause.code === 'EADDRINUSE') {
    const message = `port ${port} of ${host} is taken: is another hall server running? Choose another with --listen`
    return new HallError('port-taken', message, { cause })
  }
  if (['EADDRNOTAVAIL', 'EACCES', 'ENOTFOUND', 'EAI_AGAIN'].includes(cause.code ?? '')) {
    const message = `${host}:${port} cannot be listened on (${cause.code}): choose an address of this machine`
    return new HallError('address-unusable', message, { cause })
  }
  return cause
}

/** Whether only this machine can reach it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

/** How a device on this machine reaches it: an address for all interfaces is asked at loopback. */
export function urlOf(server: Server, host: string, scheme: 'http' | 'https'): string {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen')
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `${scheme}://${reachable.includes(':') ? `[${reachable}]` : reachable}:${address.port}`
}
