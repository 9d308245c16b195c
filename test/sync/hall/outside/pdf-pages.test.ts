import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import PDFDocument from 'pdfkit'
import { describe, expect, test } from 'vitest'
import { countPages } from '../../../../sync/hall/outside/pdf-pages.ts'

async function pdfOf(pages: number): Promise<Uint8Array> {
  const doc = new PDFDocument({ autoFirstPage: false })
  const chunks: Uint8Array[] = []
  doc.on('data', (chunk: Uint8Array) => chunks.push(chunk))
  const ended = new Promise((resolve) => doc.on('end', resolve))
  for (let page = 0; page < pages; page += 1) doc.addPage()
  doc.end()
  await ended
  return Buffer.concat(chunks)
}

/** As writers of PDF 1.5 and later pack their objects. */
function packed(objects: string): Uint8Array {
  const stream = deflateSync(objects)
  const head = `%PDF-1.7\n5 0 obj\n<</Type/ObjStm/N 3/First 10/Filter/FlateDecode/Length ${stream.length}>>\nstream\n`
  return Buffer.concat([Buffer.from(head), stream, Buffer.from('\nendstream\nendobj\n')])
}

describe('the pages of a PDF', () => {
  test.each([1, 2, 7, 201])('are counted: %i', async (pages) => {
    expect(countPages(await pdfOf(pages))).toBe(pages)
  })

  test('are found in packed object streams too', () => {
    const kids = '<</Type/Page/Parent 1 0 R>> '.repeat(3)
    expect(countPages(packed(`<</Type/Pages/Count 3>> ${kids}`))).toBe(3)
  })

  test('are as many as the page tree says, where that is more', () => {
    expect(countPages(packed('<</Type/Pages/Kids[3 0 R]/Count 250>> <</Type/Page>>'))).toBe(250)
    expect(countPages(packed('<</Count 250/Kids[3 0 R]/Type/Pages>> <</Type/Page>>'))).toBe(250)
  })

  test.each([
    ['nothing', ''],
    ['a page of HTML', '<html>/Type /Page</html>'],
    ['a PDF without pages', '%PDF-1.7\n<</Type/Catalog>>'],
    ['an encrypted one', '%PDF-1.7\n<</Type/Page>> trailer <</Encrypt 9 0 R>>'],
  ])('cannot be counted in %s', (_name, text) => {
    expect(countPages(Buffer.from(text))).toBeNull()
  })

  test('of anything at all never throw', () => {
    const piece = fc.constantFrom(
      '/Type',
      '/Page',
      '/Pages',
      '/Count 9',
      '/ObjStm',
      ' ',
      'stream\n',
      'endstream',
      '<<',
      '>>',
    )
    const bytes = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece).map((pieces) => pieces.join('')),
    )
    fc.assert(fc.property(bytes, (text) => void countPages(Buffer.from(`%PDF-${text}`, 'latin1'))))
  })

  test('of a stream that unpacks without end cost a bounded amount', () => {
    const bomb = deflateSync(Buffer.alloc(8 * 1024 * 1024))
    const head = '%PDF-1.7\n<</Type/Page>>\n5 0 obj\n<</Type/ObjStm>>\nstream\n'
    expect(countPages(Buffer.concat([Buffer.from(head), bomb, Buffer.from('endstream')]))).toBe(1)
  })
})
