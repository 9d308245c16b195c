import { execFileSync } from 'node:child_process'
import PDFDocument from 'pdfkit'
import { expect, test } from 'vitest'
import { openFaces } from '../../../device/documents/faces.ts'
import { GatheredDocument } from '../../../device/documents/gathered-document.ts'
import { packed } from '../../../device/documents/pack.ts'

const OPTIONS: PDFKit.PDFDocumentOptions = {
  compress: false,
  bufferPages: true,
  pdfVersion: '1.7',
  tagged: true,
  font: '',
  info: { Title: '办事指南', CreationDate: new Date('2026-11-21T22:40:00+08:00') },
}

/** Two tagged pages of bars, the first one gone back to. */
function draw(doc: PDFKit.PDFDocument): PDFKit.PDFStructureElement {
  const root = doc.struct('Document')
  doc.addStructure(root)
  root.add(doc.markStructureContent('Figure'))
  doc.rect(10, 20, 30, 40).fill('#123456')
  doc.endMarkedContent()
  doc.addPage().rect(50, 60, 7, 8).fill()
  doc.switchToPage(0)
  doc.moveTo(1, 2).lineTo(3, 4).stroke()
  return root
}

function asPdfkitWritesIt(drawOn: (doc: PDFKit.PDFDocument) => PDFKit.PDFStructureElement): Promise<Buffer> {
  const { promise, resolve } = Promise.withResolvers<Buffer>()
  const pieces: Uint8Array[] = []
  const doc = new PDFDocument(OPTIONS)
  doc.on('data', (piece: Uint8Array) => pieces.push(piece))
  doc.on('end', () => resolve(Buffer.concat(pieces)))
  drawOn(doc).end()
  doc.end()
  return promise
}

const gathered = (drawOn: (doc: GatheredDocument) => PDFKit.PDFStructureElement) => {
  const doc = new GatheredDocument(OPTIONS)
  return doc.finished(drawOn(doc))
}

test('a paper is gathered of the objects that pdfkit writes, word for word, and their trailer', async () => {
  const { objects, trailer } = gathered(draw)
  const file = (await asPdfkitWritesIt(draw)).toString('latin1')

  const written = [...file.matchAll(/^(\d+) 0 obj\n(.*?)\n(?:stream\n|endobj\n)/gms)]
  expect(objects.map(({ number, text }) => `${number} ${text}`).toSorted()).toEqual(
    written.map(([, number, text]) => `${number} ${text}`).toSorted(),
  )
  expect(trailer).toBe(/trailer\n(.*)\nstartxref/s.exec(file)?.[1])
})

test('what is packed of them shows what pdfkit’s own file shows', async () => {
  expect(pictures(await packed(gathered(draw)))).toEqual(pictures(await asPdfkitWritesIt(draw)))
})

test('a line stands where pdfkit would set it, also where signs give back half of their square', async () => {
  const faces = openFaces()
  const LINES = ['办事指南 2026', '（一）“先办，后补”。', '《条例》（试行）', '·Ü1-b。']
  const prepared = (doc: PDFKit.PDFDocument) => {
    doc.registerFont('bold', faces.bold.source() as unknown as Uint8Array)
    doc.font('bold', 17.5)
    const root = doc.struct('Document')
    doc.addStructure(root)
    return root
  }
  const places = LINES.map((line, index) => ({ line, x: 20.4 + 3.7 * index, baseline: 100.2 + 40.9 * index }))
  const ours = gathered((doc) => {
    const root = prepared(doc)
    for (const { line, x, baseline } of places) doc.line(line, x, baseline)
    return root
  })
  const theirs = await asPdfkitWritesIt((doc) => {
    const root = prepared(doc)
    for (const { line, x, baseline } of places)
      doc.text(line, x, baseline, { lineBreak: false, baseline: 'alphabetic' })
    return root
  })

  const file = await packed(ours)
  expect(pictures(file)).toEqual(pictures(theirs))
  expect(textOf(file)).toEqual(textOf(theirs))
})

test('what would be drawn after the end is not lost in silence', () => {
  const doc = new GatheredDocument(OPTIONS)
  doc.finished(draw(doc))

  expect(() => doc.rect(1, 2, 3, 4)).toThrow('drawn to its end')
})

function pictures(pdf: Uint8Array): string {
  return execFileSync('pdftoppm', ['-r', '72', '-gray', '-'], {
    input: pdf,
    maxBuffer: 8 * 1024 * 1024,
  }).toString('base64')
}

function textOf(pdf: Uint8Array): string {
  return execFileSync('pdftotext', ['-', '-'], { input: pdf }).toString('utf8')
}
