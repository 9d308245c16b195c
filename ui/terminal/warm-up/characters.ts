/**
 * A browser looks a character up in its font when it first stands in a size and a weight, for tens of microseconds: on a
 * guide that nobody has read yet that is half of the layout.
 */

/** How text is set, as styles are computed. */
export interface Lettering {
  /** `19.3px` */
  size: string
  weight: string
}

/** Fewer stand in it on all pages together: titles, tags, hints. To look these up takes no time that anybody would notice. */
const RUNNING_TEXT = 60

/** Notes in what hanzi are set, and how many. */
export class Letterings {
  readonly #found = new Map<string, Lettering & { hanzi: number }>()

  note(page: Element): void {
    const texts = document.createTreeWalker(page, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) {
      const { nodeValue, parentElement } = texts.currentNode
      const hanzi = nodeValue?.match(/\p{Script=Han}/gu)?.length ?? 0
      if (parentElement === null || hanzi === 0) continue
      const { fontSize: size, fontWeight: weight } = getComputedStyle(parentElement)
      const known = this.#found.get(`${size} ${weight}`)
      this.#found.set(`${size} ${weight}`, { size, weight, hanzi: hanzi + (known?.hanzi ?? 0) })
    }
  }

  /** Those that whole sentences are set in. */
  ofRunningText(): Lettering[] {
    return [...this.#found.values()].filter(({ hanzi }) => hanzi >= RUNNING_TEXT)
  }
}

/** GB/T 2312-1980, 5.2: the hanzi of the first level are the rows 16 to 55, the last of which ends at its cell 89. */
const FIRST_ROW = 16
const LAST_ROW = 55
const CELLS = 94
const LAST_CELL = 89
/** EUC-CN: what a row's and a cell's number are told by. */
const OFFSET = 0xa0

/** The 3,755 hanzi that nearly every text is made of. */
export function commonHanzi(): string {
  const bytes: number[] = []
  for (let row = FIRST_ROW; row <= LAST_ROW; row += 1) {
    const cells = row === LAST_ROW ? LAST_CELL : CELLS
    for (let cell = 1; cell <= cells; cell += 1) bytes.push(OFFSET + row, OFFSET + cell)
  }
  return new TextDecoder('gb2312').decode(new Uint8Array(bytes))
}
