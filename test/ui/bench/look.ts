/** One page for all scenes: shows a scene in a look, whole, with its fonts, before it is measured or photographed. */
import type { Page } from 'playwright-core'
import type { ScreenState } from '../../../device/http/contract.ts'
import type { Stage } from './stage.ts'

/**
 * By way of the same scene in the other light: two scenes of one page look alike to whoever waits, and the one before
 * would be measured in the place of the one after.
 */
export async function showScene(page: Page, stage: Stage, state: ScreenState): Promise<void> {
  const { storage, view, preferences, theme } = state
  const otherTheme = theme === 'night' ? 'day' : 'night'
  stage.show({ ...state, theme: otherTheme })
  await page.locator(`html[data-theme="${otherTheme}"]`).waitFor({ state: 'attached' })
  stage.show(state)
  const shown = storage === 'cannot-keep' ? '.whole-page-notice .both' : `[data-view="${view.name}"]`
  await page
    .locator(`html[lang^="${preferences.language}"][data-theme="${theme}"] ${shown}`)
    .first()
    .waitFor()
  await page.evaluate('document.fonts.ready')
  await page.evaluate(
    'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn())))',
  )
}
