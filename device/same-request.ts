/**
 * One intent is one request: a person is sealed anew each time, to other bytes, and the hall takes a key again only
 * with the request that it came with (PROTOCOLS.md §1.4). What is kept here is sealed; the device cannot open it.
 */

/** Intents whose answer may still be lost: one citizen has one or two. */
const KEPT = 8

/** Makes the request of a key when it is first asked for; null where none can be made, and nothing is kept. */
export type SameRequest<Request> = (
  key: string,
  make: () => Promise<Request> | null,
) => Promise<Request> | null

export const sameRequest = <Request>(): SameRequest<Request> => {
  const made = new Map<string, Promise<Request>>()
  return (key, make) => {
    const before = made.get(key)
    if (before !== undefined) return before
    const request = make()
    if (request === null) return null
    made.set(key, request)
    // What could not be sealed is made anew, or its key would fail for ever.
    request.catch(() => made.delete(key))
    const [oldest] = made.keys()
    if (made.size > KEPT && oldest !== undefined) made.delete(oldest)
    return request
  }
}

/** Does once for each key what would be written twice when a lost answer is asked for again. */
export const onceForKey = (): ((key: string, work: () => void) => void) => {
  const done = new Set<string>()
  return (key, work) => {
    if (done.has(key)) return
    done.add(key)
    const [oldest] = done
    if (done.size > KEPT && oldest !== undefined) done.delete(oldest)
    work()
  }
}
