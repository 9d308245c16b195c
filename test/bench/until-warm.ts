/**
 * A terminal at rest draws each of its pages and looks up its characters (ui/terminal/warm-up): until then its page grows,
 * and what is touched first takes longer.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'playwright-core'

const IS_WARM = `performance.getEntriesByName('window24-warm').length > 0`
const ASKED_EVERY_MS = 250
/** A slow machine takes half a minute. */
const WITHIN_MS = 120_000

/** @throws when it has not drawn them */
export async function untilWarm(page: Page): Promise<void> {
  const untilMs = performance.now() + WITHIN_MS
  while (!(await page.evaluate(IS_WARM))) {
    if (performance.now() > untilMs) throw new Error('the terminal has not drawn its pages while it rested')
    await wait(ASKED_EVERY_MS)
  }
}
