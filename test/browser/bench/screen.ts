/** A screen in Chromium, touched by what its buttons are called. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Locator, Page } from 'playwright-core'
import { type padScreen, sharedChromium, type terminalScreen } from '../chromium.ts'

/** Quicker in nearly the same place, the pages take it for a second tap of the same finger (ui/shared/button.svelte). */
const SECOND_TAP_MS = 650
const SAME_PLACE_PX = 80

/** Far past what any page needs on a busy machine; a wrong page fails in seconds. */
const PAGE_TIMEOUT_MS = 8_000

export interface TouchScreen {
  page: Page
  /** By accessible name: the whole of it, or a pattern that one button alone fits. */
  button(name: string | RegExp): Locator
  touch(name: string | RegExp): Promise<void>
  /** The same with a row of the list of that page, on whichever of its pages it stands. */
  touchListed(view: string, name: string): Promise<void>
  /** Waits until these words stand on the page, wherever. */
  sees(words: string | RegExp): Promise<void>
  /** Waits until the page stands that the terminal calls so (`data-view`). */
  seesView(name: string): Promise<void>
  /** Into the folder that WINDOW24_SCREENSHOTS names; nothing without it. */
  screenshot(name: string): Promise<void>
  close(): Promise<void>
}

/** Waits for it; where it does not come, what stands there instead is told. */
export async function standsOn(page: Page, one: Locator): Promise<void> {
  try {
    await one.waitFor()
  } catch (error) {
    const instead = await page.evaluate<string>('document.body.innerText')
    throw new Error(`${String(error)}\nInstead it shows: ${instead.replace(/\s+/g, ' ')}`)
  }
}

/** A finger that means each touch: it waits where the page would take two of them for one. */
export function fingerOn(
  page: Page,
): Pick<TouchScreen, 'button' | 'touch'> & { tap(one: Locator): Promise<void> } {
  let touched = { x: 0, y: 0, atMs: 0 }
  const button = (name: string | RegExp): Locator =>
    page.getByRole('button', { name, exact: typeof name === 'string' })
  const tap = async (one: Locator): Promise<void> => {
    await standsOn(page, one)
    const box = await one.boundingBox()
    const at = { x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 }
    const early = touched.atMs + SECOND_TAP_MS - performance.now()
    if (early > 0 && Math.hypot(at.x - touched.x, at.y - touched.y) < SAME_PLACE_PX) await wait(early)
    await one.tap()
    touched = { ...at, atMs: performance.now() }
  }
  return { button, tap, touch: (name) => tap(button(name)) }
}

export async function openTouchScreen(
  url: string,
  panel: typeof terminalScreen | typeof padScreen,
): Promise<TouchScreen> {
  const context = await (await sharedChromium()).newContext(panel)
  const page = await context.newPage()
  page.setDefaultTimeout(PAGE_TIMEOUT_MS)
  await page.goto(url)
  const finger = fingerOn(page)
  /** Its parts, or the rest of its text, may still be on their way when the page is already that one. */
  const seesView = (name: string) =>
    standsOn(page, page.locator(`[data-view="${name}"]:has(*):not(:has([aria-busy="true"]))`))
  return {
    page,
    ...finger,
    async touchListed(view, name) {
      await seesView(view)
      while ((await finger.button(name).count()) === 0) await finger.touch(/^(下一页|Next page)$/)
      await finger.touch(name)
    },
    sees: (words) => standsOn(page, page.getByText(words).first()),
    seesView,
    async screenshot(name) {
      const folder = process.env.WINDOW24_SCREENSHOTS
      if (!folder) return
      mkdirSync(folder, { recursive: true })
      await page.evaluate('document.fonts.ready')
      await page.screenshot({ path: join(folder, `${name}.png`) })
    },
    close: () => context.close(),
  }
}
