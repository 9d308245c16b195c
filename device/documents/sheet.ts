import type { Face, Faces } from './faces.ts'
import { GatheredDocument } from './gathered-document.ts'
import { breakLines } from './lines.ts'
import { HAIRLINE, PAGE, RULE, type Style } from './measures.ts'
import { packed } from './pack.ts'
import { cleanText, MISSING_GLYPH, replaceMissing } from './text.ts'

export type Struct = PDFKit.PDFStructureElement

/** What cannot be torn by the end of a page: a line, a row, a step. */
export interface Box {
  height: number
  /** White above, dropped at the top of a page. */
  gap?: number
  /** Where a paper may not break: between a heading and what it heads. */
  keepWithNext?: boolean
  /** Drawn again above this box when a page begins with it: the head of a table. */
  repeat?: Box
  /** `again` when it is drawn as a repeated head, which is no part of the text any more. */
  draw(top: number, again?: boolean): void
}

export interface Finished {
  pdf: Uint8Array<ArrayBuffer>
  pages: number
}

export interface SheetOptions {
  faces: Faces
  /** Names the kind of paper, never a person: it is shown in viewers and spoolers. */
  title: string
  author: string
  printedAt: Date
  /** Drawn on every page when their number is known. */
  drawFrame(sheet: Sheet, page: number, pages: number): void
}

/** An A4 paper in the making: flows boxes over pages and keeps the tag of everything it draws. */
export class Sheet {
  readonly doc: GatheredDocument
  readonly faces: Faces
  readonly root: Struct
  readonly missing = new Set<number>()
  readonly #cleaned = new Map<string, string>()
  #y: number = PAGE.top
  #pages = 1
  #trial = false
  #drawFrame: SheetOptions['drawFrame']

  constructor(options: SheetOptions) {
    this.faces = options.faces
    this.#drawFrame = options.drawFrame
    this.doc = new GatheredDocument({
      size: [PAGE.width, PAGE.height],
      margin: 0,
      bufferPages: true,
      // Compressed once, in the end, with everything else.
      compress: false,
      pdfVersion: '1.7',
      tagged: true,
      lang: 'zh-CN',
      displayTitle: true,
      // An empty name keeps pdfkit from opening Helvetica.
      font: '',
      info: {
        Title: this.clean(options.title),
        Author: this.clean(options.author),
        Creator: 'Window24',
        CreationDate: options.printedAt,
      },
    })
    for (const face of Object.values(options.faces)) {
      // pdfkit takes a font object as well as bytes (its own `layout` test); its types do not say so.
      this.doc.registerFont(face.name, face.source() as unknown as Uint8Array)
    }
    this.root = this.doc.struct('Document')
    this.doc.addStructure(this.root)
  }

  /** Text as it will stand on paper; everything that is measured or drawn has gone through here. */
  clean(text: string): string {
    // A line is measured, broken and drawn: each asks for the same.
    const known = this.#cleaned.get(text)
    if (known !== undefined) return known
    // Both weights cover the same characters.
    const has = (codePoint: number): boolean => this.faces.regular.has(codePoint)
    const clean = replaceMissing(cleanText(text), has, this.missing)
    this.#cleaned.set(text, clean).set(clean, clean)
    return clean
  }

  lines(text: string, style: Style, width: number): string[] {
    return breakLines(this.clean(text), this.faces[style.face], style.size, width)
  }

  width(text: string, style: Style): number {
    return this.#face(style).width(this.clean(text), style.size)
  }

  /** One line; `top` is the upper edge of its leading. */
  line(text: string, style: Style, x: number, top: number): void {
    if (text === '') return
    const baseline = top + (style.leading - style.size) / 2 + style.size * SQUARE_ABOVE_BASELINE
    this.doc.font(style.face, style.size).fillColor(style.ink).line(this.clean(text), x, baseline)
  }

  lineRight(text: string, style: Style, right: number, top: number): void {
    this.line(text, style, right - this.width(text, style), top)
  }

  lineCentred(text: string, style: Style, centre: number, top: number): void {
    this.line(text, style, centre - this.width(text, style) / 2, top)
  }

  rule(y: number, from: number = PAGE.left, to: number = PAGE.right, width = HAIRLINE, ink = RULE): void {
    this.doc.lineWidth(width).strokeColor(ink).moveTo(from, y).lineTo(to, y).stroke()
  }

  child(parent: Struct, type: string, options: PDFKit.Mixins.StructureElementOptions = {}): Struct {
    const element = this.doc.struct(type, options)
    parent.add(element)
    return element
  }

  /** Draws as content of `element`. */
  tagged(element: Struct, type: string, draw: () => void): void {
    const content = this.doc.markStructureContent(type)
    draw()
    this.doc.endMarkedContent()
    element.add(content)
  }

  /** Draws what a reader of the text need not hear: rules, boxes, heads and feet of pages. */
  artifact(draw: () => void, type: 'Layout' | 'Pagination' = 'Layout'): void {
    this.doc.markContent('Artifact', { type })
    draw()
    this.doc.endMarkedContent()
  }

  /** How many pages there would be with `place` called as it is in there; nothing is drawn. */
  pagesAfter(place: () => void): number {
    const before = { y: this.#y, pages: this.#pages }
    this.#trial = true
    place()
    this.#trial = false
    const pages = this.#pages
    this.#y = before.y
    this.#pages = before.pages
    return pages
  }

  place(boxes: readonly Box[]): void {
    for (let at = 0; at < boxes.length; ) {
      let end = at
      while (boxes[end]?.keepWithNext && end + 1 < boxes.length) end += 1
      const chain = boxes.slice(at, end + 1)
      if (this.#y + heightOf(chain) > PAGE.bottom && this.#y > PAGE.top) this.#newPage(chain[0])
      for (const box of chain) this.#draw(box)
      at = end + 1
    }
  }

  /** The same, on the next page when what is left of this one would tear it. */
  placeWhole(boxes: readonly Box[]): void {
    const height = heightOf(boxes)
    if (this.#y + height > PAGE.bottom && height <= PAGE.bottom - PAGE.top) this.#newPage(undefined)
    this.place(boxes)
  }

  async finish(): Promise<Finished> {
    this.#sayMissing()
    for (let page = 0; page < this.#pages; page += 1) {
      this.doc.switchToPage(page)
      this.artifact(() => this.#drawFrame(this, page + 1, this.#pages), 'Pagination')
    }
    return { pdf: await packed(this.doc.finished(this.root)), pages: this.#pages }
  }

  #face(style: Style): Face {
    return this.faces[style.face]
  }

  #draw(box: Box): void {
    // Only a chain taller than a page gets here with less room than it needs.
    if (this.#y + gapOf(box, this.#y) + box.height > PAGE.bottom && this.#y > PAGE.top) this.#newPage(box)
    const top = this.#y + gapOf(box, this.#y)
    if (!this.#trial) box.draw(top)
    this.#y = top + box.height
  }

  #newPage(first: Box | undefined): void {
    if (!this.#trial) this.doc.addPage()
    this.#pages += 1
    this.#y = PAGE.top
    const repeat = first?.repeat
    if (!repeat) return
    if (!this.#trial) this.artifact(() => repeat.draw(this.#y, true))
    this.#y += repeat.height
  }

  #sayMissing(): void {
    if (this.missing.size === 0) return
    const codes = [...this.missing].map((codePoint) => `U+${codePoint.toString(16).toUpperCase()}`).join('、')
    const style = { face: 'regular', size: 9, leading: 13.5, ink: '#000000' } as const
    const text = `“${MISSING_GLYPH}”处是本机字库没有的字（${codes}），请到窗口核对。`
    const element = this.child(this.root, 'P')
    this.place(
      this.lines(text, style, PAGE.right - PAGE.left).map((line, index) => ({
        height: style.leading,
        gap: index === 0 ? style.leading : 0,
        draw: (top) => this.tagged(element, 'P', () => this.line(line, style, PAGE.left, top)),
      })),
    )
  }
}

/** Of a Chinese character's square, what stands above the baseline (OpenType `ideo` baseline: −0.12). */
const SQUARE_ABOVE_BASELINE = 0.88

function gapOf(box: Box, y: number): number {
  return y > PAGE.top ? (box.gap ?? 0) : 0
}

function heightOf(boxes: readonly Box[]): number {
  return boxes.reduce((sum, box) => sum + (box.gap ?? 0) + box.height, 0)
}
