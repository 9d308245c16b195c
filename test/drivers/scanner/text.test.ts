import fc from 'fast-check'
import iconv from 'iconv-lite'
import { expect, test } from 'vitest'
import { splitAim } from '../../../drivers/scanner/aim.ts'
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
  [']Q1', 'Q1'],
  [']C0', 'C0'],
  [']d1', 'd1'],
  // MaxiCode, Micro PDF, OCR and whatever else a scanner can be told to read.
  [']U0', 'U0'],
  [']M0', 'M0'],
  [']S0', 'S0'],
  [']P0', 'P0'],
  [']R0', 'R0'],
  [']ez', 'ez'],
])('the AIM identifier %s is taken off and kept', (aim, symbology) => {
  expect(decodeScan(utf8(`${aim}12345`))).toEqual({ kind: 'scanned', text: '12345', symbology })
})

test.each([']', ']Q', ']?1x', ']Q-1', '[Q1x', ']Q\u0661'])('%s is no AIM identifier and stays', (text) => {
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
  ['zero-width', '330\u200b099\u2060\u200d'],
  ['bidirectional', '\u202e330\u2066099\u2069\u200f'],
  ['private-use', '330\ue000099\u{f0000}\u{10fffd}'],
  ['tag and format', '\u{e0041}330\u00ad099\ufeff'],
])('%s characters are stripped: codes that read alike are alike', (_, text) => {
  const read = { kind: 'scanned', text: '330099', symbology: null }
  expect(decodeScan(utf8(text))).toEqual(read)
  expect(decodeScan(Uint8Array.from(iconv.encode(text, 'gb18030')))).toEqual(read)
})

test.each([
  ['4 kB of control characters', new Uint8Array(4096).fill(7)],
  ['an AIM identifier alone', utf8(']Q1')],
  ['white space', utf8('   ')],
  ['what nobody sees', utf8('\u200b\u2066\ue000\ufeff')],
  ['bytes of no encoding', Uint8Array.of(0xff, 0xff, 0xfe)],
])('%s is not text', (_, bytes) => {
  expect(decodeScan(bytes)).toEqual({ kind: 'rejected', reason: 'not-text' })
})

test('no bytes make the decoder throw or let through what nobody sees', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const scan = decodeScan(join(bytes))
      if (scan.kind === 'scanned') expect(scan.text).not.toMatch(/[\p{Cc}\p{Cf}\p{Co}]/u)
    }),
  )
})
