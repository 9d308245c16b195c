import type { PrinterOperation } from './ipp-printer-request.ts'

/** What an IPP printer does that it should not. */
export type IppFault = { operation?: PrinterOperation } & (
  | { kind: 'garbage' } /* bytes that are no HTTP */
  | { kind: 'garbage-ipp' } /* HTTP with bytes that are no IPP */
  | { kind: 'hostile-ipp' } /* IPP whose lengths point backwards */
  | { kind: 'other-answer' } /* an answer to a question that was not asked */
  | { kind: 'hang' } /* takes the question and says nothing */
  | { kind: 'hang-within' } /* half an answer, and no more */
  | { kind: 'die' } /* takes the question and cuts the line */
  | { kind: 'die-within' } /* cuts the line within the answer */
  | { kind: 'early' } /* answers a document whose head has come, and takes the rest then */
  | { kind: 'die-early' } /* cuts the line within the question */
  | { kind: 'endless' } /* an answer without an end */
  | { kind: 'http'; status: number } /* an HTTP error instead of IPP */
  | { kind: 'refuse'; status: number } /* an IPP error */
  | { kind: 'refuse-late'; status: number } /* an IPP error after it has been done */
)

/** Faults stack: the one that was added last and fits the operation is what happens. */
export interface IppFaults {
  /** Gives how to end it. */
  add(fault: IppFault): () => void
  clear(): void
}

export class IppFaultStack implements IppFaults {
  #faults: IppFault[] = []

  add(fault: IppFault): () => void {
    this.#faults.push(fault)
    return () => {
      this.#faults = this.#faults.filter((one) => one !== fault)
    }
  }

  clear(): void {
    this.#faults = []
  }

  /** Undefined asks for faults that do not look at the operation. */
  of(operation: PrinterOperation | undefined): IppFault | undefined {
    return this.#faults.findLast((fault) => fault.operation === undefined || fault.operation === operation)
  }
}
