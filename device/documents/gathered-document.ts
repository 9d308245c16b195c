import PDFDocument from 'pdfkit'

interface Gathered {
  /** Text stands for its bytes in Latin 1, as pdfkit means it. */
  pieces: (string | Uint8Array)[]
  /** What is drawn on each page, for its own stream. */
  drawn: Map<PDFKit.PDFPage, string[]>
  isDrawn: boolean
  whole: PromiseWithResolvers<Buffer>
}

/**
 * pdfkit writes thousands of small pieces, makes bytes of each and hands them through a stream; that, and clearing them
 * away, took a tenth of a paper's time. Here they stay text until they are one.
 */
export class GatheredDocument extends PDFDocument {
  // No field of its own: the constructor of the document writes before this class would have it.
  declare private gathered: Gathered | undefined
  /** Where in the file the next piece will stand, by pdfkit's own count. */
  declare private _offset: number

  /** The file, once `end` was called. */
  get whole(): Promise<Buffer> {
    return this.gather().whole.promise
  }

  override addContent(data: string): this {
    const { drawn, isDrawn } = this.gather()
    if (isDrawn) throw new Error('this paper is drawn to its end')
    const onPage = drawn.get(this.page)
    if (onPage === undefined) drawn.set(this.page, [data])
    else onPage.push(data)
    return this
  }

  /** Gives each page what was drawn on it, and nothing more from now on. */
  endDrawing(): void {
    const gathered = this.gather()
    gathered.isDrawn = true
    for (const [page, pieces] of gathered.drawn) page.write(Buffer.from(`${pieces.join('\n')}\n`, 'latin1'))
  }

  /** Where pdfkit writes its file. */
  _write(data: string | Uint8Array): void {
    const piece = typeof data === 'string' ? `${data}\n` : data
    this.gather().pieces.push(piece)
    this._offset += piece.length
  }

  /** Only the end still comes this way. */
  override push(): boolean {
    const { pieces, whole } = this.gather()
    whole.resolve(Buffer.concat(bytesOf(pieces)))
    return true
  }

  private gather(): Gathered {
    this.gathered ??= { pieces: [], drawn: new Map(), isDrawn: false, whole: Promise.withResolvers<Buffer>() }
    return this.gathered
  }
}

/** Whatever text stands side by side becomes bytes at once. */
function bytesOf(pieces: readonly (string | Uint8Array)[]): Uint8Array[] {
  const bytes: Uint8Array[] = []
  let text: string[] = []
  const endText = () => {
    if (text.length > 0) bytes.push(Buffer.from(text.join(''), 'latin1'))
    text = []
  }
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      text.push(piece)
      continue
    }
    endText()
    bytes.push(piece)
  }
  endText()
  return bytes
}
