import { type LookupAddress, lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'

/** Node gives no addresses at all beside an error, whatever its types say. */
type Listener = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[] | undefined) => void

const underWay = new Map<string, Listener[]>()

/**
 * As `dns.lookup`, but a name that is being looked up is not looked up again beside it. A `.local` name that is not
 * answered holds a thread for seconds, there are four, and the whole program reads its files with them: one absent
 * printer must not stop the others (field row 17).
 */
export const sharedLookup: LookupFunction = (hostname, options, callback) => {
  const answer: Listener = (error, addresses) => {
    const first = addresses?.[0]
    if (error !== null || addresses === undefined || first === undefined)
      callback(error ?? notFound(hostname), '', 0)
    else if (options.all === true) callback(null, addresses)
    else callback(null, first.address, first.family)
  }
  const waiting = underWay.get(hostname)
  if (waiting !== undefined) {
    waiting.push(answer)
    return
  }
  const listeners = [answer]
  underWay.set(hostname, listeners)
  lookup(hostname, { all: true }, (error, addresses) => {
    underWay.delete(hostname)
    for (const listener of listeners) listener(error, addresses)
  })
}

function notFound(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' })
}
