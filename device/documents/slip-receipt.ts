import type { ReceiptDocument, ReceiptElement } from '../../drivers/receipt-printer/document.ts'
import type { Hall } from '../../sync/protocol/content.ts'
import { bigText } from './big-text.ts'
import { BLANK, CUT, centred, indented, labelled, plain, RULE, strong } from './receipt-parts.ts'
import { inline, type SlipFact, type SlipLayout, spoken } from './slip-layout.ts'
import { slipLayout } from './slip-words.ts'
import type { Slip } from './slips.ts'
import { chineseDateTime } from './words.ts'

/** A slip on receipt paper; every kind has one. */
export function slipReceipt(slip: Slip, hall: Hall, printedAt: Date): ReceiptDocument {
  const layout = slipLayout(slip, hall)
  const { language, title, said, barcode, qr } = layout
  return {
    elements: [
      centred(hall.name),
      ...(language === 'en' ? [centred(hall.nameEnglish)] : []),
      centred(inline(title, language), { bold: true }),
      BLANK,
      ...heroElements(layout),
      ...layout.subject
        .flatMap((words) => spoken(words, language))
        .map((line) => centred(line, { bold: true })),
      RULE,
      ...layout.facts.flatMap((one) => fact(one, language)),
      ...(said === null
        ? []
        : [
            RULE,
            strong(inline(said.title, language)),
            ...said.facts.flatMap((one) => fact(one, 'zh')),
            ...(said.words === null ? [] : [BLANK, plain(said.words)]),
          ]),
      RULE,
      ...layout.notes.flatMap((words) => spoken(words, language)).map(plain),
      BLANK,
      ...layout.phones.flatMap((one) => fact(one, language)),
      ...(barcode === null ? [] : [BLANK, { kind: 'barcode', value: barcode } as const]),
      ...(qr === null
        ? []
        : [{ kind: 'qr', value: qr.value } as const, centred(inline(qr.caption, language), { bold: true })]),
      // A ticket is called within the hour: its own time is enough.
      ...(slip.kind === 'queue-ticket' ? [] : [BLANK, centred(`打印于 ${chineseDateTime(printedAt)}`)]),
      CUT,
    ],
  }
}

function heroElements({ hero, language }: SlipLayout): ReceiptElement[] {
  const big = bigText(hero.text)
  const double = hero.text.length <= DOUBLE_MAXIMUM_CHARACTERS
  return [
    centred(inline(hero.label, language)),
    ...(big === null ? [centred(hero.text, { bold: true, double })] : [big]),
  ]
}

/** On 58 mm paper; a code torn in two is read as two. */
const DOUBLE_MAXIMUM_CHARACTERS = 16

/** English labels are longer than their column: they stand above what they name. */
function fact({ label, value, strong: bold = false }: SlipFact, language: 'zh' | 'en'): ReceiptElement[] {
  const values = spoken(value, language)
  if (language === 'zh' || label.en === undefined) return [labelled(label.zh, values.join('\n'), bold)]
  return [plain(inline(label, language)), ...values.map((line) => indented(line, bold))]
}
