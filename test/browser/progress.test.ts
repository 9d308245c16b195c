import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { codesOn, openTerminal, type TerminalBench } from './bench.ts'

/** 张小雨's passport, done and in the locker. */
const PASSPORT = 'YX2026110007K3'
/** 王秀兰's identity card, beyond the promised day. */
const OVERDUE = 'YX2026100156J9'

/** Papers are missing. */
const SUPPLEMENT = 'YX2026110012P8'
const IN_REVIEW = 'YX2026110015C6'

let terminal: TerminalBench
beforeAll(async () => {
  terminal = await openTerminal()
})
afterAll(() => terminal?.close())
afterEach(() => terminal.end())

it('reads by the receipt how far it is, prints the receipt, and sees the result by the applicant’s card', async () => {
  await terminal.touch('轻触屏幕开始')
  await terminal.touch('进度查询')
  await terminal.seesView('present')
  terminal.scan(PASSPORT)
  await terminal.sees(/要看结果，请申请人现在把身份证平放在读卡区/)
  await terminal.sees('办理时限')
  await terminal.sees(/联系人/)
  const { view } = terminal.device.state()
  if (view.name !== 'case') throw new Error(view.name)
  expect(view.case.papers.map(({ kind }) => kind)).not.toContain('result')
  await terminal.putCard('zhang')
  await expect
    .poll(() => terminal.device.state().view, { timeout: 8000 })
    .toMatchObject({ name: 'case', provedBy: 'card' })
  await terminal.sees(/张\*/)
  expect(await terminal.page.getByText('张小雨').count()).toBe(0)
  await terminal.touch(/收件凭证/)
  expect(codesOn((await terminal.receipts.next()).png)).toContain(`CODE-128:${PASSPORT}`)
})

it('is shown the papers of a card that is somebody else’s, with the receipt out of reach', async () => {
  await terminal.touch('轻触屏幕开始')
  await terminal.touch('进度查询')
  await terminal.seesView('present')
  terminal.scan(PASSPORT)
  await terminal.seesView('case')
  await terminal.putCard('wang')
  await terminal.seesView('papers')
  expect(await terminal.page.getByText(PASSPORT).count()).toBe(0)
  await terminal.touch('返回')
  await terminal.seesView('home')
})

it('is told, in English, who must act on a case beyond its promised day', async () => {
  await terminal.touch('轻触屏幕开始')
  await terminal.touch('English')
  await terminal.touch('Progress')
  await terminal.seesView('present')
  terminal.scan(OVERDUE)
  await terminal.sees(/The promised .* has passed/)
  await terminal.sees(/It is now up to/)
})

/** A scanner that sees the same code again within 2 s says nothing: each of these goes on with another case. */
it.each([
  ['https://shop.example/?q=<script>1</script>', PASSPORT],
  ["YX'; DROP TABLE cases; --", SUPPLEMENT],
  ['Y'.repeat(4096), IN_REVIEW],
])('is told that code %# is no case, whom to ask, and goes on', async (code, caseNo) => {
  await terminal.touch('轻触屏幕开始')
  await terminal.touch('进度查询')
  await terminal.seesView('present')
  terminal.scan(code)
  await terminal.sees('没有查到这件事')
  await terminal.sees(/电话/)
  terminal.scan(caseNo)
  await terminal.seesView('case')
})

it('is told of a code of more than 4 kB that it is too long', async () => {
  await terminal.touch('轻触屏幕开始')
  await terminal.touch('进度查询')
  await terminal.seesView('present')
  terminal.scan('Y'.repeat(5000))
  await terminal.sees(/这个码太长/)
})
