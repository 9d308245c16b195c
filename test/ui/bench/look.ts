/** One page for all scenes: shows a scene in a look, whole, with its fonts, before it is measured or photographed. */
import type { Page } from 'playwright-core'
import type { ScreenState } from '../../../device/http/contract.ts'
import type { Stage } from './stage.ts'

/**
 * By way of the same scene in the other light, which nobody waits to be drawn: two scenes of one page look alike to
 * whoever waits, and the one before would be measured in the place of the one after.
 */
export async function showScene(page: Page, stage: Stage, state: ScreenState): Promise<void> {
  const { storage, view, preferences, theme } = state
  const otherTheme = theme === 'night' ? 'day' : 'night'
  await page.evaluate(`{
    const { promise, resolve } = Promise.withResolvers()
    globalThis.lightIsBack = promise
    const watcher = new MutationObserver((changes) => {
      if (!changes.some(({ oldValue }) => oldValue === '${otherTheme}')) return
      watcher.disconnect()
      resolve()
    })
    const of = { attributes: true, attributeFilter: ['data-theme'], attributeOldValue: true }
    watcher.observe(document.documentElement, of)
  }`)
  stage.show({ ...state, theme: otherTheme })
  stage.show(state)
  await page.evaluate('lightIsBack')
  const shown = storage === 'cannot-keep' ? '.whole-page-notice .both' : `[data-view="${view.name}"]`
  await page.locator(`html[lang^="${preferences.language}"] ${shown}`).first().waitFor()
  await page.evaluate('document.fonts.ready')
  await page.evaluate(
    'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn())))',
  )
}
