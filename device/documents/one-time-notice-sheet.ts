import type { Hall } from '../../sync/protocol/content.ts'
import { heading, paragraph } from './blocks.ts'
import { caseBarcode } from './case-codes.ts'
import { englishHead } from './english-head.ts'
import type { Faces } from './faces.ts'
import { drawFrame } from './frame.ts'
import { conditionBoxes, cornerQr, itemQr, materialBoxes, stepBoxes, WIDTH_BESIDE_QR } from './guide-parts.ts'
import { type KeyValue, keyValues } from './key-values.ts'
import { STYLES, TEXT_WIDTH } from './measures.ts'
import { closing, placeHead } from './official-parts.ts'
import {
  noticeIssuer,
  noticeNumber,
  noticeObjection,
  noticeStatements,
  ONE_TIME_TITLE,
  type OneTimeNotice,
  printVersion,
} from './one-time-notice.ts'
import { type Box, type Finished, Sheet } from './sheet.ts'
import { APPLY_BY_NAMES, AUDIENCE_NAMES, KIND_NAMES, promisedTime, statutoryTime } from './words.ts'

/** The one-time notice on A4. Before anything is handed in nobody's name is known: there are lines to write it on. */
export async function setOneTimeNotice(
  faces: Faces,
  notice: OneTimeNotice,
  hall: Hall,
  printedAt: Date,
  language: 'zh' | 'en' = 'zh',
): Promise<Finished> {
  const { guide, told } = notice
  const sheet = new Sheet({
    faces,
    title: `${ONE_TIME_TITLE} · ${guide.name}`,
    author: guide.office,
    printedAt,
    drawFrame: (target, page, pages) =>
      drawFrame(
        target,
        {
          hall,
          paper: page === 1 ? guide.office : `${ONE_TIME_TITLE} · ${guide.name}`,
          questionPhone: guide.questionPhone,
          complaintPhone: guide.complaintPhone,
          version: `版本 ${printVersion(guide)}`,
          printedAt,
        },
        page,
        pages,
      ),
  })
  sheet.place([
    told === null ? itemQr(sheet, guide) : cornerQr(sheet, told.caseNo, `办件编号 ${told.caseNo} 的二维码`),
  ])
  placeHead(sheet, ONE_TIME_TITLE, noticeNumber(notice))
  if (language === 'en') sheet.place(englishHead(sheet, { paper: 'notice', guide, hall }, WIDTH_BESIDE_QR))
  placeParties(sheet, notice)
  for (const [index, statement] of noticeStatements(notice).entries()) {
    sheet.place(
      paragraph(sheet, sheet.root, statement, {
        style: STYLES.statement,
        indentSquares: 2,
        gap: index === 0 ? 12 : 3,
      }),
    )
  }
  sheet.placeWhole(conditionBoxes(sheet, guide))
  sheet.place(materialBoxes(sheet, guide.materials))
  const steps = stepBoxes(sheet, guide)
  const terms = termBoxes(sheet, notice)
  // Together: a seal on a page without text would seal anything.
  const end = [
    ...rightBoxes(sheet, notice, hall),
    ...(told === null ? [] : caseBarcode(sheet, told.caseNo, TEXT_WIDTH)),
    ...closing(sheet, {
      office: guide.office,
      issuedBy: noticeIssuer(notice, hall),
      issuedAt: told?.issuedAt ?? printedAt.toISOString(),
      sealed: true,
      signed: true,
    }),
  ]
  const placeRest = (stepsWhole: boolean) => {
    if (stepsWhole) sheet.placeWhole(steps)
    else sheet.place(steps)
    sheet.placeWhole(terms)
    sheet.placeWhole(end)
  }
  // A flow is easier to follow on one page, but not worth another sheet.
  placeRest(sheet.pagesAfter(() => placeRest(true)) <= sheet.pagesAfter(() => placeRest(false)))
  return sheet.finish()
}

function placeParties(sheet: Sheet, { guide, told }: OneTimeNotice): void {
  const section = sheet.child(sheet.root, 'Sect')
  const rows: KeyValue[][] = [
    [
      { label: '申请人', value: told?.applicantMasked ?? '' },
      { label: '联系电话', value: told?.phoneMasked ?? '' },
    ],
    [
      { label: '办理事项', value: guide.name, strong: true },
      { label: '告知版本', value: printVersion(guide) },
    ],
    [{ label: '实施编码', value: guide.itemCode }],
  ]
  if (told !== null) rows.splice(1, 0, [{ label: '办件编号', value: told.caseNo }])
  sheet.place(keyValues(sheet, section, rows, { style: STYLES.body, gap: 12, padding: 5 }))
}

/** How long, how much, what for, where and when. */
function termBoxes(sheet: Sheet, { guide }: OneTimeNotice): Box[] {
  const section = sheet.child(sheet.root, 'Sect')
  const rows: KeyValue[][] = [
    [
      { label: '承诺时限', value: promisedTime(guide), strong: true },
      { label: '法定时限', value: statutoryTime(guide) },
    ],
    [
      { label: '办件类型', value: KIND_NAMES[guide.kind] },
      { label: '服务对象', value: guide.audience.map((who) => AUDIENCE_NAMES[who]).join('、') },
    ],
    [{ label: '收费', value: `${guide.fee.amount}（依据：${guide.fee.basis}）` }],
    [{ label: '办理结果', value: guide.result }],
    [{ label: '申请方式', value: guide.applyBy.map((way) => APPLY_BY_NAMES[way]).join('、') }],
    [{ label: '办理地点', value: guide.place }],
    [{ label: '办理时间', value: guide.hours }],
  ]
  return [
    heading(sheet, section, '时限、收费和地点'),
    ...keyValues(sheet, section, rows, { style: STYLES.body }),
  ]
}

/** On what basis, where to ask, where to object. */
function rightBoxes(sheet: Sheet, { guide }: OneTimeNotice, hall: Hall): Box[] {
  const section = sheet.child(sheet.root, 'Sect')
  return [
    heading(sheet, section, '依据、咨询、异议'),
    ...keyValues(
      sheet,
      section,
      [
        [
          {
            label: '依据',
            value: guide.legalBasis.map(({ title, clause }) => `${title} ${clause}`).join('\n'),
          },
        ],
        [
          { label: '咨询电话', value: guide.questionPhone },
          { label: '投诉电话', value: guide.complaintPhone },
        ],
        [{ label: '有异议', value: noticeObjection(guide, hall) }],
      ],
      { style: STYLES.body },
    ),
  ]
}
