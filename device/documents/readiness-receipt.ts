/** The readiness report on receipt paper, for a device without an A4 printer. */
import type { ReceiptDocument, ReceiptElement } from '../../drivers/receipt-printer/document.ts'
import {
  numberOf,
  REPORT_TITLE,
  REPORT_TITLE_ENGLISH,
  type ReadinessReport,
  SIGNATURES,
  verdictOf,
} from './readiness-parts.ts'
import { BLANK, CUT, centred, indented, item, plain, RULE, strong } from './receipt-parts.ts'
import { chineseDateTime } from './words.ts'

/** Room for a name written by hand. */
const SIGNATURE_LINES = 2

export function readinessReceipt(report: ReadinessReport, printedAt: Date): ReceiptDocument {
  return {
    elements: [
      centred(REPORT_TITLE, { bold: true, double: true }),
      centred(REPORT_TITLE_ENGLISH),
      BLANK,
      centred(report.deviceName),
      centred(`${numberOf(report)}，${chineseDateTime(printedAt)}`),
      RULE,
      centred(verdictOf(report), { bold: true }),
      ...report.open.map((line) => item('□', line)),
      ...report.parts.flatMap(({ title, titleEnglish, rows }): ReceiptElement[] => [
        RULE,
        strong(`${title} ${titleEnglish}`),
        ...rows.flatMap(({ label, value, isOpen }) => [plain(label), indented(value, isOpen)]),
      ]),
      RULE,
      ...SIGNATURES.flatMap((label): ReceiptElement[] => [
        plain(label),
        { kind: 'feed', lines: SIGNATURE_LINES },
        RULE,
      ]),
      CUT,
    ],
  }
}
