import type { PaperForm } from '../../sync/protocol/cases.ts'
import type { Hall } from '../../sync/protocol/content.ts'
import { heading, paragraph } from './blocks.ts'
import { caseBarcode } from './case-codes.ts'
import { carriesSeal, DATE_LABELS, type FormKind, statementsOf } from './case-words.ts'
import { drawQr } from './codes.ts'
import type { Faces } from './faces.ts'
import { drawFrame } from './frame.ts'
import { type KeyValue, keyValues } from './key-values.ts'
import { INK, millimetres, PAGE, STRONG_LINE, STYLES, TEXT_WIDTH } from './measures.ts'
import { closing, placeHead } from './official-parts.ts'
import { type Box, type Finished, Sheet } from './sheet.ts'
import { type Column, table } from './table.ts'
import { chineseDate } from './words.ts'

/** Cells of 1 mm and more: read at arm's length by any phone and hand-held scanner. */
const QR_SIZE = millimetres(30)
const QR_GAP = 16

const MATERIAL_COLUMNS: readonly Column[] = [
  { label: '序号', width: 40, align: 'left' },
  { label: '材料名称', width: TEXT_WIDTH - 40 - 110, align: 'left' },
  { label: '来源', width: 110, align: 'left' },
]

/**
 * A paper of a case on A4: receipt, acceptance, supplement, return or not-accepted notice (DOMAIN.md §3). The words
 * are the hall's, masked there; this lays them out.
 */
export async function setCasePaper(
  faces: Faces,
  form: PaperForm,
  kind: FormKind,
  hall: Hall,
  printedAt: Date,
): Promise<Finished> {
  const sheet = new Sheet({
    faces,
    title: form.title,
    author: form.office,
    printedAt,
    drawFrame: (target, page, pages) =>
      drawFrame(
        target,
        {
          hall,
          paper: page === 1 ? form.office : form.title,
          questionPhone: form.questionPhone,
          complaintPhone: hall.disciplinePhone,
          version: form.documentNumber ?? form.caseNo,
          printedAt,
        },
        page,
        pages,
      ),
  })
  placeHead(sheet, form.title, form.documentNumber)
  placeParties(sheet, form, kind)
  for (const [index, statement] of statementsOf(form, kind).entries()) {
    sheet.place(
      paragraph(sheet, sheet.root, statement, {
        style: STYLES.statement,
        indentSquares: 2,
        gap: index === 0 ? 12 : 3,
      }),
    )
  }
  placeMaterials(sheet, form)
  // What is only handed in is not served on anybody: a receipt needs no signature. Together: a seal on a page without text would seal anything.
  sheet.placeWhole([
    ...rights(sheet, form),
    ...closing(sheet, { ...form, sealed: carriesSeal(kind), signed: kind !== 'receipt' }),
  ])
  return sheet.finish()
}

/** Who, what and when on the left; the codes of the case number on the right, where a scanner finds them. */
function placeParties(sheet: Sheet, form: PaperForm, kind: FormKind): void {
  const applicant = { label: '申请人', value: form.applicantMasked }
  const rows: KeyValue[][] = [
    form.phoneMasked === null ? [applicant] : [applicant, { label: '联系电话', value: form.phoneMasked }],
    [{ label: '办件编号', value: form.caseNo }],
    [{ label: '办理事项', value: form.itemName }],
    [{ label: DATE_LABELS[kind], value: chineseDate(new Date(form.issuedAt)) }],
  ]
  const width = TEXT_WIDTH - QR_SIZE - QR_GAP
  const figure = sheet.child(sheet.root, 'Figure', { alt: `办件编号 ${form.caseNo} 的二维码` })
  const caption = sheet.child(sheet.root, 'Caption')
  const section = sheet.child(sheet.root, 'Sect')
  const boxes = keyValues(sheet, section, rows, { style: STYLES.body, width })
  sheet.place([
    {
      height: 0,
      gap: 12,
      keepWithNext: true,
      draw: (top) => {
        sheet.artifact(() => sheet.rule(top, PAGE.left, PAGE.left + width, STRONG_LINE, INK))
        const left = PAGE.right - QR_SIZE
        sheet.tagged(figure, 'Figure', () => drawQr(sheet, form.caseNo, left, top - QR_RISE, QR_SIZE))
        sheet.tagged(caption, 'Caption', () => {
          const middle = PAGE.right - QR_SIZE / 2
          const words = top - QR_RISE + QR_SIZE
          sheet.lineCentred('扫码查进度', STYLES.strong, middle, words)
          sheet.lineCentred('到任一自助终端', STYLES.note, middle, words + STYLES.strong.leading)
        })
      },
    },
    ...boxes.map((box) => ({ ...box, keepWithNext: true })),
    ...caseBarcode(sheet, form.caseNo, width),
  ])
}

/** The quiet zone lies in the white around, so that bars of the code begin at the rule's height. */
const QR_RISE = 6

function placeMaterials(sheet: Sheet, form: PaperForm): void {
  if (form.materials.length === 0) return
  const section = sheet.child(sheet.root, 'Sect')
  sheet.place([
    heading(sheet, section, '材料清单', `共 ${form.materials.length} 样`),
    ...table(
      sheet,
      section,
      MATERIAL_COLUMNS,
      form.materials.map(({ name, source }, index) => [
        { texts: [{ text: String(index + 1), style: STYLES.body }] },
        { texts: [{ text: name, style: STYLES.body }] },
        { texts: [{ text: source, style: STYLES.body }] },
      ]),
    ),
  ])
}

/** On what basis, where to ask, where to object. */
function rights(sheet: Sheet, form: PaperForm): Box[] {
  const section = sheet.child(sheet.root, 'Sect')
  const rows: KeyValue[][] = []
  if (form.legalBasis.length > 0) rows.push([{ label: '依据', value: form.legalBasis.join('\n') }])
  rows.push([{ label: '咨询电话', value: form.questionPhone }])
  if (form.objection !== null) rows.push([{ label: '有异议', value: form.objection }])
  const title = [form.legalBasis.length > 0 ? '依据' : '', '咨询', form.objection === null ? '' : '救济']
  return [
    heading(sheet, section, title.filter((word) => word !== '').join('、')),
    ...keyValues(sheet, section, rows, { style: STYLES.body }),
  ]
}
