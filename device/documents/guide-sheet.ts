import type { Guide, Hall } from '../../sync/protocol/content.ts'
import { heading, paragraph } from './blocks.ts'
import { englishHead } from './english-head.ts'
import type { Faces } from './faces.ts'
import { answerAndNote, factGrid } from './facts.ts'
import { drawFrame } from './frame.ts'
import { conditionBoxes, itemBars, itemQr, materialBoxes, stepBoxes, WIDTH_BESIDE_QR } from './guide-parts.ts'
import { keyValues } from './key-values.ts'
import { CHECKED_BOX_ADVANCE, checkedBox } from './marks.ts'
import { STYLES } from './measures.ts'
import { type Box, type Finished, Sheet } from './sheet.ts'
import { APPLY_BY_NAMES, AUDIENCE_NAMES, KIND_NAMES, promisedTime, statutoryTime } from './words.ts'

const TITLE = '办事指南'

/**
 * The full guide on A4: every field of an 办事指南 (DOMAIN.md §3). What a citizen needs first comes first: how
 * long, what it costs, where and when, what to bring; the law and the codes come last.
 */
export async function setGuide(
  faces: Faces,
  guide: Guide,
  hall: Hall,
  printedAt: Date,
  language: 'zh' | 'en' = 'zh',
): Promise<Finished> {
  const sheet = new Sheet({
    faces,
    title: `${TITLE} · ${guide.name}`,
    author: hall.name,
    printedAt,
    drawFrame: (target, page, pages) =>
      drawFrame(
        target,
        {
          hall,
          paper: page === 1 ? TITLE : `${TITLE} · ${guide.name}`,
          questionPhone: guide.questionPhone,
          complaintPhone: guide.complaintPhone,
          version: `版本 ${guide.version}`,
          printedAt,
        },
        page,
        pages,
      ),
  })
  placeTitle(
    sheet,
    guide,
    language === 'en' ? englishHead(sheet, { paper: 'guide', guide, hall }, WIDTH_BESIDE_QR) : [],
  )
  placeFacts(sheet, guide)
  sheet.place(materialBoxes(sheet, guide.materials))
  const steps = stepBoxes(sheet, guide)
  const conditions = conditionBoxes(sheet, guide)
  const questions = questionBoxes(sheet, guide)
  const basis = basisBoxes(sheet, guide)
  const placeRest = (stepsWhole: boolean) => {
    if (stepsWhole) sheet.placeWhole(steps)
    else sheet.place(steps)
    sheet.placeWhole(conditions)
    sheet.place(questions)
    sheet.placeWhole(basis)
  }
  // A flow is easier to follow on one page, but not worth another sheet.
  placeRest(sheet.pagesAfter(() => placeRest(true)) <= sheet.pagesAfter(() => placeRest(false)))
  return sheet.finish()
}

/** @param english below the name, where it is wanted */
function placeTitle(sheet: Sheet, guide: Guide, english: Box[]): void {
  sheet.place([
    itemQr(sheet, guide),
    ...paragraph(sheet, sheet.root, guide.name, { style: STYLES.title, tag: 'H1', width: WIDTH_BESIDE_QR }),
    ...english,
    ...paragraph(sheet, sheet.root, guide.forWhom, { style: STYLES.lead, gap: 2, width: WIDTH_BESIDE_QR }),
  ])
}

function placeFacts(sheet: Sheet, guide: Guide): void {
  const ways = guide.applyBy.map((way) => APPLY_BY_NAMES[way])
  sheet.place(
    factGrid(sheet, sheet.root, [
      { label: '多久办好', value: promisedTime(guide), note: statutoryNote(guide) },
      { label: '收多少钱', ...answerAndNote(guide.fee.amount) },
      { label: '在哪里办', value: guide.place },
      { label: '什么时候办', ...answerAndNote(guide.hours) },
      {
        label: '怎么申请',
        value: ways.join('\u3000\u3000'),
        modest: true,
        draw: (left, top) => drawWays(sheet, ways, left, top),
      },
      { label: '办好拿到什么', ...answerAndNote(guide.result), modest: true },
    ]),
  )
}

function statutoryNote(guide: Guide): string {
  const time = statutoryTime(guide)
  return guide.statutoryWorkingDays === null ? time : `法定时限 ${time}`
}

/** Four ways still fit in a column. */
const WAY_GAP = 12

/** ☑ before each way that is open; the others are not named, so nobody reads a no as a yes. */
function drawWays(sheet: Sheet, ways: readonly string[], left: number, top: number): void {
  const style = STYLES.factMiddle
  let x = left
  for (const way of ways) {
    checkedBox(sheet, x, top, style.leading)
    x += CHECKED_BOX_ADVANCE
    sheet.line(way, style, x, top)
    x += sheet.width(way, style) + WAY_GAP
  }
}

function questionBoxes(sheet: Sheet, guide: Guide): Box[] {
  const section = sheet.child(sheet.root, 'Sect')
  const answers = guide.faq.map(({ question, answer }, index) => [
    ...paragraph(sheet, section, question, { style: STYLES.strong, gap: index === 0 ? 0 : 7 }).map((box) => ({
      ...box,
      keepWithNext: true,
    })),
    ...paragraph(sheet, section, answer, { style: STYLES.body }),
  ])
  return [heading(sheet, section, '常问的问题'), ...answers.flat()]
}

function basisBoxes(sheet: Sheet, guide: Guide): Box[] {
  const section = sheet.child(sheet.root, 'Sect')
  return [
    heading(sheet, section, '依据与编码', `指南版本 ${guide.version}`),
    ...keyValues(sheet, section, [
      [
        { label: '事项名称', value: guide.name },
        { label: '实施部门', value: guide.office },
      ],
      [
        { label: '办件类型', value: KIND_NAMES[guide.kind] },
        { label: '服务对象', value: guide.audience.map((who) => AUDIENCE_NAMES[who]).join('、') },
      ],
      [
        { label: '实施编码', value: guide.itemCode },
        { label: '基本编码', value: guide.baseCode },
      ],
      [
        { label: '法定时限', value: statutoryTime(guide) },
        { label: '承诺时限', value: promisedTime(guide) },
      ],
      [
        { label: '咨询电话', value: guide.questionPhone },
        { label: '投诉电话', value: guide.complaintPhone },
      ],
      [{ label: '收费依据', value: guide.fee.basis }],
      [
        {
          label: '办理依据',
          value: guide.legalBasis.map(({ title, clause }) => `${title} ${clause}`).join('\n'),
        },
      ],
    ]),
    itemBars(sheet, guide),
  ]
}
