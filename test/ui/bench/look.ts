/** One page for all scenes: shows a scene in a look, whole, with its fonts, before it is measured or photographed. */
import type { Page } from 'playwright-core'
import type { ScreenState } from '../../../device/http/contract.ts'
import type { Stage } from './stage.ts'

export async function showScene(page: Page, stage: Stage, state: ScreenState): Promise<void> {
  stage.show(state)
  await page.waitForFunction(
    ([shown, language]) =>
      document.querySelector(shown ?? '') && document.documentElement.lang.startsWith(language ?? ''),
    [
      state.storage === 'cannot-keep' ? '.whole-page-notice .both' : `[data-view="${state.view.name}"]`,
      state.preferences.language,
    ],
  )
  await page.evaluate(() => document.fonts.ready)
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
}
