import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from 'vitest'
import { codesOn, openTerminal, type TerminalBench, textOf } from './bench.ts'

let terminal: TerminalBench
beforeAll(async () => {
  terminal = await openTerminal()
})
afterAll(() => terminal?.close())
afterEach(() => terminal.end())

/** ui/shared/button.svelte: a second tap in one place is not for the next page before this has passed. */
const NEXT_TAP_MS = 650
const touchSamePlace = async (screen: TerminalBench, name: string): Promise<void> => {
  await screen.button(name).waitFor()
  await wait(NEXT_TAP_MS)
  await screen.touch(name)
}

const SPACED = /^[0-9A-Z]{4} [0-9A-Z]{4}$/

const keptOn = async (screen: TerminalBench): Promise<string> => {
  await screen.seesView('feedback-kept')
  const { view } = screen.device.state()
  if (view.name !== 'feedback-kept') throw new Error(view.name)
  const shown = `${view.kept.code.slice(0, 4)} ${view.kept.code.slice(4)}`
  expect(shown).toMatch(SPACED)
  await screen.sees(shown)
  return view.kept.code
}

it('reports in the night what could not be done, and takes the code along on a slip', async () => {
  await terminal.touch('轻触屏幕开始')
  await terminal.touch('反映与评价')
  await terminal.touch('事情没办成')
  await terminal.touch('跑了好几趟还没办成')
  await terminal.touch(/^什么事项/)
  await terminal.touch('打字找')
  for (const letter of 'hzsl') await terminal.touch(letter)
  await terminal.touch('普通护照申领')
  await terminal.touch(/^哪个窗口/)
  await terminal.touch('综合受理')
  await terminal.touch('9 号')
  await terminal.touch(/^说说情况/)
  await terminal.touch('几个部门之间来回跑')
  await terminal.touch('写好了')
  await terminal.sees('几个部门之间来回跑')
  await touchSamePlace(terminal, '交给大厅')
  const code = await keptOn(terminal)
  await terminal.sees('3 个工作日内')
  await terminal.sees('0000-12388')
  await terminal.screenshot('feedback-kept')
  const { png } = await terminal.receipts.next()
  expect(codesOn(png)).toEqual([`CODE-128:${code}`])
  await touchSamePlace(terminal, '办完了')
  await terminal.device.until(({ view }) => view.name !== 'feedback-kept')
})

it('complains without a name while the line is cut, with words by keyboard that outlive a reload', async () => {
  await terminal.touch('轻触屏幕开始')
  terminal.line.cut()
  onTestFinished(() => terminal.line.mend())
  await terminal.touch('反映与评价')
  await terminal.touch('投诉')
  await terminal.touch('索要好处')
  await terminal.touch('还差一项：说说情况')
  await terminal.touch('写几句话')
  await terminal.button('y').waitFor()
  await terminal.screenshot('feedback-words')
  for (const letter of 'yaoqian') await terminal.touch(letter)
  await terminal.touch(/^要钱/)
  await terminal.device.until(({ view }) => view.name === 'feedback-said' && view.words.startsWith('要钱'))
  await terminal.page.reload()
  await terminal.sees(/^要钱/)
  await terminal.touch('写好了')
  await touchSamePlace(terminal, '还差一项：署名还是匿名')
  await terminal.touch('匿名')
  await terminal.touch('写好了')
  await touchSamePlace(terminal, '交给大厅')
  await keptOn(terminal)
  await terminal.receipts.next()
  expect(terminal.device.state().line.online).toBe(false)
})

it('names the complainer by the card, masked, and gives the phone by the number pad', async () => {
  await terminal.touch('轻触屏幕开始')
  await terminal.touch('反映与评价')
  await terminal.touch('投诉')
  await terminal.touch('办事质量或态度不好')
  await terminal.touch(/^说说情况/)
  await terminal.touch('不理人')
  await terminal.touch('写好了')
  await touchSamePlace(terminal, '还差一项：署名还是匿名')
  await terminal.seesView('feedback-contact')
  await terminal.putCard('zhang')
  await terminal.sees('张*')
  await terminal.screenshot('feedback-named')
  await terminal.touch('填电话')
  await terminal.screenshot('feedback-phone')
  for (const digit of '8800123') await terminal.touch(digit)
  await terminal.touch(/^(完成|好了|写好了)$/)
  await terminal.touch('写好了')
  await terminal.sees('张*、***0123')
  expect(await terminal.page.getByText('张小雨').count()).toBe(0)
  expect(await terminal.page.getByText('8800123').count()).toBe(0)
  // The line is lost half-way: what was begun with it is handed in without it, and gone once it is back.
  terminal.line.cut()
  onTestFinished(() => terminal.line.mend())
  await terminal.device.until(({ line }) => !line.online)
  await touchSamePlace(terminal, '交给大厅')
  await keptOn(terminal)
  await terminal.receipts.next()
  terminal.line.mend()
  await terminal.device.until(({ line }) => line.online && line.backlog === 0)
})

it('is told what the law excludes, with its basis, before anything is written', async () => {
  await terminal.touch('轻触屏幕开始')
  await terminal.touch('反映与评价')
  await terminal.touch('事情没办成')
  await terminal.touch('哪些事这里改变不了')
  await terminal.sees(/行政复议法/)
  await terminal.touch('返回')
  await terminal.seesView('feedback-ground')
})

it('asks for a home visit in English, with the slip on A4 where only that works', async () => {
  const english = await openTerminal({ language: 'en', printers: 'a4' })
  onTestFinished(() => english.close())
  await english.touch('Feedback')
  await english.touch('Questions and help')
  await touchSamePlace(english, 'Home visit')
  await english.touch('Still needed: How to reach you')
  await english.touch('Enter phone')
  for (const digit of '0000123') await english.touch(digit)
  await english.touch('Done')
  await english.touch('Done')
  await touchSamePlace(english, 'Hand it in')
  const code = await keptOn(english)
  await english.sees(/rings you/)
  expect(textOf(await english.papers.next())).toContain(`${code.slice(0, 4)} ${code.slice(4)}`)
})
