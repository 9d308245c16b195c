import type { Guide, Hall, Material } from '../../sync/protocol/content.ts'
import { heading, numberedList, paragraph } from './blocks.ts'
import type { Faces } from './faces.ts'
import { answerAndNote, factGrid } from './facts.ts'
import { drawFrame } from './frame.ts'
import { keyValues } from './key-values.ts'
import { CHECKED_BOX_ADVANCE, checkedBox, openBox } from './marks.ts'
import { RULE, STYLES, TEXT_WIDTH } from './measures.ts'
import { type Box, type Finished, Sheet } from './sheet.ts'
import { stepFlow } from './steps.ts'
import { type Cell, type CellText, type Column, table } from './table.ts'
import {
  APPLY_BY_NAMES,
  AUDIENCE_NAMES,
  KIND_NAMES,
  packingOf,
  packingSummary,
  promisedTime,
  SOURCE_NAMES,
  statutoryTime,
} from './words.ts'

const TITLE = '办事指南'

const NARROW = { tick: 26, originals: 40, copies: 46, source: 64, later: 54 } as const
const NARROW_SUM = Object.values(NARROW).reduce((sum, width) => sum + width, 0)

const MATERIAL_COLUMNS: readonly Column[] = [
  { label: '', width: NARROW.tick, align: 'left' },
  { label: '材料', width: TEXT_WIDTH - NARROW_SUM, align: 'left' },
  { label: '原件', width: NARROW.originals, align: 'centre' },
  { label: '复印件', width: NARROW.copies, align: 'centre' },
  { label: '来源', width: NARROW.source, align: 'centre' },
  { label: '容缺后补', width: NARROW.later, align: 'centre' },
]

/**
 * The full guide on A4: every field of an 办事指南 (DOMAIN.md §3). What a citizen needs first comes first: how
 * long, what it costs, where and when, what to bring; the law and the codes come last.
 */
export async function setGuide(faces: Faces, guide: Guide, hall: Hall, printedAt: Date): Promise<Finished> {
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
  placeTitle(sheet, guide)
  placeFacts(sheet, guide)
  placeMaterials(sheet, guide.materials)
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

function placeTitle(sheet: Sheet, guide: Guide): void {
  sheet.place([
    ...paragraph(sheet, sheet.root, guide.name, { style: STYLES.title, tag: 'H1' }),
    ...paragraph(sheet, sheet.root, guide.forWhom, { style: STYLES.lead, gap: 2 }),
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

function placeMaterials(sheet: Sheet, materials: readonly Material[]): void {
  const section = sheet.child(sheet.root, 'Sect')
  const rows = materials.map((material): Cell[] => {
    const brought = packingOf(material) === 'bring'
    const name = { text: material.name, style: brought ? STYLES.strong : STYLES.body }
    return [
      brought
        ? { mark: (centre, top) => openBox(sheet, centre - 6, top, STYLES.body.leading) }
        : { texts: [] },
      { texts: material.note ? [name, { text: material.note, style: STYLES.note }] : [name] },
      { texts: [quietIfNone(count(material.originals))] },
      { texts: [quietIfNone(count(material.copies))] },
      { texts: [{ text: SOURCE_NAMES[material.source], style: STYLES.body }] },
      { texts: [quietIfNone(material.mayFollow ? '可以' : NONE)] },
    ]
  })
  sheet.place([
    heading(sheet, section, '要准备的材料', packingSummary(materials)),
    ...table(sheet, section, MATERIAL_COLUMNS, rows),
  ])
}

function count(copies: number): string {
  return copies === 0 ? NONE : `${copies} 份`
}

const NONE = '—'

function quietIfNone(text: string): CellText {
  return { text, style: text === NONE ? { ...STYLES.body, ink: RULE } : STYLES.body }
}

function stepBoxes(sheet: Sheet, guide: Guide): Box[] {
  const section = sheet.child(sheet.root, 'Sect')
  return [heading(sheet, section, '办理流程'), ...stepFlow(sheet, section, guide.steps)]
}

function conditionBoxes(sheet: Sheet, guide: Guide): Box[] {
  const section = sheet.child(sheet.root, 'Sect')
  return [heading(sheet, section, '符合这些条件可以办'), ...numberedList(sheet, section, guide.conditions)]
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
  ]
}
