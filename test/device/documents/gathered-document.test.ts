import PDFDocument from 'pdfkit'
import { expect, test } from 'vitest'
import { GatheredDocument } from '../../../device/documents/gathered-document.ts'

const OPTIONS: PDFKit.PDFDocumentOptions = {
  compress: false,
  bufferPages: true,
  font: '',
  info: { Title: '办事指南', CreationDate: new Date('2026-11-21T22:40:00+08:00') },
}

/** Two pages of bars, the first one gone back to. */
function draw(doc: PDFKit.PDFDocument): void {
  doc.rect(10, 20, 30, 40).fill('#123456')
  doc.addPage().rect(50, 60, 7, 8).fill()
  doc.switchToPage(0)
  doc.moveTo(1, 2).lineTo(3, 4).stroke()
}

function asPdfkitWritesIt(): Promise<Buffer> {
  const { promise, resolve } = Promise.withResolvers<Buffer>()
  const pieces: Uint8Array[] = []
  const doc = new PDFDocument(OPTIONS)
  doc.on('data', (piece: Uint8Array) => pieces.push(piece))
  doc.on('end', () => resolve(Buffer.concat(pieces)))
  draw(doc)
  doc.end()
  return promise
}

test('a gathered paper is byte for byte the file that pdfkit writes', async () => {
  const doc = new GatheredDocument(OPTIONS)
  draw(doc)
  doc.endDrawing()
  doc.end()
  const file = await doc.whole

  expect(file.toString('latin1')).toBe((await asPdfkitWritesIt()).toString('latin1'))
})

test('what would be drawn after the end is not lost in silence', () => {
  const doc = new GatheredDocument(OPTIONS)
  doc.endDrawing()

  expect(() => doc.rect(1, 2, 3, 4)).toThrow('drawn to its end')
})
