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
    const [oldest] = made.keys()
    if (made.size > KEPT && oldest !== undefined) made.delete(oldest)
    return request
  }
}
