import type { ReceiptImage } from './document.ts'
import { Dots } from './dots.ts'

/** A grey picture, one byte a pixel, row by row: 0 black, 255 white. */
export interface Grey {
  width: number
  height: number
  data: Uint8Array
}

/** `threshold` for drawings, seals and signatures; `floyd-steinberg` spreads the error and suits photographs. */
export type Dithering = { method: 'threshold'; level?: number } | { method: 'floyd-steinberg' }

const MIDDLE_GREY = 128
const WHITE = 255

/**
 * A picture for receipt paper of at most `maxWidth` dots: larger ones are scaled down to it, smaller ones keep
 * their size, for dots blown up are only coarser. The default is error diffusion.
 * @throws RangeError for a picture without pixels or with too few bytes for its size
 */
export function imageFromGrey(
  grey: Grey,
  maxWidth: number,
  dithering: Dithering = { method: 'floyd-steinberg' },
): ReceiptImage {
  const { width, height, data } = grey
  if (!(width >= 1 && height >= 1 && maxWidth >= 1) || data.length !== width * height) {
    throw new RangeError(`a grey picture of ${width} × ${height} with ${data.length} bytes`)
  }
  const fitting = width > maxWidth ? scaledDown(grey, maxWidth) : grey
  const dots = dithering.method === 'threshold' ? threshold(fitting, dithering.level) : diffuse(fitting)
  return { kind: 'image', width: dots.width, height: dots.height, rows: dots.packed().rows }
}

/** Each new pixel is the mean of those it covers: lines grow thin but do not vanish. */
function scaledDown({ width, height, data }: Grey, toWidth: number): Grey {
  const toHeight = Math.max(Math.round((height * toWidth) / width), 1)
  const scaled = new Uint8Array(toWidth * toHeight)
  for (let y = 0; y < toHeight; y += 1) {
    const [top, bottom] = span(y, toHeight, height)
    for (let x = 0; x < toWidth; x += 1) {
      const [left, right] = span(x, toWidth, width)
      let sum = 0
      for (let row = top; row < bottom; row += 1) {
        for (let column = left; column < right; column += 1) sum += data[row * width + column] ?? WHITE
      }
      scaled[y * toWidth + x] = Math.round(sum / ((bottom - top) * (right - left)))
    }
  }
  return { width: toWidth, height: toHeight, data: scaled }
}

/** The pixels of `of` that the one numbered `index` of `parts` covers, at least one. */
function span(index: number, parts: number, of: number): [number, number] {
  const from = Math.min(Math.trunc((index * of) / parts), of - 1)
  return [from, Math.max(Math.trunc(((index + 1) * of) / parts), from + 1)]
}

function threshold({ width, height, data }: Grey, level = MIDDLE_GREY): Dots {
  const dots = new Dots(width, height)
  for (let index = 0; index < data.length; index += 1)
    dots.data[index] = (data[index] ?? WHITE) < level ? 1 : 0
  return dots
}

/** Floyd and Steinberg, 1976: the error of each dot goes on to its four neighbours in 7, 3, 5 and 1 sixteenths. */
function diffuse({ width, height, data }: Grey): Dots {
  const dots = new Dots(width, height)
  let here = new Float64Array(width)
  let below = new Float64Array(width)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const wanted = (data[y * width + x] ?? WHITE) + (here[x] ?? 0)
      const isBlack = wanted < MIDDLE_GREY
      if (isBlack) dots.data[y * width + x] = 1
      const error = (wanted - (isBlack ? 0 : WHITE)) / 16
      if (x + 1 < width) here[x + 1] = (here[x + 1] ?? 0) + error * 7
      if (x > 0) below[x - 1] = (below[x - 1] ?? 0) + error * 3
      below[x] = (below[x] ?? 0) + error * 5
      if (x + 1 < width) below[x + 1] = (below[x + 1] ?? 0) + error
    }
    here = below
    below = new Float64Array(width)
  }
  return dots
}
