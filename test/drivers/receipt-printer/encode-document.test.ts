import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ReceiptDocument, ReceiptElement } from '../../../drivers/receipt-printer/document.ts'
import { encodeDocument } from '../../../drivers/receipt-printer/encode-document.ts'
import {
  RECEIPT_PRINTER_PROFILES,
  type ReceiptPrinterProfile,
  receiptPrinterProfile,
} from '../../../drivers/receipt-printer/profile.ts'
import { type Command, EscposLexer } from '../../../drivers/simulators/escpos-lexer.ts'
import { Printing } from '../../../drivers/simulators/printing.ts'
import { join, toHex } from '../support.ts'

function profile(name: string): ReceiptPrinterProfile {
  const found = receiptPrinterProfile(name)
  if (found === undefined) throw new Error(name)
  return found
}
const wide = profile('generic-80')
const narrow = profile('generic-58')

const document = (...elements: ReceiptElement[]): ReceiptDocument => ({ elements })
const bytes = (on: ReceiptPrinterProfile, ...elements: ReceiptElement[]): string =>
  toHex(join(...encodeDocument(document(...elements), on).commands.map((command) => command.bytes)))

function lex(
  on: ReceiptPrinterProfile,
  ...elements: ReceiptElement[]
): { commands: Command[]; errors: string[] } {
  const errors: string[] = []
  const lexer = new EscposLexer((error) => errors.push(error))
  const { commands: encoded } = encodeDocument(document(...elements), on)
  const commands = encoded.flatMap((command) => lexer.push(command.bytes).map((lexed) => lexed.command))
  return { commands, errors }
}
const kinds = (commands: Command[]): string[] => commands.map((command) => command.kind)

test('a document begins with initialise and Chinese mode', () => {
  expect(bytes(wide, { kind: 'cut' })).toMatch(/^1B401C261B3320/)
})

test('text is GB18030 with its alignment before and after', () => {
  const expected = '1B6101' + 'B0ECBCFE' + '0A' + '1B6100'
  expect(bytes(wide, { kind: 'text', text: '办件', align: 'centre' })).toContain(expected)
})

test('bold and double size are switched on before the text and off behind it', () => {
  const encoded = bytes(wide, { kind: 'text', text: 'A', bold: true, size: 'double' })
  expect(encoded).toContain('1B3338' + '1D2111' + '1C5701' + '1B4501' + '41' + '1B4500' + '0A')
  expect(encoded).toContain('1D2100' + '1C5700' + '1B3320')
})

test('a QR code is of model 2 and level M, its length counts three bytes more', () => {
  const encoded = bytes(wide, { kind: 'qr', value: 'W24' })
  expect(encoded).toContain('1D286B040031413200' + '1D286B0300314308' + '1D286B0300314531')
  expect(encoded).toContain('1D286B06003150305732341D286B0300315130')
})

test('a barcode has its text below and counts its code set mark', () => {
  expect(bytes(wide, { kind: 'barcode', value: 'W24' })).toContain(
    '1D6850' + '1D7703' + '1D4802' + '1D6B4905' + '7B42573234',
  )
})

const letters = (commands: Command[]): string => {
  const text = commands.flatMap((command) => (command.kind === 'character' ? [...command.bytes] : []))
  return Buffer.from(text).toString('latin1')
}

test('a barcode that does not fit 58 mm is a QR code with the number below, on 80 mm it has bars', () => {
  const element: ReceiptElement = { kind: 'barcode', value: 'ABCDEFGHIJKLMNOPQ' }
  expect(kinds(lex(wide, element).commands)).toContain('barcode')
  const { commands } = lex(narrow, element)
  expect(kinds(commands)).not.toContain('barcode')
  expect(commands).toContainEqual({ kind: 'qr-store', data: new TextEncoder().encode('ABCDEFGHIJKLMNOPQ') })
  expect(letters(commands)).toBe('ABCDEFGHIJKLMNOPQ')
})

test('where the document has a QR code of the same value, bars without room are its number alone', () => {
  const value = 'ABCDEFGHIJKLMNOPQ'
  const { commands } = lex(narrow, { kind: 'barcode', value }, { kind: 'qr', value })
  expect(kinds(commands).filter((kind) => kind === 'qr-print')).toHaveLength(1)
  expect(letters(commands)).toBe(value)
})

test('a case number of 20 digits fits 58 mm in code set C with modules of two dots', () => {
  expect(bytes(narrow, { kind: 'barcode', value: '33010620261121000042' })).toContain('1D7702')
})

test('the last element cuts', () => {
  expect(bytes(wide, { kind: 'cut' })).toMatch(/1D564200$/)
  expect(bytes({ ...wide, cut: 'full' }, { kind: 'cut' })).toMatch(/1B64041D5600$/)
  expect(bytes({ ...wide, cut: 'none' }, { kind: 'cut' })).toMatch(/1B6404$/)
})

test('a line with a rare character is a picture, its neighbours stay text', () => {
  const { commands } = lex(
    wide,
    { kind: 'text', text: '张三' },
    { kind: 'text', text: '张䶮' },
    { kind: 'text', text: '李四' },
  )
  const order = kinds(commands).filter((kind) => kind === 'character' || kind === 'raster')
  expect(order).toEqual(['character', 'character', 'raster', 'character', 'character'])
})

const anyText = fc.string({
  unit: fc.constantFrom(...'办件，（）a b1ü䶮𬭎¥\n\u001b\u0010\u0004\u0001😀'),
  maxLength: 60,
})
const anyElement: fc.Arbitrary<ReceiptElement> = fc.oneof(
  fc.record({
    kind: fc.constant('text' as const),
    text: anyText,
    align: fc.constantFrom('left', 'centre', 'right'),
    bold: fc.boolean(),
    size: fc.constantFrom('normal', 'double'),
  }),
  fc.record({
    kind: fc.constant('columns' as const),
    columns: fc
      .constantFrom([0.5, 0.5], [0.3, 0.4, 0.3], [1])
      .chain((shares) => fc.tuple(...shares.map((share) => anyText.map((text) => ({ text, share }))))),
  }),
  fc.constant({ kind: 'rule' as const }),
  fc
    .tuple(fc.integer({ min: 1, max: 384 }), fc.integer({ min: 1, max: 60 }), fc.nat(255))
    .map(([width, height, fill]) => ({
      kind: 'image' as const,
      width,
      height,
      rows: new Uint8Array(Math.ceil(width / 8) * height).fill(fill),
    })),
  fc.record({ kind: fc.constant('feed' as const), lines: fc.nat(5) }),
  fc.record({ kind: fc.constant('barcode' as const), value: fc.stringMatching(/^[ -~]{0,30}$/) }),
  fc.record({ kind: fc.constant('qr' as const), value: fc.string({ maxLength: 60 }) }),
)

test.each(RECEIPT_PRINTER_PROFILES)(
  '%s: no document makes a strict printer complain or draws past the paper',
  (name) => {
    fc.assert(
      fc.property(fc.array(anyElement, { maxLength: 6 }), (elements) => {
        const on = profile(name)
        const { commands, errors } = lex(on, ...elements, { kind: 'cut' })
        let receipts = 0
        const hooks = { misuse: (error: string) => errors.push(error), finished: () => (receipts += 1) }
        const printing = new Printing(on, hooks)
        for (const command of commands) printing.execute(command)
        if (on.cut === 'none') printing.tearOff()
        expect(errors).toEqual([])
        expect(receipts).toBe(1)
      }),
      { numRuns: 40 },
    )
  },
)

test('a picture never holds the bytes of a real-time command', async () => {
  const { Dots } = await import('../../../drivers/receipt-printer/dots.ts')
  const { raster } = await import('../../../drivers/receipt-printer/escpos.ts')
  const picture = Dots.fromPacked(Uint8Array.of(0x10, 0x04, 0x01, 0x10, 0x14, 0x01), 3)
  expect(toHex(join(...raster(picture).map((strip) => strip.bytes)))).toBe(
    '1D76300003000200' + '110401' + '111401',
  )
})

test('a tall picture is cut into strips under 256 rows that join without a gap', async () => {
  const { Dots } = await import('../../../drivers/receipt-printer/dots.ts')
  const { raster } = await import('../../../drivers/receipt-printer/escpos.ts')
  const tall = new Dots(16, 500)
  for (let y = 0; y < 500; y += 3) tall.fill(y % 16, y, 1, 1)
  const strips = raster(tall)
  expect(strips).toHaveLength(3)
  const rows = join(...strips.map((strip) => strip.bytes.slice(8)))
  expect(Buffer.compare(rows, tall.packed().rows)).toBe(0)
  for (const strip of strips) expect(strip.bytes[7]).toBe(0)
})
