import { afterAll, beforeAll, expect, it } from 'vitest'
import { codesOn, type DemoBench, openDemo, textOf } from './bench.ts'

const PASSPORT = 'YX2026110007K3'

let demo: DemoBench
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(() => demo?.close())

it('whoever tries the demo puts a card on the reader, and sees the receipt and the page that come out', async () => {
  const { terminal, dock, until, fetched } = demo
  await dock({ type: 'place-card', person: 'zhang' })
  await terminal.touch(/普通护照申领/)
  await terminal.touch(/收件凭证/)
  const { receipts } = await until('a receipt comes out', (state) => state.receipts.length === 1)
  const codes = codesOn(await fetched(receipts[0]?.url ?? ''))
  expect(codes).toEqual([`CODE-128:${PASSPORT}`, `QR-Code:${PASSPORT}`])
  await terminal.sees('打印好了')

  // The neutral page is over by itself; a scan needs no rest page.
  await dock({ type: 'lift-card' })
  await terminal.touch('结束')
  await terminal.seesView('ending')
  await dock({ type: 'scan', text: PASSPORT })
  await terminal.sees(/取件柜 12号格/)
  await terminal.touch('返回')
  await terminal.touch('办事指南')
  await terminal.touch(/婚姻/)
  await terminal.touch('打印 结婚登记')
  const { pages } = await until('a page comes out', (state) => state.pages.length === 1)
  expect(textOf(await fetched(pages[0]?.url ?? ''))).toContain('结婚登记')
})

it('whoever tries the demo cuts the line, is asked at the window, and sees the rating arrive once', async () => {
  const { pad, dock, until, state } = demo
  const { ratingsAtHall: before, cases } = await state()
  await dock({ type: 'set-line', line: 'cut' })
  await dock({ type: 'ask-for-rating', caseNo: cases[2]?.caseNo ?? '' })
  await pad.touch('不满意')
  await pad.touch('完成')
  await pad.sees(/谢谢|感谢/)
  const kept = await until('it waits on the pad', ({ backlog }) => (backlog.pad ?? 0) > 0)
  expect(kept.ratingsAtHall).toBe(before)

  await dock({ type: 'set-line', line: 'up' })
  await until('the rating is at the hall', (now) => now.ratingsAtHall === (before ?? 0) + 1)
  await until('nothing waits on the pad', ({ backlog }) => backlog.pad === 0)
  expect((await state()).ratingsAtHall).toBe((before ?? 0) + 1)
})
