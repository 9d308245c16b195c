/** One page for all scenes: shows a scene in a look, whole, with its fonts, before it is measured or photographed. */
import type { Page } from 'playwright-core'
import type { ScreenState } from '../../../device/http/contract.ts'
import type { Stage } from './stage.ts'

export async function showScene(page: Page, stage: Stage, state: ScreenState): Promise<void> {
  stage.show(state)
  const { storage, view, preferences } = state
  const shown = storage === 'cannot-keep' ? '.whole-page-notice .both' : `[data-view="${view.name}"]`
  await page.locator(`html[lang^="${preferences.language}"] ${shown}`).first().waitFor()
  await page.evaluate('document.fonts.ready')
  await page.evaluate(
    'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn())))',
  )
}
