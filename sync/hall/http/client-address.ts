/** Where a request comes from, for counting tries: behind a proxy of the hall's own, as that proxy says. */
import type { IncomingMessage } from 'node:http'
import { isIPv6 } from 'node:net'

/** What one subscriber of IPv6 has at least (RFC 6177): whoever counts single addresses counts nobody. */
const IPV6_SUBSCRIBER_GROUPS = 4

/**
 * @param proxies addresses that are believed in what X-Forwarded-For says; anybody else could write anything there
 * @returns an IPv4 address, or the /64 of an IPv6 one
 */
export function clientAddress(request: IncomingMessage, proxies: readonly string[]): string {
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',')
  const hops = [...forwarded.map((hop) => hop.trim()), request.socket.remoteAddress ?? 'unknown']
    .filter((hop) => hop !== '')
    .map(plainAddress)
  const known = proxies.map(plainAddress)
  // From the nearest outwards: the first that is no proxy of the hall has sent it.
  const sender = hops.findLast((hop) => !known.includes(hop)) ?? hops[0] ?? 'unknown'
  return isIPv6(sender) ? `${sender.split(':').slice(0, IPV6_SUBSCRIBER_GROUPS).join(':')}::/64` : sender
}

/** `[2001:db8::5]:443`, `[2001:db8::5]` and `192.0.2.1:5555`, as some proxies write a hop. */
const BRACKETED = /^\[([^\]]+)\](?::\d{1,5})?$/
const WITH_PORT = /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/

/** One way to write each address, so that the same one is the same text; IPv6 with all its groups. */
export function plainAddress(hop: string): string {
  const address = (BRACKETED.exec(hop)?.[1] ?? WITH_PORT.exec(hop)?.[1] ?? hop).toLowerCase()
  // IPv4 as it arrives on an IPv6 socket is IPv4 (RFC 4291 §2.5.5.2).
  const inner = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1]
  return inner ?? (isIPv6(address) ? groups(address).join(':') : address)
}

/** All eight groups of an address without its zone, `::` filled with zeros. */
function groups(address: string): string[] {
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  return [...before, ...zeros, ...after].map((group) => group.replace(/^0+(?=.)/, ''))
}
