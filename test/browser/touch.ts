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

/** A finger down in the middle of something, drawn along to each of these places, and lifted at the last. */
export async function draw(page: Page, from: Box, ...along: { x: number; y: number }[]): Promise<void> {
  if (!from) throw new Error('nothing to touch')
  const touches = await page.context().newCDPSession(page)
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: { x: number; y: number }[]) =>
    touches.send('Input.dispatchTouchEvent', { type, touchPoints })
  await send('touchStart', [{ x: from.x + from.width / 2, y: from.y + from.height / 2 }])
  for (const point of along) await send('touchMove', [point])
  await send('touchEnd', [])
  await touches.detach()
}
