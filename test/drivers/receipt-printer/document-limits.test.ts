import { expect, test } from 'vitest'
import { type ReceiptDocument, ReceiptDocumentError } from '../../../drivers/receipt-printer/document.ts'
import { encodeDocument } from '../../../drivers/receipt-printer/encode-document.ts'
import { pieces, sizeOf } from '../../../drivers/receipt-printer/pieces.ts'
import { receiptPrinterProfile } from '../../../drivers/receipt-printer/profile.ts'
import { onPaper } from './paper-dots.ts'

function encode(document: ReceiptDocument, name = 'generic-58') {
  const profile = receiptPrinterProfile(name)
  if (profile === undefined) throw new Error(name)
  return encodeDocument(document, profile)
}

const line = { kind: 'text', text: '公共场所卫生许可' } as const

test.each<[string, ReceiptDocument, ReceiptDocumentError['code'], string]>([
  ['without elements', { elements: [] }, 'empty', 'no elements'],
  ['of 10 000 lines', { elements: Array.from({ length: 10_000 }, () => line) }, 'too-long', '3 m of paper'],
  [
    'of 10 000 lines in one text',
    { elements: [{ kind: 'text', text: '件\n'.repeat(10_000) }] },
    'too-long',
    '3 m',
  ],
  [
    'of a text of 100 MB',
    { elements: [{ kind: 'text', text: 'x'.repeat(1e8) }] },
    'too-long',
    '100000000 characters',
  ],
  [
    'of columns that overflow',
    {
      elements: [
        { kind: 'columns', columns: Array.from({ length: 20 }, () => ({ text: '件', share: 0.05 })) },
      ],
    },
    'columns',
    'column 1 has no room in a line of 32 cells',
  ],
  [
    'of columns wider than the line',
    { elements: [{ kind: 'columns', columns: [0.6, 0.6].map((share) => ({ text: '件', share })) }] },
    'columns',
    'add up to 1.200',
  ],
  [
    'of a column whose share is no number',
    { elements: [{ kind: 'columns', columns: [{ text: '件', share: Number.NaN }] }] },
    'columns',
    'column 1',
  ],
])('a document %s is refused in words, quickly and without a byte', (_, document, code, words) => {
  const started = performance.now()
  const refusal = (() => {
    try {
      encode(document)
    } catch (error) {
      return error
    }
  })()
  expect(refusal).toBeInstanceOf(ReceiptDocumentError)
  expect(refusal).toMatchObject({ code, message: expect.stringContaining(words) })
  expect(String(refusal)).not.toMatch(/件|公共/)
  expect(performance.now() - started).toBeLessThan(2000)
})

test('a word longer than the paper goes on in the next line, and nothing of it is lost', () => {
  const word = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'.repeat(20)
  const { commands, errors } = onPaper(
    { elements: [{ kind: 'text', text: word }, { kind: 'cut' }] },
    'generic-58',
  )
  const sent = commands.flatMap((command) => (command.kind === 'character' ? [...command.bytes] : []))
  expect(Buffer.from(sent).toString('latin1')).toBe(word)
  expect(errors).toEqual([])
})

test('the rows that a document says it needs are those that its paper moves', () => {
  for (const name of ['generic-80', 'generic-58']) {
    const document: ReceiptDocument = {
      elements: [
        { kind: 'text', text: '受理回执\n䶮', size: 'double' },
        { kind: 'columns', columns: ['事项', '𬭎'].map((text) => ({ text, share: 0.5 })) },
        { kind: 'rule' },
        { kind: 'feed', lines: 3 },
        { kind: 'barcode', value: '33010620261121000042' },
        { kind: 'qr', value: 'https://hall.example/r/33010620261121000042' },
        { kind: 'image', width: 8, height: 300, rows: new Uint8Array(300).fill(255) },
        { kind: 'cut' },
      ],
    }
    const { rows } = encode(document, name)
    // Before the first row there are 80 blank ones from print head to knife.
    expect(onPaper(document, name).dots.height - 80).toBe(rows)
  }
})

test('a document is cut into pieces between commands, and the pieces are all of it', () => {
  const { commands } = encode({ elements: [...Array.from({ length: 60 }, () => line), { kind: 'cut' }] })
  const all = [...pieces(commands)]
  expect(all.length).toBeGreaterThan(2)
  for (const piece of all) expect(sizeOf(piece).bytes).toBeLessThanOrEqual(512)
  expect(all.flat()).toEqual(commands)
})
