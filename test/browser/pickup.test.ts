import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { codesOn, openTerminal, type TerminalBench } from './bench.ts'

/** 张小雨's passport in the locker; her card opens it. */
const PASSPORT = 'YX2026110007K3'

let terminal: TerminalBench
beforeAll(async () => {
  terminal = await openTerminal()
})
afterAll(() => terminal?.close())
afterEach(() => terminal.end())

it('is told of a code that is no case, and of whom to ask', async () => {
  await terminal.touch('轻触屏幕开始')
  await terminal.touch('凭条取件')
  await terminal.seesView('present')
  terminal.scan('https://shop.example/?q=<script>1</script>')
  await terminal.sees('没有查到这件事')
  await terminal.sees(/电话/)
})

it('asks for the card where the receipt is not enough, hands the result over, and gives its slip', async () => {
  await terminal.touch('轻触屏幕开始')
  await terminal.touch('凭条取件')
  await terminal.seesView('present')
  terminal.scan(PASSPORT)
  await terminal.sees(/取件柜 12号格/)
  await terminal.touch('现在开柜取件')
  await terminal.sees(/要凭申请人本人的身份证领取/)
  await terminal.putCard('zhang')
  await terminal.sees(/张\*的身份证已经读好/)
  await terminal.touch('现在开柜取件')
  await terminal.sees('可以取走了')
  const { png } = await terminal.receipts.next()
  expect(codesOn(png)).toContain(`CODE-128:${PASSPORT}`)
  await terminal.sees(/小票打印好了/)
  expect(await terminal.page.getByText('张小雨').count()).toBe(0)
})

it('is told plainly, in English, of a result that was fetched before', async () => {
  await terminal.touch('轻触屏幕开始')
  await terminal.touch('English')
  await terminal.touch('Progress')
  await terminal.seesView('present')
  terminal.scan(PASSPORT)
  await terminal.sees(/Collected|collected/)
})
