/** The page may be loaded anew or killed at any point: the device holds the session, and does nothing twice. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { STORE_FILE } from '../../device/store/store.ts'
import { openTerminal, type TerminalBench } from './bench.ts'

const PASSPORT = 'YX2026110007K3'
const PHONE = '88000123'
/** No page goes on by itself while it is loaded, on whatever machine; thanks are short. */
const PATIENT = { idle: 600_000, settled: 600_000, labels: 600_000, thanks: 400 }
const LATE = { timeout: 10_000 }

let terminal: TerminalBench
beforeAll(async () => {
  terminal = await openTerminal({ timings: PATIENT })
})
afterAll(() => terminal?.close())

/** Everything that a citizen reads on it, and what is chosen. */
const picture = (page: Page): Promise<string[]> =>
  page.locator('.stage, .touched, [aria-pressed="true"], [aria-checked="true"]').allInnerTexts()

/** All that a page offers stands on it: a voice only once its clips are known, which may be after the page itself. */
const isWhole = (page: Page): Promise<void> =>
  page.locator('.preference-bar').getByRole('button', { name: '语音', exact: true }).waitFor()

/** This page is loaded anew, and what stood on it stands there again. */
const outlives = async (view: string): Promise<void> => {
  await terminal.seesView(view)
  await isWhole(terminal.page)
  const before = await picture(terminal.page)
  await terminal.page.reload()
  await terminal.seesView(view)
  await expect.poll(() => picture(terminal.page), LATE).toEqual(before)
}

/** Touched, and loaded anew before anybody could have seen what came of it. */
const touchAndReload = async (name: string | RegExp): Promise<void> => {
  const heard = terminal.page.waitForResponse(/\/api\/actions$/)
  await terminal.touch(name)
  await heard
  await terminal.page.reload()
}

/** The browser's process for the page dies; whoever looks after it opens another. */
const killed = async (page: Page): Promise<Page> => {
  const url = page.url()
  const died = page.waitForEvent('crash')
  page.goto('chrome://crash').catch(() => {})
  await died
  const anew = await page.context().newPage()
  await anew.goto(url)
  return anew
}

/** What the chain of this terminal tells of, by kind. */
const factsOf = (type: string): number => {
  const db = new Database(join(terminal.dataDir, STORE_FILE), { readonly: true })
  const count = db.prepare('SELECT count(*) FROM outbox_events WHERE text LIKE ?').pluck()
  const facts = Number(count.get(`%"type":"cn.window24.${type}.v1"%`))
  db.close()
  return facts
}

/** From a page that is done with; this terminal's own work is asked after once. */
const goHome = async (): Promise<void> => {
  await terminal.touch('办别的事')
  await terminal.seesView('home')
}

it('guides carry on where the page is loaded anew, and one is printed once', async () => {
  await terminal.touch('轻触屏幕开始')
  await outlives('home')
  await terminal.touch('办事指南')
  await terminal.touch('输入名称或拼音查找')
  for (const letter of 'hzhao') await terminal.touch(letter)
  await terminal.sees('普通护照申领')
  await outlives('guide-search')
  await terminal.touch(/^普通护照申领/)
  await outlives('guide')
  await touchAndReload(/^打印完整版/)
  await outlives('printed')
})

it('the question that follows carries on, with its labels and words, and is answered once', async () => {
  await terminal.touch('办别的事')
  await outlives('rate')
  await terminal.touch('匿名')
  await outlives('rate')
  await touchAndReload('满意')
  await terminal.seesView('rate-labels')
  await terminal.page.locator('[aria-pressed="false"]').first().tap()
  await terminal.page.locator('[aria-pressed="true"]').first().waitFor()
  await outlives('rate-labels')
  await terminal.touch('写几句话')
  for (const letter of 'hao') await terminal.touch(letter)
  await terminal.touch('好')
  await terminal.device.until(({ view }) => view.name === 'rate-words' && view.words === '好')
  await terminal.page.reload()
  await terminal.sees(/^好$/)
  await terminal.touch('完成')
  await outlives('rate-labels')
  await touchAndReload('完成')
  await terminal.seesView('home')
})

it('papers carry on with what is chosen of them, and come out once', async () => {
  await terminal.putCard('zhang')
  await outlives('papers')
  await terminal.touch('选材料打印')
  await terminal.seesView('paper-choice')
  await terminal.page.locator('.check-row').first().tap()
  await terminal.sees(/选了 1 份/)
  await outlives('paper-choice')
  await touchAndReload('打印这 1 份')
  await terminal.sees('都打印好了')
  await outlives('print-run')
  await goHome()
})

it('a handing over carries on, and is done once', async () => {
  terminal.scan(PASSPORT)
  await outlives('case')
  await terminal.touch('去取件')
  await outlives('pickup')
  await touchAndReload('现在开柜取件')
  await terminal.sees(/小票打印好了/)
  await outlives('collected')
  await goHome()
})

it('a number carries on, and is taken once', async () => {
  await touchAndReload('取号')
  await terminal.touch('24小时值班服务')
  await outlives('ticket-ways')
  await touchAndReload('取号')
  await terminal.sees(/小票打印好了/)
  await outlives('ticket')
  await goHome()
})

it('a report carries on with what is said in it, outlives a page that is killed, and is kept once', async () => {
  await terminal.touch('反映与评价')
  await outlives('feedback')
  await terminal.touch('事情没办成')
  await outlives('feedback-ground')
  await terminal.touch('跑了好几趟还没办成')
  await outlives('feedback-form')
  await terminal.touch(/^说说情况/)
  await terminal.touch('几个部门之间来回跑')
  await terminal.device.until(({ view }) => view.name === 'feedback-said' && view.reasons.length === 1)
  await outlives('feedback-said')
  await terminal.touch('写好了')
  await terminal.touch(/^怎么联系您/)
  await terminal.touch('填电话')
  for (const digit of PHONE) await terminal.touch(digit)
  await terminal.device.until(({ view }) => view.name === 'feedback-contact' && view.phone === PHONE)
  await terminal.touch('完成')
  await outlives('feedback-contact')
  await terminal.touch('写好了')
  await outlives('feedback-form')
  const before = await picture(terminal.page)
  const anew = await killed(terminal.page)
  await anew.locator('[data-view="feedback-form"]:has(*)').waitFor()
  await expect.poll(() => picture(anew), LATE).toEqual(before)
  const heard = anew.waitForResponse(/\/api\/actions$/)
  await anew.getByRole('button', { name: '交给大厅' }).tap()
  await heard
  await anew.reload()
  await anew.locator('[data-view="feedback-kept"]:has(*)').waitFor()
  await terminal.device.until(({ view }) => view.name === 'feedback-kept' && view.slip?.state === 'confirmed')
})

it('and of all that was touched nothing was done twice', async () => {
  await terminal.device.act({ type: 'end' })
  await terminal.device.until(({ line, view }) => view.name === 'rest' && line.backlog === 0)
  expect(await terminal.hall.ratings()).toBe(1)
  expect([terminal.papers.waiting, terminal.receipts.waiting]).toEqual([1, 4])
  const facts = ['print', 'rating', 'pickup', 'ticket', 'report', 'session']
  expect(Object.fromEntries(facts.map((type) => [type, factsOf(type)]))).toEqual({
    print: 5,
    rating: 1,
    pickup: 1,
    ticket: 1,
    report: 1,
    session: 1,
  })
})
