import bwip from 'bwip-js'

/** Bars and spaces of a Code 128 command, from nothing but the command's own data. */
export interface Bars {
  /** Widths in modules, beginning with a bar. */
  widths: number[]
  /** What stands below the bars. */
  text: string
}

const BRACE = 0x7b
const START: Record<string, number> = { A: 103, B: 104, C: 105 }
const CHANGE: Record<string, number> = { A: 101, B: 100, C: 99 }

/** A string says what is wrong with the data. */
export function code128Bars(data: Uint8Array): Bars | string {
  const codewords: number[] = []
  let text = ''
  let set: string | undefined
  for (let at = 0; at < data.length; at += 1) {
    const byte = data[at] ?? 0
    const mark = String.fromCharCode(data[at + 1] ?? 0)
    if (byte === BRACE && START[mark] !== undefined) {
      codewords.push((set === undefined ? START[mark] : CHANGE[mark]) ?? 0)
      set = mark
      at += 1
      continue
    }
    if (set === undefined) return 'a barcode that does not begin with a code set'
    if (set === 'C') {
      if (byte > 99) return `${byte} in code set C`
      codewords.push(byte)
      text += String(byte).padStart(2, '0')
      continue
    }
    if (byte === BRACE) {
      if (data[at + 1] !== BRACE) return 'a single brace in a barcode'
      at += 1
    }
    const codeword = set === 'A' && byte < 0x20 ? byte + 64 : byte - 0x20
    if (byte > 0x7f || codeword < 0 || (set === 'A' && byte >= 0x60)) return `${byte} in code set ${set}`
    codewords.push(codeword)
    text += String.fromCharCode(byte)
  }
  if (codewords.length < 2) return 'an empty barcode'
  return { widths: widthsOf(codewords), text }
}

/** bwip-js knows the patterns and adds check and stop symbols. */
function widthsOf(codewords: readonly number[]): number[] {
  const marks = codewords.map((codeword) => `^${String(codeword).padStart(3, '0')}`).join('')
  const options: Parameters<typeof bwip.raw>[0] & { raw: boolean } = {
    bcid: 'code128',
    text: marks,
    raw: true,
  }
  const [symbol] = bwip.raw(options)
  if (symbol === undefined || !('sbs' in symbol)) throw new Error('bwip-js drew no bars')
  return [...symbol.sbs]
}
