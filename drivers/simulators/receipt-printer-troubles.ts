import { Listeners } from '../listeners.ts'

/** What can befall a receipt printer. All can hold at once. */
export const PRINTER_TROUBLES = [
  'near-end',
  'paper-out',
  'cover-open',
  'fed-by-hand',
  'cutter',
  'jam',
  // The head is too hot: printing stops, and goes on by itself at the end.
  'overheated',
  'unrecoverable',
  'offline',
  // A fifth of its speed, as with a weak power supply.
  'slow-paper',
  // In-order markers are worked on and not answered.
  'mute-markers',
] as const

export type PrinterTrouble = (typeof PRINTER_TROUBLES)[number]

/** When a trouble begins: at once, after a while, or when so many rows of a receipt are on paper; and its length. */
export interface TroubleTiming {
  afterMs?: number
  /** Rows of dots since the last cut. */
  atRow?: number
  forMs?: number
}

/** Nothing is printed while one of these lasts. */
const STOPPING: readonly PrinterTrouble[] = [
  'paper-out',
  'cover-open',
  'fed-by-hand',
  'cutter',
  'jam',
  'overheated',
  'unrecoverable',
  'offline',
]
/** A printer goes on after these as if nothing had been. */
const PASSING: readonly PrinterTrouble[] = ['fed-by-hand', 'overheated', 'offline']
/** When these are mended the printer waits until it is told so. */
const TO_RECOVER: readonly PrinterTrouble[] = ['cutter', 'jam']

const STATUS_CLEAR = 0x12
const AUTOMATIC_CLEAR = 0x10

/** Everything that is wrong with one simulated printer, and how its status bytes say it (DEVICES §3). */
export class PrinterTroubles {
  readonly changed = new Listeners<void>()
  #active: { kind: PrinterTrouble }[] = []
  #atRow: { row: number; begin: () => void }[] = []
  #timers = new Set<NodeJS.Timeout>()
  #waiting = false

  /** Gives how to mend it; a trouble that has not begun yet then never does. */
  add(kind: PrinterTrouble, timing: TroubleTiming = {}): () => void {
    const entry = { kind }
    let mended = false
    const mend = (): void => {
      if (mended) return
      mended = true
      const index = this.#active.indexOf(entry)
      if (index === -1) return
      this.#active.splice(index, 1)
      if (TO_RECOVER.includes(kind)) this.#waiting = true
      this.changed.emit()
    }
    const begin = (): void => {
      if (mended) return
      this.#active.push(entry)
      if (timing.forMs !== undefined) this.#later(timing.forMs, mend)
      this.changed.emit()
    }
    if (timing.atRow !== undefined) this.#atRow.push({ row: timing.atRow, begin })
    else if (timing.afterMs !== undefined) this.#later(timing.afterMs, begin)
    else begin()
    return mend
  }

  has(kind: PrinterTrouble): boolean {
    return this.#active.some((entry) => entry.kind === kind)
  }

  /** Nothing can be printed. */
  get stopped(): boolean {
    return this.#waiting || STOPPING.some((kind) => this.has(kind))
  }

  /** Stopped, and only for a moment. */
  get pausing(): boolean {
    return !this.#waiting && !STOPPING.some((kind) => !PASSING.includes(kind) && this.has(kind))
  }

  /** `10 05 2`: true when there was something to recover from and nothing is in its way any more. */
  recover(): boolean {
    if (!this.#waiting || TO_RECOVER.some((kind) => this.has(kind))) return false
    this.#waiting = false
    this.changed.emit()
    return true
  }

  /** So many rows of the receipt are on paper now. */
  reached(row: number): void {
    const due = this.#atRow.filter((one) => one.row <= row)
    this.#atRow = this.#atRow.filter((one) => one.row > row)
    for (const { begin } of due) begin()
  }

  /** The answer to `10 04 n`; bits 1 and 4 are always set. */
  statusByte(n: number): number {
    const bit = (index: number, isSet: boolean): number => (isSet ? 1 << index : 0)
    const out = this.has('paper-out')
    switch (n) {
      case 1:
        return STATUS_CLEAR | bit(3, this.stopped) | bit(5, this.#waiting)
      case 2: {
        const error = this.#waiting || this.#hasAny('cutter', 'jam', 'overheated', 'unrecoverable')
        const hand = bit(2, this.has('cover-open')) | bit(3, this.has('fed-by-hand'))
        return STATUS_CLEAR | hand | bit(5, out) | bit(6, error)
      }
      case 3: {
        const cutter = bit(3, this.has('cutter'))
        return STATUS_CLEAR | cutter | bit(5, this.has('unrecoverable')) | bit(6, this.has('overheated'))
      }
      default:
        return STATUS_CLEAR | (out || this.has('near-end') ? 0x0c : 0) | (out ? 0x60 : 0)
    }
  }

  automaticStatus(): Uint8Array {
    const out = this.has('paper-out')
    const first = AUTOMATIC_CLEAR | (this.stopped ? 0x08 : 0) | (this.has('cover-open') ? 0x20 : 0)
    const cutter = this.has('cutter') ? 0x08 : 0
    const second = (this.has('jam') ? 0x04 : 0) | cutter | (this.has('unrecoverable') ? 0x20 : 0)
    return Uint8Array.of(first, second, (out || this.has('near-end') ? 0x03 : 0) | (out ? 0x0c : 0), 0)
  }

  /** The answer to `1D 72 1`. */
  markerByte(): number {
    const out = this.has('paper-out')
    return (out || this.has('near-end') ? 0x03 : 0) | (out ? 0x0c : 0)
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    this.#atRow = []
  }

  #hasAny(...kinds: PrinterTrouble[]): boolean {
    return kinds.some((kind) => this.has(kind))
  }

  #later(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      act()
    }, ms)
    this.#timers.add(timer)
  }
}
