/**
 * How long a citizen waits for a guide on A4: the warm median through the public face, beside the same words set
 * by pdfkit alone with fonts given by path, in one run on one machine. Only the ratio says anything elsewhere.
 *
 *   node test/bench/documents.ts
 */
import { fileURLToPath } from 'node:url'
import PDFDocument from 'pdfkit'
import { startDocuments } from '../../device/documents/documents.ts'
import type { Guide } from '../../sync/protocol/content.ts'
import { guideNamed, hall, printedAt } from '../device/documents/papers.ts'

/** Enough for a steady median; the first ones, while code is still being compiled, are left out. */
const RUNS = 60
const WARM_UP_RUNS = 10

const NOTO = '@expo-google-fonts/noto-sans-sc'
const REGULAR = fileURLToPath(import.meta.resolve(`${NOTO}/400Regular/NotoSansSC_400Regular.ttf`))
const BOLD = fileURLToPath(import.meta.resolve(`${NOTO}/700Bold/NotoSansSC_700Bold.ttf`))

const guide = guideNamed('存量房转移登记')

function plainPdf(shown: Guide): Promise<number> {
  return new Promise((resolve, reject) => {
    const doc = new PDFDocument({ size: 'A4', margin: 54, font: REGULAR })
    let bytes = 0
    doc.on('data', (chunk: Uint8Array) => {
      bytes += chunk.length
    })
    doc.on('end', () => resolve(bytes))
    doc.on('error', reject)
    const title = (text: string) => doc.font(BOLD).fontSize(13).text(text)
    const words = (text: string) => doc.font(REGULAR).fontSize(10.5).text(text, { lineGap: 1 })
    title(shown.name)
    for (const text of [shown.forWhom, shown.place, shown.hours, shown.result, shown.fee.amount]) words(text)
    title('要准备的材料')
    for (const { name, originals, copies, source, note } of shown.materials) {
      const top = doc.y
      doc.font(BOLD).text(name, 80, top, { width: 250 })
      doc.font(REGULAR)
      doc.text(`${originals} 份`, 330, top).text(`${copies} 份`, 380, top).text(source, 430, top)
      doc.text(note ?? '', 80, top + 16, { width: 250 })
      doc.x = 54
    }
    title('办理流程')
    for (const { name, what } of shown.steps) words(`${name} ${what}`)
    title('条件')
    for (const condition of shown.conditions) words(condition)
    title('常问的问题')
    for (const { question, answer } of shown.faq) {
      title(question)
      words(answer)
    }
    title('依据与编码')
    for (const { title: law, clause } of shown.legalBasis) words(`${law} ${clause}`)
    for (const text of [shown.office, shown.itemCode, shown.baseCode, shown.fee.basis, shown.version])
      words(text)
    doc.end()
  })
}

async function medianMs(make: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < RUNS + WARM_UP_RUNS; run += 1) {
    const before = performance.now()
    await make()
    if (run >= WARM_UP_RUNS) times.push(performance.now() - before)
  }
  return times.sort((one, other) => one - other)[RUNS / 2] ?? Number.NaN
}

const before = performance.now()
const documents = await startDocuments()
const startMs = performance.now() - before
const firstBefore = performance.now()
const { pdf, pages } = await documents.guidePdf({ guide, hall, printedAt })
const firstMs = performance.now() - firstBefore
const plainBytes = await plainPdf(guide)
const ours = await medianMs(() => documents.guidePdf({ guide, hall, printedAt }))
const plain = await medianMs(() => plainPdf(guide))
await documents.close()

process.stdout.write(
  [
    `start ${startMs.toFixed(0)} ms, first guide ${firstMs.toFixed(0)} ms`,
    `warm median of ${RUNS}: ${ours.toFixed(1)} ms (${pages} pages, ${(pdf.length / 1000).toFixed(0)} kB, tagged)`,
    `pdfkit alone, fonts by path: ${plain.toFixed(1)} ms (${(plainBytes / 1000).toFixed(0)} kB, untagged)`,
    `ratio ${(ours / plain).toFixed(2)}`,
    '',
  ].join('\n'),
)
