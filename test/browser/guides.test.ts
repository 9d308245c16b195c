import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from 'vitest'
import { codesOn, openTerminal, pagesOf, type TerminalBench, textOf } from './bench.ts'

const PASSPORT = '普通护照申领'
const ID_CARD_LOST = '居民身份证补领（丢失）'
const WITHDRAWAL = '租房提取住房公积金'

let terminal: TerminalBench
beforeAll(async () => {
  terminal = await openTerminal()
})
afterAll(() => terminal?.close())
afterEach(() => terminal.end())

const typeOn = async (screen: TerminalBench, letters: string): Promise<void> => {
  for (const letter of letters) await screen.touch(letter)
}

/** From the rest page, through whatever is touched next. */
const openGuides = async (...next: string[]): Promise<void> => {
  for (const name of ['轻触屏幕开始', '办事指南', ...next]) await terminal.touch(name)
}

it('three touches lead from home to a guide on paper', async () => {
  await openGuides()
  await terminal.touch('出行证照')
  await terminal.touch(`打印 ${PASSPORT}`)
  expect(textOf(await terminal.papers.next())).toContain(PASSPORT)
  await terminal.seesView('printed')
})

it('a guide is found while its Pinyin is typed, by its first letters and by a part of it', async () => {
  await openGuides('输入名称或拼音查找')
  await typeOn(terminal, 'sfzb')
  await terminal.sees('找到 1 份指南')
  await terminal.screenshot('guide-search')
  await terminal.touch('清空')
  await typeOn(terminal, 'hzhao')
  await terminal.sees(PASSPORT)
  await terminal.touch('删除')
  await terminal.touch('清空')
  await typeOn(terminal, 'qqqq')
  await terminal.sees(/没有找到/)
  await terminal.touch('清空')
  await typeOn(terminal, 'sfzb')
  await terminal.touch(new RegExp(`^${ID_CARD_LOST}`))
  await terminal.seesView('guide')
  await terminal.touch('返回')
  // What was typed stands there still, and on a page that is loaded anew too.
  await terminal.sees('sfzb')
  await terminal.page.reload()
  await terminal.sees('找到 1 份指南')
  await terminal.sees('sfzb')
})

it('a guide is found by characters from the whole keyboard', async () => {
  await openGuides('输入名称或拼音查找')
  await terminal.touch('写汉字')
  await typeOn(terminal, 'gongjijin')
  await terminal.touch('公积金')
  await terminal.sees('找到 3 份指南')
  await terminal.screenshot('guide-search-characters')
  await terminal.touch('完成')
  await terminal.sees(WITHDRAWAL)
})

it('the offices and the letters lead to the same guides', async () => {
  await openGuides()
  await terminal.touch('按部门')
  await terminal.touch('云溪区税务局')
  await terminal.sees('契税申报')
  await terminal.touch('返回')
  await terminal.touch('按首字母')
  await terminal.touch(/^P，/)
  await terminal.sees(PASSPORT)
  await terminal.touch('返回')
  await terminal.touch('按事情')
  await terminal.sees('身后事')
  await terminal.touch('返回')
  await terminal.seesView('home')
})

it('its blank form comes out as it is, its pages told before, with the line down', async () => {
  await terminal.touch('轻触屏幕开始')
  terminal.line.cut()
  onTestFinished(() => terminal.line.mend())
  await terminal.sees(/网络中断/)
  await terminal.touch('办事指南')
  await terminal.touch('住房')
  await terminal.touch(WITHDRAWAL)
  await terminal.sees('住房公积金提取申请表，2 页')
  await terminal.touch('领空白表格')
  const form = await terminal.papers.next()
  expect(await pagesOf(form)).toBe(2)
  expect(textOf(form)).toMatch(/住房公积金提取申请表[\s\S]*收款银行卡[\s\S]*填表说明/)
  await terminal.seesView('printed')
  await terminal.sees('共 2 页')
})

it('one of several forms is chosen, and the one-time notice is taken along on A4', async () => {
  await openGuides('扶助', '最低生活保障申请')
  await terminal.seesView('guide')
  const { view } = terminal.device.state()
  await terminal.touch('领空白表格')
  await terminal.touch('家庭经济状况核查授权书')
  expect(textOf(await terminal.papers.next())).toContain('家庭经济状况核查授权书')
  await terminal.seesView('printed')
  await terminal.touch('返回')
  await terminal.seesView('guide-forms')
  await terminal.touch('结束')
  await terminal.seesView('rest')
  await openGuides('扶助', '最低生活保障申请')
  await terminal.touch('一次性告知书')
  const notice = textOf(await terminal.papers.next())
  expect(notice.replaceAll(/\s/g, '')).toContain('一次性告知书')
  expect(view.name === 'guide' && notice.includes(view.noticeVersion)).toBe(true)
  await terminal.seesView('printed')
})

it('in English a guide is found by its English name, and its notice comes on receipt paper alone', async () => {
  const english = await openTerminal({ hall: terminal.hall, language: 'en', printers: 'receipt' })
  onTestFinished(() => english.close())
  await english.touch('Guides')
  await english.touch('Search by name')
  await typeOn(english, 'subs')
  await english.sees('1 guide found')
  await english.touch(/^Minimum subsistence/)
  await english.sees('This printer is out of order')
  // Which forms there are is told even where none can come out, and whom to ask for them.
  await english.touch('Take the blank form')
  await english.sees(/please take them at the window/)
  await english.sees('Where to go instead')
  await english.touch('Back')
  await english.touch('One-time notice')
  const { png } = await english.receipts.next()
  expect(codesOn(png)).toEqual(['QR-Code:11330099MB0A00060Y3000106003000'])
})
