/**
 * What a bad cable does to bytes, one stage for each fault. A stage never looks at a clock: it is told the time and
 * says when it wants to be asked again. No stage but `drop`, `flip`, `noise`, `duplicate` and `swallow` changes what
 * passes; every one keeps the order.
 */
export interface Stage {
  /** Bytes that arrive at `nowMs`; gives the pieces that leave at once. */
  push(bytes: Uint8Array, nowMs: number): Uint8Array[]
  /** The pieces whose time has come. */
  due(nowMs: number): Uint8Array[]
  /** When `due` is to be asked next; `Infinity` while it has nothing to give. */
  nextMs(): number
  /** Bytes on their way. */
  readonly heldBytes: number
  /** The fault is over: what it still held. */
  end(): Uint8Array[]
  /** The cable is out: what was on its way is lost. */
  forget(): void
}

/** A device's own buffers are smaller; a stalled line that is never released must not fill the memory. */
export const MAX_HELD_BYTES = 1_048_576
/** Start bit, 8 data bits, stop bit. */
const BITS_PER_BYTE = 10
/** How often a slow line hands over; small against a frame, so that frames arrive in pieces as from a cable. */
const SLOW_TICK_MS = 4
/** A byte is there at the very moment for which it was announced, whatever the floating point makes of it. */
const ROUNDING_BYTES = 1e-6

/** Bytes in the order in which they came. What does not fit any more is lost, as in a device's full buffer. */
class Held {
  #bytes: Uint8Array = new Uint8Array(0)

  get length(): number {
    return this.#bytes.length
  }

  add(bytes: Uint8Array): void {
    const room = MAX_HELD_BYTES - this.#bytes.length
    this.#bytes = Uint8Array.from(Buffer.concat([this.#bytes, bytes.subarray(0, room)]))
  }

  take(count = this.#bytes.length): Uint8Array {
    const taken = this.#bytes.slice(0, count)
    this.#bytes = this.#bytes.subarray(taken.length)
    return taken
  }

  takeAll(): Uint8Array[] {
    return this.#bytes.length === 0 ? [] : [this.take()]
  }
}

/** Pieces of at most `bytes` bytes, one every `gapMs` (field row 5). */
export function split(bytes: number, gapMs: number): Stage {
  const held = new Held()
  let lastMs = Number.NEGATIVE_INFINITY
  const due = (nowMs: number): Uint8Array[] => {
    const pieces: Uint8Array[] = []
    while (held.length > 0 && nowMs >= lastMs + gapMs) {
      pieces.push(held.take(bytes))
      lastMs = nowMs
    }
    return pieces
  }
  return {
    push: (arrived, nowMs) => {
      held.add(arrived)
      return due(nowMs)
    },
    due,
    nextMs: () => (held.length > 0 ? lastMs + gapMs : Number.POSITIVE_INFINITY),
    get heldBytes() {
      return held.length
    },
    end: () => held.takeAll(),
    forget: () => held.take(),
  }
}

/** Everything that comes within `holdMs` of the first byte leaves as one piece, as from a device server. */
export function merge(holdMs: number): Stage {
  const held = new Held()
  let releaseMs = Number.POSITIVE_INFINITY
  const release = (): Uint8Array[] => {
    releaseMs = Number.POSITIVE_INFINITY
    return held.takeAll()
  }
  return {
    push: (bytes, nowMs) => {
      if (held.length === 0 && bytes.length > 0) releaseMs = nowMs + holdMs
      held.add(bytes)
      return []
    },
    due: (nowMs) => (nowMs >= releaseMs ? release() : []),
    nextMs: () => releaseMs,
    get heldBytes() {
      return held.length
    },
    end: release,
    forget: release,
  }
}

/** Everything waits until the fault is over and leaves as one piece. */
export function stall(): Stage {
  return merge(Number.POSITIVE_INFINITY)
}

/** No faster than a serial line of that speed carries them. */
export function slow(baud: number): Stage {
  const held = new Held()
  const bytesPerMs = baud / (BITS_PER_BYTE * 1000)
  let startedMs = 0
  let sent = 0
  let lastMs = 0
  const due = (nowMs: number): Uint8Array[] => {
    const count = Math.floor((nowMs - startedMs) * bytesPerMs + ROUNDING_BYTES) - sent
    if (held.length === 0 || count < 1) return []
    lastMs = nowMs
    const piece = held.take(count)
    sent += piece.length
    return [piece]
  }
  return {
    push: (bytes, nowMs) => {
      if (held.length === 0) {
        startedMs = nowMs
        lastMs = nowMs
        sent = 0
      }
      held.add(bytes)
      return []
    },
    due,
    nextMs: () => {
      if (held.length === 0) return Number.POSITIVE_INFINITY
      const nextByteMs = startedMs + (sent + 1) / bytesPerMs
      const lastByteMs = startedMs + (sent + held.length) / bytesPerMs
      return Math.min(Math.max(nextByteMs, lastMs + SLOW_TICK_MS), lastByteMs)
    },
    get heldBytes() {
      return held.length
    },
    end: () => held.takeAll(),
    forget: () => held.take(),
  }
}

/** Every `every`th byte is lost, counted over all that passes (field row 6). */
export function drop(every: number): Stage {
  let count = 0
  return passing((bytes) => [
    bytes.filter(() => {
      count += 1
      return count % every !== 0
    }),
  ])
}

/** Every `every`th byte, counted over all that passes, has the bits of `mask` turned over (field row 6). */
export function flip(every: number, mask: number): Stage {
  let count = 0
  return passing((bytes) => [
    bytes.map((byte) => {
      count += 1
      return count % every === 0 ? byte ^ mask : byte
    }),
  ])
}

/** What is sent once arrives twice. */
export function duplicate(): Stage {
  return passing((bytes) => [bytes, bytes.slice()])
}

/** Nothing passes, and nobody is told (field row 1). */
export function swallow(): Stage {
  return passing(() => [])
}

/** `bytes` random bytes every `everyMs` from `startMs` on, whether anything else is said or not (field row 7). */
export function noise(everyMs: number, bytes: number, seed: number, startMs: number): Stage {
  const random = randomBytesOf(seed)
  let nextMs = startMs + everyMs
  return {
    ...passing((arrived) => [arrived]),
    due: (nowMs) => {
      if (nowMs < nextMs) return []
      // From now and not from when it was due: a busy machine must not make bursts of what are single crackles.
      nextMs = nowMs + everyMs
      return [random(bytes)]
    },
    nextMs: () => nextMs,
  }
}

/** A stage without memory of bytes and without a clock. */
function passing(change: (bytes: Uint8Array) => Uint8Array[]): Stage {
  return {
    push: (bytes) => change(bytes).filter((piece) => piece.length > 0),
    due: () => [],
    nextMs: () => Number.POSITIVE_INFINITY,
    heldBytes: 0,
    end: () => [],
    forget: () => {},
  }
}

/** The same bytes for the same seed on every machine: a linear congruential generator, its upper bits. */
function randomBytesOf(seed: number): (count: number) => Uint8Array {
  let state = seed >>> 0
  return (count) =>
    Uint8Array.from({ length: count }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return state >>> 24
    })
}
