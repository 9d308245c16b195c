/** Whether what names a person may have been read on its way here (PROTOCOLS.md §2: TLS, or this machine alone). */
import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import { plainAddress } from './client-address.ts'

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|0:0:0:0:0:0:0:1)$/

/** What a proxy adds to a request of somebody else's. */
const FORWARDED = ['x-forwarded-for', 'x-forwarded-proto', 'forwarded', 'via'] as const

/**
 * Of a proxy in front only its last stretch is seen here: one of the hall's own is believed in how it was reached.
 * Another one that runs on this machine is not this machine's own request, whatever its address is.
 * @param proxies addresses of the hall's own
 */
export function isPrivateLine(request: IncomingMessage, proxies: readonly string[]): boolean {
  const { headers, socket } = request
  const peer = plainAddress(socket.remoteAddress ?? '')
  const isForwarded = FORWARDED.some((name) => headers[name] !== undefined)
  if (isForwarded && proxies.map(plainAddress).includes(peer)) return cameByTls(headers['x-forwarded-proto'])
  return socket instanceof TLSSocket || (LOOPBACK.test(peer) && !isForwarded)
}

/** Where several proxies stand in a row, each has said its own: a person is named in the open on any of them. */
function cameByTls(protocols: string | string[] | undefined): boolean {
  const all = [protocols ?? []].flat().join(',').split(',')
  return all.every((protocol) => protocol.trim().toLowerCase() === 'https')
}
