/** Lays a blank form out on A4: boxes to write in, boxes to tick, and what has to be known to fill it in. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import PDFDocument from 'pdfkit'

/** A box of a row: what is asked, and in which share of the row; `ticks` are boxes to tick, `lines` blank lines. */
export interface Box {
  ask: string
  share?: number
  ticks?: readonly string[]
  lines?: number
}

export type Block =
  | { kind: 'rows'; title: string; rows: readonly (readonly Box[])[] }
  | { kind: 'words'; title: string; words: readonly string[] }
  /** Begins a page of its own. */
  | { kind: 'page' }
  | { kind: 'signature'; who: readonly string[] }

export interface FormSheet {
  title: string
  office: string
  number: string
  blocks: readonly Block[]
}

const NOTO = '@expo-google-fonts/noto-sans-sc'
const FONTS = {
  regular: `${NOTO}/400Regular/NotoSansSC_400Regular.ttf`,
  bold: `${NOTO}/700Bold/NotoSansSC_700Bold.ttf`,
}
/** Points. */
const MARGIN = 54
const WIDTH = 595.28 - 2 * MARGIN
const ROW = 27
const LABEL_SIZE = 9.5
const TEXT_SIZE = 10
const TICK = 8
const PADDING = 6
const INK = '#111111'
const RULE = '#444444'

type Doc = PDFKit.PDFDocument

export async function formPdf(form: FormSheet, at: Date): Promise<Uint8Array> {
  const doc = new PDFDocument({
    size: 'A4',
    margins: { top: MARGIN, bottom: MARGIN, left: MARGIN, right: MARGIN },
    pdfVersion: '1.7',
    tagged: true,
    lang: 'zh-CN',
    displayTitle: true,
    font: '',
    info: { Title: form.title, Author: form.office, Creator: 'Window24', CreationDate: at, ModDate: at },
  })
  for (const [name, path] of Object.entries(FONTS))
    doc.registerFont(name, readFileSync(fileURLToPath(import.meta.resolve(path))))
  const chunks: Uint8Array[] = []
  const whole = new Promise<void>((resolve, reject) => {
    doc.on('data', (chunk: Uint8Array) => chunks.push(chunk))
    doc.on('end', resolve)
    doc.on('error', reject)
  })
  const root = doc.struct('Document')
  doc.addStructure(root)
  const tagged = (type: string, draw: () => void): void => {
    root.add(doc.struct(type, {}, draw))
  }

  doc.font('regular', LABEL_SIZE)
  tagged('P', () =>
    doc.fillColor(INK).text(`编号　${form.number}`, MARGIN, MARGIN, { width: WIDTH, align: 'right' }),
  )
  tagged('H1', () =>
    doc.font('bold', 20).text(form.title, MARGIN, MARGIN + 22, { width: WIDTH, align: 'center' }),
  )
  tagged('P', () =>
    doc.font('regular', TEXT_SIZE).text(form.office, MARGIN, doc.y + 4, { width: WIDTH, align: 'center' }),
  )
  doc.y += 12
  for (const block of form.blocks) setBlock(doc, block, tagged)
  root.end()
  doc.end()
  await whole
  return Buffer.concat(chunks)
}

type Tagged = (type: string, draw: () => void) => void

function setBlock(doc: Doc, block: Block, tagged: Tagged): void {
  switch (block.kind) {
    case 'page':
      doc.addPage()
      return
    case 'rows':
      heading(doc, block.title, tagged)
      for (const boxes of block.rows) row(doc, boxes, tagged)
      return
    case 'words':
      heading(doc, block.title, tagged)
      for (const words of block.words)
        tagged('P', () => {
          doc.font('regular', TEXT_SIZE).fillColor(INK)
          doc.text(words, MARGIN, doc.y + 3, { width: WIDTH, lineGap: 4 })
        })
      return
    case 'signature': {
      const top = doc.y + 26
      const width = WIDTH / block.who.length
      for (const [index, who] of block.who.entries())
        tagged('P', () => {
          doc.font('regular', TEXT_SIZE).fillColor(INK)
          doc.text(`${who}`, MARGIN + index * width, top, { width })
          doc.text('　　　　年　　　月　　　日', MARGIN + index * width, top + 30, { width })
        })
      doc.y = top + 52
    }
  }
}

function heading(doc: Doc, title: string, tagged: Tagged): void {
  tagged('H2', () =>
    doc
      .font('bold', 11.5)
      .fillColor(INK)
      .text(title, MARGIN, doc.y + 10, { width: WIDTH }),
  )
  doc.y += 5
}

function row(doc: Doc, boxes: readonly Box[], tagged: Tagged): void {
  const top = doc.y
  const shares = boxes.reduce((sum, { share = 1 }) => sum + share, 0)
  const height = Math.max(...boxes.map(({ lines = 1 }) => lines)) * ROW
  let left = MARGIN
  for (const box of boxes) {
    const width = (WIDTH * (box.share ?? 1)) / shares
    doc.markContent('Artifact', { type: 'Layout' })
    doc.lineWidth(0.6).strokeColor(RULE).rect(left, top, width, height).stroke()
    doc.endMarkedContent()
    const at = left + PADDING
    tagged('P', () => {
      doc
        .font('regular', LABEL_SIZE)
        .fillColor(INK)
        .text(box.ask, at, top + 8, { lineBreak: false })
    })
    let x = at + doc.widthOfString(box.ask) + 10
    for (const tick of box.ticks ?? []) {
      doc.markContent('Artifact', { type: 'Layout' })
      doc.rect(x, top + 9.5, TICK, TICK).stroke()
      doc.endMarkedContent()
      const beside = x + TICK + 4
      tagged('P', () => {
        doc.text(tick, beside, top + 8, { lineBreak: false })
      })
      x = beside + doc.widthOfString(tick) + 10
    }
    left += width
  }
  doc.y = top + height
}
