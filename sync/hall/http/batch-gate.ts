/**
 * How many batches the server takes on at once. After a hall-wide outage thousands of devices come back in the same
 * second: those that can be served within a moment are let in, all others are told at once when to come, one after
 * the other as fast as this server has been found to work, so that it is never idle and nobody is forgotten. Only
 * devices whose signature was found good come in.
 */
import { createArrivals } from './batch-arrivals.ts'
import { createCallBack } from './batch-call-back.ts'

/** Work at once: one is unpacked or waits for the disk while another is checked; more would only share one processor. */
const IN_WORK = 4

/** So long the arriving go before the waiting: some hundred of them can be told when to come in that time. */
const ARRIVALS_FIRST_MS = 200

/** From the door to the answer: bounds what slow lines and a slow disk can hold of sockets and memory. */
const MAX_HELD = 256
const MAX_HELD_BYTES = 64 * 1024 * 1024
/** Of one device: the one that it has given up on a dead line, and the one that it sends now. */
const MAX_HELD_OF_ONE = 2
/** What it has here is answered or given up by then. */
const HELD_OF_ONE_AWAY_MS = 1_000

/**
 * Nobody is let in to wait longer, by the speed found so far. Who was sent away before may wait twice as long as a
 * newcomer: otherwise those that are just being served could keep the door for themselves.
 */
const NEWCOMER_WAIT_MS = 250
const RETURNING_WAIT_MS = 500
/** The speed was misjudged, or the disk stands: the answer is still out within a second. */
const PATIENCE_MS = 700

/** A batch is never more work than a full one, however many bytes it takes where it is not packed. */
const FULL_BATCH_BYTES = 64 * 1024

/** At the start nothing is known: a guess too fast costs some a second try, one too slow leaves the server idle. */
const FIRST_GUESS_BYTES_PER_MS = 12_000

/** How much one finished batch changes the measured speed; one that stood for long counts as this many times slower. */
const SPEED_SHARE = 0.1
const MOST_TIMES_SLOWER = 4

export type Refused = { admitted: false; retryAfterMs: number }
export type Entrance = { admitted: true; pass: BatchPass } | Refused

export interface BatchPass {
  /** The body is here, so many bytes: waits for its turn. Not admitted: it only has to leave. */
  turn(bytes: number): Promise<{ admitted: true } | Refused>
  /** Answered, in whichever way: only what was stored tells how fast this server is. The first call counts. */
  leave(how?: 'stored'): void
}

export interface BatchGate {
  /**
   * Somebody is at the door, whoever it is: to be told before those inside are served.
   * @param bytes as announced
   * @returns null: to be looked at. Otherwise there are too many to look at each
   */
  arrived(bytes: number): Refused | null
  /** @param device who is proven to come @param bytes as announced */
  enter(device: string, bytes: number): Entrance
}

/** @param monotonic milliseconds that never go back */
export function createBatchGate(monotonic: () => number = () => performance.now()): BatchGate {
  const callBack = createCallBack(monotonic)
  const held = new Map<string, number>()
  let heldCount = 0
  let heldBytes = 0
  /** The device served last comes last again, so that nobody's second is before another's first. */
  const waiting = new Map<string, (() => void)[]>()
  let inWork = 0
  /** Of those that wait and those in work. */
  let workAhead = 0
  /** While it has work: idle time says nothing of its speed. */
  let bytesPerMs = FIRST_GUESS_BYTES_PER_MS
  let lastDone = 0
  let serving = false
  const arrivals = createArrivals()
  let seenArrivals = 0
  let lastServed = 0

  const workOf = (bytes: number): number => Math.min(Math.max(bytes, 1), FULL_BATCH_BYTES)
  const stands = (): boolean => inWork === IN_WORK && monotonic() - lastDone > PATIENCE_MS
  const crowded = (device: string): boolean =>
    stands() || workAhead / bytesPerMs > (callBack.isAway(device) ? RETURNING_WAIT_MS : NEWCOMER_WAIT_MS)

  const away = (device: string, bytes: number): Refused => {
    const retryAfterMs = callBack.book(device, workOf(bytes) / bytesPerMs, workAhead / bytesPerMs)
    return { admitted: false, retryAfterMs }
  }

  function measure(work: number, elapsed: number): void {
    const slowest = MOST_TIMES_SLOWER / bytesPerMs
    bytesPerMs = 1 / ((1 - SPEED_SHARE) / bytesPerMs + SPEED_SHARE * Math.min(elapsed / work, slowest))
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
      const somebodyCame = arrivals.count() !== seenArrivals
      seenArrivals = arrivals.count()
      if (somebodyCame && monotonic() - lastServed < ARRIVALS_FIRST_MS) {
        serveSoon()
        return
      }
      serveOne()
      lastServed = monotonic()
      if (waiting.size > 0 && inWork < IN_WORK) serveSoon()
    })
  }

  function serveOne(): void {
    const [next] = waiting
    if (next === undefined || inWork === IN_WORK) return
    const [device, [first, ...others]] = next
    waiting.delete(device)
    if (others.length > 0) waiting.set(device, others)
    if (inWork === 0) lastDone = monotonic()
    inWork += 1
    first?.()
  }

  /** Its own time is up, whether or not a place ever gets free. */
  function waitForTurn(device: string): Promise<boolean> {
    return new Promise((resolve) => {
      const tooLate = setTimeout(() => {
        const others = (waiting.get(device) ?? []).filter((other) => other !== admit)
        if (others.length === 0) waiting.delete(device)
        else waiting.set(device, others)
        resolve(false)
      }, PATIENCE_MS)
      const admit = (): void => {
        clearTimeout(tooLate)
        resolve(true)
      }
      waiting.set(device, [...(waiting.get(device) ?? []), admit])
      serveSoon()
    })
  }

  function letIn(device: string, announced: number): BatchPass {
    let stage: 'receiving' | 'waiting' | 'away' | 'in-work' | 'gone' = 'receiving'
    let work = 0
    held.set(device, (held.get(device) ?? 0) + 1)
    heldCount += 1
    heldBytes += announced

    const sendAway = (bytes: number): Refused => {
      stage = 'away'
      return away(device, bytes)
    }
    return {
      async turn(bytes) {
        if (stage !== 'receiving') throw new Error('a pass is good for one turn')
        if (crowded(device)) return sendAway(bytes)
        stage = 'waiting'
        work = workOf(bytes)
        workAhead += work
        if (await waitForTurn(device)) {
          stage = 'in-work'
          callBack.served(device)
          return { admitted: true }
        }
        workAhead -= work
        return sendAway(bytes)
      },
      leave(how) {
        if (stage === 'gone') return
        if (stage === 'in-work') {
          const now = monotonic()
          if (how === 'stored' && now > lastDone) measure(work, now - lastDone)
          lastDone = now
          inWork -= 1
          workAhead -= work
          serveSoon()
        }
        stage = 'gone'
        const left = (held.get(device) ?? 1) - 1
        if (left === 0) held.delete(device)
        else held.set(device, left)
        heldCount -= 1
        heldBytes -= announced
        if (heldCount === 0) callBack.nobodyHere()
      },
    }
  }

  return {
    arrived(bytes) {
      if (arrivals.arrived() === 'seen') return null
      return {
        admitted: false,
        retryAfterMs: callBack.bookUnseen(workOf(bytes) / bytesPerMs, workAhead / bytesPerMs),
      }
    },
    enter(device, announced) {
      if ((held.get(device) ?? 0) >= MAX_HELD_OF_ONE)
        return { admitted: false, retryAfterMs: HELD_OF_ONE_AWAY_MS }
      const full = heldCount >= MAX_HELD || heldBytes + announced > MAX_HELD_BYTES
      if (full || crowded(device)) return away(device, announced)
      return { admitted: true, pass: letIn(device, announced) }
    },
  }
}
