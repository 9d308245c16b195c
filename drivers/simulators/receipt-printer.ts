import { Listeners } from '../listeners.ts'
import { receiptPrinterProfile } from '../receipt-printer/profile.ts'
import { monotonicMs } from '../time.ts'
import { type Command, EscposLexer } from './escpos-lexer.ts'
import { Misuse } from './misuse.ts'
import type { Paper } from './paper.ts'
import { Printing } from './printing.ts'
import { Wire } from './wire.ts'

/** A receipt as it fell into the tray, with the paper's own margins left and right. */
export interface SimulatedReceipt {
  id: number
  png: Buffer
  widthDots: number
  heightDots: number
}

export type SimulatedPaper = 'ok' | 'near-end' | 'out'

export interface ReceiptPrinterSimulator {
  readonly port: string
  /** Bytes that a strict printer would not have understood, and drawings that do not fit the paper. */
  readonly errors: readonly string[]
  onReceipt(listener: (receipt: SimulatedReceipt) => void): () => void
  /** The last receipts, oldest first. */
  receipts(): SimulatedReceipt[]
  /** Whether paper is moving or something waits to be printed. */
  busy(): boolean
  setPaper(paper: SimulatedPaper): void
  setCover(open: boolean): void
  unplug(): Promise<void>
  plug(): Promise<void>
  close(): Promise<void>
}

export interface ReceiptPrinterSimulatorOptions {
  /** `tcp://127.0.0.1:PORT`; port 0 takes a free one. */
  listen: string
  /** Default `generic-80`. */
  profile?: string
  /** Default 150, a usual kiosk printer. */
  millimetresPerSecond?: number
  onError?: (error: string) => void
}

const DEFAULT_SPEED = 150
const DOTS_PER_MILLIMETRE = 8
const KEPT_RECEIPTS = 50
/** A printer's receive buffer: when it is full, the line is held until paper has moved. */
const BUFFERED_COMMANDS = 4096
/** Waits shorter than this are saved up: timers are not exact to a row of dots. */
const SHORTEST_WAIT_MS = 5

/** The other end of an ESC/POS printer's cable. */
export async function startReceiptPrinterSimulator(
  options: ReceiptPrinterSimulatorOptions,
): Promise<ReceiptPrinterSimulator> {
  const printer = new SimulatedPrinter(options)
  const wire = await Wire.listen(options.listen, {
    attached: () => printer.attached(),
    data: (chunk) => printer.take(chunk),
    detached: () => {},
  })
  printer.connect({
    send: (bytes) => wire.send(bytes),
    hold: (on) => (on ? wire.client?.pause() : wire.client?.resume()),
  })
  return {
    port: wire.port,
    errors: printer.misuse.errors,
    onReceipt: (listener) => printer.finished.add(listener),
    receipts: () => [...printer.receipts],
    busy: () => printer.busy,
    setPaper: (paper) => printer.setPaper(paper),
    setCover: (open) => printer.setCover(open),
    unplug: () => wire.unplug(),
    plug: () => wire.plug(),
    close: async () => {
      printer.stop()
      await wire.unplug()
    },
  }
}

interface Line {
  send: (bytes: Uint8Array) => void
  hold: (on: boolean) => void
}

class SimulatedPrinter {
  readonly misuse: Misuse
  readonly finished = new Listeners<SimulatedReceipt>()
  receipts: SimulatedReceipt[] = []
  #printing: Printing
  #printDone: boolean
  #dotsPerMs: number
  #marginDots: number
  #lexer: EscposLexer
  #line: Line = { send: () => {}, hold: () => {} }
  #queue: Command[] = []
  #timer: NodeJS.Timeout | undefined
  #paper: SimulatedPaper = 'ok'
  #coverOpen = false
  /** After a stop everything is refused until a new document begins: nothing is kept for later. */
  #refusing = false
  #nextId = 1
  /** The moment until which paper that was already drawn is still moving. */
  #busyUntilMs = 0

  constructor(options: ReceiptPrinterSimulatorOptions) {
    const name = options.profile ?? 'generic-80'
    const profile = receiptPrinterProfile(name)
    if (profile === undefined) throw new Error(`receipt printer profile "${name}" is not known`)
    this.misuse = new Misuse(options.onError)
    this.#printDone = profile.printDone
    this.#dotsPerMs = ((options.millimetresPerSecond ?? DEFAULT_SPEED) * DOTS_PER_MILLIMETRE) / 1000
    this.#marginDots = Math.trunc((profile.paperMillimetres * DOTS_PER_MILLIMETRE - profile.dots) / 2)
    this.#lexer = new EscposLexer((error) => this.misuse.record(error))
    this.#printing = new Printing(profile, {
      misuse: (error) => this.misuse.record(error),
      finished: (paper) => this.#finish(paper),
    })
  }

  connect(line: Line): void {
    this.#line = line
  }

  attached(): void {
    // Half a command of a line that was lost must not swallow the next line's first.
    this.#lexer = new EscposLexer((error) => this.misuse.record(error))
  }

  take(chunk: Uint8Array): void {
    for (const command of this.#lexer.push(chunk)) {
      // Real-time commands are worked on as they come, whatever waits in the buffer.
      if (command.kind === 'status-query') this.#line.send(Uint8Array.of(this.#statusByte(command.n)))
      else if (command.kind !== 'recover') this.#enqueue(command)
    }
    if (this.#queue.length > BUFFERED_COMMANDS) this.#line.hold(true)
    this.#work()
  }

  setPaper(paper: SimulatedPaper): void {
    this.#paper = paper
    this.#stopIfUnable()
  }

  setCover(open: boolean): void {
    this.#coverOpen = open
    this.#stopIfUnable()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#queue = []
  }

  get busy(): boolean {
    return this.#queue.length > 0 || this.#busyUntilMs > monotonicMs()
  }

  get #unable(): boolean {
    return this.#paper === 'out' || this.#coverOpen
  }

  #stopIfUnable(): void {
    if (!this.#unable) return
    this.#refusing = true
    this.stop()
    this.#printing.reset()
    this.#busyUntilMs = 0
    this.#line.hold(false)
  }

  #enqueue(command: Command): void {
    if (this.#unable) return
    if (command.kind === 'initialise') this.#refusing = false
    if (!this.#refusing) this.#queue.push(command)
  }

  #work(): void {
    if (this.#timer !== undefined) return
    for (;;) {
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
      if (this.#queue.length === BUFFERED_COMMANDS / 2) this.#line.hold(false)
      this.#execute(command)
    }
  }

  #execute(command: Command): void {
    if (command.kind === 'marker') {
      this.#line.send(Uint8Array.of(this.#paper === 'near-end' ? 0x03 : 0x00))
      return
    }
    if (command.kind === 'print-done') {
      if (this.#printDone) this.#line.send(Uint8Array.of(0x37, 0x22, ...command.mark, 0))
      else this.misuse.record('print-done asked of a printer that has none')
      return
    }
    const rows = this.#printing.execute(command)
    this.#busyUntilMs = Math.max(this.#busyUntilMs, monotonicMs()) + rows / this.#dotsPerMs
  }

  #finish(paper: Paper): void {
    const receipt = { id: this.#nextId, ...paper.png(this.#marginDots) }
    this.#nextId += 1
    this.receipts = [...this.receipts, receipt].slice(-KEPT_RECEIPTS)
    this.finished.emit(receipt)
  }

  /** DEVICES §3: bits 1 and 4 are always set. */
  #statusByte(n: number): number {
    const out = this.#paper === 'out'
    const clear = 0x12
    switch (n) {
      case 1:
        return clear | (this.#unable ? 0x08 : 0)
      case 2:
        return clear | (this.#coverOpen ? 0x04 : 0) | (out ? 0x20 : 0)
      case 4:
        return clear | (this.#paper === 'ok' ? 0 : 0x0c) | (out ? 0x60 : 0)
      default:
        return clear
    }
  }
}
