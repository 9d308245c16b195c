/** The trays of the simulated printers: each paper is handed out once, in the order in which they came out. */

/** Far past any paper of a test; only one that does not come is waited for so long. */
const PAPER_WITHIN_MS = 10_000

export interface Tray<Paper> {
  /** The next one that nobody has taken yet, as soon as it is there. */
  next(): Promise<Paper>
  /** How many lie there that nobody has taken. */
  readonly waiting: number
}

/** @param onPaper tells of each paper that comes out */
export function openTray<Paper>(
  what: string,
  onPaper: (listener: (paper: Paper) => void) => void,
): Tray<Paper> {
  const papers: Paper[] = []
  const takers: ((paper: Paper) => void)[] = []
  onPaper((paper) => {
    const taker = takers.shift()
    if (taker === undefined) papers.push(paper)
    else taker(paper)
  })
  return {
    get waiting() {
      return papers.length
    },
    next() {
      const paper = papers.shift()
      if (paper !== undefined) return Promise.resolve(paper)
      const { promise, resolve, reject } = Promise.withResolvers<Paper>()
      const late = setTimeout(() => {
        takers.splice(takers.indexOf(resolve), 1)
        reject(new Error(`not in time: ${what} comes out`))
      }, PAPER_WITHIN_MS)
      takers.push(resolve)
      return promise.finally(() => clearTimeout(late))
    },
  }
}
