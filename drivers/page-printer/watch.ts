import type { FaultReason, Warning } from '../status.ts'
import { type IppResult, reasonOfTrouble } from './client.ts'
import { PDF_FORMAT, type PrinterFacts } from './ipp.ts'
import { Place } from './place.ts'
import { type PrinterState, readPrinterState } from './reasons.ts'
import { type IppTarget, isLoopback, readTarget } from './target.ts'

/** How a printer looks from here. `silent`: it could not be asked, so that nothing is known of it. */
export type View =
  | { kind: 'fine'; warnings: Warning[] }
  | { kind: 'fault'; reason: FaultReason; detail: string }
  | { kind: 'silent'; reason: FaultReason; detail: string; late: boolean }

const STATE = { operation: 'Get-Printer-Attributes' } as const

/** Looks at a printer, and through a CUPS queue at the printer behind it. */
export class PrinterWatch {
  readonly front: Place
  /** Undefined where there is none, or it cannot be asked from here. */
  behind: Place | undefined
  isCups = false
  #behindUri: string | undefined
  #deadlineMs: number
  #answered = new WeakSet<Place>()

  constructor(front: Place, deadlineMs: number) {
    this.front = front
    this.#deadlineMs = deadlineMs
  }

  async look(signal: AbortSignal): Promise<View> {
    const known = this.behind
    const [asked, early] = await Promise.all([this.front.ask(STATE, signal), known?.ask(STATE, signal)])
    const front = this.#read(this.front, asked)
    if ('kind' in front) return front
    this.#follow(front)
    const behind =
      this.behind === undefined ? undefined : await this.#lookBehind(this.behind, known, early, signal)
    return this.behind === undefined || behind === undefined ? viewOfFront(front) : viewThrough(front, behind)
  }

  #follow(facts: PrinterFacts): void {
    this.isCups = facts.cups !== undefined
    const uri = facts.cups?.deviceUri
    if (uri === this.#behindUri) return
    this.#behindUri = uri
    const target = uri === undefined ? undefined : targetBehind(uri, this.front.target)
    this.behind = target && new Place(target, this.front.user, this.#deadlineMs)
  }

  async #lookBehind(
    behind: Place,
    known: Place | undefined,
    early: IppResult | undefined,
    signal: AbortSignal,
  ): Promise<PrinterFacts | View | undefined> {
    const asked = behind === known && early !== undefined ? early : await behind.ask(STATE, signal)
    // Whom CUPS trusts this machine need not: then the queue's word is all there is.
    if (asked.kind === 'failed' && (asked.trouble === 'certificate' || asked.trouble === 'refused')) {
      this.behind = undefined
      return undefined
    }
    return this.#read(behind, asked)
  }

  #read(place: Place, asked: IppResult): PrinterFacts | View {
    if (asked.kind === 'failed') {
      const reason = reasonOfTrouble(asked.trouble, this.#answered.has(place))
      return { kind: 'silent', reason, detail: asked.detail, late: asked.trouble === 'timeout' }
    }
    this.#answered.add(place)
    if (asked.kind === 'denied') return { kind: 'fault', reason: 'offline', detail: asked.detail }
    const [facts] = asked.answer.printers
    if (facts !== undefined) return facts
    return { kind: 'fault', reason: 'bad-frames', detail: `${place.target.host} says nothing of its printer` }
  }
}

function viewOfFront(facts: PrinterFacts): View {
  const trouble = formatTrouble(facts)
  if (trouble !== undefined) return trouble
  return viewOf(readPrinterState(facts, facts.cups === undefined ? 'printer' : 'queue-alone'))
}

/** The printer's own word comes before its queue's, which hears of it late or never. */
function viewThrough(queue: PrinterFacts, printer: PrinterFacts | View): View {
  if ('kind' in printer) {
    if (printer.kind !== 'silent') return printer
    const detail = `the queue answers, its printer does not: ${printer.detail}`
    return { kind: 'fault', reason: printer.reason, detail }
  }
  const behind = viewOf(readPrinterState(printer, 'printer'))
  if (behind.kind !== 'fine') return behind
  const trouble = formatTrouble(queue)
  if (trouble !== undefined) return trouble
  const front = viewOf(readPrinterState(queue, 'queue-beside-its-printer'))
  return front.kind === 'fine' ? behind : front
}

function viewOf({ fault, warnings }: PrinterState): View {
  return fault === undefined ? { kind: 'fine', warnings } : { kind: 'fault', ...fault }
}

/** Formats count where documents are sent to; what lies behind a queue gets what the queue makes of them. */
function formatTrouble({ formats }: PrinterFacts): View | undefined {
  if (formats.length === 0 || formats.includes(PDF_FORMAT)) return undefined
  const detail = `this printer takes no PDF (it takes ${formats.join(', ')}): put a CUPS queue before it`
  return { kind: 'fault', reason: 'cannot-open', detail }
}

/** CUPS's usb:, dnssd: and socket: printers cannot be asked; another machine's localhost is not ours. */
export function targetBehind(deviceUri: string, front: IppTarget): IppTarget | undefined {
  const read = readTarget(deviceUri)
  if (!read.ok || (isLoopback(read.target.host) && !isLoopback(front.host))) return undefined
  return read.target
}
