/** The guide by typst, native, its fonts and its compiler kept from one document to the next. */
// @ts-nocheck: its packages are here only where the bench has installed them
import { dirname } from 'node:path'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'

const [regular, bold] = process.argv.slice(2)
const compiler = NodeCompiler.create({ fontArgs: [{ fontPaths: [dirname(regular), dirname(bold)] }] })

const quoted = (text) => JSON.stringify(text).replaceAll('\\n', '\\n')
const words = (text) => `#(${quoted(text)})`
const cell = (text) => `[${words(text)}]`

function svg(width, height, rectangles) {
  const body = rectangles
    .map(([x, y, w, h]) => `<rect x='${x}' y='${y}' width='${w}' height='${h}'/>`)
    .join('')
  return `image(bytes(${quoted(`<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 ${width} ${height}'>${body}</svg>`)}), format: "svg", WIDTH)`
}

function source(guide, run) {
  let x = 0
  const bars = []
  for (const [index, width] of guide.bars.entries()) {
    if (index % 2 === 0) bars.push([x, 0, width, 40])
    x += width
  }
  const { side, dark } = guide.qr
  const dots = dark.map((at) => [at % side, Math.floor(at / side), 1, 1])
  return [
    `#set document(title: ${quoted(guide.title)})`,
    `#set page(paper: "a4", margin: (x: 54pt, top: 62pt, bottom: 60pt), header: [*${words(guide.head)}*], footer: context [#set text(9pt)\n${words(guide.foot)} · 第 #counter(page).display() 页 · ${run}])`,
    '#set text(font: "Noto Sans SC", size: 10.5pt, lang: "zh", region: "cn")',
    '#set par(leading: 5.5pt)',
    '#show heading.where(level: 2): set text(13pt)',
    '#set table(stroke: (x: none, y: 0.5pt), inset: 4pt)',
    `#text(24pt, weight: "bold")[${words(guide.title)}]\n`,
    `${words(guide.lead)}\n`,
    `#table(columns: (auto, 1fr), ${guide.facts.flatMap(([label, value]) => [cell(label), `[*${words(value)}*]`]).join(', ')})`,
    '== 要准备的材料',
    `#table(columns: (1fr, 40pt, 46pt, 64pt, 54pt), table.header(${guide.materials[0].map(cell).join(', ')}), ${guide.materials.slice(1).flat().map(cell).join(', ')})`,
    '== 办理流程',
    `#table(columns: (16pt, 98pt, 1fr, 62pt), stroke: none, ${guide.steps.flat().map(cell).join(', ')})`,
    ...guide.sections.flatMap(({ title, paragraphs }) => [
      `== ${title}`,
      ...paragraphs.map((text) => `+ ${words(text)}`),
    ]),
    '== 常问的问题',
    ...guide.questions.flatMap(({ question, answer }) => [`*${words(question)}*\n`, `${words(answer)}\n`]),
    '== 依据与编码',
    `#table(columns: (58pt, 1fr), ${guide.details.flatMap((row) => row.map(cell)).join(', ')})`,
    `#grid(columns: (1fr, auto), ${svg(x, 40, bars).replace('WIDTH', 'width: 340pt')}, ${svg(side, side, dots).replace('WIDTH', 'width: 75pt')})`,
  ].join('\n')
}

process.on('message', ({ guide, run }) => {
  const cpu = process.cpuUsage()
  const before = performance.now()
  const bytes = compiler.pdf({ mainFileContent: source(guide, run) })
  const ms = performance.now() - before
  const { user, system } = process.cpuUsage(cpu)
  // What it remembers of earlier documents would make a second one with the same words cost nothing.
  compiler.evictCache(0)
  process.send({ ms, cpuMs: (user + system) / 1000, pdf: Buffer.from(bytes).toString('base64') })
})
process.send('ready')
