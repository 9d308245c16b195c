/** A black and white picture, one byte a dot, 1 = black: what printers print and simulators draw. */
export class Dots {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    this.data = new Uint8Array(width * height)
  }

  at(x: number, y: number): number {
    return x < 0 || y < 0 || x >= this.width || y >= this.height ? 0 : (this.data[y * this.width + x] ?? 0)
  }

  /** Blackens a rectangle; what lies outside the picture is cut off, as at the edge of the paper. */
  fill(x: number, y: number, width: number, height: number): void {
    for (let row = Math.max(y, 0); row < Math.min(y + height, this.height); row += 1) {
      const from = Math.max(x, 0)
      const to = Math.min(x + width, this.width)
      if (from < to) this.data.fill(1, row * this.width + from, row * this.width + to)
    }
  }

  /** Draws the black dots of another picture, each as `scaleX` × `scaleY` dots. */
  draw(other: Dots, x: number, y: number, scaleX = 1, scaleY = 1): void {
    for (let row = 0; row < other.height; row += 1) {
      for (let column = 0; column < other.width; column += 1) {
        if (other.data[row * other.width + column] === 1) {
          this.fill(x + column * scaleX, y + row * scaleY, scaleX, scaleY)
        }
      }
    }
  }

  /** Rows of whole bytes, most significant bit left, as `1D 76 30` wants them. */
  packed(): { bytesPerRow: number; rows: Uint8Array } {
    const bytesPerRow = Math.ceil(this.width / 8)
    const rows = new Uint8Array(bytesPerRow * this.height)
    for (let y = 0; y < this.height; y += 1) {
      for (let x = 0; x < this.width; x += 1) {
        const index = y * bytesPerRow + (x >> 3)
        if (this.at(x, y) === 1) rows[index] = (rows[index] ?? 0) | (0x80 >> (x & 7))
      }
    }
    return { bytesPerRow, rows }
  }

  static fromPacked(rows: Uint8Array, bytesPerRow: number): Dots {
    const dots = new Dots(bytesPerRow * 8, bytesPerRow === 0 ? 0 : rows.length / bytesPerRow)
    for (let index = 0; index < dots.data.length; index += 1) {
      const byte = rows[index >> 3] ?? 0
      dots.data[index] = (byte >> (7 - (index & 7))) & 1
    }
    return dots
  }
}
