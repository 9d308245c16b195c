import { Listeners } from '../listeners.ts'
import type { ReceiptPrinterProfile } from '../receipt-printer/profile.ts'
import { monotonicMs } from '../time.ts'
import { type Command, EscposLexer } from './escpos-lexer.ts'
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
   * Without it everything is refused from the stop on until a new document begins.
   */
  keepsBacklog?: boolean
  /** Sends its four bytes at each change, as printers do whose memory switch says so. */
  automaticStatus?: boolean
  /** Says XOFF and XON around a full buffer. */
  flowControl?: boolean
  /** Commands that wait in its buffer before it holds the line; default 4096. */
  bufferedCommands?: number
  /** From a status query to its answer; default 0. */
  statusDelayMs?: number
  onError?: (error: string) => void
}

/** How the printer reaches its wire. */
export interface PrinterWire {
  send: (bytes: Uint8Array) => void
  hold: (on: boolean) => void
}

const DEFAULT_SPEED = 150
const SLOW_PAPER = 1 / 5
const DOTS_PER_MILLIMETRE = 8
const KEPT_RECEIPTS = 50
const BUFFERED_COMMANDS = 4096
/** Waits shorter than this are saved up: timers are not exact to a row of dots. */
const SHORTEST_WAIT_MS = 5
/** What is on its way when XOFF is said still finds room. */
const XOFF_MARGIN_COMMANDS = 1024
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
  #queue: Command[] = []
  #bufferedCommands: number
  #holding = false
  #timer: NodeJS.Timeout | undefined
  #answers = new Set<NodeJS.Timeout>()
  /** The query whose answer has not been sent. */
  #asked: number | undefined
  /** After a stop everything is refused until a new document begins: nothing is kept for later. */
  #refusing = false
  /** The moment until which paper that was already drawn is still moving. */
  #busyUntilMs = 0

  constructor(options: SimulatedPrinterOptions) {
    const { profile } = options
    this.#options = options
    this.misuse = new Misuse(options.onError)
    this.#bufferedCommands = options.bufferedCommands ?? BUFFERED_COMMANDS
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
    // Half a command of a line that was lost must not swallow the next line's first.
    this.#lexer = this.#freshLexer()
    this.#asked = undefined
  }

  take(chunk: Uint8Array): void {
    for (const command of this.#lexer.push(chunk)) {
      // Real-time commands are worked on as they come, whatever waits in the buffer.
      if (command.kind === 'status-query') this.#answer(command.n)
      else if (command.kind === 'recover') this.#recover(command.printsAgain)
      else this.#enqueue(command)
    }
    // Within one piece the driver cannot have heard an answer.
    if (this.#options.statusDelayMs === undefined) this.#asked = undefined
    if (!this.#holding && this.#queue.length > this.#bufferedCommands) this.#hold(true)
    this.#work()
  }

  tearOff(): void {
    this.#printing.tearOff()
  }

  close(): void {
    this.#drop()
    this.troubles.close()
    for (const timer of this.#answers) clearTimeout(timer)
  }

  get busy(): boolean {
    return this.#queue.length > 0 || this.#busyUntilMs > monotonicMs()
  }

  #freshLexer(): EscposLexer {
    return new EscposLexer((error) => this.misuse.record(error))
  }

  #answer(n: number): void {
    // The same query again is one whose answer was lost; the next one means that no answer was waited for.
    if (this.#asked !== undefined && n === this.#asked + 1) {
      this.misuse.record('a status query while another is in flight')
    }
    this.#asked = n
    const { statusDelayMs } = this.#options
    if (statusDelayMs === undefined) {
      this.#wire.send(Uint8Array.of(this.troubles.statusByte(n)))
      return
    }
    const timer = setTimeout(() => {
      this.#answers.delete(timer)
      this.#asked = undefined
      this.#wire.send(Uint8Array.of(this.troubles.statusByte(n)))
    }, statusDelayMs)
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
    if (this.#options.automaticStatus) this.#wire.send(this.troubles.automaticStatus())
    if (this.troubles.stopped && !this.troubles.pausing && !this.#options.keepsBacklog) {
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
    this.#busyUntilMs = 0
    if (this.#holding) this.#hold(false)
  }

  #hold(on: boolean): void {
    this.#holding = on
    if (this.#options.flowControl) this.#wire.send(Uint8Array.of(on ? XOFF : XON))
    else this.#wire.hold(on)
  }

  #enqueue(command: Command): void {
    if (!this.#options.keepsBacklog && this.troubles.stopped && !this.troubles.pausing) return
    if (command.kind === 'initialise') this.#refusing = false
    if (this.#refusing) return
    const isFull = this.#queue.length > this.#bufferedCommands + XOFF_MARGIN_COMMANDS
    if (this.#options.flowControl && this.#holding && isFull) {
      this.misuse.record('sent on after XOFF: its buffer is full and this is lost')
      return
    }
    this.#queue.push(command)
  }

  #work(): void {
    if (this.#timer !== undefined) return
    while (!this.troubles.stopped) {
      const wait = this.#busyUntilMs - monotonicMs()
      if (wait > SHORTEST_WAIT_MS) {
        this.#timer = setTimeout(() => {
          this.#timer = undefined
          this.#work()
        }, wait)
        return
      }
      const command = this.#queue.shift()
      if (command === undefined) return
      if (this.#holding && this.#queue.length <= this.#bufferedCommands / 2) this.#hold(false)
      this.#execute(command)
    }
  }

  #execute(command: Command): void {
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
    this.#busyUntilMs = Math.max(this.#busyUntilMs, monotonicMs()) + rows / dotsPerMs
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
