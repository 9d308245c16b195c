import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { launchChromium, padScreen, terminalScreen } from '../../browser/chromium.ts'
import { measure } from '../bench/measures.ts'
import { heap, seriousFaults } from './page-checks.ts'
import { type BuiltStage, buildStage } from './stage.ts'

/** The whole page is built first. */
const BUILD_TIMEOUT_MS = 90_000
/** A machine that is busy with other things is slow, not wrong. */
const PATIENCE_MS = 30_000
vi.setConfig({ testTimeout: 3 * PATIENCE_MS, hookTimeout: BUILD_TIMEOUT_MS })

let browser: Browser
let stage: BuiltStage
let context: BrowserContext
let page: Page

beforeAll(async () => {
  stage = await buildStage(join(import.meta.dirname, 'stage'))
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  stage.close()
})

/** One for each panel, loaded anew for each test: what a test has done is gone, and only the first pays a start. */
const contexts = new Map<typeof terminalScreen, BrowserContext>()

const open = async (query = '', screen: typeof terminalScreen = terminalScreen) => {
  const known = contexts.get(screen)
  context = known ?? (await browser.newContext({ ...screen, reducedMotion: 'reduce' }))
  contexts.set(screen, context)
  page = known?.pages()[0] ?? (await context.newPage())
  page.setDefaultTimeout(PATIENCE_MS)
  await page.goto(`${stage.url}?${query}`)
  await page.getByRole('button', { name: /^(完成|Done)$/ }).waitFor()
}
const PAD = 'shape=landscape&inches=10.1&form=layered'
const openPad = (query: string) => open(`${PAD}&${query}`, padScreen)

const key = (name: string) => page.getByRole('button', { name, exact: true }).first()
const press = async (...names: string[]) => {
  for (const name of names) await key(name).tap()
}
const written = () => page.evaluate(() => (window as unknown as Host).host.text())
const inHost = (what: 'clear' | 'leave') =>
  page.evaluate((name) => (window as unknown as Host).host[name](), what)

interface Host {
  host: {
    text: () => string
    done: () => number
    clear: () => void
    leave: () => void
    put: (text: string) => void
  }
}

const looks = (largeType: boolean, highContrast: boolean) => ({
  theme: 'night' as const,
  diagonalInches: 27,
  preferences: { language: 'zh' as const, largeType, highContrast, reach: false, sound: true },
})

describe('a citizen who writes by touch', () => {
  it('writes Chinese in phrases, a sign, a new line and Latin letters, and is done', async () => {
    await open()
    await press(...'chuangkou', '窗口', ...'henhao', '很好', '逗号', '换行', '英文', '大写', ...'Ab', '完成')
    expect(await written()).toBe('窗口很好，\nAb')
    expect(await page.evaluate(() => (window as unknown as Host).host.done())).toBe(1)
  })

  it('chooses a sentence in parts: what was not chosen stays to be chosen', async () => {
    await open()
    await press(...'zhengwugongkai', '政务')
    expect(await page.getByRole('textbox').textContent()).toContain('政务gongkai')
    await press('公开')
    expect(await written()).toBe('政务公开')
  })

  it('is done with the likeliest words when letters are still open', async () => {
    await open()
    await press(...'shenfenzheng', '完成')
    expect(await written()).toBe('身份证')
  })

  it('deletes letters before characters, and writes where the caret was moved to', async () => {
    await open()
    await press(...'nihaox', '删除', '你好', '光标左移', '删除')
    expect(await written()).toBe('好')
    await press(...'hen', '很')
    expect(await written()).toBe('很好')
    await press('光标右移', '句号')
    expect(await written()).toBe('很好。')
  })

  it('writes on at the end of a text that the page has put there', async () => {
    await open()
    await press(...'wo', '我')
    await page.evaluate(() => (window as unknown as Host).host.put('昨天在大厅'))
    await press('逗号')
    expect(await written()).toBe('昨天在大厅，')
  })

  it('turns the pages of suggestions, or sees them all', async () => {
    await open()
    await press(...'xi', '下一页')
    const second = await page
      .getByRole('group', { name: '候选字词' })
      .getByRole('button')
      .first()
      .textContent()
    expect(second?.trim()).not.toBe('系')
    await press('更多')
    expect(await page.locator('.choices .key').count()).toBeGreaterThan(20)
    await press('下一页')
    await page.locator('.choices .key').first().tap()
    expect([...(await written())].length).toBe(1)
  })

  it('finds the rare character of a name by radical, by code and by sound, and deletes it whole', async () => {
    await open('lines=one')
    await press('生僻字', '5 画', '部首 龙', '䶮')
    await press('生僻字', '编码', ...'20164', '放入 𠅤')
    await press('生僻字', '间隔号', '返回键盘')
    expect(await written()).toBe('䶮𠅤·')
    await press('删除', '删除')
    expect(await written()).toBe('䶮')
    await press(...'jie', '更多', '下一页', '㛃')
    expect(await written()).toBe('䶮㛃')
    expect(await page.getByRole('button', { name: '换行' }).count()).toBe(0)
  })

  it('is told when there is no room, and nothing is written by halves', async () => {
    await open('max=4')
    await press(...'nihao', '你好', ...'shenfenzheng', '身份证')
    expect(await written()).toBe('你好')
    expect(await page.getByRole('status').first().textContent()).toBe('已经写满了')
  })

  it('goes on with letters and digits when the dictionary does not come', async () => {
    stage.lose('pinyin')
    try {
      await open()
      await page.getByText('拼音暂时不能用').waitFor()
      await press(...'ab', '123 符号', '7')
      expect(await written()).toBe('ab7')
    } finally {
      stage.lose(null)
    }
  })

  it('types with two thumbs at once and loses no letter', async () => {
    await open()
    const centre = async (name: string) => {
      const box = await key(name).boundingBox()
      if (!box) throw new Error(`no key ${name}`)
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
    }
    const [n, i] = [
      { ...(await centre('n')), id: 1 },
      { ...(await centre('i')), id: 2 },
    ]
    const touches = await context.newCDPSession(page)
    const touch = (type: 'touchStart' | 'touchEnd', touchPoints: (typeof n)[]) =>
      touches.send('Input.dispatchTouchEvent', { type, touchPoints })
    await touch('touchStart', [n])
    await touch('touchStart', [n, i])
    await touch('touchEnd', [n])
    await touch('touchEnd', [])
    await expect.poll(() => page.getByRole('textbox').textContent()).toContain('ni')
  })

  it('takes a finger back by lifting it elsewhere', async () => {
    await open()
    const box = await key('q').boundingBox()
    if (!box) throw new Error('no key')
    const touches = await context.newCDPSession(page)
    const at = (x: number, y: number) => [{ x, y }]
    await touches.send('Input.dispatchTouchEvent', {
      type: 'touchStart',
      touchPoints: at(box.x + 9, box.y + 9),
    })
    await touches.send('Input.dispatchTouchEvent', {
      type: 'touchMove',
      touchPoints: at(box.x + 9, box.y - 300),
    })
    await touches.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    expect(await page.getByRole('textbox').textContent()).not.toContain('q')
  })
})

describe('a citizen who writes on a panel as low as a pad', () => {
  const put = (text: string) => page.evaluate((given) => (window as unknown as Host).host.put(given), text)
  const middleOf = async (name: string) => {
    const box = await key(name).boundingBox()
    if (!box) throw new Error(`no key ${name}`)
    return [box.x + box.width / 2, box.y + box.height / 2] as const
  }

  it('has suggestions in the place of the functions, signs beside the space, all others behind one key', async () => {
    await openPad('')
    await press(...'henhao')
    expect(await page.getByRole('button', { name: '完成' }).count()).toBe(0)
    await press('很好', '逗号', '123 符号', '问号', '光标左移', '删除', '返回键盘', '换行', '完成')
    expect(await written()).toBe('很好\n？')
  })

  it('means a suggestion once when the finger taps twice', async () => {
    await openPad('')
    await press(...'hao')
    const [x, y] = await middleOf('好')
    await page.evaluate(() => {
      const down = { bubbles: true, isPrimary: true, pointerType: 'touch', pointerId: 7, button: 0 }
      const tap = (clientX: number, clientY: number) => {
        const under = document.elementFromPoint(clientX, clientY)?.closest('button')
        if (under) under.setPointerCapture = () => {}
        for (const type of ['pointerdown', 'pointerup'])
          under?.dispatchEvent(new PointerEvent(type, { ...down, clientX, clientY }))
      }
      Object.assign(window, { tap })
    })
    await page.evaluate(
      `tap(${x}, ${y}); new Promise((drawn) => requestAnimationFrame(() => { tap(${x}, ${y}); drawn() }))`,
    )
    await key('完成').waitFor()
    await press('逗号')
    expect(await written()).toBe('好，')
  })

  it('puts the caret by touching the text', async () => {
    await openPad('')
    await put('一二三四五六七八')
    const text = await page.locator('.lines span').first().boundingBox()
    if (!text) throw new Error('no text')
    await page.touchscreen.tap(text.x + (text.width * 3) / 8 + 2, text.y + text.height / 2)
    await press('逗号')
    expect(await written()).toBe('一二三，四五六七八')
  })

  it.each([
    ['', 3],
    ['type=large&lang=en', 2],
  ])('sees whole lines of it alone, with the caret among them (%s)', async (look, most) => {
    await openPad(look)
    await put('材料一次交齐，窗口的同志讲得很清楚。'.repeat(20))
    await page.evaluate(() => document.fonts.ready)
    const seen = () =>
      page.evaluate(() => {
        const lines = document.querySelector('.lines')
        const caret = document.querySelector('.caret')
        if (!lines || !caret) throw new Error('no text')
        const line = Number.parseFloat(getComputedStyle(lines).lineHeight)
        const box = lines.getBoundingClientRect()
        const at = caret.getBoundingClientRect().top
        return {
          lines: Math.round((box.height / line) * 100) / 100,
          above: Math.round((lines.scrollTop / line) * 20) % 20,
          caret: at > box.top && at < box.bottom,
        }
      })
    const whole = { lines: most, above: 0, caret: true }
    await expect.poll(seen, { timeout: PATIENCE_MS }).toEqual(whole)
    const box = await page.locator('.lines').boundingBox()
    if (!box) throw new Error('no text')
    const before = await page.locator('.lines').evaluate(({ scrollTop }) => scrollTop)
    await page.touchscreen.tap(box.x + box.width / 2, box.y + 4)
    // The line above the one that was touched is seen as well.
    await expect
      .poll(() => page.locator('.lines').evaluate(({ scrollTop }) => scrollTop), { timeout: PATIENCE_MS })
      .toBeLessThan(before)
    expect(await seen()).toEqual(whole)
  })
})

describe('what was typed', () => {
  it('is wiped by clear, and is not found in the memory of the page afterwards', async () => {
    await open()
    await press('英文', ...'zqxjkv', '中文', ...'wqxzjk', '完成', ...'jqkwyz')
    await page.evaluate(() => Object.assign(window, { control: ['found', 'here'].join('-') }))
    await inHost('clear')
    expect(await written()).toBe('')
    await inHost('leave')
    const remembered = await heap(page)
    expect(remembered.includes('found-here')).toBe(true)
    expect(/zqxjkv|wqxzjk|jqkwyz/.exec(remembered)).toBeNull()
  })

  it('is kept nowhere else: not in storage, not in the address, not on the wire', async () => {
    await open()
    await press(...'nihao', '你好', '完成')
    const kept = await page.evaluate(() => [
      location.href,
      document.cookie,
      JSON.stringify(localStorage),
      JSON.stringify(sessionStorage),
    ])
    expect([...kept, ...stage.asked].filter((text) => /nihao|你好/.test(decodeURI(text)))).toEqual([])
  })
})

describe('the number pad', () => {
  const number = (query: string) => open(`show=number-pad&${query}`)

  it('takes a phone number and no more than that', async () => {
    await number('kind=phone')
    await press(...'13800138000', '删除', '1', '完成')
    expect(await written()).toBe('13800138001')
    expect(await page.getByRole('textbox').textContent()).toContain('138 0013 8001')
    await press('5', '6', '7')
    expect(await written()).toBe('138001380015')
    await press('清空')
    expect(await written()).toBe('')
  })

  it('has X for the last place of an ID number only', async () => {
    await number('kind=id')
    expect(await key('X').isDisabled()).toBe(true)
    await press(...'33009919900101123')
    await press('X')
    expect(await written()).toBe('33009919900101123X')
  })
})

describe('the measures of UX.md', () => {
  it.each([
    ['the terminal, by night', terminalScreen, '', ['n', 'i'], looks(false, false)],
    [
      'the terminal, large, high contrast',
      terminalScreen,
      'type=large&contrast=high&theme=day',
      ['n'],
      looks(true, true),
    ],
    ['a 21.5 inch terminal', terminalScreen, 'inches=21.5&lang=en&type=large', [], looks(true, false)],
    ['rare characters', terminalScreen, 'theme=day', ['生僻字', '部首 一'], looks(false, false)],
    ['the pad, large', padScreen, `${PAD}&type=large`, ['生僻字'], looks(true, false)],
    ['suggestions on the pad', padScreen, `${PAD}&type=large`, [...'hao'], looks(true, false)],
    [
      'a code on the pad',
      padScreen,
      `${PAD}&lang=en&type=large`,
      ['中文', 'Rare characters', 'Code', '4'],
      looks(true, false),
    ],
    ['the pad, English, large', padScreen, `${PAD}&type=large&lang=en`, [], looks(true, false)],
    [
      'the number pad of the pad',
      padScreen,
      'shape=landscape&inches=10.1&show=number-pad&kind=id',
      ['3'],
      looks(false, false),
    ],
  ] as const)('hold on %s', async (_name, screen, query, keys, seen) => {
    await open(query, screen)
    await press(...keys)
    await page.evaluate(() => document.fonts.ready)
    const faults = await measure(page, seen)
    // Where a page puts the keyboard is the page's own measure.
    expect(faults.filter((fault) => !fault.startsWith('touchable'))).toEqual([])
    expect(await seriousFaults(page)).toEqual([])
  })
})

describe('its weight', () => {
  it('comes only when it is needed: the page that may offer it carries a few lines of it', async () => {
    await open('show=number-pad')
    const assets = join(stage.folder, 'assets')
    const withKeys = readdirSync(assets).filter(
      (file) => file.endsWith('.js') && readFileSync(join(assets, file), 'utf8').includes('qwertyuiop'),
    )
    expect(withKeys).toHaveLength(1)
    const first = stage.asked.slice(stage.asked.lastIndexOf('/'))
    expect(first.some((path) => path.endsWith('.js'))).toBe(true)
    expect(first.filter((path) => path.includes(withKeys[0] ?? '') || path.includes('pinyin'))).toEqual([])
  })

  it('is a dictionary of its own name, that changes with its content', async () => {
    await openPad('')
    await expect
      .poll(() => stage.asked)
      .toContainEqual(expect.stringMatching(/^\/assets\/pinyin-[\w-]{8}\.txt$/))
  })
})
