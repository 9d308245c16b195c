import type { Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { demoCase, openPad, type PadBench } from './bench.ts'
import type { Box } from './touch.ts'

/** DOMAIN.md §2: reported at once when the line is up. */
const AT_ONCE = { timeout: 2_000 }
const AFTER_THE_LINE_IS_BACK = { timeout: 5_000 }

const LEVELS = ['非常满意', '满意', '基本满意', '不满意', '非常不满意']

const opened = async (): Promise<PadBench> => {
  const pad = await openPad()
  onTestFinished(() => pad.close())
  return pad
}

/** Answers the open question; comes back with the thanks on the page. */
async function answer(pad: PadBench, level: string): Promise<void> {
  await pad.touch(level)
  await pad.touch('完成')
  await pad.sees(/谢谢|感谢/)
}

/** Each at a pad of its own: thanks stand for three seconds, and the next citizen does not wait for them. */
describe('a citizen at the window, with the clerk watching', () => {
  it('is asked, chooses one of five equal answers, is thanked, and the hall stores it once', async () => {
    const pad = await opened()
    const id = await pad.ask(1)
    const boxes = await Promise.all(LEVELS.map((level) => pad.button(level).boundingBox()))
    expect(new Set(boxes.map((box) => `${box?.width}×${box?.height}@${box?.y}`)).size).toBe(1)
    expect(await looksOf(pad.page)).toHaveLength(1)
    expect(await pad.page.locator('fieldset [aria-pressed], fieldset [aria-checked]').count()).toBe(0)

    await answer(pad, '满意')
    await expect.poll(() => pad.hall.ratings(), AT_ONCE).toBe(1)
    expect(await pad.evaluation(id)).toBe('waiting')
    await pad.atRest()
    expect(await pad.evaluation(id)).toBe('rated')
    expect(await pad.hall.ratings()).toBe(1)
  })

  it('is heard with the line cut: the rating is kept, and arrives once when the line is back', async () => {
    const pad = await opened()
    pad.line.cut()
    await pad.ask(2)
    await answer(pad, '不满意')
    const { line } = await pad.device.until(({ line }) => line.backlog > 0)
    expect([line.backlog > 0, await pad.hall.ratings()]).toEqual([true, 0])

    await pad.line.mend()
    await expect.poll(() => pad.hall.ratings(), AFTER_THE_LINE_IS_BACK).toBe(1)
    await pad.device.until((state) => state.line.backlog === 0)
    expect(await pad.hall.ratings()).toBe(1)
  })

  it('sees the same page after every level: only the words of the labels differ', async () => {
    const shapes: string[] = []
    for (const [index, level] of LEVELS.entries()) {
      const pad = await opened()
      await pad.ask(3 + index)
      await pad.touch(level)
      await pad.button('完成').waitFor()
      shapes.push(await shapeOf(pad.page))
    }
    expect(shapes).toHaveLength(LEVELS.length)
    expect(new Set(shapes).size).toBe(1)
  })

  it('finds its labels again after the page was loaded anew', async () => {
    const pad = await opened()
    await pad.ask(12)
    await pad.touch('满意')
    await pad.button('完成').waitFor()
    const told = pad.page.waitForResponse(
      (response) => response.request().postData()?.includes('set-labels') ?? false,
    )
    await pad.page.locator('fieldset').getByRole('button').first().tap()
    await told
    await pad.page.reload()
    await pad.page.locator('fieldset [aria-pressed=true]').waitFor()
    await pad.touch('完成')
    await pad.sees(/谢谢|感谢/)
  })

  it('says it in words by the keyboard: they are safe as they are typed, and go sealed with the rating', async () => {
    const pad = await opened()
    await pad.ask(13)
    await pad.touch('不满意')
    await pad.touch('想说几句')
    await pad.touch('英文')
    for (const key of ['o', 'k']) await pad.touch(key)
    await pad.device.until(({ view }) => view.name === 'labels' && view.words === 'ok')
    await pad.page.reload()
    await pad.page.getByRole('textbox', { name: '您的话' }).getByText('ok').waitFor()
    await pad.touch('完成')
    await pad.page.locator('fieldset').waitFor()
    await pad.touch('完成')
    await pad.sees(/谢谢|感谢/)
    await expect.poll(() => pad.hall.ratings(), AT_ONCE).toBe(1)
  })

  it('taps twice in haste and has chosen one level and no label', async () => {
    const pad = await opened()
    const chosen = pad.page.locator('fieldset [aria-pressed=true]')
    // Where a label lies that a second tap on a choice would fall on.
    await pad.ask(8)
    const choice = await pad.button('满意').boundingBox()
    await pad.touch('满意')
    // The list below does not wait by itself for the page that follows the answer.
    await pad.button('完成').waitFor()
    const labels = await pad.page.locator('fieldset').getByRole('button').all()
    const boxes = await Promise.all(labels.map((label) => label.boundingBox()))
    const [x, y] = inBoth(choice, boxes)
    await pad.page.touchscreen.tap(x, y)
    expect(await chosen.count()).toBe(1)
    await pad.touch('完成')
    await pad.atRest()

    await pad.ask(9)
    await pad.button('满意').waitFor()
    await pad.page.touchscreen.tap(x, y)
    await pad.button('完成').waitFor()
    await pad.page.touchscreen.tap(x, y)
    expect(await chosen.count()).toBe(0)
  })

  it('a second request while one is open is refused as busy, and the open question stays', async () => {
    const pad = await opened()
    const id = await pad.ask(10)
    await pad.button('非常满意').waitFor()
    const { caseNo, itemCode, itemName } = demoCase(11)
    const second = await pad.window('POST', '/evaluations', { caseNo, itemCode, itemName })
    expect([second.status, await second.json()]).toEqual([409, expect.objectContaining({ code: 'busy' })])
    expect(await pad.page.getByText(demoCase(10).itemName).count()).toBeGreaterThan(0)
    await pad.touch('暂不评价')
    await pad.atRest()
    expect(await pad.evaluation(id)).toBe('declined')
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

/** How the five choices look, apart from word and face; one entry where none is told from another. */
function looksOf(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const PARTS = ['color', 'backgroundColor', 'borderColor', 'borderWidth', 'fontSize', 'fontWeight', 'opacity',
      'boxShadow', 'outlineWidth', 'stroke', 'strokeWidth', 'order', 'animationName']
    const lookOf = (element) => PARTS.map((part) => getComputedStyle(element)[part]).join(' ')
    const buttons = [...document.querySelectorAll('fieldset button')]
    return [...new Set(buttons.map((button) =>
      [button, ...button.querySelectorAll('svg, circle, .part')].slice(0, 4).map(lookOf).join()))]
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
