/** One page for all scenes: shows a scene in a look, whole, with its fonts, before it is measured or photographed. */
import type { Page } from 'playwright-core'
import type { ScreenState } from '../../../device/http/contract.ts'
import type { Stage } from './stage.ts'

const NOTICE = '.whole-page-notice .both'

/**
 * Through a page that no other scene has: two scenes of one page look alike to whoever waits, and the one before would
 * be measured in the place of the one after.
 */
export async function showScene(page: Page, stage: Stage, state: ScreenState): Promise<void> {
  const { storage, view, preferences, theme } = state
  const isNotice = storage === 'cannot-keep'
  if (!isNotice) {
    stage.show({ ...state, storage: 'cannot-keep' })
    await page.locator(NOTICE).first().waitFor()
  }
  stage.show(state)
  const shown = isNotice ? NOTICE : `[data-view="${view.name}"]`
  await page
    .locator(`html[lang^="${preferences.language}"][data-theme="${theme}"] ${shown}`)
    .first()
    .waitFor()
  if (!isNotice) await page.locator(NOTICE).waitFor({ state: 'detached' })
  await page.evaluate('document.fonts.ready')
  await page.evaluate(
    'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn())))',
  )
}
