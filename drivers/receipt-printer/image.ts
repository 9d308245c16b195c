import { ReceiptDocumentError, type ReceiptImage } from './document.ts'
import { Dots } from './dots.ts'
import { MAX_TAPE_ROWS } from './tape.ts'

/**
 * The dots of an image element.
 * @throws ReceiptDocumentError when it is wider than the paper or its bytes are not those of its size
 */
export function dotsOfImage({ width, height, rows }: ReceiptImage, paperDots: number): Dots {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width >= 1 && height >= 1)) {
    throw new ReceiptDocumentError('image', `an image of ${width} × ${height} dots`)
  }
  if (width > paperDots) {
    const advice = `wider than the ${paperDots} dots of the paper; scale it down before (imageFromGrey)`
    throw new ReceiptDocumentError('image', `an image of ${width} dots is ${advice}`)
  }
  if (height > MAX_TAPE_ROWS) throw new ReceiptDocumentError('too-long', `an image ${height} dots high`)
  const bytesPerRow = Math.ceil(width / 8)
  if (rows.length !== bytesPerRow * height) {
    const wanted = `${width} × ${height} dots are ${bytesPerRow * height}`
    throw new ReceiptDocumentError('image', `an image of ${rows.length} bytes where ${wanted}`)
  }
  const dots = new Dots(width, height)
  // Drawn over, because the bits behind the last dot of a row mean nothing and must not be printed.
  dots.draw(Dots.fromPacked(rows, bytesPerRow), 0, 0)
  return dots
}
