import type { FaultReason, Warning } from '../status.ts'
import { monotonicMs } from '../time.ts'
import { type IppResult, reasonOfTrouble } from './client.ts'
import { isShutOut } from './http-trouble.ts'
import { PDF_FORMAT, type PrinterFacts } from './ipp.ts'
import { Place } from './place.ts'
import { type PrinterState, readPrinterState, type Speaker, usualReasons } from './reasons.ts'
import { type IppTarget, isLoopback, readTarget } from './target.ts'

/** How a printer looks from here. `silent`: it could not be asked, so that nothing is known of it. */
export type View =
  | { kind: 'fine'; warnings: Warning[] }
  | { kind: 'fault'; reason: FaultReason; detail: string }
  | { kind: 'silent'; reason: FaultReason; detail: string; late: boolean }

/** Enough to know the printer by. */
const MAX_FORMATS = 8
const STATE = { operation: 'Get-Printer-Attributes' } as const

/** Looks at a printer, and through a CUPS queue at the printer behind it. */
export class PrinterWatch {
  readonly front: Place
  /** Undefined where there is none, or it cannot be asked from here. */
  behind: Place | undefined
  isCups = false
  #behindUri: string | undefined
  #askAgainAtMs = 0
  #timings: { answerDeadlineMs: number; mistrustMs: number }
  #answered = new WeakSet<Place>()
  #usual = new WeakMap<Place, ReadonlySet<string>>()

  constructor(front: Place, timings: { answerDeadlineMs: number; mistrustMs: number }) {
    this.front = front
    this.#timings = timings
  }

  async look(signal: AbortSignal): Promise<View> {
    const known = this.behind
    const [asked, early] = await Promise.all([this.front.ask(STATE, signal), known?.ask(STATE, signal)])
    const front = this.#read(this.front, asked)
    if ('kind' in front) return front
    this.#follow(front)
    const behind =
      this.behind === undefined ? undefined : await this.#lookBehind(this.behind, known, early, signal)
    return this.behind === undefined || behind === undefined
      ? this.#viewOfFront(front)
      : this.#viewThrough(front, this.behind, behind)
  }

  #follow(facts: PrinterFacts): void {
    this.isCups = facts.cups !== undefined
    const uri = facts.cups?.deviceUri
    const isDue = this.behind === undefined && monotonicMs() >= this.#askAgainAtMs
    if (uri === this.#behindUri && !isDue) return
    this.#behindUri = uri
    const target = uri === undefined ? undefined : targetBehind(uri, this.front.target)
    this.behind = target && new Place(target, this.front.user, this.#timings.answerDeadlineMs)
  }

  async #lookBehind(
    behind: Place,
    known: Place | undefined,
    early: IppResult | undefined,
    signal: AbortSignal,
  ): Promise<PrinterFacts | View | undefined> {
    const asked = behind === known && early !== undefined ? early : await behind.ask(STATE, signal)
    // Whom CUPS trusts this machine need not: then the queue's word is all there is.
    if (asked.kind === 'failed' && (asked.trouble === 'certificate' || isShutOut(asked.status))) {
      this.behind = undefined
      this.#askAgainAtMs = monotonicMs() + this.#timings.mistrustMs
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

  #viewOfFront(facts: PrinterFacts): View {
    const trouble = formatTrouble(facts)
    if (trouble !== undefined) return trouble
    return this.#view(this.front, facts, facts.cups === undefined ? 'printer' : 'queue-alone')
  }

  /** The printer's own word comes before its queue's, which hears of it late or never. */
  #viewThrough(queue: PrinterFacts, place: Place, printer: PrinterFacts | View): View {
    if ('kind' in printer) {
      if (printer.kind !== 'silent') return printer
      const detail = `the queue answers, its printer does not: ${printer.detail}`
      return { kind: 'fault', reason: printer.reason, detail }
    }
    const behind = this.#view(place, printer, 'printer')
    if (behind.kind !== 'fine') return behind
    const trouble = formatTrouble(queue)
    if (trouble !== undefined) return trouble
    const front = this.#view(this.front, queue, 'queue-beside-its-printer')
    return front.kind === 'fine' ? behind : front
  }

  #view(place: Place, facts: PrinterFacts, speaker: Speaker): View {
    // What an idle queue says is old, and tells nothing of what is usual.
    if (speaker === 'printer' && facts.state === 'idle') this.#usual.set(place, usualReasons(facts))
    return viewOf(readPrinterState(facts, speaker, this.#usual.get(place)))
  }
}

function viewOf({ fault, warnings }: PrinterState): View {
  return fault === undefined ? { kind: 'fine', warnings } : { kind: 'fault', ...fault }
}

/** Formats count where documents are sent to; what lies behind a queue gets what the queue makes of them. */
function formatTrouble({ formats }: PrinterFacts): View | undefined {
  if (formats.length === 0 || formats.includes(PDF_FORMAT)) return undefined
  const some = formats.slice(0, MAX_FORMATS).join(', ')
  const detail = `this printer takes no PDF (it takes ${some}): put a CUPS queue before it`
  return { kind: 'fault', reason: 'cannot-open', detail }
}

/** CUPS's usb:, dnssd: and socket: printers cannot be asked; another machine's localhost is not ours. */
export function targetBehind(deviceUri: string, front: IppTarget): IppTarget | undefined {
  const read = readTarget(deviceUri)
  if (!read.ok || (isLoopback(read.target.host) && !isLoopback(front.host))) return undefined
  return read.target
}
