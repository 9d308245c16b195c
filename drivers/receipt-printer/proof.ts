import { inOrderMarker, printDoneRequest } from './escpos.ts'
import { nextMark, type PrinterMemory } from './memory.ts'
import type { ReceiptPrinterProfile } from './profile.ts'
import type { PrinterReply } from './reply-parser.ts'
import { isMarkerAnswer, markerSaysPaperEnd } from './status.ts'

/** What is awaited behind a document: a print-done with its own mark, or the answer to its in-order marker. */
export class Proof {
  /** Sent behind the document; undefined where the printer can be asked for none. */
  readonly request: Uint8Array | undefined
  #proves: (reply: PrinterReply) => boolean
  #arrival = new AbortController()
  #isAsked = false
  #paperEnd = false

  private constructor(request: Uint8Array | undefined, proves: (reply: PrinterReply) => boolean) {
    this.request = request
    this.#proves = proves
  }

  static of(profile: ReceiptPrinterProfile, memory: PrinterMemory): Proof {
    if (profile.printDone) {
      const mark = nextMark(memory)
      // A mark of an earlier document proves nothing of this one.
      return new Proof(printDoneRequest(mark), (reply) => {
        return reply.kind === 'print-done' && Buffer.compare(reply.mark, mark) === 0
      })
    }
    if (!profile.marker) return new Proof(undefined, () => false)
    // Answers come in the order of their markers: the last one that is outstanding is the document's.
    return new Proof(inOrderMarker(), (reply) => {
      return reply.kind === 'marker' && isMarkerAnswer(reply.byte) && memory.outstanding === 0
    })
  }

  /** Whichever marker it answers: for waiting until the printer is at rest. */
  static ofAnyMarker(): Proof {
    return new Proof(inOrderMarker(), (reply) => reply.kind === 'marker' && isMarkerAnswer(reply.byte))
  }

  /** Its request goes out now: what was said before is no answer to it, such as the NUL of a loose plug. */
  ask(): void {
    this.#isAsked = true
  }

  get came(): boolean {
    return this.#arrival.signal.aborted
  }

  get arrived(): AbortSignal {
    return this.#arrival.signal
  }

  /** The marker was answered, by a printer that had run out of paper by then. */
  get paperEnd(): boolean {
    return this.#paperEnd
  }

  hear(reply: PrinterReply): void {
    if (!this.#isAsked || this.came || !this.#proves(reply)) return
    this.#paperEnd = reply.kind === 'marker' && markerSaysPaperEnd(reply.byte)
    this.#arrival.abort()
  }
}
