import { Listeners } from '../listeners.ts'
import type { ReceiptPrinterProfile } from '../receipt-printer/profile.ts'
import { monotonicMs } from '../time.ts'
import { type Command, EscposLexer, type Lexed } from './escpos-lexer.ts'
import { Misuse } from './misuse.ts'
import type { Paper } from './paper.ts'
import { Printing } from './printing.ts'
import { PrinterTroubles } from './receipt-printer-troubles.ts'

/** A receipt as it fell into the tray, with the paper's own margins left and right. */
export interface SimulatedReceipt {
  id: number
  png: Buffer
  widthDots: number
  heightDots: number
}

export interface SimulatedPrinterOptions {
  profile: ReceiptPrinterProfile
  /** Default 150, a usual kiosk printer. */
  millimetresPerSecond?: number
  /**
   * What was sent and not printed when it stopped is printed once it can go on, as many printers do (field row 14).
   * Default true; without it everything is refused from the stop on until a new document begins.
   */
  keepsBacklog?: boolean
  /**
   * Half a command of a line that was lost waits for its rest on the next one, as behind a device server or in a
   * USB printer that stays powered. Default true.
   */
  keepsHalfCommands?: boolean
  /** Sends its four bytes at each change, as printers do whose memory switch says so. */
  automaticStatus?: boolean
  /** Says XOFF and XON around a full buffer. */
  flowControl?: boolean
  /** Bytes that wait in its buffer before it holds the line; default 4096. */
  bufferBytes?: number
  /** It cannot hold the line, as on three wires: what finds its buffer full is lost. */
  overflows?: boolean
  /** From a status query to its answer; default 1. */
  statusDelayMs?: number
  /** How long the knife takes; default 500. */
  cutMs?: number
  onError?: (error: string) => void
}

/** How the printer reaches its wire. */
export interface PrinterWire {
  send: (bytes: Uint8Array) => void
  hold: (on: boolean) => void
}

/** A command in the buffer, and the moment at which it was there. */
interface Waiting extends Lexed {
  fromMs: number
}

const DEFAULT_SPEED = 150
const SLOW_PAPER = 1 / 5
const DOTS_PER_MILLIMETRE = 8
const KEPT_RECEIPTS = 50
const BUFFER_BYTES = 4096
const STATUS_DELAY_MS = 1
const CUT_MS = 500
/** Waits shorter than this are saved up: timers are not exact to a row of dots. */
const SHORTEST_WAIT_MS = 5
/** What is on its way when XOFF is said still finds room. */
const XOFF_MARGIN_BYTES = 1024
const DLE = 0x10
const QUESTION_BYTES = 3
const XON = 0x11
const XOFF = 0x13

/** A printer behind its wire: buffer, moving paper, troubles and answers. */
export class SimulatedPrinter {
  readonly misuse: Misuse
  readonly finished = new Listeners<SimulatedReceipt>()
  readonly troubles = new PrinterTroubles()
  receipts: SimulatedReceipt[] = []
  cuts = 0
  recoveries = 0
  #options: SimulatedPrinterOptions
  #printing: Printing
  #dotsPerMs: number
  #marginDots: number
  #lexer: EscposLexer
  #wire: PrinterWire = { send: () => {}, hold: () => {} }
  #queue: Waiting[] = []
  #queuedBytes = 0
  #bufferBytes: number
  #holding = false
  #timer: NodeJS.Timeout | undefined
  #answers = new Set<NodeJS.Timeout>()
  /** After a stop everything is refused until a new document begins: nothing is kept for later. */
  #refusing = false
  /** The moment until which paper that was already drawn is still moving. */
  #busyUntilMs = 0
  /** Since then it has been able to print: what waited for that begins no earlier. */
  #ableSinceMs = 0

  constructor(options: SimulatedPrinterOptions) {
    const { profile } = options
    this.#options = options
    this.misuse = new Misuse(options.onError)
    this.#bufferBytes = options.bufferBytes ?? BUFFER_BYTES
    this.#dotsPerMs = ((options.millimetresPerSecond ?? DEFAULT_SPEED) * DOTS_PER_MILLIMETRE) / 1000
    this.#marginDots = Math.trunc((profile.paperMillimetres * DOTS_PER_MILLIMETRE - profile.dots) / 2)
    this.#lexer = this.#freshLexer()
    this.#printing = new Printing(profile, {
      misuse: (error) => this.misuse.record(error),
      finished: (paper) => this.#finish(paper),
    })
    this.troubles.changed.add(() => this.#changed())
  }

  connect(wire: PrinterWire): void {
    this.#wire = wire
  }

  attached(): void {
    if (this.#options.keepsHalfCommands === false) this.#lexer = this.#freshLexer()
    else this.#lexer.interrupted()
  }

  /** What it had to say to a line that is gone is not heard on the next. */
  detached(): void {
    for (const timer of this.#answers) clearTimeout(timer)
    this.#answers.clear()
  }

  take(chunk: Uint8Array): void {
    // The paper has moved on and made room, also where this process comes late to it.
    this.#work()
    for (const lexed of this.#lexer.push(this.#options.overflows ? this.#fitting(chunk) : chunk)) {
      const { command } = lexed
      // Real-time commands are worked on as they come, whatever waits in the buffer.
      if (command.kind === 'status-query') this.#answer(command.n)
      else if (command.kind === 'recover') this.#recover(command.printsAgain)
      else this.#enqueue(lexed)
    }
    const isFull = this.#queuedBytes > this.#bufferBytes
    if (!this.#holding && isFull && !this.#options.overflows) this.#hold(true)
    this.#work()
  }

  /** As much as its buffer holds; a question, which does not wait there, is heard all the same. */
  #fitting(chunk: Uint8Array): Uint8Array {
    const room = Math.max(this.#bufferBytes - this.#queuedBytes, 0)
    const isQuestion = chunk[0] === DLE && chunk.length <= QUESTION_BYTES
    if (isQuestion || chunk.length <= room) return chunk
    this.misuse.record(`its buffer ran over: ${chunk.length - room} bytes were lost`)
    return chunk.subarray(0, room)
  }

  tearOff(): void {
    this.#printing.tearOff()
  }

  close(): void {
    this.#drop()
    this.troubles.close()
    this.detached()
  }

  get busy(): boolean {
    return this.#queue.length > 0 || this.#busyUntilMs > monotonicMs()
  }

  get #forgets(): boolean {
    return this.#options.keepsBacklog === false
  }

  #freshLexer(): EscposLexer {
    return new EscposLexer((error) => this.misuse.record(error))
  }

  #answer(n: number): void {
    if (this.#answers.size > 0) this.misuse.record('a status query while another is in flight')
    const timer = setTimeout(() => {
      this.#answers.delete(timer)
      this.#wire.send(Uint8Array.of(this.troubles.statusByte(n)))
    }, this.#options.statusDelayMs ?? STATUS_DELAY_MS)
    this.#answers.add(timer)
  }

  #recover(printsAgain: boolean): void {
    if (printsAgain) this.misuse.record('told to print the stopped line again')
    this.recoveries += 1
    if (!this.troubles.recover()) {
      this.misuse.record('told to recover while it is not waiting for that')
      return
    }
    this.#drop()
    this.#printing.reset()
  }

  #changed(): void {
    this.#ableSinceMs = monotonicMs()
    if (this.#options.automaticStatus) this.#wire.send(this.troubles.automaticStatus())
    if (this.#forgets && this.troubles.stopped && !this.troubles.pausing) {
      this.#refusing = true
      this.#drop()
      this.#printing.reset()
    }
    this.#work()
  }

  #drop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#queue = []
    this.#queuedBytes = 0
    this.#busyUntilMs = 0
    if (this.#holding) this.#hold(false)
  }

  #hold(on: boolean): void {
    this.#holding = on
    if (this.#options.flowControl) this.#wire.send(Uint8Array.of(on ? XOFF : XON))
    else this.#wire.hold(on)
  }

  #enqueue(lexed: Lexed): void {
    if (this.#forgets && this.troubles.stopped && !this.troubles.pausing) return
    if (lexed.command.kind === 'initialise') this.#refusing = false
    if (this.#refusing) return
    const isFull = this.#queuedBytes > this.#bufferBytes + XOFF_MARGIN_BYTES
    if (this.#options.flowControl && this.#holding && isFull) {
      this.misuse.record('sent on after XOFF: its buffer is full and this is lost')
      return
    }
    this.#queue.push({ ...lexed, fromMs: monotonicMs() })
    this.#queuedBytes += lexed.size
  }

  #work(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    while (!this.troubles.stopped) {
      const wait = this.#busyUntilMs - monotonicMs()
      if (wait > SHORTEST_WAIT_MS) {
        this.#timer = setTimeout(() => this.#work(), wait)
        return
      }
      const next = this.#queue.shift()
      if (next === undefined) return
      this.#queuedBytes -= next.size
      this.#execute(next.command, Math.max(next.fromMs, this.#ableSinceMs))
      // What the line then brings stands behind this one.
      if (this.#holding && this.#queuedBytes <= this.#bufferBytes / 2) this.#hold(false)
    }
  }

  /** A timer that comes late is no paper that stood still: a command begins when the one before it ended. */
  #execute(command: Command, fromMs: number): void {
    const { profile } = this.#options
    if (command.kind === 'marker') {
      if (!profile.marker) this.misuse.record('a marker sent to a printer that knows none')
      else if (!this.troubles.has('mute-markers')) this.#wire.send(Uint8Array.of(this.troubles.markerByte()))
      return
    }
    if (command.kind === 'print-done') {
      if (profile.printDone) this.#wire.send(Uint8Array.of(0x37, 0x22, ...command.mark, 0))
      else this.misuse.record('print-done asked of a printer that has none')
      return
    }
    const rows = this.#printing.execute(command)
    const dotsPerMs = this.#dotsPerMs * (this.troubles.has('slow-paper') ? SLOW_PAPER : 1)
    const cutMs = command.kind === 'cut' ? (this.#options.cutMs ?? CUT_MS) : 0
    this.#busyUntilMs = Math.max(this.#busyUntilMs, fromMs) + rows / dotsPerMs + cutMs
    this.troubles.reached(this.#printing.rows)
  }

  #finish(paper: Paper): void {
    this.cuts += 1
    if (paper.isBlank) return
    const id = (this.receipts.at(-1)?.id ?? 0) + 1
    const receipt = { id, ...paper.png(this.#marginDots) }
    this.receipts = [...this.receipts, receipt].slice(-KEPT_RECEIPTS)
    this.finished.emit(receipt)
  }
}
