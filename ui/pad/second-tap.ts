/** A finger that taps twice is lifted and down again within this time, at the same place. */
const QUICK_MS = 600
const SAME_PLACE_PX = 60

/**
 * Whoever taps a choice twice means it once: the second tap must not fall on whatever the next page has in that
 * place. Only a tap after a change of page, quick and where the last one was, is refused.
 */
export function refuseSecondTap(page: Document, pageShown: () => string | undefined): () => void {
  let last = { at: Number.NEGATIVE_INFINITY, x: 0, y: 0, shown: pageShown() }

  const down = (event: PointerEvent) => {
    const quick = performance.now() - last.at < QUICK_MS
    const near = Math.hypot(event.clientX - last.x, event.clientY - last.y) < SAME_PLACE_PX
    if (quick && near && pageShown() !== last.shown) event.stopPropagation()
    else last = { ...last, shown: pageShown() }
  }
  const up = (event: PointerEvent) => {
    last = { ...last, at: performance.now(), x: event.clientX, y: event.clientY }
  }

  page.addEventListener('pointerdown', down, true)
  page.addEventListener('pointerup', up, true)
  return () => {
    page.removeEventListener('pointerdown', down, true)
    page.removeEventListener('pointerup', up, true)
  }
}
