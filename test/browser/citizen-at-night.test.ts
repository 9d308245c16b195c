import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from 'vitest'
import { codesOn, openTerminal, type TerminalBench } from './bench.ts'
import { draw, hold } from './touch.ts'

const PASSPORT = 'YX2026110007K3'
/** What a touch leads to stands by then, even where the machine is busy. */
const ANSWERED_WITHIN_MS = 1_000

let terminal: TerminalBench
/** Nobody touches it until the last test: by then the time between two tellings is over. */
let untouched: TerminalBench
beforeAll(async () => {
  terminal = await openTerminal()
  untouched = await openTerminal()
})
afterAll(async () => {
  await terminal?.close()
  await untouched?.close()
})
afterEach(() => terminal.end())

it('puts the card on the reader, is greeted by surname only, and takes a receipt along', async () => {
  await terminal.putCard('zhang')
  await terminal.sees('张*')
  expect(await terminal.page.getByText('张小雨').count()).toBe(0)

  await terminal.touch(/普通护照申领/)
  await terminal.touch(/收件凭证/)
  const { png } = await terminal.receipts.next()
  expect(codesOn(png)).toEqual([`CODE-128:${PASSPORT}`, `QR-Code:${PASSPORT}`])
  await terminal.sees('打印好了')
  expect(terminal.receipts.waiting).toBe(0)
})

it('scans the receipt and its case opens', async () => {
  terminal.scan(PASSPORT)
  await terminal.sees('普通护照申领')
  await terminal.sees(/取件柜 12号格/)
})

it('reads a guide on the screen and goes back to where it was found', async () => {
  await terminal.touch('轻触屏幕开始')
  await terminal.touch('办事指南')
  await terminal.touch(/婚姻/)
  await terminal.touch('结婚登记')
  await terminal.button(/打印完整版/).waitFor()
  await terminal.touch('返回')
  await terminal.button('打印 结婚登记').waitFor()
})

it('finds help and the ways out in the same place on every page: what is around the pages is not made anew with them', async () => {
  await terminal.touch('轻触屏幕开始')
  await terminal.touch('大字')
  await terminal.device.until(({ preferences }) => preferences.largeType)
  const around = await terminal.page.locator('footer').elementHandle()
  await terminal.touch('办事指南')
  await terminal.button('返回').waitFor()
  await terminal.touch(/婚姻/)
  await terminal
    .button(/结婚登记/)
    .first()
    .waitFor()
  expect(await around?.isVisible()).toBe(true)
  expect(await terminal.page.locator('.stage').count()).toBe(1)
})

it('goes back one page when 返回 is tapped twice, and none where the page changed under the finger', async () => {
  await terminal.touch('轻触屏幕开始')
  await terminal.touch('办事指南')
  await terminal.touch(/婚姻/)
  await terminal.touch('结婚登记')
  await terminal.seesView('guide')
  const { x = 0, y = 0, width = 0, height = 0 } = (await terminal.button('返回').boundingBox()) ?? {}
  const at = [x + width / 2, y + height / 2] as const
  await terminal.page.touchscreen.tap(...at)
  await terminal.page.touchscreen.tap(...at)
  await terminal
    .button(/结婚登记/)
    .first()
    .waitFor()
  await wait(ANSWERED_WITHIN_MS)
  await terminal
    .button(/结婚登记/)
    .first()
    .waitFor()

  await hold(terminal.page, await terminal.button('返回').boundingBox(), () => {
    terminal.scan(PASSPORT)
  })
  await terminal.seesView('case')
  await wait(ANSWERED_WITHIN_MS)
  await terminal.seesView('case')
})

it('carries on where it was when the page is loaded anew', async () => {
  await terminal.putCard('zhang')
  await terminal.touch(/普通护照申领/)
  await terminal.button(/收件凭证/).waitFor()
  await terminal.page.reload()
  await terminal.button(/收件凭证/).waitFor()
})

it('is told what was wrong with a code of 4 kB of control characters, and goes on', async () => {
  terminal.scan('\u0001\u0002\u001b\u0007'.repeat(1024))
  await terminal.page.getByRole('alert').filter({ hasText: /./ }).first().waitFor()
  terminal.scan(PASSPORT)
  await terminal.sees('普通护照申领')
})

it('ends by 结束, nothing of the person is on the page, and the next one begins', async () => {
  await terminal.putCard('zhang')
  await terminal.sees('张*')
  await terminal.touch('结束')
  await terminal.seesView('rest')
  expect(await terminal.page.getByText('张*').count()).toBe(0)
  await terminal.putCard('wang')
  await terminal.sees('王*')
})

it('is served in English, by day, in large type, with the line down and one printer', async () => {
  const other = await openTerminal({
    language: 'en',
    theme: 'day',
    largeType: true,
    line: 'down',
    printers: 'a4',
  })
  onTestFinished(other.close)
  const { theme, preferences, line, peripherals } = other.device.state()
  expect([theme, preferences.language, preferences.largeType, line.online]).toEqual([
    'day',
    'en',
    true,
    false,
  ])
  expect(Object.keys(peripherals).sort()).toEqual(['idReader', 'pagePrinter', 'scanner'])
  await other.touch('Guides')
  await other.touch(/marriage/i)
  await other
    .button(/^Print /)
    .first()
    .waitFor()
  await other.screenshot('guides-en-day-large')
})

it('rests a finger on a row, as people do, and the row opens', async () => {
  const { page } = untouched
  await untouched.putCard('zhang')
  const row = untouched.button('普通护照申领')
  await row.waitFor()
  // Its device says something anew while the finger still rests.
  const told: Promise<unknown>[] = []
  const someoneIsThere = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"type":"touch"}',
  }
  await hold(page, await row.boundingBox(), () => {
    told.push(
      page.evaluate((init) => fetch('/api/actions', init).then(({ status }) => status), someoneIsThere),
    )
  })
  expect(await Promise.all(told)).toEqual([200])
  await untouched.button(/收件凭证/).waitFor()
})

it('means nothing by a finger that is drawn off a button, and the button by one that comes back to it', async () => {
  const { page } = terminal
  await terminal.touch('轻触屏幕开始')
  const tile = await terminal.button('办事指南').boundingBox()
  if (!tile) throw new Error('no tile')
  const middle = { x: tile.x + tile.width / 2, y: tile.y + tile.height / 2 }
  const beside = { x: middle.x, y: tile.y - 12 }
  await draw(page, tile, beside)
  await wait(ANSWERED_WITHIN_MS)
  await terminal.seesView('home')
  expect(await page.locator('[data-held]').count()).toBe(0)

  await draw(page, tile, beside, { x: middle.x + 3, y: middle.y + 3 })
  await terminal.seesView('guides')
})

it('switches large type on and off, and no button goes on looking touched', async () => {
  const held = () => terminal.page.locator('[data-held]').count()
  await terminal.touch('轻触屏幕开始')
  for (const largeType of [true, false]) {
    await terminal.touch('大字')
    await terminal.device.until(({ preferences }) => preferences.largeType === largeType)
    await expect.poll(held).toBe(0)
  }
})
