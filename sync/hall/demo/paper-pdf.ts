/** Sets a demonstration paper on A4: tagged (ISO 14289-1), its fonts within, its code as QR. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import PDFDocument from 'pdfkit'
import { create as createQr } from 'qrcode'
import type { DemoPaper } from './paper.ts'

const FONTS = {
  regular: '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
  bold: '@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf',
} as const

/** Points; A4 with 25 mm to the sides, so that holes punched into it meet no word. */
const MARGIN = 71
const WIDTH = 595.28 - 2 * MARGIN
const BOTTOM = 841.89 - 64
const TITLE_SIZE = 22
const TEXT_SIZE = 11.5
const SMALL_SIZE = 9
const LINE_GAP = 6
const LABEL_WIDTH = 96
/** Issuer and date, with the white above. */
const SEAL_HEIGHT = 80
const CELL_PADDING = 6
/** 30 mm: read from paper at arm's length. */
const QR_SIZE = 85
/** ISO/IEC 18004 §9.1: four modules around. */
const QR_QUIET_MODULES = 4
const INK = '#111111'
const SOFT = '#555555'
const RULE = '#999999'

type Doc = PDFKit.PDFDocument

const fontBytes = new Map<string, Buffer>()

/** Read once: ten megabytes each. */
function font(name: keyof typeof FONTS): Buffer {
  const path = FONTS[name]
  const bytes = fontBytes.get(path) ?? readFileSync(fileURLToPath(import.meta.resolve(path)))
  fontBytes.set(path, bytes)
  return bytes
}

export async function demoPdf(paper: DemoPaper, at: Date): Promise<Uint8Array> {
  const doc = new PDFDocument({
    size: 'A4',
    margins: { top: 64, bottom: 64, left: MARGIN, right: MARGIN },
    pdfVersion: '1.7',
    tagged: true,
    lang: 'zh-CN',
    displayTitle: true,
    // An empty name keeps pdfkit from opening Helvetica.
    font: '',
    // A title is shown by viewers and spoolers: the kind of paper, never a person.
    info: { Title: paper.title, Author: paper.issuer, Creator: 'Window24', CreationDate: at },
  })
  doc.registerFont('regular', font('regular'))
  doc.registerFont('bold', font('bold'))
  const chunks: Uint8Array[] = []
  const whole = new Promise<void>((resolve, reject) => {
    doc.on('data', (chunk: Uint8Array) => chunks.push(chunk))
    doc.on('end', resolve)
    doc.on('error', reject)
  })
  const root = doc.struct('Document')
  doc.addStructure(root)
  head(doc, root, paper)
  facts(doc, root, paper)
  if (paper.table !== null) table(doc, root, paper.table)
  for (const paragraph of paper.paragraphs) text(doc, root, paragraph)
  foot(doc, root, paper)
  root.end()
  doc.end()
  await whole
  return Buffer.concat(chunks)
}

function head(doc: Doc, root: PDFKit.PDFStructureElement, { title, number }: DemoPaper): void {
  root.add(
    doc.struct('H1', {}, () => {
      doc.font('bold', TITLE_SIZE).fillColor(INK).text(title, MARGIN, 84, { width: WIDTH, align: 'center' })
    }),
  )
  if (number !== null)
    root.add(
      doc.struct('P', {}, () => {
        doc.font('regular', TEXT_SIZE).text(number, MARGIN, doc.y + 8, { width: WIDTH, align: 'center' })
      }),
    )
  doc.y += 22
}

function facts(doc: Doc, root: PDFKit.PDFStructureElement, { facts: pairs }: DemoPaper): void {
  for (const [label, value] of pairs) {
    const top = doc.y
    doc.font('regular', TEXT_SIZE)
    const height = doc.heightOfString(value, { width: WIDTH - LABEL_WIDTH, lineGap: LINE_GAP })
    root.add(
      doc.struct('P', {}, () => {
        doc.fillColor(SOFT).text(label, MARGIN, top, { width: LABEL_WIDTH, lineGap: LINE_GAP })
        doc
          .fillColor(INK)
          .text(value, MARGIN + LABEL_WIDTH, top, { width: WIDTH - LABEL_WIDTH, lineGap: LINE_GAP })
      }),
    )
    doc.y = top + height + 3
  }
  doc.y += 10
}

function table(
  doc: Doc,
  root: PDFKit.PDFStructureElement,
  { head: names, rows }: NonNullable<DemoPaper['table']>,
): void {
  const element = doc.struct('Table')
  root.add(element)
  const width = WIDTH / names.length
  const row = (cells: readonly string[], type: 'TH' | 'TD'): void => {
    doc.font(type === 'TH' ? 'bold' : 'regular', TEXT_SIZE)
    const inner = width - 2 * CELL_PADDING
    const height =
      Math.max(...cells.map((cell) => doc.heightOfString(cell, { width: inner }))) + 2 * CELL_PADDING
    if (doc.y + height > BOTTOM) doc.addPage()
    const top = doc.y
    const line = doc.struct('TR')
    element.add(line)
    for (const [index, cell] of cells.entries()) {
      const left = MARGIN + index * width
      artifact(doc, () => doc.lineWidth(0.5).strokeColor(RULE).rect(left, top, width, height).stroke())
      line.add(
        doc.struct(type, {}, () => {
          doc.fillColor(INK).text(cell, left + CELL_PADDING, top + CELL_PADDING, { width: inner })
        }),
      )
    }
    doc.y = top + height
  }
  row(names, 'TH')
  for (const cells of rows) row(cells, 'TD')
  doc.y += 16
}

function text(doc: Doc, root: PDFKit.PDFStructureElement, words: string): void {
  root.add(
    doc.struct('P', {}, () => {
      doc.font('regular', TEXT_SIZE).fillColor(INK)
      doc.text(words, MARGIN, doc.y, {
        width: WIDTH,
        lineGap: LINE_GAP,
        indent: 2 * TEXT_SIZE,
        align: 'left',
      })
    }),
  )
  doc.y += 4
}

function foot(doc: Doc, root: PDFKit.PDFStructureElement, { issuer, date, verification }: DemoPaper): void {
  const needed = SEAL_HEIGHT + (verification === null ? 0 : QR_SIZE)
  if (doc.y + needed > BOTTOM) doc.addPage()
  doc.y += 24
  root.add(
    doc.struct('P', {}, () => {
      doc.font('regular', TEXT_SIZE).fillColor(INK)
      doc.text(`${issuer}（印章处）\n${date}`, MARGIN, doc.y, {
        width: WIDTH,
        align: 'right',
        lineGap: LINE_GAP,
      })
    }),
  )
  if (verification === null) return
  const top = doc.y + 18
  const { code, address } = verification
  root.add(
    doc.struct('Figure', { alt: `二维码：${address}` }, () => {
      drawQr(doc, address, MARGIN, top, QR_SIZE)
    }),
  )
  root.add(
    doc.struct('P', {}, () => {
      const left = MARGIN + QR_SIZE + 12
      const width = WIDTH - QR_SIZE - 12
      doc
        .font('bold', TEXT_SIZE)
        .fillColor(INK)
        .text(`验证码　${code}`, left, top + 12, { width })
      doc.font('regular', SMALL_SIZE).fillColor(SOFT)
      doc.text(`扫码，或者在 ${address} 核对真伪。演示用，人物和事实都是虚构的。`, left, doc.y + 4, {
        width,
        lineGap: 3,
      })
    }),
  )
}

function artifact(doc: Doc, draw: () => void): void {
  doc.markContent('Artifact', { type: 'Layout' })
  draw()
  doc.endMarkedContent()
}

function drawQr(doc: Doc, value: string, x: number, top: number, size: number): void {
  const { modules } = createQr(value, { errorCorrectionLevel: 'M' })
  const module = size / (modules.size + 2 * QR_QUIET_MODULES)
  const at = (index: number): number => (index + QR_QUIET_MODULES) * module
  doc.fillColor(INK)
  for (let row = 0; row < modules.size; row += 1)
    for (let column = 0; column < modules.size; column += 1)
      if (modules.data[row * modules.size + column]) doc.rect(x + at(column), top + at(row), module, module)
  doc.fill()
}
