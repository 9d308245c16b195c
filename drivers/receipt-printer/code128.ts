/** Code 128 as `1D 6B 49` takes it: the data with the printer's own code set marks (`{B`, `{C`). */

const BRACE = 0x7b
const SET_B = 0x42
const SET_C = 0x43

/** Modules of a symbol, and the two more of the stop symbol. */
const SYMBOL_MODULES = 11
const STOP_EXTRA_MODULES = 2
/** Start, check and stop. */
const FRAME_SYMBOLS = 3

/** Lead bytes of real-time commands (`10 04`, `10 05`, `10 14`): printers obey them inside data as well. */
const REAL_TIME = [
  [0x10, 0x04],
  [0x10, 0x05],
  [0x10, 0x14],
]

export interface Code128 {
  /** What follows `1D 6B 49 n`. */
  data: Uint8Array
  /** Width without quiet zones. */
  modules: number
}

/** Undefined when a value cannot be a Code 128 of printable ASCII, or is too long for one command. */
export function encodeCode128(value: string): Code128 | undefined {
  if (!/^[ -~]{1,120}$/.test(value)) return undefined
  const shortest = withSets(value, true)
  // Digits 160401 in code set C are the bytes 10 04 01, a status query: such a value goes in set B.
  return hasRealTimeLead(shortest.data) ? withSets(value, false) : shortest
}

/** Set C for runs of digits where that saves symbols: two digits a symbol, a change of set costs one. */
function withSets(value: string, digitsInC: boolean): Code128 {
  const data: number[] = []
  let symbols = 0
  let set: 'B' | 'C' | undefined
  const use = (next: 'B' | 'C'): void => {
    if (set === next) return
    // The first mark is the start symbol, counted in the frame.
    if (set !== undefined) symbols += 1
    data.push(BRACE, next === 'B' ? SET_B : SET_C)
    set = next
  }
  const inB = (text: string): void => {
    if (text === '') return
    use('B')
    for (const character of text) {
      symbols += 1
      // A brace in the data is said twice, or it would be a mark.
      if (character === '{') data.push(BRACE)
      data.push(character.charCodeAt(0))
    }
  }
  for (const match of value.matchAll(/\d+|\D+/g)) {
    const [part] = match
    const atEdge = match.index === 0 || match.index + part.length === value.length
    const worthC = /^\d/.test(part) && part.length >= (part === value ? 2 : atEdge ? 4 : 6)
    if (!worthC || !digitsInC) {
      inB(part)
      continue
    }
    // An odd digit goes where set B already is: before the run, or after it at the very beginning.
    const oddFirst = part.length % 2 === 1 && set === 'B'
    const pairs = part.length % 2 === 0 ? part : oddFirst ? part.slice(1) : part.slice(0, -1)
    if (oddFirst) inB(part.slice(0, 1))
    use('C')
    for (let at = 0; at < pairs.length; at += 2) {
      symbols += 1
      data.push(Number(pairs.slice(at, at + 2)))
    }
    if (pairs.length < part.length && !oddFirst) inB(part.slice(-1))
  }
  const modules = (symbols + FRAME_SYMBOLS) * SYMBOL_MODULES + STOP_EXTRA_MODULES
  return { data: Uint8Array.from(data), modules }
}

function hasRealTimeLead(data: Uint8Array): boolean {
  return data.some((byte, index) => REAL_TIME.some(([one, two]) => byte === one && data[index + 1] === two))
}

/** Printers take module widths from 2 dots on; under 0.25 mm a hand-held scanner fails anyway. */
const MODULE_DOTS = [3, 2]

/** The widest module that fits, or undefined when the bars do not fit the paper at all. */
export function moduleDots(modules: number, paperDots: number): number | undefined {
  // The quiet zones lie on the margins, 4 to 5 mm of paper on each side that no printer prints on.
  return MODULE_DOTS.find((dots) => modules * dots <= paperDots)
}
