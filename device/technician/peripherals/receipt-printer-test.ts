/** Does the receipt printer print Chinese, rare characters and codes, cut, and prove it? */
import type { ReceiptDocument } from '../../../drivers/receipt-printer/document.ts'
import { chineseDateTime } from '../../documents/words.ts'
import { answers, asked, type Bench, type TestMaker } from './bench.ts'
import { newTestCode } from './drawn-code.ts'
import { printed } from './outcomes.ts'
import { judge } from './scanner-test.ts'
import type { Step } from './steps.ts'

export const receiptPrinterTest: TestMaker = (bench, timings) => {
  const { receiptPrinter: printer } = bench
  if (printer === null) return null
  const code = newTestCode()
  const printing: Step = {
    code: 'print',
    limitMs: timings.receiptMs,
    run: async ({ signal, show }) => {
      const slip = testSlip(bench.deviceName, code, new Date())
      return printed(await printer.print(slip, { signal, onSent: () => show({ sent: 'yes' }) }), show)
    },
  }
  return [answers(printer, timings), printing, asked('right', ({ show }) => scansAlong(bench, code, show))]
}

/** The scanner may look at the code on the slip while the technician looks at the rest. */
const scansAlong = (
  { scanner }: Bench,
  code: string,
  show: (facts: Record<string, string | null>) => void,
): (() => void) | undefined => {
  if (scanner?.status().state !== 'ready') return undefined
  show({ scannable: 'yes' })
  void scanner.arm()
  return scanner.onScan((scan) => show({ seen: judge(scan, code) }))
}

/** What a citizen's receipt is made of, all on one slip. */
export const testSlip = (deviceName: string, code: string, at: Date): ReceiptDocument => ({
  elements: [
    { kind: 'text', text: '打印测试', align: 'centre', bold: true, size: 'double' },
    { kind: 'text', text: 'Test print', align: 'centre' },
    { kind: 'feed', lines: 1 },
    { kind: 'text', text: deviceName, align: 'centre' },
    { kind: 'text', text: chineseDateTime(at), align: 'centre' },
    { kind: 'rule' },
    { kind: 'text', text: '汉字：政务服务大厅自助终端，二十四小时服务。' },
    { kind: 'text', text: '生僻字：䶮 㛃 𬭎 𠅤 · Aa09 ￥12.50' },
    { kind: 'text', text: '加粗 Bold', bold: true },
    {
      kind: 'columns',
      columns: [
        { text: '左 left', share: 0.5 },
        { text: '右 right', share: 0.5, align: 'right' },
      ],
    },
    { kind: 'rule' },
    { kind: 'barcode', value: code },
    { kind: 'feed', lines: 1 },
    { kind: 'qr', value: code },
    { kind: 'text', text: '此单仅供测试，无其他用途', align: 'centre' },
    { kind: 'cut' },
  ],
})
