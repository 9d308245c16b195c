import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ReceiptImage } from '../../../drivers/receipt-printer/document.ts'
import { Dots } from '../../../drivers/receipt-printer/dots.ts'
import { type Grey, imageFromGrey } from '../../../drivers/receipt-printer/grey.ts'
import { onPaper, part, TOP_DOTS, whole } from './paper-dots.ts'

function imageOf(dots: Dots): ReceiptImage {
  return { kind: 'image', width: dots.width, height: dots.height, rows: dots.packed().rows }
}

const pictures = fc
  .tuple(fc.integer({ min: 1, max: 576 }), fc.integer({ min: 1, max: 300 }), fc.nat(1_000_000))
  .map(([width, height, seed]) => {
    const dots = new Dots(width, height)
    let state = seed
    for (let at = 0; at < dots.data.length; at += 1) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      dots.data[at] = state >>> 31
    }
    return dots
  })

test('an image is on the paper dot by dot, centred, whatever its size', () => {
  fc.assert(
    fc.property(pictures, (dots) => {
      const sheet = onPaper({ elements: [imageOf(dots), { kind: 'cut' }] })
      expect(sheet.errors).toEqual([])
      // The printer centres whole bytes.
      const left = Math.trunc((576 - Math.ceil(dots.width / 8) * 8) / 2)
      let different = 0
      for (let y = 0; y < dots.height; y += 1) {
        for (let x = 0; x < dots.width; x += 1) {
          if (sheet.dots.at(left + x, TOP_DOTS + y) !== dots.at(x, y)) different += 1
        }
      }
      // Bytes that would be a real-time command have one dot more.
      expect(different).toBeLessThanOrEqual((dots.width * dots.height) / 5000 + 1)
      expect(part(sheet.dots, 0, TOP_DOTS, left, dots.height)).not.toContain('#')
    }),
    { numRuns: 15 },
  )
})

test('bits behind the last dot of a row are not printed', () => {
  const image: ReceiptImage = { kind: 'image', width: 4, height: 2, rows: Uint8Array.of(0xaf, 0x5f) }
  const { dots } = onPaper({ elements: [image, { kind: 'cut' }] })
  expect(part(dots, 284, TOP_DOTS, 8, 2)).toBe('#.#.....\n.#.#....')
})

test.each([
  ['wider than the paper', { width: 577, height: 1, rows: new Uint8Array(73) }, 'wider than the 576 dots'],
  ['without dots', { width: 0, height: 1, rows: new Uint8Array(0) }, 'an image of 0 × 1 dots'],
  ['of broken size', { width: 8, height: 1.5, rows: new Uint8Array(1) }, 'an image of 8 × 1.5 dots'],
  ['with too few bytes', { width: 9, height: 2, rows: new Uint8Array(3) }, '3 bytes where 9 × 2 dots are 4'],
  ['as long as a roll', { width: 8, height: 24_001, rows: new Uint8Array(24_001) }, '24001 dots high'],
])('an image %s is refused in words', (_, image, words) => {
  expect(() => onPaper({ elements: [{ kind: 'image', ...image }, { kind: 'cut' }] })).toThrow(words)
})

function grey(width: number, height: number, at: (x: number, y: number) => number): Grey {
  const data = Uint8Array.from({ length: width * height }, (_, index) =>
    at(index % width, Math.trunc(index / width)),
  )
  return { width, height, data }
}
const dotsOf = (image: ReceiptImage): Dots => {
  const padded = Dots.fromPacked(image.rows, Math.ceil(image.width / 8))
  const dots = new Dots(image.width, image.height)
  dots.draw(padded, 0, 0)
  return dots
}
const share = (dots: Dots): number => dots.data.reduce((sum, dot) => sum + dot, 0) / dots.data.length

test('a threshold makes black of what is darker', () => {
  const image = imageFromGrey(
    grey(4, 1, (x) => [0, 127, 128, 255][x] ?? 0),
    384,
    { method: 'threshold' },
  )
  expect(whole(dotsOf(image))).toBe('##..')
})

test('error diffusion keeps the darkness of every grey', () => {
  for (const level of [0, 32, 64, 128, 200, 255]) {
    const image = imageFromGrey(
      grey(128, 128, () => level),
      384,
    )
    expect(Math.abs(share(dotsOf(image)) - (1 - level / 255))).toBeLessThan(0.015)
  }
})

test('a wide picture is scaled down to the paper and a small one never up', () => {
  const wide = imageFromGrey(
    grey(1152, 200, (x) => (x < 576 ? 0 : 255)),
    576,
    { method: 'threshold' },
  )
  expect([wide.width, wide.height]).toEqual([576, 100])
  expect(part(dotsOf(wide), 286, 50, 4, 1)).toBe('##..')
  const small = imageFromGrey(
    grey(30, 20, () => 0),
    576,
  )
  expect([small.width, small.height]).toEqual([30, 20])
  const odd = imageFromGrey(
    grey(1000, 1, () => 0),
    384,
  )
  expect([odd.width, odd.height]).toEqual([384, 1])
})

test('a grey picture whose bytes are not those of its size is refused', () => {
  expect(() => imageFromGrey({ width: 2, height: 2, data: new Uint8Array(3) }, 384)).toThrow(RangeError)
  expect(() => imageFromGrey({ width: 0, height: 2, data: new Uint8Array(0) }, 384)).toThrow(RangeError)
})
