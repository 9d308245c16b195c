/** One page for all scenes: shows a scene in a look, whole, with its fonts, before it is measured or photographed. */
import type { Page } from 'playwright-core'
import type { ScreenState } from '../../../device/http/contract.ts'
import type { Stage } from './stage.ts'

const NOTICE = '.whole-page-notice .both'

/** Which page each browser page showed last. */
const before = new WeakMap<Page, string>()

/**
 * From one scene to another of the same page by way of the notice, which no other scene has: the two look alike to
 * whoever waits, and the one before would be measured in the place of the one after.
 */
export async function showScene(page: Page, stage: Stage, state: ScreenState): Promise<void> {
  const { storage, view, preferences, theme } = state
  const isNotice = storage === 'cannot-keep'
  const shownBefore = before.get(page)
  before.set(page, isNotice ? NOTICE : view.name)
  if (shownBefore === undefined || shownBefore === view.name) {
    stage.show({ ...state, storage: 'cannot-keep' })
    await page.locator(NOTICE).first().waitFor()
  }
  stage.show(state)
  const shown = isNotice ? NOTICE : `[data-view="${view.name}"]`
  await page
    .locator(`html[lang^="${preferences.language}"][data-theme="${theme}"] ${shown}`)
    .first()
    .waitFor()
  await page.evaluate('document.fonts.ready')
  await page.evaluate(
    'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn())))',
  )
}
