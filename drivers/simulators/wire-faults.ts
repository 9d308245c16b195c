import { monotonicMs } from '../time.ts'
import {
  drop,
  duplicate,
  flip,
  merge,
  noise,
  type Stage,
  slow,
  split,
  stall,
  swallow,
} from './wire-stages.ts'

/** What can be wrong with a simulated line (field rows 1 and 5 to 7). */
export type WireFault = BothWaysFault | (DirectedFault & { towards?: Towards })

/**
 * Whose bytes a fault is at; without it the driver's alone. What the driver sends then reaches the device as it was,
 * and the device can judge it: see `FaultyLine.spoilsCommands`.
 */
export type Towards = (typeof TOWARDS)[number]
export const TOWARDS = ['driver', 'device', 'both'] as const

type DirectedFault =
  /** Pieces of at most `bytes` bytes, `gapMs` apart. */
  | { kind: 'split'; bytes: number; gapMs: number }
  /** What comes within `holdMs` arrives as one piece. */
  | { kind: 'merge'; holdMs: number }
  /** Every nth byte is lost. */
  | { kind: 'drop'; every: number }
  /** Every nth byte is turned over by XOR with `mask`. */
  | { kind: 'flip'; every: number; mask: number }
  /** Random bytes from time to time, also while nothing is said. The same seed gives the same bytes. */
  | { kind: 'noise'; everyMs: number; bytes: number; seed?: number }
  /** Bytes are held and come all at once at the end of the fault. */
  | { kind: 'stall' }
  /** Each send goes out twice. */
  | { kind: 'duplicate' }

type BothWaysFault =
  /** Nothing passes and nothing closes. */
  | { kind: 'half-open' }
  /** No faster than a serial line of that speed. */
  | { kind: 'slow'; baud: number }

/** When a fault begins and how long it lasts; without them: at once, until it is ended. */
export interface FaultTiming {
  afterMs?: number
  forMs?: number
}

export interface AddedFault {
  fault: WireFault
  timing: FaultTiming
}

/** Faults stack in the order in which they were added. They outlive an unplugging; bytes on their way do not. */
export interface WireFaults {
  /** Gives how to end it; one that has not begun yet then never does. */
  add(fault: WireFault, timing?: FaultTiming): () => void
  /** Ends all of them. */
  clear(): void
  /** Those that are not over, and those that have not begun. */
  list(): AddedFault[]
}

/** Where the two directions of a line end. */
export interface LineEnds {
  toDriver(bytes: Uint8Array): void
  toDevice(bytes: Uint8Array): void
  /** A slow line holds as much of the driver's as a device server does, and will or will not take more. */
  crowded(on: boolean): void
}

/** What a USB adapter or a serial device server takes before it makes the program wait. */
const LINE_BUFFER_BYTES = 4096
/** Noise without a seed of its own: every run hears the same. */
const DEFAULT_NOISE_SEED = 24

/** A fault in its place in the stack; it has no stages before it has begun. */
interface Entry extends AddedFault {
  toDriver?: Stage
  toDevice?: Stage
  end: () => void
}

type Direction = 'toDriver' | 'toDevice'

/** Both directions of one simulated line, through whatever is wrong with it. */
export class FaultyLine implements WireFaults {
  #ends: LineEnds
  #entries: Entry[] = []
  #timer: NodeJS.Timeout | undefined
  #crowded = false
  #spoilt = false

  constructor(ends: LineEnds) {
    this.#ends = ends
  }

  /**
   * A fault is at what the driver sends, or has been since this driver came: the device may still wait for the rest
   * of what it lost. What it does not understand now is nobody's misuse.
   */
  get spoilsCommands(): boolean {
    return this.#spoilt
  }

  add(fault: WireFault, timing: FaultTiming = {}): () => void {
    const timers: NodeJS.Timeout[] = []
    const end = (): void => {
      for (const timer of timers) clearTimeout(timer)
      this.#remove(entry)
    }
    const entry: Entry = { fault, timing, end }
    const begin = (): void => {
      Object.assign(entry, stagesOf(fault, monotonicMs()))
      this.#spoilt ||= spoils(entry) || this.#tears(entry)
      if (timing.forMs !== undefined) timers.push(setTimeout(end, timing.forMs).unref())
      this.#schedule()
    }
    this.#entries.push(entry)
    if (timing.afterMs === undefined) begin()
    else timers.push(setTimeout(begin, timing.afterMs).unref())
    return end
  }

  clear(): void {
    for (const entry of [...this.#entries]) entry.end()
  }

  list(): AddedFault[] {
    return this.#entries.map(({ fault, timing }) => ({ fault, timing }))
  }

  /** The device says something. */
  fromDevice(bytes: Uint8Array): void {
    this.#pass('toDriver', [bytes], 0)
    this.#schedule()
  }

  /** The driver says something. */
  fromDriver(bytes: Uint8Array): void {
    this.#pass('toDevice', [bytes], 0)
    this.#schedule()
  }

  /** The cable is out or the driver has gone: what was on its way is lost. */
  forget(): void {
    for (const entry of this.#entries) {
      entry.toDriver?.forget()
      entry.toDevice?.forget()
    }
    this.#spoilt = this.#entries.some(spoils)
    this.#schedule()
  }

  #remove(entry: Entry): void {
    const at = this.#entries.indexOf(entry)
    if (at < 0) return
    this.#spoilt ||= this.#tears(entry)
    this.#entries.splice(at, 1)
    // What the fault held goes on through those behind it, which have moved up into its place.
    this.#pass('toDriver', entry.toDriver?.end() ?? [], at)
    this.#pass('toDevice', entry.toDevice?.end() ?? [], at)
    this.#schedule()
  }

  /** Half of a command is on a slow line when nothing passes any more, or when something passes again. */
  #tears({ fault }: Entry): boolean {
    const onTheirWay = this.#entries.some(({ toDevice }) => toDevice !== undefined && toDevice.heldBytes > 0)
    return fault.kind === 'half-open' && onTheirWay
  }

  /** Sends pieces through the stages from the one at `from` on, and out. */
  #pass(direction: Direction, pieces: readonly Uint8Array[], from: number): void {
    const nowMs = monotonicMs()
    let passing = pieces
    for (const entry of this.#entries.slice(from)) {
      const stage = entry[direction]
      if (stage !== undefined) passing = passing.flatMap((piece) => stage.push(piece, nowMs))
    }
    for (const piece of passing) this.#ends[direction](piece)
  }

  #work(): void {
    for (const direction of ['toDriver', 'toDevice'] as const) {
      for (const [at, entry] of [...this.#entries.entries()]) {
        this.#pass(direction, entry[direction]?.due(monotonicMs()) ?? [], at + 1)
      }
    }
    this.#schedule()
  }

  #schedule(): void {
    clearTimeout(this.#timer)
    const stages = this.#entries.flatMap((entry) => [entry.toDriver, entry.toDevice])
    const nextMs = Math.min(...stages.map((stage) => stage?.nextMs() ?? Number.POSITIVE_INFINITY))
    // The socket keeps the process alive, not what is wrong with it.
    if (Number.isFinite(nextMs)) {
      this.#timer = setTimeout(() => this.#work(), Math.max(0, nextMs - monotonicMs())).unref()
    }
    this.#watchCrowd()
  }

  #watchCrowd(): void {
    const held = this.#entries.reduce((sum, entry) => sum + (entry.toDevice?.heldBytes ?? 0), 0)
    const crowded = this.#crowded ? held > LINE_BUFFER_BYTES / 2 : held >= LINE_BUFFER_BYTES
    if (crowded === this.#crowded) return
    this.#crowded = crowded
    this.#ends.crowded(crowded)
  }
}

/** `slow` leaves whole what it lets pass, and `half-open` what is not on a slow line as it begins or ends. */
function spoils({ fault, toDevice }: Entry): boolean {
  return toDevice !== undefined && fault.kind !== 'half-open' && fault.kind !== 'slow'
}

function stagesOf(fault: WireFault, nowMs: number): Pick<Entry, Direction> {
  if (fault.kind === 'half-open' || fault.kind === 'slow') {
    return { toDriver: stageOf(fault, nowMs), toDevice: stageOf(fault, nowMs) }
  }
  const { towards = 'driver' } = fault
  return {
    ...(towards === 'device' ? {} : { toDriver: stageOf(fault, nowMs) }),
    ...(towards === 'driver' ? {} : { toDevice: stageOf(fault, nowMs) }),
  }
}

function stageOf(fault: WireFault, nowMs: number): Stage {
  switch (fault.kind) {
    case 'split':
      return split(fault.bytes, fault.gapMs)
    case 'merge':
      return merge(fault.holdMs)
    case 'drop':
      return drop(fault.every)
    case 'flip':
      return flip(fault.every, fault.mask)
    case 'noise':
      return noise(fault.everyMs, fault.bytes, fault.seed ?? DEFAULT_NOISE_SEED, nowMs)
    case 'stall':
      return stall()
    case 'half-open':
      return swallow()
    case 'slow':
      return slow(fault.baud)
    case 'duplicate':
      return duplicate()
  }
}
