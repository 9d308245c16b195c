import type { Hall } from '../../sync/protocol/content.ts'
import { HAIRLINE, INK, PAGE, RULE, STRONG_LINE, STYLES } from './measures.ts'
import type { Sheet } from './sheet.ts'
import { chineseDateTime, helpLine } from './words.ts'

export interface FrameWords {
  hall: Hall
  /** What kind of paper it is, at the right of the head. */
  paper: string
  questionPhone: string
  complaintPhone: string
  /** What tells one issue of this paper from another. */
  version: string
  printedAt: Date
}

const HEAD_STYLE = { face: 'bold', size: 10.5, leading: 15, ink: INK } as const
const PIECE_GAP = 16

/** The hall at the head; at the foot whom to ask, which version this is, and the number of the page. */
export function drawFrame(sheet: Sheet, words: FrameWords, page: number, pages: number): void {
  sheet.line(words.hall.name, HEAD_STYLE, PAGE.left, PAGE.head)
  sheet.lineRight(words.paper, STYLES.foot, PAGE.right, PAGE.head + 1.5)
  sheet.rule(
    PAGE.head + 20,
    PAGE.left,
    PAGE.right,
    page === 1 ? STRONG_LINE : HAIRLINE,
    page === 1 ? INK : RULE,
  )

  sheet.rule(PAGE.foot)
  const first = PAGE.foot + 5
  let x: number = PAGE.left
  for (const [label, phone] of [
    ['咨询', words.questionPhone],
    ['投诉', words.complaintPhone],
    ['求助', helpLine(words.hall)],
  ] as const) {
    sheet.line(label, STYLES.foot, x, first)
    x += sheet.width(`${label} `, STYLES.foot) + 2
    sheet.line(phone, STYLES.footStrong, x, first)
    x += sheet.width(phone, STYLES.footStrong) + PIECE_GAP
  }
  sheet.lineRight(`第 ${page} 页 共 ${pages} 页`, STYLES.foot, PAGE.right, first)
  const second = first + STYLES.foot.leading
  sheet.line(words.hall.address, STYLES.foot, PAGE.left, second)
  sheet.lineRight(
    `${words.version} · 打印于 ${chineseDateTime(words.printedAt)}`,
    STYLES.foot,
    PAGE.right,
    second,
  )
}
