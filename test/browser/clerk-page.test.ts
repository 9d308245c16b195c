/** The clerk's page of a pad, by keyboard alone and with a scanner that types: one page for all of it. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { FoundItems, PadState } from '../../device/http/contract.ts'
import { letThanksBeBrief } from '../device/support/brief-thanks.ts'
import { startTestDevice, startTestHall, temporaryFolder, windowRequest } from '../device/support/house.ts'
import { openPad, type TestScreen } from '../device/support/screen.ts'
import { demoCase } from './bench.ts'
import { sharedChromium } from './chromium.ts'

/** The smallest desk's screen, and the usual one of a laptop. */
const SIZES = [
  { width: 1024, height: 768 },
  { width: 1366, height: 768 },
]
/** Of everybody in the demonstration hall. */
const PIN = '806417'
const GRAVE = ['serious', 'critical']
/** A page that has gone wrong fails in seconds. */
const PAGE_TIMEOUT_MS = 8_000

/** Between two tries at signing in; the field goes when one has succeeded. */
const AGAIN_MS = 500

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const parts = new AsyncDisposableStack()
let device: Awaited<ReturnType<typeof startTestDevice>>
let pad: TestScreen<PadState>
let page: Page

beforeAll(async () => {
  // What comes after thanks is what is looked at here.
  parts.defer(letThanksBeBrief())
  const hall = await startTestHall(parts)
  const enrolmentCode = hall.createEnrolmentCode()
  const dataDir = await temporaryFolder(parts)
  device = await startTestDevice({ role: 'pad', hallUrl: hall.url, enrolmentCode, dataDir })
  parts.defer(() => device.close())
  pad = await openPad(device.screenUrl)
  parts.defer(() => pad.close())
  await pad.until(({ view, hall: known, line }) => view.name === 'rest' && known !== null && line.online)
  const context = await (await sharedChromium()).newContext({ locale: 'zh-CN', ...SIZES[0] })
  parts.defer(() => context.close())
  page = await context.newPage()
  page.setDefaultTimeout(PAGE_TIMEOUT_MS)
  await page.goto(`${device.windowUrl}/window/`)
  await page.evaluate(axe)
})
afterAll(() => parts.disposeAsync())

const question = (state: string) => page.locator(`[data-question=${state}]`).waitFor()
const focused = (): Promise<string> =>
  page.evaluate('document.activeElement.id || document.activeElement.textContent.trim()')
/** A scanner types as a quick hand, and ends with Enter. */
const scan = async (text: string): Promise<void> => {
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
}

const RING = `(({ outlineStyle, outlineWidth }) => outlineStyle + outlineWidth)(getComputedStyle(document.activeElement))`

/** Everything that a Tab reaches, from the first on, each with a ring around it that can be seen. */
const stops = async (): Promise<string[]> => {
  const limit = await page.locator('button:visible, input:visible').count()
  await page.locator('header button').first().focus()
  const found = [await focused()]
  while (found.length < limit) {
    await page.keyboard.press('Tab')
    found.push(await focused())
    expect(await page.evaluate(RING), found.at(-1)).toBe('solid3px')
  }
  expect(new Set(found).size, found.join()).toBe(limit)
  return found
}

/** In both lights and at both sizes: nothing grave for a screen reader, nothing beyond the edge. */
const sound = async (what: string): Promise<void> => {
  for (const theme of ['day', 'night']) {
    await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`)
    const options = JSON.stringify({ resultTypes: ['violations'] })
    const { violations } = await page.evaluate<AxeResults>(`axe.run(${options})`)
    const grave = violations.filter(({ impact }) => GRAVE.includes(String(impact)))
    expect(
      grave.map(({ id, nodes }) => `${id}: ${nodes[0]?.target.join(' ')}`),
      `${what} by ${theme}`,
    ).toEqual([])
  }
  for (const size of SIZES.toReversed()) {
    await page.setViewportSize(size)
    const beyond =
      'document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight'
    expect(await page.evaluate(beyond), `${what} at ${size.width}`).toBe(false)
  }
}

it('signs in by number and PIN, and says what is wrong', async () => {
  await page.getByRole('heading', { name: '登录' }).waitFor()
  expect(await focused()).toBe('staff-id')
  await sound('signing in')
  expect(await stops()).toEqual(['English', 'staff-id', 'pin', '登录'])
  await page.locator('#staff-id').focus()
  await page.keyboard.type('s012')
  await page.keyboard.press('Tab')
  await scan('111222')
  await page.getByRole('alert').filter({ hasText: '口令不对' }).waitFor()
  expect(await focused()).toBe('pin')
  // Whoever types again at once has to wait a second first.
  const signedIn = async (): Promise<boolean> => {
    if ((await page.locator('#case-no').count()) > 0) return true
    const field = page.locator('#pin')
    await field.fill(PIN, { timeout: AGAIN_MS }).catch(() => {})
    await field.press('Enter', { timeout: AGAIN_MS }).catch(() => {})
    return false
  }
  await expect.poll(signedIn, { timeout: PAGE_TIMEOUT_MS, interval: AGAIN_MS }).toBe(true)
  await pad.until(({ staff }) => staff?.staffId === 'S012')
})

it('a scan asks about the hall’s item, wherever the focus was; the end is told, and never how', async () => {
  await page.locator('#case-no').waitFor()
  expect(await focused()).toBe('case-no')
  await sound('nobody asked')
  expect(await stops()).toEqual([
    'English',
    '退出登录',
    'case-no',
    'item',
    '请市民评价 Enter',
    'message',
    '暂停',
    'ticket-no',
    '显示',
  ])
  const { caseNo, itemName } = demoCase(1)
  await page.getByRole('button', { name: '退出登录' }).focus()
  await scan(caseNo)
  await question('waiting')
  const { view } = await pad.untilView('asking')
  expect(view.itemName).toBe(itemName)
  await page.getByText(itemName).first().waitFor()
  expect(await page.locator('#case-no').inputValue()).toBe('')
  await sound('waiting')
  await pad.act({ type: 'choose-level', evaluationId: view.evaluationId, level: 'dissatisfied' })
  await pad.untilView('labels')
  await pad.act({ type: 'finish', evaluationId: view.evaluationId, labels: [], comment: null })
  await question('done')
  await page.getByRole('status').filter({ hasText: '已结束' }).waitFor()
  expect(await page.locator('body').textContent()).not.toMatch(/满意|评分|等级/)
})

it('what is no case number is told, a second question waits or takes the place, Esc cancels after a question', async () => {
  await scan('https://hall.example/?a')
  await page.getByRole('alert').filter({ hasText: '只有字母和数字' }).waitFor()
  await scan('CASE1')
  await question('waiting')
  await scan('CASE2')
  await page.getByRole('alert').filter({ hasText: '还没有结束' }).waitFor()
  await page.getByRole('button', { name: '改问这一件' }).press('Enter')
  await page.locator('[data-question=waiting]').filter({ hasText: 'CASE2' }).waitFor()

  await page.keyboard.press('Escape')
  const dialog = page.getByRole('dialog', { name: '要取消这次评价吗？' })
  await dialog.waitFor()
  await sound('asked whether to cancel')
  // A scan that comes now cancels nothing.
  await scan('CASE3')
  await dialog.waitFor({ state: 'detached' })
  await question('waiting')
  await page.keyboard.press('Escape')
  await dialog.waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await page.keyboard.press('Escape')
  await dialog.waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await question('cancelled')
  await pad.untilView('rest')
})

it('finds an item by Pinyin and keeps it; pauses with words, shows a number, opens again', async () => {
  await page.locator('#item').focus()
  const answered = page.waitForResponse((response) => response.url().includes('q=sfz&'))
  await page.keyboard.type('sfz')
  const { items } = (await (await answered).json()) as FoundItems
  const options = page.getByRole('option')
  await expect.poll(() => options.count()).toBe(items.length)
  await options
    .filter({ hasText: items[0]?.name ?? '' })
    .and(page.locator('[aria-selected=true]'))
    .waitFor()
  const chosen = items[1]?.name
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect.poll(focused).toBe('case-no')
  await scan('CASE4')
  expect((await pad.untilView('asking')).view.itemName).toBe(chosen)
  await question('waiting')

  await page.locator('#ticket-no').focus()
  await scan('A018')
  await page.getByText('A018').first().waitFor()
  await page.locator('#message').focus()
  await scan('请到 11 号窗口')
  expect((await pad.untilView('paused')).view.message).toBe('请到 11 号窗口')
  await question('cancelled')
  await scan('CASE5')
  await page.getByRole('alert').filter({ hasText: '窗口暂停中' }).waitFor()
  await page.getByRole('button', { name: '恢复服务' }).press('Enter')
  await pad.untilView('rest')
  expect(pad.state().view).toMatchObject({ servingTicketNo: 'A018' })
})

it('speaks English, stays signed in when it is loaded anew, and tells when somebody has signed in elsewhere', async () => {
  await page.getByRole('button', { name: 'English' }).press('Enter')
  await page.getByRole('heading', { name: 'Ask for a rating' }).waitFor()
  await page.reload()
  await page.evaluate(axe)
  await page.getByRole('heading', { name: 'Ask for a rating' }).waitFor()
  await sound('in English')
  const url = `${device.windowUrl}/window/clerk/session`
  const body = JSON.stringify({ staffId: 'S003', pin: PIN })
  const headers = { 'content-type': 'application/json', origin: String(device.windowUrl) }
  expect((await fetch(url, { method: 'PUT', headers, body })).status).toBe(200)
  await page.getByRole('status').filter({ hasText: 'You are signed out' }).waitFor()
  await windowRequest(device, 'DELETE', '/staff')
})
