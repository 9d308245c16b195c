import iconv from 'iconv-lite'
import { create as createQr } from 'qrcode'
import { inPrinterFont } from '../receipt-printer/characters.ts'
import { Dots } from '../receipt-printer/dots.ts'
import type { ReceiptPrinterProfile } from '../receipt-printer/profile.ts'
import { Glyphs } from '../receipt-printer/raster-font.ts'
import { code128Bars } from './code128-bars.ts'
import type { Command } from './escpos-lexer.ts'
import { Paper } from './paper.ts'

const LATIN_DOTS = 12
const CHINESE_DOTS = 24
const HEIGHT_DOTS = 24
/** A sixth of an inch at 203 dots an inch: what printers do until they are told otherwise. */
const DEFAULT_LINE_DOTS = 34
const DEFAULT_BARCODE_DOTS = 162
/** Between print head and knife, 10 mm: blank at the end of a receipt and at the beginning of the next. */
const KNIFE_DOTS = 80
const REPLACEMENT = 0x3f

interface Placed {
  glyph: Dots
  bold: boolean
}

/** Settings that `initialise` brings back. */
const SETTINGS = {
  align: 'left' as 'left' | 'centre' | 'right',
  bold: false,
  latin: { width: 1, height: 1 },
  chinese: { width: 1, height: 1 },
  lineDots: DEFAULT_LINE_DOTS,
  barcodeDots: DEFAULT_BARCODE_DOTS,
  barcodeModule: 3,
  barcodeText: false,
  qrModule: 3,
  qrLevel: 'L' as 'L' | 'M' | 'Q' | 'H',
}

/** The printing half of a printer: commands become dots on paper. */
export class Printing {
  #profile: ReceiptPrinterProfile
  #misuse: (error: string) => void
  #finished: (paper: Paper) => void
  #settings = { ...SETTINGS }
  #line: Placed[] = []
  #qrData: Uint8Array | undefined
  #paper: Paper
  #glyphs = new Glyphs()

  constructor(
    profile: ReceiptPrinterProfile,
    hooks: { misuse: (error: string) => void; finished: (paper: Paper) => void },
  ) {
    this.#profile = profile
    this.#misuse = hooks.misuse
    this.#finished = hooks.finished
    this.#paper = this.#freshPaper()
  }

  /** Rows of dots since the last cut. */
  get rows(): number {
    return this.#paper.rows - KNIFE_DOTS
  }

  /** Forgets settings and the line that was begun; what is on paper hangs in the mouth until the next cut. */
  reset(): void {
    this.#settings = { ...SETTINGS }
    this.#line = []
  }

  /** What a hand does where there is no knife. */
  tearOff(): void {
    this.#cut(false)
  }

  /** Carries out one command; gives how many rows of paper went by. */
  execute(command: Command): number {
    const before = this.#paper.rows
    const settings = this.#settings
    switch (command.kind) {
      case 'initialise':
        this.reset()
        return 0
      case 'align':
        if (this.#line.length > 0) this.#misuse('alignment in the middle of a line')
        settings.align = command.to
        return 0
      case 'bold':
        settings.bold = command.on
        return 0
      case 'latin-size':
        settings.latin = { width: command.width, height: command.height }
        return 0
      case 'chinese-size':
        settings.chinese = { width: command.width, height: command.height }
        return 0
      case 'line-spacing':
        settings.lineDots = command.dots
        return 0
      case 'character':
        this.#put(command.bytes)
        break
      case 'line-feed':
        this.#printLine()
        break
      case 'feed-lines':
        this.#printPending()
        this.#paper.feed(command.lines * settings.lineDots)
        break
      case 'feed-dots':
        this.#printPending()
        this.#paper.feed(command.dots)
        break
      case 'raster':
        this.#draw(Dots.fromPacked(command.rows, command.bytesPerRow), 1, 'a picture')
        break
      case 'barcode-height':
        settings.barcodeDots = command.dots
        return 0
      case 'barcode-module':
        settings.barcodeModule = command.dots
        return 0
      case 'barcode-text':
        settings.barcodeText = command.below
        return 0
      case 'barcode':
        this.#barcode(command.data)
        break
      case 'qr-module':
        settings.qrModule = command.dots
        return 0
      case 'qr-level':
        settings.qrLevel = command.level
        return 0
      case 'qr-store':
        this.#qrData = command.data
        return 0
      case 'qr-print':
        this.#qr()
        break
      case 'cut':
        if (this.#profile.cut === 'none') this.#misuse('a cut of a printer without a knife')
        return this.#cut(command.feeds)
      default:
        return 0
    }
    if (this.#paper.full) this.#cut(false)
    return Math.max(this.#paper.rows - before, 0)
  }

  #freshPaper(): Paper {
    const paper = new Paper(this.#profile.dots)
    paper.feed(KNIFE_DOTS)
    return paper
  }

  #put(bytes: Uint8Array): void {
    const latin = bytes.length === 1
    const { width, height } = latin ? this.#settings.latin : this.#settings.chinese
    // Larger sizes are smooth, as from the outline fonts of newer printers; older ones double the dots.
    const cell = (latin ? LATIN_DOTS : CHINESE_DOTS) * width
    const glyph = this.#glyphs.dots(this.#codePoint(bytes), cell, HEIGHT_DOTS * height)
    if (this.#lineWidth() + glyph.width > this.#profile.dots) {
      this.#misuse('a line wider than the paper')
      this.#printLine()
    }
    this.#line.push({ glyph, bold: this.#settings.bold })
  }

  /** What its font lacks comes out as a question mark, as from most printers (field row 16). */
  #codePoint(bytes: Uint8Array): number {
    const [first = 0] = bytes
    if (bytes.length === 1) return first
    const character = iconv.decode(Buffer.from(bytes), 'gb18030')
    if (inPrinterFont(character, this.#profile.font)) return character.codePointAt(0) ?? REPLACEMENT
    this.#misuse('a character that the font lacks')
    return REPLACEMENT
  }

  #lineWidth(): number {
    return this.#line.reduce((width, placed) => width + placed.glyph.width, 0)
  }

  #left(width: number): number {
    const free = this.#profile.dots - width
    return this.#settings.align === 'left'
      ? 0
      : this.#settings.align === 'right'
        ? free
        : Math.trunc(free / 2)
  }

  #printLine(): void {
    const height = Math.max(0, ...this.#line.map((placed) => placed.glyph.height))
    let x = this.#left(this.#lineWidth())
    for (const { glyph, bold } of this.#line) {
      const y = height - glyph.height
      this.#paper.draw(glyph, x, y)
      // Bold on a thermal head: struck twice, a dot apart.
      if (bold) this.#paper.draw(glyph, x + 1, y)
      x += glyph.width
    }
    this.#line = []
    this.#paper.feed(Math.max(height, this.#settings.lineDots))
  }

  #printPending(): void {
    if (this.#line.length > 0) this.#printLine()
  }

  #draw(picture: Dots, scale: number, what: string): void {
    if (this.#line.length > 0) {
      this.#misuse(`${what} in the middle of a line`)
      this.#printLine()
    }
    if (picture.width * scale > this.#profile.dots) this.#misuse(`${what} wider than the paper`)
    this.#paper.draw(picture, Math.max(this.#left(picture.width * scale), 0), 0, scale, scale)
    this.#paper.feed(picture.height * scale)
  }

  #barcode(data: Uint8Array): void {
    const bars = code128Bars(data)
    if (typeof bars === 'string') {
      this.#misuse(bars)
      return
    }
    const module = this.#settings.barcodeModule
    const width = bars.widths.reduce((sum, one) => sum + one, 0) * module
    // Printers print nothing at all of a barcode that is too wide.
    if (width > this.#profile.dots) {
      this.#misuse('a barcode wider than the paper')
      return
    }
    const picture = new Dots(width, this.#settings.barcodeDots)
    let x = 0
    for (const [index, one] of bars.widths.entries()) {
      if (index % 2 === 0) picture.fill(x, 0, one * module, picture.height)
      x += one * module
    }
    this.#draw(picture, 1, 'a barcode')
    if (!this.#settings.barcodeText) return
    for (const character of bars.text) this.#put(Uint8Array.of(character.charCodeAt(0)))
    this.#printLine()
  }

  #qr(): void {
    if (this.#qrData === undefined) {
      this.#misuse('a QR code without data')
      return
    }
    const level = { errorCorrectionLevel: this.#settings.qrLevel }
    const { size, data } = createQr([{ data: this.#qrData, mode: 'byte' }], level).modules
    const picture = new Dots(size, size)
    for (let index = 0; index < picture.data.length; index += 1) picture.data[index] = data[index] ? 1 : 0
    this.#draw(picture, this.#settings.qrModule, 'a QR code')
  }

  #cut(feeds: boolean): number {
    this.#printPending()
    if (feeds) this.#paper.feed(KNIFE_DOTS)
    const paper = this.#paper
    this.#paper = this.#freshPaper()
    // What was drawn for one paper is not kept for the next: it says who stood here.
    this.#glyphs = new Glyphs()
    this.#finished(paper)
    return feeds ? KNIFE_DOTS : 0
  }
}
