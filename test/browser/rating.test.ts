import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from 'vitest'
import { openTerminal, type TerminalBench } from './bench.ts'

/** Two cases of the demonstration hall, as receipts in somebody's hand. */
const FIRST = 'YX2026110007K3'
const SECOND = 'YX2026100156J9'
const QUICK = { settled: 400, thanks: 1_500 }

let terminal: TerminalBench
beforeAll(async () => {
  terminal = await openTerminal({ timings: QUICK })
})
afterAll(() => terminal?.close())
afterEach(() => terminal.end())

const isAtTheHall = (screen: TerminalBench, ratings: number) =>
  expect.poll(() => screen.hall.ratings(), { timeout: 8_000 }).toBe(ratings)

it('rates a case by its receipt: five equal choices, labels, words, and the same thanks; and only once', async () => {
  await terminal.touch('轻触屏幕开始')
  await terminal.touch('反映与评价')
  await terminal.touch('评价')
  await terminal.seesView('rate-present')
  terminal.scan(FIRST)
  await terminal.seesView('rate')
  const choices = terminal.page.getByRole('group', { name: '五个选择' }).getByRole('button')
  expect(await choices.allInnerTexts()).toHaveLength(5)
  const sizes = await Promise.all((await choices.all()).map((one) => one.boundingBox()))
  expect(new Set(sizes.map((box) => `${box?.width}×${box?.height} at ${box?.y}`)).size).toBe(1)
  await terminal.touch('匿名')
  await terminal.touch('基本满意')
  await terminal.touch('办事指南指引准确')
  await terminal.touch('写几句话')
  for (const key of 'hao') await terminal.touch(key)
  await terminal.touch('好')
  await terminal.touch('完成')
  await terminal.seesView('rate-labels')
  await terminal.touch('完成')
  await terminal.sees('谢谢您')
  await terminal.seesView('home')
  await isAtTheHall(terminal, 1)

  await terminal.touch('反映与评价')
  await terminal.touch('评价')
  await terminal.seesView('rate-present')
  terminal.scan(FIRST)
  await terminal.sees('这件事已经评过了，谢谢您')
})

it('is asked by itself once the number is in hand, and takes "not now" for an answer', async () => {
  const before = await terminal.hall.ratings()
  await terminal.touch('轻触屏幕开始')
  await terminal.touch('取号')
  await terminal.touch('24小时值班服务')
  await terminal.touch('取号')
  await terminal.receipts.next()
  await terminal.sees('刚才在这台机器上办的事')
  await terminal.touch('暂不评价')
  await expect.poll(() => terminal.device.state().view.name).not.toBe('rate')
  expect(await terminal.hall.ratings()).toBe(before)
})

it('keeps the answer of a line that is lost half-way, and sends it once it is back', async () => {
  const before = await terminal.hall.ratings()
  await terminal.touch('轻触屏幕开始')
  terminal.scan(SECOND)
  await terminal.seesView('case')
  terminal.line.cut()
  onTestFinished(() => terminal.line.mend())
  await terminal.device.until(({ line }) => !line.online)
  await terminal.touch('评价这件事')
  await terminal.touch('非常不满意')
  await terminal.touch('完成')
  await terminal.sees('谢谢您')
  expect(await terminal.hall.ratings()).toBe(before)
  await terminal.line.mend()
  await isAtTheHall(terminal, before + 1)
})
