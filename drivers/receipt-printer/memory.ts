/**
 * What is known of a printer beyond one connection. Answers to in-order markers carry no name: a document whose
 * proof was missed (a pulled cable, no paper) may be printed later, and its answer must not prove the next one.
 */
export interface PrinterMemory {
  /** Markers that were sent and whose answers have not been heard; they are answered in order, or never. */
  outstanding: number
  /** Undefined until the first one was answered, or was waited for in vain. */
  answersMarkers: boolean | undefined
  /** Outstanding markers are to be waited for, by one sent while no document is under way. */
  fenceDue: boolean
  /** A document may have ended in the middle: what is left of it must not be handed out with the next. */
  torn: boolean
  /** How many times in a row the printer said that it waits to recover: it is told so once, and not by noise. */
  waits: number
}

export function freshMemory(): PrinterMemory {
  return { outstanding: 0, answersMarkers: undefined, fenceDue: false, torn: false, waits: 0 }
}
