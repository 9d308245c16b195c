import type { FaultReason, Warning } from '../status.ts'
import type { StatusQuery } from './escpos.ts'

/** What the four real-time answers say together. */
export interface PrinterState {
  /** `passing`: it ends by itself or by a hand at the paper, and a document under way then goes on. */
  fault: { reason: FaultReason; detail: string; passing: boolean } | undefined
  warnings: Warning[]
  /** An error is mended and the printer waits to be told so (`10 05 2`). */
  waitsToRecover: boolean
}

export type StatusBytes = Record<StatusQuery, number>

/** All four bytes of a printer without a care. */
export const ALL_CLEAR: StatusBytes = { 1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12 }

const bit = (value: number, index: number): boolean => ((value >> index) & 1) === 1

const PAPER_NEAR_END = 0x0c
const PAPER_END = 0x60

/** Reads the answers to `10 04` 1 to 4 (DEVICES §3). Bits that are not in its table say nothing. */
export function readStatus(bytes: StatusBytes): PrinterState {
  return stateOf({
    offline: bit(bytes[1], 3),
    waiting: bit(bytes[1], 5),
    coverOpen: bit(bytes[2], 2),
    fedByHand: bit(bytes[2], 3),
    paperEnd: bit(bytes[2], 5) || (bytes[4] & PAPER_END) !== 0,
    error: bit(bytes[2], 6),
    cutter: bit(bytes[3], 3),
    unrecoverable: bit(bytes[3], 5),
    recovers: bit(bytes[3], 6),
    mechanical: false,
    nearEnd: (bytes[4] & PAPER_NEAR_END) !== 0,
  })
}

const AUTOMATIC_NEAR_END = 0x03
const AUTOMATIC_END = 0x0c

/** Reads the four bytes of an automatic status (DEVICES §3). */
export function readAutomaticStatus([first = 0, second = 0, third = 0]: Uint8Array): PrinterState {
  return stateOf({
    offline: bit(first, 3),
    waiting: false,
    coverOpen: bit(first, 5),
    fedByHand: false,
    paperEnd: (third & AUTOMATIC_END) !== 0,
    error: false,
    cutter: bit(second, 3),
    unrecoverable: bit(second, 5),
    recovers: false,
    mechanical: bit(second, 2),
    nearEnd: (third & AUTOMATIC_NEAR_END) !== 0,
  })
}

interface Signs {
  offline: boolean
  waiting: boolean
  coverOpen: boolean
  fedByHand: boolean
  paperEnd: boolean
  error: boolean
  cutter: boolean
  unrecoverable: boolean
  recovers: boolean
  mechanical: boolean
  nearEnd: boolean
}

type Fault = NonNullable<PrinterState['fault']>

const lasting = (reason: FaultReason, detail: string): Fault => ({ reason, detail, passing: false })
const passing = (reason: FaultReason, detail: string): Fault => ({ reason, detail, passing: true })

function stateOf(signs: Signs): PrinterState {
  return {
    fault: faultOf(signs),
    warnings: signs.nearEnd ? ['paper-near-end'] : [],
    // While a hand is still needed, or none can help, there is nothing to recover to.
    waitsToRecover: signs.waiting && !signs.coverOpen && !signs.paperEnd && !signs.unrecoverable,
  }
}

/**
 * The one fault to tell, the one a person can mend first: a cover must be closed before paper can be judged, and
 * "offline" is only said when nothing better explains it.
 */
function faultOf(signs: Signs): PrinterState['fault'] {
  if (signs.coverOpen) return lasting('cover-open', 'the cover is open')
  if (signs.paperEnd) return lasting('paper-out', 'the paper is used up')
  if (signs.cutter)
    return lasting('cutter', 'the cutter is stuck: open the cover and take out the paper there')
  if (signs.unrecoverable) return lasting('mechanical', 'an error that only switching off can clear')
  if (signs.mechanical) return lasting('mechanical', 'the paper is jammed or the mechanism is stuck')
  if (signs.recovers)
    return passing('mechanical', 'the print head is too hot or similar; it recovers by itself')
  if (signs.waiting) return lasting('offline', 'the printer waits to be told that its error is mended')
  if (signs.error) return lasting('mechanical', 'the printer reports an error: look for jammed paper')
  if (signs.fedByHand) return passing('offline', 'paper is being fed by hand')
  if (signs.offline) return passing('offline', 'the printer says that it is offline')
  return undefined
}

/** The answer to `1D 72 1`: near end in the lowest two bits and end in the next two, each said by both bits. */
export function isMarkerAnswer(byte: number): boolean {
  const sensors = byte & 0x0f
  return (byte & 0x90) === 0 && (sensors & 0x05) === ((sensors >> 1) & 0x05)
}

export function markerSaysPaperEnd(byte: number): boolean {
  return (byte & 0x0c) !== 0
}
