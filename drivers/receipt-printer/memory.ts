import { randomInt } from 'node:crypto'
import { MAX_STRIP_BYTES } from './escpos.ts'

/**
 * What is known of a printer beyond one connection. Answers to in-order markers carry no name: a document whose
 * proof was missed (a pulled cable, no paper) may be printed later, and its answer must not prove the next one.
 */
export interface PrinterMemory {
  /** Markers that were sent and whose answers have not been heard; they are answered in order, or never. */
  outstanding: number
  /**
   * Undefined until the first one was answered, or was waited for in vain; false again when one behind a document
   * and one behind nothing were both passed over.
   */
  answersMarkers: boolean | undefined
  /** Outstanding markers are to be waited for, by one sent while no document is under way. */
  fenceDue: boolean
  /** A document may have ended in the middle: what is left of it must not be handed out with the next. */
  torn: boolean
  /**
   * Bytes of the longest command that the printer may still be waiting for the rest of: it is filled up before
   * anything else is said.
   */
  unfinished: number
  /** How many times in a row the printer said that it waits to recover: it is told so once, and not by noise. */
  waits: number
  /** Of the last print-done request; the next document's is another for as long as anyone could wait. */
  mark: number
}

/** Four digits. */
const FIRST_MARK = 1000
const MARKS = 9000

export function freshMemory(): PrinterMemory {
  return {
    outstanding: 0,
    answersMarkers: undefined,
    fenceDue: false,
    torn: false,
    // This program may have been stopped in the middle of a picture, and the printer not.
    unfinished: MAX_STRIP_BYTES,
    waits: 0,
    // Not always the same: the printer may still have a document of this program's last run in its buffer.
    mark: FIRST_MARK + randomInt(MARKS),
  }
}

export function nextMark(memory: PrinterMemory): Uint8Array {
  memory.mark = FIRST_MARK + ((memory.mark + 1 - FIRST_MARK) % MARKS)
  return Uint8Array.from(Buffer.from(String(memory.mark), 'latin1'))
}
