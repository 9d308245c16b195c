import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from 'vitest'
import { codesOn, openTerminal, type TerminalBench } from './bench.ts'

/** The duty desk gives numbers at every hour; its numbers begin with Z. */
const DUTY_DESK = { zh: '24小时值班服务', en: 'Duty desk, day and night' }

let terminal: TerminalBench
beforeAll(async () => {
  terminal = await openTerminal()
})
afterAll(() => terminal?.close())
afterEach(() => terminal.end())

const numberOn = async (screen: TerminalBench): Promise<string> => {
  await screen.seesView('ticket')
  const { view } = screen.device.state()
  if (view.name !== 'ticket') throw new Error(view.name)
  await screen.sees(view.ticket.number)
  return view.ticket.number
}

it('takes a number along with three touches from home', async () => {
  await terminal.touch('轻触屏幕开始')
  await terminal.touch('取号')
  await terminal.touchListed('queue', DUTY_DESK.zh)
  await terminal.touch('取号')
  const number = await numberOn(terminal)
  expect(number).toMatch(/^Z\d+$/)
  const { png } = await terminal.receipts.next()
  expect(codesOn(png)).toEqual([`CODE-128:${number}`])
  await terminal.sees(/小票打印好了/)
})

it('comes earlier by the card that is put down on the way', async () => {
  await terminal.touch('轻触屏幕开始')
  await terminal.touch('取号')
  await terminal.touchListed('queue', DUTY_DESK.zh)
  await terminal.seesView('ticket-ways')
  await terminal.putCard('zhang')
  await terminal.sees(/张\*，按您的证件取号/)
  await terminal.touch('取号')
  await numberOn(terminal)
  expect(await terminal.page.getByText('张小雨').count()).toBe(0)
  await terminal.receipts.next()
})

it('is told why a number that was not missed is not given again, and goes on', async () => {
  await terminal.touch('轻触屏幕开始')
  await terminal.touch('取号')
  await terminal.touchListed('queue', DUTY_DESK.zh)
  await terminal.touch('过号了，重新取')
  for (const key of 'Z999') await terminal.touch(key)
  await terminal.touch('取号')
  await terminal.sees(/没有过号/)
  await terminal.touch('办别的事')
  await terminal.seesView('home')
})

it('notes the number from the page where the paper is out, in English', async () => {
  const english = await openTerminal({ language: 'en', printers: 'a4' })
  onTestFinished(() => english.close())
  await english.touch('Ticket')
  await english.touchListed('queue', DUTY_DESK.en)
  await english.touch('Take a number')
  await numberOn(english)
  await english.sees(/please remember this number/)
})
