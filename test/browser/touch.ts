import type { Page } from 'playwright-core'

export type Box = { x: number; y: number; width: number; height: number } | null

/** An unhurried tap. */
const HELD_MS = 250

/** A finger down, held, and up again at the same place. `whileHeld` is what happens before it is lifted. */
export async function hold(page: Page, box: Box, whileHeld: () => void = () => {}): Promise<void> {
  if (!box) throw new Error('nothing to touch')
  const touches = await page.context().newCDPSession(page)
  const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  await touches.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] })
  await page.waitForTimeout(HELD_MS)
  whileHeld()
  await page.waitForTimeout(HELD_MS)
  await touches.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await touches.detach()
}
