import { PNG } from 'pngjs'
import { Dots } from '../receipt-printer/dots.ts'

/** Over three metres at 8 dots a millimetre: a roll is longer, but no receipt is. */
const MAX_ROWS = 24_800
const FIRST_ROWS = 1024

const WHITE = 255
const BLACK = 0
/** No greys between: scanners and eyes judge the dots themselves. */
const BITS = 8
const GREY = 0

/** A strip of thermal paper that grows as it is fed. */
export class Paper {
  readonly width: number
  #dots: Dots
  #row = 0
  #isBlank = true

  constructor(width: number) {
    this.width = width
    this.#dots = new Dots(width, FIRST_ROWS)
  }

  get rows(): number {
    return this.#row
  }

  /** Nothing has been drawn on it. */
  get isBlank(): boolean {
    return this.#isBlank
  }

  get full(): boolean {
    return this.#row >= MAX_ROWS
  }

  /** Draws below the print head's row, without feeding. */
  draw(picture: Dots, x: number, y = 0, scaleX = 1, scaleY = 1): void {
    this.#reach(this.#row + y + picture.height * scaleY)
    this.#isBlank = false
    this.#dots.draw(picture, x, this.#row + y, scaleX, scaleY)
  }

  feed(rows: number): void {
    this.#row = Math.min(this.#row + rows, MAX_ROWS)
    this.#reach(this.#row)
  }

  /** The whole width of the paper with the margins that no printer prints on. */
  png(marginDots: number): { png: Buffer; widthDots: number; heightDots: number } {
    const width = this.width + 2 * marginDots
    const image = new PNG({ width, height: this.#row, colorType: GREY, bitDepth: BITS, inputColorType: GREY })
    const grey = Buffer.alloc(width * this.#row, WHITE)
    for (let y = 0; y < this.#row; y += 1) {
      for (let x = 0; x < this.width; x += 1) {
        if (this.#dots.at(x, y) === 1) grey[y * width + marginDots + x] = BLACK
      }
    }
    image.data = grey
    const options = { colorType: GREY, bitDepth: BITS, inputColorType: GREY, inputHasAlpha: false } as const
    return { png: PNG.sync.write(image, options), widthDots: width, heightDots: this.#row }
  }

  #reach(rows: number): void {
    if (rows <= this.#dots.height) return
    const larger = new Dots(this.width, Math.min(Math.max(rows, this.#dots.height * 2), MAX_ROWS))
    larger.data.set(this.#dots.data.subarray(0, larger.data.length))
    this.#dots = larger
  }
}
