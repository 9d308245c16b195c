import { describe, expect, test } from 'vitest'
import { guideReceipt, paperReceipt } from '../../../device/documents/documents.ts'
import type { ReceiptDocument, ReceiptElement } from '../../../drivers/receipt-printer/document.ts'
import { layoutColumns, wrap } from '../../../drivers/receipt-printer/layout.ts'
import { guides, hall, noticeForm, packed, printedAt, receiptForm } from './papers.ts'

/** Half-width cells of a line on 80 and 58 mm paper. */
const PAPERS = [48, 32]

function linesOf(document: ReceiptDocument, cells: number): string[] {
  return document.elements.flatMap((element): string[] => {
    if (element.kind === 'text') return wrap(element.text, element.size === 'double' ? cells / 2 : cells)
    if (element.kind !== 'columns') return []
    return layoutColumns(element.columns, cells).map((row) => row.map(({ text }) => text).join(''))
  })
}

/** Column by column, as a reader's eye takes it. */
function wordsOf(document: ReceiptDocument): string {
  return packed(
    document.elements
      .map((element) => {
        if (element.kind === 'text') return element.text
        return element.kind === 'columns' ? element.columns.map(({ text }) => text).join('') : ''
      })
      .join('\n'),
  )
}

const halfCells = (text: string) => [...text].reduce((sum, character) => sum + (character <= '~' ? 1 : 2), 0)

function isColumns(element: ReceiptElement): element is Extract<ReceiptElement, { kind: 'columns' }> {
  return element.kind === 'columns'
}

function expectStraight(document: ReceiptDocument): void {
  for (const { columns } of document.elements.filter(isColumns)) {
    expect(columns.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9)
    for (const cells of PAPERS) {
      for (const { share } of columns) expect(Number.isInteger(share * cells)).toBe(true)
    }
  }
  for (const cells of PAPERS) {
    for (const line of linesOf(document, cells)) expect(halfCells(line), line).toBeLessThanOrEqual(cells)
  }
}

describe.each(guides.map((guide) => ({ guide, name: guide.name })))('the short guide $name', ({ guide }) => {
  const document = guideReceipt(guide, hall, printedAt)

  test('says what to bring, how long, what it costs, where, when and whom to call', () => {
    const words = wordsOf(document)
    for (const wanted of [
      hall.name,
      guide.name,
      guide.office,
      `时限${guide.promisedWorkingDays === 0 ? '当场办好' : `${guide.promisedWorkingDays}个工作日内`}`,
      `收费${guide.fee.amount}`,
      `地点${guide.place}`,
      `时间${guide.hours}`,
      `咨询${guide.questionPhone}`,
      `投诉${guide.complaintPhone}`,
      `版本${guide.version}`,
      '打印2026年11月21日20:14',
      ...guide.materials.map(({ name }) => name),
      ...guide.materials.map(({ note }) => note ?? ''),
    ]) {
      expect(words).toContain(packed(wanted))
    }
    for (const { name, originals, copies, source } of guide.materials) {
      if (source === 'shared-data') continue
      const originalsTold = originals > 0 ? `原件${originals}` : ''
      const copiesTold = copies > 0 ? `复印${copies}` : ''
      expect(words).toContain(packed(name + originalsTold + copiesTold))
    }
  })

  test('stands straight on 80 and on 58 mm paper and ends with the cut', () => {
    expectStraight(document)
    expect(document.elements.at(-1)).toEqual({ kind: 'cut' })
    expect(document.elements.filter(({ kind }) => kind === 'cut')).toHaveLength(1)
  })
})

test('only what a citizen brings has a box to tick', () => {
  for (const guide of guides) {
    const ticked = guideReceipt(guide, hall, printedAt)
      .elements.filter(isColumns)
      .filter(({ columns }) => columns[0]?.text === '□')
      .map(({ columns }) => columns[1]?.text)
    const brought = guide.materials.filter(
      ({ source, originals, copies }) =>
        source === 'applicant' || (source === 'office' && originals + copies > 0),
    )
    expect(ticked).toEqual(brought.map(({ name }) => name))
  }
})

test('a receipt says all that its form says and that it is no acceptance', () => {
  const words = wordsOf(paperReceipt(receiptForm, 'receipt', hall, printedAt))
  for (const wanted of [
    '收件凭证',
    `编号${receiptForm.caseNo}`,
    `事项${receiptForm.itemName}`,
    '申请人䶮*',
    `电话${receiptForm.phoneMasked}`,
    ...receiptForm.statements,
    '不代表受理',
    '1.居民身份证（申请人）',
    '2.中国公民出入境证件申请表（现场填写）',
    '日期2026年11月20日',
    `部门${receiptForm.office}`,
    `咨询${receiptForm.questionPhone}`,
    `监督${hall.disciplinePhone}`,
    '扫码查进度',
  ]) {
    expect(words).toContain(packed(wanted))
  }
})

test('a notice says its number, its basis and where to object', () => {
  const words = wordsOf(paperReceipt(noticeForm, 'not-accepted', hall, printedAt))
  expect(words).toContain(packed(noticeForm.documentNumber ?? '?'))
  expect(words).toContain(packed(noticeForm.objection ?? '?'))
  expect(words).toContain(`1.${noticeForm.legalBasis[0]}`)
  expect(words).not.toContain('不代表受理')
})

test('barcode and QR carry the bare case number and nothing else', () => {
  const { elements } = paperReceipt(receiptForm, 'receipt', hall, printedAt)
  const codes = elements.filter(({ kind }) => kind === 'barcode' || kind === 'qr')
  expect(codes).toEqual([
    { kind: 'barcode', value: receiptForm.caseNo },
    { kind: 'qr', value: receiptForm.caseNo },
  ])
})

test('papers of a case stand straight on 80 and on 58 mm paper, with the longest number too', () => {
  const caseNo = '7'.repeat(50)
  expectStraight(paperReceipt({ ...receiptForm, caseNo }, 'receipt', hall, printedAt))
  expectStraight(paperReceipt(noticeForm, 'not-accepted', hall, printedAt))
})

test('a result is no form and is refused', () => {
  expect(() => paperReceipt(receiptForm, 'result', hall, printedAt)).toThrow(TypeError)
})
