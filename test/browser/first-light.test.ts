import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Bench, startBrowserBench } from './bench.ts'
import { type Box, hold } from './touch.ts'

/** DOMAIN.md §2: reported at once when the line is up. */
const AT_ONCE_MS = 2_000
const AFTER_THE_LINE_IS_BACK_MS = 5_000

/** The page tells of touches every 4 s at most. */
const TOUCH_IS_TOLD_AFTER_MS = 4_500

const PASSPORT = 'YX2026110007K3'
const LEVELS = ['非常满意', '满意', '基本满意', '不满意', '非常不满意']

let bench: Bench
beforeAll(async () => {
  bench = await startBrowserBench()
})
afterAll(() => bench?.close())

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' })

/** Ends whatever session stands at the terminal and waits for its rest page. */
async function endSession(): Promise<void> {
  const { terminal } = bench
  await bench.dock({ type: 'lift-card' })
  if (await button(terminal, '结束').isVisible()) await button(terminal, '结束').tap()
  await button(terminal, '轻触屏幕开始').waitFor({ timeout: 20_000 })
}

/** The codes that a phone would find on a picture of a paper. */
function codesOn(picture: Buffer): string[] {
  const path = join(tmpdir(), `codes-${process.pid}.png`)
  writeFileSync(path, picture)
  return execFileSync('zbarimg', ['--quiet', path], { encoding: 'utf8' }).trim().split('\n').sort()
}

async function fetched(url: string): Promise<Buffer> {
  return Buffer.from(await (await fetch(new URL(url, bench.dockUrl))).arrayBuffer())
}

describe('a citizen at night, alone with the terminal', () => {
  afterEach(endSession)

  it('puts the card on the reader, is greeted by surname only, and takes a receipt along', async () => {
    const { terminal, dock, until } = bench
    await dock({ type: 'place-card', person: 'zhang' })
    await terminal.getByText('张*').first().waitFor()
    expect(await terminal.getByText('张小雨').count()).toBe(0)

    await button(terminal, /普通护照申领/).tap()
    await button(terminal, /收件凭证/).tap()
    const { receipts } = await until('a receipt comes out', (state) => state.receipts.length === 1)
    const codes = codesOn(await fetched(receipts[0]?.url ?? ''))
    expect(codes).toEqual([`CODE-128:${PASSPORT}`, `QR-Code:${PASSPORT}`])
    await terminal.getByText('打印好了').first().waitFor()
  })

  it('rests a finger on a row, as people do, and the row opens', async () => {
    const { terminal, dock } = bench
    await dock({ type: 'place-card', person: 'zhang' })
    const row = button(terminal, '普通护照申领')
    await row.waitFor()
    // By now the page tells its device of a touch at once, and the answer comes while the finger still rests.
    await terminal.waitForTimeout(TOUCH_IS_TOLD_AFTER_MS)
    await hold(terminal, await row.boundingBox())
    await button(terminal, /收件凭证/).waitFor()
  })

  it('scans the receipt and its case opens', async () => {
    const { terminal, dock } = bench
    await dock({ type: 'scan', text: PASSPORT })
    await terminal.getByText('普通护照申领').first().waitFor()
    await terminal
      .getByText(/取件柜 12号格/)
      .first()
      .waitFor()
  })

  it('takes a guide along on A4 with three touches from home', async () => {
    const { terminal, until } = bench
    await button(terminal, '轻触屏幕开始').tap()
    await button(terminal, '办事指南').tap()
    await button(terminal, /婚姻/).tap()
    await button(terminal, '打印 结婚登记').tap()
    const { pages } = await until('a page comes out', (state) => state.pages.length === 1)
    const pdf = join(tmpdir(), `guide-${process.pid}.pdf`)
    writeFileSync(pdf, await fetched(pages[0]?.url ?? ''))
    const text = execFileSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' })
    expect(text).toContain('结婚登记')
    expect(text).toContain('11330099MB0A00060Y3000106001000')
  })

  it('reads a guide on the screen and goes back to where it was found', async () => {
    const { terminal } = bench
    await button(terminal, '轻触屏幕开始').tap()
    await button(terminal, '办事指南').tap()
    await button(terminal, /婚姻/).tap()
    await button(terminal, '结婚登记').tap()
    await button(terminal, /打印完整版/).waitFor()
    await button(terminal, '返回').tap()
    await button(terminal, '打印 结婚登记').waitFor()
  })

  it('carries on where it was when the page is loaded anew', async () => {
    const { terminal, dock } = bench
    await dock({ type: 'place-card', person: 'zhang' })
    await button(terminal, /普通护照申领/).tap()
    await button(terminal, /收件凭证/).waitFor()
    await terminal.reload()
    await button(terminal, /收件凭证/).waitFor()
  })

  it('is told what was wrong with a code of 4 kB of control characters, and goes on', async () => {
    const { terminal, dock } = bench
    await dock({ type: 'scan', text: '\u0001\u0002\u001b\u0007'.repeat(1024) })
    await terminal.getByRole('alert').filter({ hasText: /./ }).first().waitFor()
    await dock({ type: 'scan', text: PASSPORT })
    await terminal.getByText('普通护照申领').first().waitFor()
  })

  it('learns before starting what does not work while the line is cut', async () => {
    const { terminal, dock } = bench
    await button(terminal, '轻触屏幕开始').tap()
    await dock({ type: 'set-line', line: 'cut' })
    await terminal
      .getByText(/线路|网络/)
      .first()
      .waitFor()
    await button(terminal, '办事指南').tap()
    await button(terminal, /婚姻/).waitFor()
    await dock({ type: 'set-line', line: 'up' })
  })
})

describe('a citizen at the window, with the clerk watching', () => {
  const atRest = async () => {
    await bench.until('the pad is back at rest', ({ evaluation }) => evaluation?.state !== 'waiting', 20_000)
  }

  /** Asks for a case's rating, answers it, and comes back when the pad is at rest. */
  async function rate(caseNo: string, level: string): Promise<void> {
    const { pad, dock } = bench
    await dock({ type: 'ask-for-rating', caseNo })
    await button(pad, level).tap()
    await button(pad, '完成').tap()
    await pad
      .getByText(/谢谢|感谢/)
      .first()
      .waitFor()
    await atRest()
  }

  it('is asked, chooses one of five equal answers, is thanked, and the hall stores it once', async () => {
    const { pad, dock, until, state } = bench
    const before = (await state()).ratingsAtHall ?? 0
    const demo = (await state()).cases
    await dock({ type: 'ask-for-rating', caseNo: demo[1]?.caseNo ?? '' })
    await button(pad, '非常满意').waitFor()
    const boxes = await Promise.all(LEVELS.map((level) => button(pad, level).boundingBox()))
    expect(new Set(boxes.map((box) => `${box?.width}×${box?.height}@${box?.y}`)).size).toBe(1)

    await button(pad, '满意').tap()
    await button(pad, '完成').tap()
    await pad
      .getByText(/谢谢|感谢/)
      .first()
      .waitFor()
    await until('the rating is at the hall', ({ ratingsAtHall }) => ratingsAtHall === before + 1, AT_ONCE_MS)
    await atRest()
  })

  it('is heard with the line cut: the rating is kept, and arrives once when the line is back', async () => {
    const { dock, until, state } = bench
    const { ratingsAtHall: before, cases } = await state()
    await dock({ type: 'set-line', line: 'cut' })
    await rate(cases[2]?.caseNo ?? '', '不满意')
    const kept = await state()
    expect(kept.ratingsAtHall).toBe(before)
    expect(kept.backlog.pad).toBeGreaterThan(0)

    await dock({ type: 'set-line', line: 'up' })
    const arrived = (now: { ratingsAtHall: number | null }) => now.ratingsAtHall === (before ?? 0) + 1
    await until('the rating is at the hall', arrived, AFTER_THE_LINE_IS_BACK_MS)
    await until('nothing waits on the pad', ({ backlog }) => backlog.pad === 0)
    expect((await state()).ratingsAtHall).toBe((before ?? 0) + 1)
  })

  it('sees the same page after every level: only the words of the labels differ', async () => {
    const { pad, dock, state } = bench
    const { cases } = await state()
    const shapes: string[] = []
    for (const [index, level] of LEVELS.entries()) {
      await dock({ type: 'ask-for-rating', caseNo: cases[3 + index]?.caseNo ?? '' })
      await button(pad, level).tap()
      await button(pad, '完成').waitFor()
      shapes.push(await shapeOf(pad))
      await button(pad, '完成').tap()
      await atRest()
    }
    expect(new Set(shapes).size).toBe(1)
  })

  it('finds its labels again after the page was loaded anew', async () => {
    const { pad, dock, state } = bench
    await dock({ type: 'ask-for-rating', caseNo: (await state()).cases[12]?.caseNo ?? '' })
    await button(pad, '满意').tap()
    const told = pad.waitForResponse(
      (response) => response.request().postData()?.includes('set-labels') ?? false,
    )
    await button(pad, '完成').waitFor()
    await pad.locator('fieldset').getByRole('button').first().tap()
    await told
    await pad.reload()
    await pad.locator('fieldset [aria-pressed=true]').waitFor()
    await button(pad, '完成').tap()
    await atRest()
  })

  it('taps twice in haste and has chosen one level and no label', async () => {
    const { pad, dock, state } = bench
    const { cases } = await state()
    const chosen = pad.locator('fieldset [aria-pressed=true]')
    // Where a label lies that a second tap on a choice would fall on.
    await dock({ type: 'ask-for-rating', caseNo: cases[8]?.caseNo ?? '' })
    const choice = await button(pad, '满意').boundingBox()
    await button(pad, '满意').tap()
    // The list below does not wait by itself for the page that follows the answer.
    await button(pad, '完成').waitFor()
    const labels = await pad.locator('fieldset').getByRole('button').all()
    const boxes = await Promise.all(labels.map((label) => label.boundingBox()))
    const [x, y] = inBoth(choice, boxes)
    await pad.touchscreen.tap(x, y)
    expect(await chosen.count()).toBe(1)
    await button(pad, '完成').tap()
    await atRest()

    await dock({ type: 'ask-for-rating', caseNo: cases[9]?.caseNo ?? '' })
    await button(pad, '满意').waitFor()
    await pad.touchscreen.tap(x, y)
    await button(pad, '完成').waitFor()
    await pad.touchscreen.tap(x, y)
    expect(await chosen.count()).toBe(0)
    await button(pad, '完成').tap()
    await atRest()
  })

  it('a second request while one is open is refused as busy, and the open question stays', async () => {
    const { pad, dock, state } = bench
    const { cases, evaluation: none } = await state()
    expect(none?.state).not.toBe('waiting')
    await dock({ type: 'ask-for-rating', caseNo: cases[10]?.caseNo ?? '' })
    await button(pad, '非常满意').waitFor()
    const { caseNo = '', itemCode = '', itemName = '' } = cases[11] ?? {}
    const second = await bench.askAtWindow({ caseNo, itemCode, itemName })
    expect([second.status, await second.json()]).toEqual([409, expect.objectContaining({ code: 'busy' })])
    const name = cases[10]?.itemName ?? ''
    expect(await pad.getByText(name).count()).toBeGreaterThan(0)
    await button(pad, '暂不评价').tap()
    await atRest()
    expect((await state()).evaluation?.state).toBe('declined')
  })
})

/** The page's elements with their classes and roles, without any text. */
function shapeOf(page: Page): Promise<string> {
  return page.evaluate(`(() => {
    const shape = (element) =>
      [element.tagName, ...[...element.classList].sort(), element.getAttribute('role')].join('.') +
      '(' + [...element.children].map(shape).join(',') + ')'
    return shape(document.body)
  })()`)
}

/** A point that lies in `one` and in one of `others`. */
function inBoth(one: Box, others: Box[]): [number, number] {
  for (const other of others) {
    if (!one || !other) continue
    const [left, right] = [Math.max(one.x, other.x), Math.min(one.x + one.width, other.x + other.width)]
    const [top, bottom] = [Math.max(one.y, other.y), Math.min(one.y + one.height, other.y + other.height)]
    if (left < right && top < bottom) return [(left + right) / 2, (top + bottom) / 2]
  }
  throw new Error('no label lies where the choice was')
}
