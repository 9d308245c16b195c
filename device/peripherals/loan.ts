/**
 * Cards and codes lent to the technician: what is put down or held up to try a reader is nobody's session. A card that
 * is lifted is told all the same, for it may be one that a citizen has left.
 */
import type { PeripheralEvent } from './peripherals.ts'

export interface Loan {
  /** Null while somebody's session is open here; otherwise how to give them back. */
  borrow(): (() => void) | null
  withholds(event: Extract<PeripheralEvent, { kind: 'card' | 'scan' }>): boolean
}

export const createLoan = (isBusy: () => boolean): Loan => {
  const borrowers = new Set<symbol>()
  return {
    borrow() {
      if (borrowers.size === 0 && isBusy()) return null
      const borrower = Symbol('borrower')
      borrowers.add(borrower)
      return () => void borrowers.delete(borrower)
    },
    withholds(event) {
      const isLifted = event.kind === 'card' && event.event.kind === 'lifted'
      return borrowers.size > 0 && !isLifted
    },
  }
}
