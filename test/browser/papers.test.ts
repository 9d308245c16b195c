import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from 'vitest'
import { READER_TIMINGS } from '../../drivers/id-reader/timings.ts'
import { openTerminal, pagesOf, type TerminalBench, textOf } from './bench.ts'

let terminal: TerminalBench
beforeAll(async () => {
  terminal = await openTerminal()
})
afterAll(() => terminal?.close())
afterEach(() => terminal.end())

/** The reader asks again in time, also on a crowded machine. */
const LIFT_IS_SEEN_MS = 4 * READER_TIMINGS.pollIntervalMs

/** Of 张小雨's papers: a receipt, two notices, and the result that its issuer has made. */
const ROWS = [0, 1, 3, 4]
const [PAGES, SLIPS] = [3, 1]

const printFour = async (screen: TerminalBench): Promise<void> => {
  await screen.putCard('zhang')
  await screen.touch('选材料打印')
  await screen.seesView('paper-choice')
  for (const row of ROWS) await screen.page.locator('.check-row').nth(row).tap()
  await screen.sees(/选了 4 份 · A4 纸 \d+ 页 · 小票 1 张/)
  await screen.touch('打印这 4 份')
}

it('takes the papers of several cases along with one touch, the result among them', async () => {
  await printFour(terminal)
  await terminal.sees('都打印好了')
  const texts: string[] = []
  for (let count = 0; count < PAGES; count += 1) texts.push(textOf(await terminal.papers.next()))
  for (let count = 0; count < SLIPS; count += 1) await terminal.receipts.next()
  expect([terminal.papers.waiting, terminal.receipts.waiting]).toEqual([0, 0])
  // As its issuer prints it: a result names its owner in full.
  expect(texts.filter((text) => text.includes('张小雨'))).toHaveLength(1)
  expect(await terminal.page.getByText('张小雨').count()).toBe(0)
})

it('goes on by itself when the paper that ran out is filled in, and nothing comes out twice', async () => {
  onTestFinished(() => terminal.peripherals.pagePrinter.setPaper('ok'))
  await printFour(terminal)
  await terminal.receipts.next()
  terminal.peripherals.pagePrinter.setPaper('out')
  await terminal.sees(/打印机没有纸了。请叫工作人员加纸/)
  terminal.peripherals.pagePrinter.setPaper('ok')
  await terminal.sees('都打印好了')
  for (let count = 0; count < PAGES; count += 1) await terminal.papers.next()
  expect([terminal.papers.waiting, terminal.receipts.waiting]).toEqual([0, 0])
})

it('is told what did not come when the line is lost half-way, and has it when the line is back', async () => {
  onTestFinished(() => terminal.peripherals.pagePrinter.setPaper('ok'))
  await printFour(terminal)
  await terminal.receipts.next()
  terminal.peripherals.pagePrinter.setPaper('out')
  await terminal.sees(/打印机没有纸了。请叫工作人员加纸/)
  terminal.line.cut()
  onTestFinished(() => terminal.line.mend())
  terminal.peripherals.pagePrinter.setPaper('ok')
  await terminal.sees('有 1 份没有打印出来')
  await terminal.sees(/网络断了，文件没有取来/)
  await terminal.line.mend()
  await terminal.touch('没打的再试一次')
  await terminal.sees('都打印好了')
  for (let count = 0; count < PAGES; count += 1) await terminal.papers.next()
  expect([terminal.papers.waiting, terminal.receipts.waiting]).toEqual([0, 0])
})

it('has a proof made and printed by whoever has no case at all', async () => {
  await terminal.putCard('guli')
  await terminal.sees(/证明照样可以开/)
  await terminal.touch('开具证明')
  await terminal.touch('无房证明')
  await terminal.sees('证明开好了')
  const { view } = await terminal.device.untilView('proof')
  const pdf = await terminal.papers.next()
  expect(textOf(pdf)).toContain(view.verificationCode)
  expect(await pagesOf(pdf)).toBe(1)
  await terminal.sees(view.verificationCode)
  await terminal.sees(/打印好了，请从下方出纸口取走/)
})

it('is asked for the card again where it was lifted, and for nothing else', async () => {
  await terminal.putCard('zhang')
  await terminal.sees(/张\*，您好/)
  terminal.liftCard()
  // No page tells of it: people take their card and go on reading.
  await wait(LIFT_IS_SEEN_MS)
  await terminal.touch('开具证明')
  await terminal.device.until(({ view }) => view.name === 'proofs')
  await terminal.touch('住房公积金缴存证明')
  await terminal.sees('请再放一次身份证')
  await terminal.putCard('zhang')
  await terminal.sees('证明开好了')
  expect(textOf(await terminal.papers.next())).toContain('住房公积金')
})

it('is told in words why a proof is not made, and who says so', async () => {
  await terminal.putCard('guli')
  await terminal.touch('开具证明')
  await terminal.touch('社会保险参保证明')
  await terminal.sees('这份证明没有开成')
  await terminal.sees(/没有查到您的记录，开不了/)
  await terminal.touch('开别的证明')
  await terminal.sees('开哪一种证明？')
})

it('learns before starting that the line or the printer is down', async () => {
  await terminal.putCard('zhang')
  await terminal.touch('开具证明')
  terminal.line.cut()
  onTestFinished(() => terminal.line.mend())
  await terminal.sees(/网络中断，恢复以后可以开/)
  await terminal.line.mend()
  terminal.peripherals.pagePrinter.setCover(true)
  onTestFinished(() => terminal.peripherals.pagePrinter.setCover(false))
  await terminal.sees(/A4 打印机暂时不能用/)
})
