import fc from 'fast-check'
import iconv from 'iconv-lite'
import { expect, test } from 'vitest'
import { splitAim, symbologyName } from '../../../drivers/scanner/aim.ts'
import { decodeScan } from '../../../drivers/scanner/text.ts'
import { join } from '../support.ts'

const utf8 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'utf8'))

test('UTF-8 is read as UTF-8 and everything else as GB18030', () => {
  const text = '办件编号33010620261121000042，张𬭎䶮'
  expect(decodeScan(utf8(text))).toEqual({ kind: 'scanned', text, symbology: null })
  const chinese = Uint8Array.from(iconv.encode(text, 'gb18030'))
  expect(decodeScan(chinese)).toEqual({ kind: 'scanned', text, symbology: null })
})

test.each([
  [']Q1', 'Q1', 'QR'],
  [']C0', 'C0', 'Code 128'],
  [']d1', 'd1', 'Data Matrix'],
  [']E4', 'E4', 'EAN/UPC'],
])('the AIM identifier %s is taken off and kept', (aim, symbology, name) => {
  expect(decodeScan(utf8(`${aim}12345`))).toEqual({ kind: 'scanned', text: '12345', symbology })
  expect(symbologyName(symbology)).toBe(name)
})

test.each([']', ']Q', ']?1x', ']Q-1', '[Q1x'])('%s is no AIM identifier and stays', (text) => {
  expect(splitAim(utf8(text))).toEqual({ symbology: null, payload: utf8(text) })
})

test('NUL and control characters are stripped, wherever they stand', () => {
  expect(decodeScan(utf8('\u0000]Q1\u00021\u001d23\u007f\u0085'))).toEqual({
    kind: 'scanned',
    text: '123',
    symbology: 'Q1',
  })
})

test.each([
  ['4 kB of control characters', new Uint8Array(4096).fill(7)],
  ['an AIM identifier alone', utf8(']Q1')],
  ['white space', utf8('   ')],
  ['bytes of no encoding', Uint8Array.of(0xff, 0xff, 0xfe)],
])('%s is not text', (_, bytes) => {
  expect(decodeScan(bytes)).toEqual({ kind: 'rejected', reason: 'not-text' })
})

test('no bytes make the decoder throw or let a control character through', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const scan = decodeScan(join(bytes))
      if (scan.kind === 'scanned') expect(scan.text).not.toMatch(/\p{Cc}/u)
    }),
  )
})
