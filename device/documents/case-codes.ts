import { barModule, code128Bars, drawBars } from './codes.ts'
import { millimetres, PAGE, STYLES, TEXT_WIDTH } from './measures.ts'
import type { Box, Sheet } from './sheet.ts'

const BARS_HEIGHT = millimetres(11)
/** Narrower bars run together on worn lasers. */
const BARS_BESIDE_MINIMUM_MODULE = millimetres(0.25)

/** The bare case number as Code 128. As wide as the table above it; across the whole page when the number is too long for bars that print well. */
export function caseBarcode(sheet: Sheet, caseNo: string, width: number): Box[] {
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
