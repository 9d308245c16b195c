/**
 * How many batches the server takes on at once. After a hall-wide outage thousands of devices come back in the same
 * second: those that can be served within a moment are let in, all others are told at once when to come, one after
 * the other as fast as this server has been found to work, so that it is never idle and nobody is forgotten.
 */

/** Work at once: one is unpacked or waits for the disk while another is checked; more would only share one processor. */
const IN_WORK = 4

/** So long the arriving go before the waiting: some hundred of them can be told when to come in that time. */
const ARRIVALS_FIRST_MS = 200

/** Bodies on their way in: bounds what slow lines can hold of sockets and memory. A full batch is some 50 KiB. */
const MAX_RECEIVING = 256
const MAX_RECEIVING_BYTES = 64 * 1024 * 1024
/** Of one device: the one that it has given up on a dead line, and the one that it sends now. */
const MAX_RECEIVING_OF_ONE = 2

/**
 * Nobody is let in to wait longer, by the speed found so far. Who was sent away before may wait twice as long as a
 * newcomer: otherwise those that are just being served could keep the door for themselves.
 */
const NEWCOMER_WAIT_MS = 250
const RETURNING_WAIT_MS = 500
/** The speed was misjudged: the answer is still out within a second. */
const PATIENCE_MS = 700

/** At the start nothing is known: a guess too fast costs some a second try, one too slow leaves the server idle. */
const FIRST_GUESS_BYTES_PER_MS = 12_000

/** How much one finished batch changes the measured speed. */
const SPEED_SHARE = 0.1

/** More are called than can be served: some come late, and the queue must not run empty meanwhile. */
const OVERBOOKED = 1.2

/** As long as a device waits by itself at most (PROTOCOLS.md §1.3): the storm may end sooner than thought. */
const MAX_AWAY_MS = 5 * 60_000

/** Being one too many once or twice is the price of overbooking; from then on the way back gets shorter each time. */
const PATIENT_TIMES = 2

/** Devices remembered as sent away; the longest ago is forgotten first. */
const MAX_REMEMBERED = 20_000

export type Entrance = { admitted: true; pass: BatchPass } | { admitted: false; retryAfterMs: number }

export interface BatchPass {
  /** The body is here, so many bytes: waits for its turn. Not admitted: the pass is over. */
  turn(bytes: number): Promise<{ admitted: true } | { admitted: false; retryAfterMs: number }>
  /** Answered, in whichever way. Always called, once or more often. */
  leave(): void
}

export interface BatchGate {
  /**
   * @param device who says to come: unproven, and only used to be fair
   * @param bytes as announced
   */
  enter(device: string, bytes: number): Entrance
}

interface Waiting {
  bytes: number
  since: number
  admit: (admitted: boolean) => void
}

/** @param monotonic milliseconds that never go back */
export function createBatchGate(monotonic: () => number = () => performance.now()): BatchGate {
  const receiving = new Map<string, number>()
  let receivingCount = 0
  let receivingBytes = 0
  const waiting: Waiting[] = []
  let waitingBytes = 0
  let inWork = 0
  let workBytes = 0
  /** While it has work: idle time says nothing of its speed. */
  let bytesPerMs = FIRST_GUESS_BYTES_PER_MS
  let lastDone = 0
  let bookedUntil = 0
  let serving = false
  let arrivals = 0
  let seenArrivals = 0
  let lastServed = 0
  const sentAway = new Map<string, number>()

  const waitMs = (): number => (waitingBytes + workBytes) / bytesPerMs
  const crowded = (device: string): boolean =>
    waitMs() > (sentAway.has(device) ? RETURNING_WAIT_MS : NEWCOMER_WAIT_MS)

  /** The next free place behind all that were sent away; who has been sent away more often gets a nearer one. */
  function away(device: string, bytes: number): { admitted: false; retryAfterMs: number } {
    const now = monotonic()
    const times = (sentAway.get(device) ?? 0) + 1
    sentAway.delete(device)
    sentAway.set(device, times)
    const [longestAgo] = sentAway.keys()
    if (sentAway.size > MAX_REMEMBERED && longestAgo !== undefined) sentAway.delete(longestAgo)
    bookedUntil = Math.min(
      Math.max(bookedUntil, now + waitMs()) + bytes / bytesPerMs / OVERBOOKED,
      now + MAX_AWAY_MS,
    )
    return { admitted: false, retryAfterMs: (bookedUntil - now) / Math.max(times - PATIENT_TIMES + 1, 1) }
  }

  function measure(bytes: number): void {
    const now = monotonic()
    const elapsed = now - lastDone
    lastDone = now
    if (elapsed > 0) bytesPerMs = 1 / ((1 - SPEED_SHARE) / bytesPerMs + SPEED_SHARE * (elapsed / bytes))
  }

  /**
   * Behind all that arrives: where a batch is worked on as soon as it is read, the next ones wait unseen in the kernel,
   * and nobody can tell them anything. One in each turn of the loop, which takes in one new connection (libuv accepts
   * no more at once), and none in a turn that brought somebody, as long as that may go on.
   */
  function serveSoon(): void {
    if (serving) return
    serving = true
    setImmediate(() => {
      serving = false
      const somebodyCame = arrivals !== seenArrivals
      seenArrivals = arrivals
      if (somebodyCame && monotonic() - lastServed < ARRIVALS_FIRST_MS) {
        serveSoon()
        return
      }
      serveOne()
      lastServed = monotonic()
      if (waiting.length > 0 && inWork < IN_WORK) serveSoon()
    })
  }

  function serveOne(): void {
    while (inWork < IN_WORK) {
      const next = waiting.shift()
      if (next === undefined) return
      waitingBytes -= next.bytes
      if (monotonic() - next.since > PATIENCE_MS) {
        next.admit(false)
        continue
      }
      if (inWork === 0) lastDone = monotonic()
      inWork += 1
      workBytes += next.bytes
      next.admit(true)
      return
    }
  }

  return {
    enter(device, announced) {
      arrivals += 1
      const ofOne = receiving.get(device) ?? 0
      const full = receivingCount >= MAX_RECEIVING || receivingBytes + announced > MAX_RECEIVING_BYTES
      if (full || ofOne >= MAX_RECEIVING_OF_ONE || crowded(device)) return away(device, announced)
      receiving.set(device, ofOne + 1)
      receivingCount += 1
      receivingBytes += announced
      let stage: 'receiving' | 'waiting' | 'in-work' | 'gone' = 'receiving'
      let workOf = 0

      const received = (): void => {
        receivingCount -= 1
        receivingBytes -= announced
        const left = (receiving.get(device) ?? 1) - 1
        if (left === 0) receiving.delete(device)
        else receiving.set(device, left)
      }

      const pass: BatchPass = {
        async turn(bytes) {
          if (stage !== 'receiving') throw new Error('a pass is good for one turn')
          received()
          if (crowded(device)) {
            stage = 'gone'
            return away(device, bytes)
          }
          stage = 'waiting'
          workOf = Math.max(bytes, 1)
          waitingBytes += workOf
          const admitted = await new Promise<boolean>((admit) => {
            waiting.push({ bytes: workOf, since: monotonic(), admit })
            serveSoon()
          })
          stage = admitted ? 'in-work' : 'gone'
          if (!admitted) return away(device, bytes)
          sentAway.delete(device)
          return { admitted: true }
        },
        leave() {
          if (stage === 'receiving') received()
          if (stage === 'in-work') {
            inWork -= 1
            workBytes -= workOf
            measure(workOf)
            serveSoon()
          }
          stage = 'gone'
        },
      }
      return { admitted: true, pass }
    },
  }
}
