/** The guide by pdfmake, as its README has it: one process, one document after another. */
// @ts-nocheck: its packages are here only where the bench has installed them
import pdfmake from 'pdfmake'

const [regular, bold] = process.argv.slice(2)
pdfmake.setFonts({ Noto: { normal: regular, bold } })
pdfmake.setLocalAccessPolicy?.(() => true)
pdfmake.setUrlAccessPolicy?.(() => false)

const cells = (row, style) => row.map((text) => ({ text, style }))

function definition(guide, run) {
  const bars = []
  let x = 0
  for (const [index, width] of guide.bars.entries()) {
    if (index % 2 === 0) bars.push({ type: 'rect', x, y: 0, w: width * 0.9, h: 34, color: 'black' })
    x += width * 0.9
  }
  return {
    pageSize: 'A4',
    pageMargins: [54, 62, 54, 60],
    defaultStyle: { font: 'Noto', fontSize: 10, lineHeight: 0.95 },
    styles: {
      h1: { fontSize: 24, bold: true },
      h2: { fontSize: 13, bold: true, margin: [0, 10, 0, 4] },
      b: { bold: true },
    },
    header: { text: guide.head, margin: [54, 30, 54, 0], bold: true },
    footer: (page, pages) => ({
      text: `${guide.foot} · 第 ${page} 页 共 ${pages} 页 · ${run}`,
      fontSize: 9,
      margin: [54, 10, 54, 0],
    }),
    content: [
      { text: guide.title, style: 'h1' },
      guide.lead,
      {
        layout: 'lightHorizontalLines',
        table: {
          widths: ['auto', '*'],
          body: guide.facts.map(([label, value]) => [label, { text: value, bold: true }]),
        },
      },
      { text: '要准备的材料', style: 'h2' },
      {
        layout: 'lightHorizontalLines',
        table: {
          headerRows: 1,
          widths: ['*', 40, 46, 64, 54],
          body: guide.materials.map((row, at) => cells(row, at === 0 ? 'b' : undefined)),
        },
      },
      { text: '办理流程', style: 'h2' },
      { layout: 'noBorders', table: { widths: [16, 98, '*', 62], body: guide.steps } },
      ...guide.sections.flatMap(({ title, paragraphs }) => [
        { text: title, style: 'h2' },
        { ol: paragraphs },
      ]),
      { text: '常问的问题', style: 'h2' },
      ...guide.questions.flatMap(({ question, answer }) => [{ text: question, bold: true }, answer]),
      { text: '依据与编码', style: 'h2' },
      { layout: 'lightHorizontalLines', table: { widths: [58, '*'], body: guide.details } },
      {
        columns: [
          { canvas: bars, margin: [0, 8, 0, 0] },
          { qr: guide.details[2][1], fit: 85, alignment: 'right' },
        ],
      },
    ],
  }
}

process.on('message', async ({ guide, run }) => {
  const cpu = process.cpuUsage()
  const before = performance.now()
  const bytes = await pdfmake.createPdf(definition(guide, run)).getBuffer()
  const ms = performance.now() - before
  const { user, system } = process.cpuUsage(cpu)
  process.send({ ms, cpuMs: (user + system) / 1000, pdf: Buffer.from(bytes).toString('base64') })
})
process.send('ready')
