import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Documents,
  guideReceipt,
  type OneTimeNotice,
  oneTimeNoticeReceipt,
  startDocuments,
} from '../../../device/documents/documents.ts'
import { printVersion } from '../../../device/documents/one-time-notice.ts'
import type { ReceiptDocument } from '../../../drivers/receipt-printer/document.ts'
import type { Guide } from '../../../sync/protocol/content.ts'
import { onPaper } from '../../drivers/receipt-printer/paper-dots.ts'
import {
  codesOn,
  guideNamed,
  guides,
  hall,
  infoOf,
  packed,
  printedAt,
  spokenTextOf,
  textOf,
} from './papers.ts'

let documents: Documents
beforeAll(async () => {
  documents = await startDocuments()
})
afterAll(() => documents.close())

const guide = guideNamed('存量房转移登记')
const told: NonNullable<OneTimeNotice['told']> = {
  caseNo: 'XQ2026110007K3',
  documentNumber: null,
  applicantMasked: '欧阳**',
  phoneMasked: '139***7788',
  missing: [{ material: '委托书', reason: '没有公证' }],
  reasons: ['合同没有网签备案'],
  remedy: '先到27号窗口免费网签。',
  issuedBy: '周明（27号窗口）',
  issuedAt: '2026-11-20T15:30:00+08:00',
}

const onA4 = (notice: OneTimeNotice) => documents.oneTimeNoticePdf({ notice, hall, printedAt })

function wordsOf({ elements }: ReceiptDocument): string {
  const words = elements.map((element) => {
    if (element.kind === 'text') return element.text
    return element.kind === 'columns' ? element.columns.map(({ text }) => text).join('') : ''
  })
  return packed(words.join('\n'))
}

/** Everything an item needs (DOMAIN.md §1): on whichever paper it is told. */
function needed({ name, conditions, materials, steps, legalBasis, fee, ...rest }: Guide): string[] {
  return [
    '一次性告知书',
    name,
    rest.itemCode,
    rest.result,
    rest.place,
    rest.hours,
    fee.amount,
    fee.basis,
    rest.questionPhone,
    rest.complaintPhone,
    rest.office,
    ...conditions,
    ...materials.flatMap((material) => [material.name, material.note ?? '']),
    ...steps.flatMap((step) => [step.name, step.what]),
    ...legalBasis.map(({ title, clause }) => title + clause),
  ].map(packed)
}

/** Every fourth: from the shortest to the longest, and quick. */
const some = guides.filter((_, index) => index % 4 === 0)

test.each(some.map((one) => ({ one, name: one.name })))(
  'for $name everything is told before anything is handed in, the same on A4 and on receipt paper',
  async ({ one }) => {
    const notice = { guide: one, told: null }
    const { pdf, pages } = await onA4(notice)
    expect(pages).toBeLessThanOrEqual(3)
    const heard = packed(spokenTextOf(pdf))
    const received = wordsOf(oneTimeNoticeReceipt({ notice, hall, printedAt }))
    for (const text of [heard, received]) {
      expect(needed(one).filter((words) => !text.includes(words))).toEqual([])
      expect(text).toContain(packed(printVersion(one)))
    }
    for (const words of ['申请人签收', '申请人', '联系电话']) expect(heard).toContain(words)
    // The seal never stands on a page without text of the notice.
    const sealed = textOf(pdf)
      .split('\f')
      .map(packed)
      .filter((text) => text.includes('盖章处'))
    expect(sealed).toHaveLength(1)
    expect(sealed[0]).toContain('有异议')
  },
)

test('two notices have the same check code exactly when their guides say the same', () => {
  const turned = Object.fromEntries(Object.entries(guide).toReversed()) as Guide
  expect(printVersion(turned)).toBe(printVersion(guide))
  expect(printVersion({ ...guide, hours: `${guide.hours}。` })).not.toBe(printVersion(guide))
  expect(new Set(guides.map(printVersion)).size).toBe(guides.length)
})

test('in a case it says whose it is, why not, what is missing and what would help', async () => {
  const { pdf } = await onA4({ guide, told })
  const received = wordsOf(oneTimeNoticeReceipt({ notice: { guide, told }, hall, printedAt }))
  for (const text of [packed(textOf(pdf)), received]) {
    for (const words of [
      told.caseNo,
      '欧阳**',
      '139***7788',
      '现在还不能办的理由：合同没有网签备案',
      '1.委托书：没有公证。',
      '怎样就能办：先到27号窗口免费网签。',
      '周明（27号窗口）',
      '2026年11月20日',
    ])
      expect(text).toContain(words)
  }
  expect(infoOf(pdf)).not.toContain('欧阳')
})

test('the code is the item’s where there is no case, and the case’s where there is one', async () => {
  expect(codesOn((await onA4({ guide, told: null })).pdf).map(({ value }) => value)).toEqual([guide.itemCode])
  expect(codesOn((await onA4({ guide, told })).pdf).map(({ value }) => value)).toContain(told.caseNo)
})

test('it comes out of a receipt printer whole, on 58 mm paper too', () => {
  const document = oneTimeNoticeReceipt({ notice: { guide, told }, hall, printedAt })
  for (const profile of ['generic-80', 'generic-58']) expect(onPaper(document, profile).errors).toEqual([])
})

const notice = { guide, told: null }
const GUIDE_NOTE = 'This guide is in Chinese, as the office has published it.'
const NOTICE_NOTE = 'This one-time notice is in Chinese, as the office has published it.'
const HELP = `Help: ${hall.helpPhone}.`

const inOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ')
const plainWordsOf = ({ elements }: ReceiptDocument): string =>
  elements.flatMap((element) => (element.kind === 'text' ? [element.text] : [])).join('\n')

describe.each([
  [
    'a guide in an English session',
    GUIDE_NOTE,
    () => documents.guidePdf({ guide, hall, printedAt, language: 'en' }),
  ],
  [
    'a one-time notice in an English session',
    NOTICE_NOTE,
    () => documents.oneTimeNoticePdf({ notice, hall, printedAt, language: 'en' }),
  ],
] as const)('%s on A4', (_what, note, made) => {
  test('says in English what it is, and that it is in Chinese', async () => {
    const { pdf } = await made()
    const text = inOneLine(textOf(pdf))
    for (const words of [guide.nameEnglish, note, HELP, guide.name]) expect(text).toContain(words)
    // Nothing has come over the codes beside it.
    expect(codesOn(pdf)).toContainEqual({ symbology: 'QR-Code', value: guide.itemCode })
  })
})

test('in a Chinese session there is not a word of it', async () => {
  const { pdf } = await documents.guidePdf({ guide, hall, printedAt })
  expect(textOf(pdf)).not.toContain('Chinese')
  expect(plainWordsOf(guideReceipt(guide, hall, printedAt))).not.toContain('Chinese')
})

test('the same stands on receipt paper, and every guide in use still comes out whole', () => {
  const receipts = [
    [plainWordsOf(guideReceipt(guide, hall, printedAt, 'en')), GUIDE_NOTE],
    [plainWordsOf(oneTimeNoticeReceipt({ notice, hall, printedAt, language: 'en' })), NOTICE_NOTE],
  ] as const
  for (const [words, note] of receipts)
    for (const one of [guide.nameEnglish, note, HELP]) expect(words).toContain(one)
  for (const one of guides.slice(0, 5))
    expect(onPaper(guideReceipt(one, hall, printedAt, 'en'), 'generic-58').errors).toEqual([])
})
