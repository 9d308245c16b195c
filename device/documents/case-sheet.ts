import type { PaperForm } from '../../sync/protocol/cases.ts'
import type { Hall } from '../../sync/protocol/content.ts'
import { heading, paragraph } from './blocks.ts'
import { carriesSeal, DATE_LABELS, type FormKind, statementsOf } from './case-words.ts'
import { barModule, code128Bars, drawBars, drawQr } from './codes.ts'
import type { Faces } from './faces.ts'
import { drawFrame } from './frame.ts'
import { type KeyValue, keyValues } from './key-values.ts'
import { SEAL_PLACE_DIAMETER, sealPlace } from './marks.ts'
import { INK, millimetres, PAGE, STRONG_LINE, STYLES, TEXT_WIDTH } from './measures.ts'
import { type Box, type Finished, Sheet } from './sheet.ts'
import { type Column, table } from './table.ts'
import { chineseDate } from './words.ts'

/** Cells of 1 mm and more: read at arm's length by any phone and hand-held scanner. */
const QR_SIZE = millimetres(30)
const QR_GAP = 16
const BARS_HEIGHT = millimetres(11)
/** Narrower bars run together on worn lasers. */
const BARS_BESIDE_MINIMUM_MODULE = millimetres(0.25)

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
  placeHead(sheet, form)
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
  // Together: a seal on a page without text would seal anything.
  sheet.placeWhole([...rights(sheet, form), ...closing(sheet, form, kind)])
  return sheet.finish()
}

function placeHead(sheet: Sheet, form: PaperForm): void {
  const title = sheet.child(sheet.root, 'H1')
  const style = STYLES.paperTitle
  const boxes = sheet.lines(form.title, style, TEXT_WIDTH).map(
    (line, index): Box => ({
      height: style.leading,
      gap: index === 0 ? 6 : 0,
      keepWithNext: true,
      draw: (top) =>
        sheet.tagged(title, 'H1', () => sheet.lineCentred(line, style, PAGE.left + TEXT_WIDTH / 2, top)),
    }),
  )
  sheet.place(boxes)
  const number = form.documentNumber
  if (number === null) return
  const element = sheet.child(sheet.root, 'P')
  sheet.place([
    {
      height: STYLES.body.leading,
      draw: (top) =>
        sheet.tagged(element, 'P', () =>
          sheet.lineCentred(`文书编号：${number}`, STYLES.body, PAGE.left + TEXT_WIDTH / 2, top),
        ),
    },
  ])
}

/** Who, what and when on the left; the codes of the case number on the right, where a scanner finds them. */
function placeParties(sheet: Sheet, form: PaperForm, kind: FormKind): void {
  const applicant = { label: '申请人', value: form.applicantMasked }
  const rows: KeyValue[][] = [
    form.phoneMasked === null ? [applicant] : [applicant, { label: '联系电话', value: form.phoneMasked }],
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
    ...barcode(sheet, form.caseNo, width),
  ])
}

/** The quiet zone lies in the white around, so that bars of the code begin at the rule's height. */
const QR_RISE = 6

/** As wide as the table above it; across the whole page when the number is too long for bars that print well. */
function barcode(sheet: Sheet, caseNo: string, width: number): Box[] {
  const bars = code128Bars(caseNo)
  const beside = barModule(bars, width)
  const module = beside >= BARS_BESIDE_MINIMUM_MODULE ? beside : barModule(bars, TEXT_WIDTH)
  const figure = sheet.child(sheet.root, 'Figure', { alt: `办件编号 ${caseNo} 的条形码` })
  return [
    {
      height: BARS_HEIGHT + STYLES.label.leading + 2,
      gap: 10,
      draw: (top) => {
        sheet.tagged(figure, 'Figure', () => {
          drawBars(sheet, bars, PAGE.left, top, module, BARS_HEIGHT)
          const centre = PAGE.left + (bars.modules * module) / 2
          sheet.lineCentred(caseNo, STYLES.label, centre, top + BARS_HEIGHT + 2)
        })
      },
    },
  ]
}

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

/** Who issued it and when, the place of the seal where one belongs, and the line to sign on. */
function closing(sheet: Sheet, form: PaperForm, kind: FormKind): Box[] {
  const issuer = sheet.child(sheet.root, 'P')
  const sealed = carriesSeal(kind)
  // What is only handed in is not served on anybody: a receipt needs no signature.
  const signature = kind === 'receipt' ? undefined : sheet.child(sheet.root, 'P')
  const lines = [form.office, `开具：${form.issuedBy}`, chineseDate(new Date(form.issuedAt))]
  const height = Math.max(sealed ? SEAL_PLACE_DIAMETER : 0, lines.length * ISSUER_LEADING)
  return [
    {
      height,
      gap: 14,
      draw: (top) => {
        const first = top + (height - lines.length * ISSUER_LEADING) / 2
        const right = sealed ? PAGE.right - SEAL_PLACE_DIAMETER - 18 : PAGE.right
        sheet.tagged(issuer, 'P', () => {
          for (const [index, line] of lines.entries()) {
            sheet.lineRight(line, STYLES.body, right, first + index * ISSUER_LEADING)
          }
        })
        if (sealed) sheet.artifact(() => sealPlace(sheet, PAGE.right - SEAL_PLACE_DIAMETER / 2, top))
        const middle = top + height / 2 - STYLES.body.leading / 2
        if (!signature) return
        sheet.tagged(signature, 'P', () => sheet.line(SIGNATURE, STYLES.body, PAGE.left, middle))
        sheet.artifact(() => {
          const from = PAGE.left + sheet.width(SIGNATURE, STYLES.body) + 8
          sheet.rule(middle + STYLES.body.leading, from, from + SIGNATURE_WIDTH, 0.7, INK)
        })
      },
    },
  ]
}

const ISSUER_LEADING = 19
const SIGNATURE = '申请人签收'
const SIGNATURE_WIDTH = 120
