/** A number in the hall's queue, on receipt paper. */
import type { ReceiptDocument } from '../../drivers/receipt-printer/document.ts'
import type { Hall } from '../../sync/protocol/content.ts'
import { slipReceipt } from './slip-receipt.ts'
import type { QueueTicket } from './slips.ts'

export function queueTicketReceipt(ticket: QueueTicket, hall: Hall): ReceiptDocument {
  return slipReceipt({ kind: 'queue-ticket', ticket }, hall, new Date(ticket.takenAt))
}
