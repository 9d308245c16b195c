/** Codes to be scanned: a value that nobody could have on a paper, drawn for a screen or a terminal. */
import { randomInt } from 'node:crypto'
import { create as createQr } from 'qrcode'
import { code128Bars } from '../../documents/codes.ts'

/** Crockford's digits and letters: none that is taken for another when it is read aloud. */
const CHARACTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const RANDOM_CHARACTERS = 8
/** So that whoever scans one in earnest sees what it is. */
const PREFIX = 'W24TEST'

export const newTestCode = (): string =>
  PREFIX + Array.from({ length: RANDOM_CHARACTERS }, () => CHARACTERS[randomInt(CHARACTERS.length)]).join('')

/** ISO/IEC 18004 §9.1 wants four modules of white around, ISO/IEC 15417 ten on either side. */
const QR_QUIET = 4
const BARS_QUIET = 10

/** As facts for the page: paths of SVG in modules, black on white, with the white around. */
export const drawnFacts = (value: string): Record<string, string> => {
  const { data, size } = qrOf(value)
  const cells = Array.from({ length: size * size }, (_, at) => at).filter((at) => data[at])
  const qr = cells.map((at) => `M${(at % size) + QR_QUIET} ${Math.floor(at / size) + QR_QUIET}h1v1h-1z`)
  const { widths, modules } = code128Bars(value)
  let x = BARS_QUIET
  const bars = widths.map((width, at) => {
    const bar = at % 2 === 0 ? `M${x} 0h${width}v1h-${width}z` : ''
    x += width
    return bar
  })
  return {
    code: value,
    qr: qr.join(''),
    qrSize: String(size + 2 * QR_QUIET),
    bars: bars.join(''),
    barsWidth: String(modules + 2 * BARS_QUIET),
  }
}

/** For a terminal with dark ground: two rows of modules in one line, the white ones filled. */
export const drawnText = (value: string): string => {
  const { data, size } = qrOf(value)
  const isWhite = (row: number, column: number): boolean =>
    row < 0 || column < 0 || row >= size || column >= size || !data[row * size + column]
  const lines: string[] = []
  for (let row = -QR_QUIET; row < size + QR_QUIET; row += 2) {
    let line = ''
    for (let column = -QR_QUIET; column < size + QR_QUIET; column += 1) {
      const [upper, lower] = [isWhite(row, column), isWhite(row + 1, column)]
      line += upper ? (lower ? '█' : '▀') : lower ? '▄' : ' '
    }
    lines.push(line)
  }
  return `${lines.join('\n')}\n`
}

const qrOf = (value: string): { data: Uint8Array; size: number } => {
  const { modules } = createQr(value, { errorCorrectionLevel: 'M' })
  return { data: Uint8Array.from(modules.data), size: modules.size }
}
