/**
 * Pieces of receipt paper. Shares are sixteenths: they come out as whole cells on 80 mm paper (48) and on 58 mm
 * paper (32), so that columns stand straight on both.
 */
import type { ReceiptElement } from '../../drivers/receipt-printer/document.ts'
import { cleanText } from './text.ts'

const LABEL_SHARE = 4 / 16
const NUMBER_SHARE = 2 / 16

export const RULE: ReceiptElement = { kind: 'rule' }
export const BLANK: ReceiptElement = { kind: 'feed', lines: 1 }
export const CUT: ReceiptElement = { kind: 'cut' }

export function centred(text: string, options: { bold?: boolean; double?: boolean } = {}): ReceiptElement {
  return {
    kind: 'text',
    text: cleanText(text),
    align: 'centre',
    ...(options.bold ? { bold: true } : {}),
    ...(options.double ? { size: 'double' } : {}),
  }
}

export function plain(text: string): ReceiptElement {
  return { kind: 'text', text: cleanText(text) }
}

export function strong(text: string): ReceiptElement {
  return { kind: 'text', text: cleanText(text), bold: true }
}

/** Three Chinese characters of label at most: more do not fit beside a value on 58 mm. */
export function labelled(label: string, value: string, bold = false): ReceiptElement {
  return {
    kind: 'columns',
    columns: [
      { text: label, share: LABEL_SHARE },
      { text: cleanText(value), share: 1 - LABEL_SHARE, ...(bold ? { bold: true } : {}) },
    ],
  }
}

/** Hanging below a label that stands alone. */
export function indented(text: string, bold = false): ReceiptElement {
  return {
    kind: 'columns',
    columns: [
      { text: '', share: NUMBER_SHARE },
      { text: cleanText(text), share: 1 - NUMBER_SHARE, ...(bold ? { bold: true } : {}) },
    ],
  }
}

/** A number or a box to tick, and what belongs to it hanging beside it. */
export function item(mark: string, text: string, bold = false): ReceiptElement {
  return {
    kind: 'columns',
    columns: [
      { text: mark, share: NUMBER_SHARE },
      { text: cleanText(text), share: 1 - NUMBER_SHARE, ...(bold ? { bold: true } : {}) },
    ],
  }
}

/** The same with a short word or count at the right end. */
export function itemWithCount(mark: string, text: string, count: string): ReceiptElement {
  return {
    kind: 'columns',
    columns: [
      { text: mark, share: NUMBER_SHARE },
      { text: cleanText(text), share: 1 - NUMBER_SHARE - COUNT_SHARE, bold: true },
      { text: cleanText(count), share: COUNT_SHARE, align: 'right' },
    ],
  }
}

/** 原件1 复印1 in one line on 80 mm, in two on 58 mm. */
const COUNT_SHARE = 5 / 16
