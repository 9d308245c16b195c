/** What comes out on receipt paper, before any printer's bytes: laid out for 58 or 80 mm by the driver. */

export type Align = 'left' | 'centre' | 'right'

export type ReceiptElement =
  | { kind: 'text'; text: string; align?: Align; bold?: boolean; size?: 'normal' | 'double' }
  /** Columns of one row; `share` is the part of the line's width, all shares of a row add up to 1. */
  | { kind: 'columns'; columns: { text: string; share: number; align?: Align; bold?: boolean }[] }
  | { kind: 'rule' }
  | { kind: 'feed'; lines: number }
  /** Code 128 with the text below, centred. */
  | { kind: 'barcode'; value: string }
  | { kind: 'qr'; value: string }
  /** Feeds past the knife and cuts; the last element of every document. */
  | { kind: 'cut' }

export interface ReceiptDocument {
  elements: ReceiptElement[]
}
