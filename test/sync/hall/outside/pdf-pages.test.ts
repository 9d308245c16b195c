import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import PDFDocument from 'pdfkit'
import { describe, expect, test } from 'vitest'
import { countPages } from '../../../../sync/pdf/pdf-pages.ts'

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

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1')
const tree = (count: number): string => `4 0 obj <</Type/Pages/Count ${count}/Kids[]>> endobj\n`
const page = '<</Type/Page/Parent 4 0 R>> '

/** One object stream more, as a file may have any number of them. */
function stream(objects: string | Uint8Array, more = ''): Uint8Array {
  return Buffer.concat([
    bytes(`9 0 obj <</Type/ObjStm/N 1/First 0/Filter/FlateDecode${more}>>\nstream\n`),
    deflateSync(objects),
    bytes('\nendstream endobj\n'),
  ])
}

const file = (...parts: (string | Uint8Array)[]): Uint8Array =>
  Buffer.concat([
    bytes('%PDF-1.7\n'),
    ...parts.map((part) => (typeof part === 'string' ? bytes(part) : part)),
  ])

const counted = (pages: number, objects = pages) => ({ outcome: 'counted', pages, objects })
const UNCOUNTABLE = { outcome: 'uncountable' }

describe('the pages of a PDF', () => {
  test.each([1, 2, 7, 201])('are counted: %i', async (pages) => {
    expect(await countPages(await pdfOf(pages))).toEqual(counted(pages))
  })

  test('are found in packed object streams too', async () => {
    expect(await countPages(packed(`<</Type/Pages/Count 3>> ${page.repeat(3)}`))).toEqual(counted(3))
  })

  test('are found in a stream of any size and behind any number of others', async () => {
    const wide = stream(`${page.repeat(300)}${' '.repeat(600 * 1024)}`)
    expect(await countPages(file(tree(301), page, wide))).toEqual(counted(301))
    const others = Array.from({ length: 256 }, () => stream('<<>>'))
    expect(await countPages(file(tree(301), page, ...others, stream(page.repeat(300))))).toEqual(counted(301))
  })

  test('are found however their names are spelt', async () => {
    const spelt = ['/Type/P#61ge', '/T#79pe /Page', '/Type\n /Page', '/Type\0/#50age'].map(
      (type) => `<<${type}>>`,
    )
    expect(await countPages(file(tree(4), ...spelt))).toEqual(counted(4))
  })

  test('are told by the page tree alone, not by what stands beside it', async () => {
    const beside =
      '8 0 obj <</Type/Outlines/Count 250>> endobj <</Names<</Count 99>>/Count 2/Kids[]/Type/Pages>>'
    expect(await countPages(file(beside, page, page))).toEqual(counted(2))
  })

  test('that were written again when the file was signed are told apart', async () => {
    expect(await countPages(file(tree(2), page, page, page))).toEqual(counted(2, 3))
  })

  test.each<[string, Uint8Array]>([
    ['nothing', bytes('')],
    ['a page of HTML', bytes('<html>/Type /Page</html>')],
    ['a PDF without pages', file('<</Type/Catalog>>')],
    ['one without a page tree', file(page)],
    ['one whose tree has more pages than can be seen', file(tree(250), page)],
    ['one that tells its count elsewhere', file('<</Type/Pages/Count 7 0 R>>', page)],
    [
      'one with a stream that cannot be unpacked',
      file(tree(1), page, '<</Type/ObjStm/Filter/FlateDecode>>stream\nxyz endstream'),
    ],
    [
      'one with a stream packed otherwise',
      file(tree(1), page, '<</Type/ObjStm/Filter/LZWDecode>>stream\nxyz endstream'),
    ],
    ['one that hides pages behind comments', file(tree(2), page, '<</Type%hidden\n/Page>>')],
    ['one with a predictor', file(tree(1), page, stream('x', '/DecodeParms<</Predictor 12>>'))],
    [
      'one that unpacks to more than any paper has',
      file(tree(1), page, stream(Buffer.alloc(17 * 1024 * 1024))),
    ],
  ])('cannot be counted in %s', async (_name, pdf) => {
    expect(await countPages(pdf)).toEqual(UNCOUNTABLE)
  })

  test.each(['/Encrypt 9 0 R', '/Encryp#74 9 0 R'])(
    'are nobody’s to count in an encrypted one: %s',
    async (entry) => {
      expect(await countPages(file(tree(1), page, `trailer <<${entry}>>`))).toEqual({ outcome: 'encrypted' })
    },
  )

  test('of anything at all never throw', async () => {
    const piece = fc.constantFrom(
      '/Type',
      '/Page',
      '/Pages',
      '/Count 9',
      '/ObjStm',
      '/Filter/FlateDecode',
      ' ',
      'stream\n',
      'endstream',
      '<<',
      '>>',
      '(',
      '%',
    )
    const any = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece).map((pieces) => pieces.join('')),
    )
    await fc.assert(fc.asyncProperty(any, async (text) => void (await countPages(bytes(`%PDF-${text}`)))))
  })
})
