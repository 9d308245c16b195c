/** What comes out on receipt paper, before any printer's bytes: laid out for 58 or 80 mm by the driver. */

export type Align = 'left' | 'centre' | 'right'

/**
 * A picture of black dots, centred, a dot of the picture on a dot of the paper: an image wider than the paper is a
 * mistake of the document. `rows` hold `width` dots each in whole bytes, most significant bit left, 1 = black.
 */
export interface ReceiptImage {
  kind: 'image'
  width: number
  height: number
  rows: Uint8Array
}

export type ReceiptElement =
  | { kind: 'text'; text: string; align?: Align; bold?: boolean; size?: 'normal' | 'double' }
  /** Columns of one row; `share` is the part of the line's width, all shares of a row add up to 1. */
  | { kind: 'columns'; columns: { text: string; share: number; align?: Align; bold?: boolean }[] }
  | { kind: 'rule' }
  | { kind: 'feed'; lines: number }
  /** Code 128 with the text below, centred; where bars do not fit, a QR code with the text below. */
  | { kind: 'barcode'; value: string }
  | { kind: 'qr'; value: string }
  | ReceiptImage
  /** Feeds past the knife and cuts; the last element of every document. */
  | { kind: 'cut' }

export interface ReceiptDocument {
  elements: ReceiptElement[]
}

/**
 * A document that cannot be printed on this paper, found before any byte is sent. A defect of what made the
 * document and no fault of the printer; the words never quote the document, which may hold a name.
 */
export class ReceiptDocumentError extends Error {
  readonly code: 'empty' | 'too-long' | 'image' | 'columns'

  constructor(code: ReceiptDocumentError['code'], message: string) {
    super(`receipt document: ${message}`)
    this.name = 'ReceiptDocumentError'
    this.code = code
  }
}
