/** The technician's test page: what a paper of this house is made of, and edges to hold a ruler against. */
import { heading, paragraph } from './blocks.ts'
import { barModule, code128Bars, drawBars, drawQr } from './codes.ts'
import type { Faces } from './faces.ts'
import { keyValues } from './key-values.ts'
import { HAIRLINE, INK, millimetres, PAGE, RULE, STRONG_LINE, STYLES, TEXT_WIDTH } from './measures.ts'
import { type Box, type Finished, Sheet } from './sheet.ts'
import type { TestSheet } from './test-sheet-parts.ts'
import { chineseDateTime } from './words.ts'

const TITLE = '打印测试页'
const TITLE_ENGLISH = 'Test page'
const RULER_MM = 100
const TICK_MM = 10
const BARS_HEIGHT = millimetres(13)
const QR_SIZE = millimetres(32)
/** Printers leave white at the edge; what is cut off of this frame is told by what is missing of it. */
const FRAME_INSET = millimetres(6)
const GREYS = ['#000000', '#404040', '#808080', '#B0B0B0', '#D8D8D8', '#F0F0F0']
const GREY_HEIGHT = millimetres(10)

export async function setTestSheet(faces: Faces, test: TestSheet, printedAt: Date): Promise<Finished> {
  const sheet = new Sheet({
    faces,
    title: TITLE,
    author: 'Window24',
    printedAt,
    drawFrame: (target, page, pages) => frame(target, page, pages, printedAt),
  })
  const head = sheet.child(sheet.root, 'H1')
  sheet.place([
    {
      height: STYLES.paperTitle.leading,
      draw: (top) =>
        sheet.tagged(head, 'H1', () =>
          sheet.lineCentred(`${TITLE} ${TITLE_ENGLISH}`, STYLES.paperTitle, PAGE.left + TEXT_WIDTH / 2, top),
        ),
    },
  ])
  const facts = sheet.child(sheet.root, 'Sect')
  const row = (label: string, value: string) => [{ label, value }]
  const rows = [
    row('设备', test.deviceName),
    row('软件', test.software),
    row('时间', chineseDateTime(printedAt)),
  ]
  sheet.place(keyValues(sheet, facts, rows, { gap: 10 }))
  section(sheet, '文字 Text', (parent) => [
    ...paragraph(sheet, parent, '政务服务大厅自助终端，二十四小时服务。The quick brown fox, 0123456789.'),
    ...paragraph(sheet, parent, '生僻字：䶮 㛃 𬭎 𠅤 · 〇 ￥12.50', { gap: 4 }),
    ...paragraph(sheet, parent, '最小的字：空白页、断线、灰底和缺墨都算不合格。', {
      style: STYLES.note,
      gap: 4,
    }),
  ])
  section(sheet, '标尺 Ruler (100 mm)', () => [ruler(sheet)])
  section(sheet, '灰度 Greys', () => [greys(sheet)])
  section(sheet, '条码 Codes', () => [codes(sheet, test.code)])
  section(sheet, '请核对 Please check', (parent) =>
    [
      '四边的框线是否完整',
      '标尺是否正好 100 毫米',
      '两种条码能否扫出同一串字',
      '有没有竖纹、漏印或脏点',
    ].flatMap((line) => paragraph(sheet, parent, `□ ${line}`, { gap: 3 })),
  )
  return await sheet.finish()
}

type Parent = ReturnType<Sheet['child']>

function section(sheet: Sheet, title: string, boxes: (parent: Parent) => readonly Box[]): void {
  const parent = sheet.child(sheet.root, 'Sect')
  sheet.place([heading(sheet, parent, title), ...boxes(parent)])
}

function frame(sheet: Sheet, page: number, pages: number, printedAt: Date): void {
  sheet.doc
    .lineWidth(HAIRLINE)
    .strokeColor(RULE)
    .rect(FRAME_INSET, FRAME_INSET, PAGE.width - 2 * FRAME_INSET, PAGE.height - 2 * FRAME_INSET)
    .stroke()
  sheet.rule(PAGE.head + 20, PAGE.left, PAGE.right, STRONG_LINE, INK)
  sheet.line('Window24 夜窗', STYLES.footStrong, PAGE.left, PAGE.head + 1.5)
  sheet.rule(PAGE.foot)
  sheet.line(`打印于 ${chineseDateTime(printedAt)}`, STYLES.foot, PAGE.left, PAGE.foot + 5)
  sheet.lineRight(`第 ${page} 页 共 ${pages} 页`, STYLES.foot, PAGE.right, PAGE.foot + 5)
}

function ruler(sheet: Sheet): Box {
  const height = millimetres(8)
  return {
    height,
    draw: (top) =>
      sheet.artifact(() => {
        sheet.rule(top + height, PAGE.left, PAGE.left + millimetres(RULER_MM), STRONG_LINE, INK)
        for (let at = 0; at <= RULER_MM; at += TICK_MM) {
          const x = PAGE.left + millimetres(at)
          const length = at % (5 * TICK_MM) === 0 ? height : height / 2
          sheet.doc
            .lineWidth(HAIRLINE)
            .strokeColor(INK)
            .moveTo(x, top + height)
            .lineTo(x, top + height - length)
            .stroke()
        }
      }),
  }
}

function greys(sheet: Sheet): Box {
  const width = TEXT_WIDTH / GREYS.length
  return {
    height: GREY_HEIGHT,
    draw: (top) =>
      sheet.artifact(() => {
        for (const [index, grey] of GREYS.entries()) {
          sheet.doc
            .fillColor(grey)
            .rect(PAGE.left + index * width, top, width, GREY_HEIGHT)
            .fill()
        }
      }),
  }
}

function codes(sheet: Sheet, value: string): Box {
  const bars = code128Bars(value)
  const module = barModule(bars, TEXT_WIDTH - QR_SIZE - millimetres(20))
  return {
    height: QR_SIZE,
    draw: (top) =>
      sheet.artifact(() => {
        drawBars(sheet, bars, PAGE.left + 10 * module, top + millimetres(6), module, BARS_HEIGHT)
        sheet.line(value, STYLES.strong, PAGE.left + 10 * module, top + millimetres(6) + BARS_HEIGHT + 3)
        drawQr(sheet, value, PAGE.right - QR_SIZE, top, QR_SIZE)
      }),
  }
}
