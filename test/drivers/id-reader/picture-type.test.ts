import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pictureType } from '../../../drivers/id-reader/picture-type.ts'
import { hex, join } from '../support.ts'

const PNG = [hex('89504E470D0A1A0A'), hex('49454E44AE426082')] as const
const JPEG = [hex('FFD8FF'), hex('FFD9')] as const

function bmp(body: Uint8Array): Uint8Array {
  const size = 26 + body.length
  const header = new Uint8Array(26)
  header.set(hex('424D'))
  new DataView(header.buffer).setUint32(2, size, true)
  return join(header, body)
}

test('a picture is known by both its ends, and no part of it is one', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(), (body, cut) => {
      const pictures = {
        'image/png': join(PNG[0], body, PNG[1]),
        'image/bmp': bmp(body),
      }
      for (const [type, picture] of Object.entries(pictures)) {
        expect(pictureType(picture)).toBe(type)
        expect(pictureType(picture.subarray(0, cut % picture.length))).toBeUndefined()
      }
      expect(pictureType(join(JPEG[0], body, JPEG[1]))).toBe('image/jpeg')
      expect(pictureType(join(JPEG[0], body, hex('00')))).toBeUndefined()
    }),
  )
})

test('noise never throws and is no picture', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const isPicture = pictureType(bytes) !== undefined
      expect(isPicture).toBe(false)
    }),
  )
})
