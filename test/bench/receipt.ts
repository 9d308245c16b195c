/**
 * How long a receipt takes from the document to bytes: 60 lines of Chinese with one rare character, a barcode and a
 * QR code, in one run on one machine. Beside it the same words through iconv-lite alone, which lays nothing out and
 * draws nothing: only the ratio says anything elsewhere.
 *
 *   node test/bench/receipt.ts
 */
import { setTimeout as pause } from 'node:timers/promises'
import iconv from 'iconv-lite'
import type { ReceiptDocument } from '../../drivers/receipt-printer/document.ts'
import { encodeDocument } from '../../drivers/receipt-printer/encode-document.ts'
import { receiptPrinterProfile } from '../../drivers/receipt-printer/profile.ts'
import { warmUp } from '../../drivers/receipt-printer/warm-up.ts'

const RUNS = 500
const WARM_UP_RUNS = 50
/** What a citizen does not notice, and what a card reader's poll of 300 ms does not either. */
const LIMIT_MS = 5

const WORDS =
  '公共场所卫生许可证核发（新办）申请人应当在受理之日起五个工作日内补齐材料，逾期未补齐的视为撤回申请。'

function receipt(rare: string): ReceiptDocument {
  const lines = Array.from({ length: 58 }, (_, index) => {
    const from = (index * 7) % WORDS.length
    const text = `${index + 1}. ${(WORDS + WORDS).slice(from, from + 18)}`
    return { kind: 'text' as const, text, bold: index % 10 === 0 }
  })
  return {
    elements: [
      { kind: 'text', text: '受理回执', align: 'centre', size: 'double' },
      { kind: 'text', text: `申请人：张${rare}` },
      ...lines,
      { kind: 'barcode', value: '33010620261121000042' },
      { kind: 'qr', value: 'https://hall.example/r/33010620261121000042' },
      { kind: 'cut' },
    ],
  }
}

/** Each in a turn of its own, as receipts come: what one leaves for the next turn is not the next one's. */
async function timesMs(run: (index: number) => unknown): Promise<{ p50: number; p95: number; most: number }> {
  const times: number[] = []
  for (let index = 0; index < RUNS + WARM_UP_RUNS; index += 1) {
    await pause(1)
    const before = performance.now()
    run(index)
    if (index >= WARM_UP_RUNS) times.push(performance.now() - before)
  }
  times.sort((one, other) => one - other)
  const at = (share: number): number =>
    times[Math.min(Math.trunc(times.length * share), times.length - 1)] ?? 0
  return { p50: at(0.5), p95: at(0.95), most: at(1) }
}

const told = ({ p50, p95, most }: { p50: number; p95: number; most: number }): string =>
  `p50 ${p50.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms, longest ${most.toFixed(2)} ms`

let isSlow = false
for (const name of ['generic-80', 'generic-58']) {
  const profile = receiptPrinterProfile(name)
  if (profile === undefined) throw new Error(name)
  const beforeLoad = performance.now()
  await warmUp(profile)
  const loadMs = performance.now() - beforeLoad
  const document = receipt('𬭎')
  const beforeFirst = performance.now()
  const { commands, rows } = encodeDocument(document, profile)
  const firstMs = performance.now() - beforeFirst
  const bytes = commands.reduce((sum, command) => sum + command.bytes.length, 0)
  const same = await timesMs(() => encodeDocument(document, profile))
  // Another rare character each time: none was ever drawn before.
  const others = await timesMs((index) =>
    encodeDocument(receipt(String.fromCodePoint(0x3400 + index)), profile),
  )
  const text = document.elements.map((one) => (one.kind === 'text' ? one.text : '')).join('\n')
  const plain = await timesMs(() => iconv.encode(text, 'gb18030'))
  isSlow ||= firstMs > LIMIT_MS || others.p95 > LIMIT_MS
  process.stdout.write(
    [
      `${name}: ${bytes} bytes, ${(rows / 8).toFixed(0)} mm of paper; warm-up ${loadMs.toFixed(0)} ms`,
      `  the first receipt after it: ${firstMs.toFixed(1)} ms`,
      `  the same receipt: ${told(same)}`,
      `  another rare character each time: ${told(others)}`,
      `  its words through iconv-lite alone: ${told(plain)} (ratio ${(same.p50 / plain.p50).toFixed(0)})`,
      '',
    ].join('\n'),
  )
}
process.stdout.write(isSlow ? `slower than ${LIMIT_MS} ms\n` : `under ${LIMIT_MS} ms\n`)
process.exitCode = isSlow ? 1 : 0
