/** The readiness report on A4: the verdict first, then everything that it rests on, and a place to sign. */
import { heading, paragraph } from './blocks.ts'
import type { Faces } from './faces.ts'
import { keyValues } from './key-values.ts'
import { HAIRLINE, INK, millimetres, PAGE, STRONG_LINE, STYLES, TEXT_WIDTH } from './measures.ts'
import {
  numberOf,
  REPORT_TITLE,
  REPORT_TITLE_ENGLISH,
  type ReadinessReport,
  SIGNATURES,
  verdictOf,
} from './readiness-parts.ts'
import { type Box, type Finished, Sheet, type Struct } from './sheet.ts'
import { chineseDateTime } from './words.ts'

const LABEL_WIDTH = millimetres(34)
const SIGNATURE_HEIGHT = millimetres(20)
const SIGNATURE_GAP = millimetres(6)

export async function setReadiness(
  faces: Faces,
  report: ReadinessReport,
  printedAt: Date,
): Promise<Finished> {
  const sheet = new Sheet({
    faces,
    title: `${REPORT_TITLE} ${numberOf(report)}`,
    author: 'Window24',
    printedAt,
    drawFrame: (target, page, pages) => frame(target, report, { page, pages }, printedAt),
  })
  const head = sheet.child(sheet.root, 'H1')
  sheet.place([
    {
      height: STYLES.paperTitle.leading,
      draw: (top) =>
        sheet.tagged(head, 'H1', () =>
          sheet.lineCentred(
            `${REPORT_TITLE} ${REPORT_TITLE_ENGLISH}`,
            STYLES.paperTitle,
            PAGE.left + TEXT_WIDTH / 2,
            top,
          ),
        ),
    },
  ])
  const verdict = sheet.child(sheet.root, 'Sect')
  sheet.place([
    heading(sheet, verdict, verdictOf(report), numberOf(report)),
    ...report.open.flatMap((line) => paragraph(sheet, verdict, `□ ${line}`, { gap: 3 })),
    ...(report.isReady ? paragraph(sheet, verdict, '以下各项都已在本机试过或查过。') : []),
  ])
  for (const { title, titleEnglish, rows } of report.parts) {
    const part = sheet.child(sheet.root, 'Sect')
    const pairs = rows.map(({ label, value, isOpen }) => [{ label, value, strong: isOpen }])
    sheet.place([
      heading(sheet, part, title, titleEnglish),
      ...keyValues(sheet, part, pairs, { labelWidth: LABEL_WIDTH }),
    ])
  }
  const signing = sheet.child(sheet.root, 'Sect')
  sheet.place([heading(sheet, signing, '签字', 'Signed by'), signatures(sheet, signing)])
  return await sheet.finish()
}

function signatures(sheet: Sheet, parent: Struct): Box {
  const width = (TEXT_WIDTH - SIGNATURE_GAP * (SIGNATURES.length - 1)) / SIGNATURES.length
  const places = SIGNATURES.map((label, index) => ({
    label,
    left: PAGE.left + index * (width + SIGNATURE_GAP),
    element: sheet.child(parent, 'P'),
  }))
  return {
    height: SIGNATURE_HEIGHT,
    draw: (top) => {
      for (const { label, left, element } of places) {
        sheet.tagged(element, 'P', () => sheet.line(label, STYLES.label, left, top + 4))
        sheet.artifact(() =>
          sheet.doc
            .lineWidth(HAIRLINE)
            .strokeColor(INK)
            .moveTo(left, top + SIGNATURE_HEIGHT)
            .lineTo(left + width, top + SIGNATURE_HEIGHT)
            .stroke(),
        )
      }
    },
  }
}

function frame(
  sheet: Sheet,
  report: ReadinessReport,
  { page, pages }: { page: number; pages: number },
  printedAt: Date,
): void {
  sheet.rule(PAGE.head + 20, PAGE.left, PAGE.right, STRONG_LINE, INK)
  sheet.line(report.deviceName, STYLES.footStrong, PAGE.left, PAGE.head + 1.5)
  sheet.lineRight('Window24 夜窗', STYLES.footStrong, PAGE.right, PAGE.head + 1.5)
  sheet.rule(PAGE.foot)
  sheet.line(`${numberOf(report)}，${chineseDateTime(printedAt)}`, STYLES.foot, PAGE.left, PAGE.foot + 5)
  sheet.lineRight(`第 ${page} 页 共 ${pages} 页`, STYLES.foot, PAGE.right, PAGE.foot + 5)
}
