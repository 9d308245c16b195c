/** What makes a paper official: its title and number at the head, who issued it and the place of the seal at the end. */
import { SEAL_PLACE_DIAMETER, sealPlace } from './marks.ts'
import { INK, PAGE, STYLES, TEXT_WIDTH } from './measures.ts'
import type { Box, Sheet } from './sheet.ts'
import { chineseDate } from './words.ts'

export interface Issued {
  office: string
  issuedBy: string
  /** RFC 3339. */
  issuedAt: string
  sealed: boolean
  /** Served on somebody, who signs for it. */
  signed: boolean
}

/** The title in the middle, and below it the number under which the office keeps the paper. */
export function placeHead(sheet: Sheet, title: string, number: string | null): void {
  const element = sheet.child(sheet.root, 'H1')
  const style = STYLES.paperTitle
  const boxes = sheet.lines(title, style, TEXT_WIDTH).map(
    (line, index): Box => ({
      height: style.leading,
      gap: index === 0 ? 6 : 0,
      keepWithNext: true,
      draw: (top) =>
        sheet.tagged(element, 'H1', () => sheet.lineCentred(line, style, PAGE.left + TEXT_WIDTH / 2, top)),
    }),
  )
  sheet.place(boxes)
  if (number === null) return
  const numbered = sheet.child(sheet.root, 'P')
  sheet.place([
    {
      height: STYLES.body.leading,
      draw: (top) =>
        sheet.tagged(numbered, 'P', () =>
          sheet.lineCentred(`文书编号：${number}`, STYLES.body, PAGE.left + TEXT_WIDTH / 2, top),
        ),
    },
  ])
}

/** Who issued it and when, the place of the seal where one belongs, and the line to sign on. */
export function closing(sheet: Sheet, issued: Issued): Box[] {
  const issuer = sheet.child(sheet.root, 'P')
  const { sealed } = issued
  const signature = issued.signed ? sheet.child(sheet.root, 'P') : undefined
  const right = sealed ? PAGE.right - SEAL_PLACE_DIAMETER - 18 : PAGE.right
  const signatureEnd = PAGE.left + sheet.width(SIGNATURE, STYLES.body) + SIGNATURE_GAP
  const signatureRight =
    signature === undefined ? PAGE.left : signatureEnd + SIGNATURE_MINIMUM_WIDTH + ISSUER_GAP
  const lines = [issued.office, `开具：${issued.issuedBy}`, chineseDate(new Date(issued.issuedAt))].flatMap(
    (text) => sheet.lines(text, STYLES.body, right - signatureRight),
  )
  const widest = Math.max(...lines.map((line) => sheet.width(line, STYLES.body)))
  const height = Math.max(sealed ? SEAL_PLACE_DIAMETER : 0, lines.length * ISSUER_LEADING)
  return [
    {
      height,
      gap: 14,
      draw: (top) => {
        const first = top + (height - lines.length * ISSUER_LEADING) / 2
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
          const to = Math.min(signatureEnd + SIGNATURE_WIDTH, right - widest - ISSUER_GAP)
          sheet.rule(middle + STYLES.body.leading, signatureEnd, to, 0.7, INK)
        })
      },
    },
  ]
}

const ISSUER_LEADING = 19
const SIGNATURE = '申请人签收'
const SIGNATURE_GAP = 8
const SIGNATURE_WIDTH = 120
/** A name of four characters by hand. */
const SIGNATURE_MINIMUM_WIDTH = 85
const ISSUER_GAP = 18
