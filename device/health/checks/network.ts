/** The way to the hall, step by step: an address, a route, a name, a port, and who answers there. */
import { lookup } from 'node:dns/promises'
import { readFileSync } from 'node:fs'
import { connect, isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { askHall, type HallAddress, type HallHeard } from './ask-hall.ts'
import { bad, type CheckLine, codeOf, good, STEP_WITHIN_MS, within } from './line.ts'

/** Each page of a citizen's waits for the hall once or twice: over a second is felt as slow. */
const SLOW_FROM_MS = 1_000

/** Null: none is configured yet. */
export const checkNetwork = async (hall: HallAddress | null): Promise<CheckLine[]> => {
  const here = addressLine()
  if (hall === null) return [here, routeLine(), bad('no-hall')]
  const { hostname, port, protocol } = new URL(hall.url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const portNumber = port === '' ? (protocol === 'https:' ? HTTPS_PORT : HTTP_PORT) : Number(port)
  const [name, opened, heard] = await Promise.all([nameLine(host), portLine(host, portNumber), askHall(hall)])
  const route = routeLine()
  // Where the hall is reached, no route is missing: it is in this very network.
  const way = heard.heard === 'hall' ? { ...route, good: true } : route
  return [here, way, ...name, opened, hallLine(heard)]
}

const HTTP_PORT = 80
const HTTPS_PORT = 443

const addressLine = (): CheckLine => {
  const list = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses
      .filter(({ internal, address }) => !internal && !address.startsWith(LINK_LOCAL))
      .map(({ address }) => `${name} ${address}`),
  )
  return list.length === 0 ? bad('no-address') : good('addresses', { list: list.join(', ') })
}

/** RFC 4291 §2.5.6: every card has one, whether it is connected or not. */
const LINK_LOCAL = 'fe80:'

const routeLine = (): CheckLine => {
  const via = defaultRoute()
  return via === null ? bad('no-route') : good('route', { via })
}

/** The card of the default route, by proc(5): IPv4 first; `00000000` is any destination. */
const defaultRoute = (): string | null => {
  const lines = (path: string): string[][] => {
    try {
      return readFileSync(path, 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
    } catch {
      return []
    }
  }
  const four = lines('/proc/net/route').find(
    ([, destination, , , , , , mask]) => destination === NONE && mask === NONE,
  )
  if (four?.[0] !== undefined) return four[0]
  const six = lines('/proc/net/ipv6_route').find(
    ([destination, bits, , , , , , , , card]) =>
      destination === '0'.repeat(32) && bits === '00' && card !== undefined && card !== 'lo',
  )
  return six?.[9] ?? null
}

const NONE = '00000000'

/** None for an address that needs no name. */
const nameLine = async (host: string): Promise<CheckLine[]> => {
  if (isIP(host) !== 0) return []
  const found = await within(
    lookup(host, { all: true }).then(
      (all) => ({ addresses: all.map(({ address }) => address) }),
      (error: unknown) => ({ code: codeOf(error) }),
    ),
    null,
  )
  if (found === null) return [bad('name-silent', { host })]
  return 'code' in found
    ? [bad('name-unknown', { host, code: found.code })]
    : [good('name', { host, addresses: found.addresses.join(', ') })]
}

const portLine = (host: string, port: number): Promise<CheckLine> => {
  const facts = { host, port: String(port) }
  const { promise, resolve } = Promise.withResolvers<CheckLine>()
  const startedAt = performance.now()
  const socket = connect({ host, port, timeout: STEP_WITHIN_MS })
  const tell = (line: CheckLine): void => {
    clearTimeout(limit)
    socket.destroy()
    resolve(line)
  }
  // A name server that is silent is no idle socket: its time is counted here.
  const limit = setTimeout(() => tell(bad('port-silent', facts)), STEP_WITHIN_MS)
  socket.once('connect', () =>
    tell(good('port', { ...facts, ms: String(Math.round(performance.now() - startedAt)) })),
  )
  socket.on('error', (error) => {
    const code = codeOf(error)
    if (code === 'ECONNREFUSED') tell(bad('port-refused', facts))
    else tell(code === 'ETIMEDOUT' ? bad('port-silent', facts) : bad('port-unreachable', { ...facts, code }))
  })
  return promise
}

const hallLine = (heard: HallHeard): CheckLine => {
  switch (heard.heard) {
    case 'hall': {
      const facts = { ms: String(heard.ms) }
      return heard.ms < SLOW_FROM_MS ? good('hall', facts) : bad('hall-slow', facts)
    }
    case 'trouble':
      return bad('hall-trouble', { status: String(heard.status), code: heard.code })
    case 'portal':
      return bad('hall-portal', { status: String(heard.status), where: heard.where })
    case 'proxy':
      return bad('hall-proxy', { status: String(heard.status) })
    case 'stranger':
      return bad('hall-stranger', { status: String(heard.status) })
    case 'dates':
      return bad('hall-dates', { code: heard.code })
    case 'certificate':
      return bad('hall-certificate', { code: heard.code })
    case 'silence':
      return bad('hall-silent')
    case 'cut':
      return bad('hall-cut', { code: heard.code })
  }
}
