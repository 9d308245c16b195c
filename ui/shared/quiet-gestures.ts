/**
 * Long press, pinch, drag, context menu, text selection and page zoom do nothing on a public panel: each would
 * leave the next citizen with a page that looks broken. What CSS can refuse is refused in base.css.
 */
export function quietGestures(page: Document): void {
  const refuse = (event: Event) => event.preventDefault()
  for (const type of ['contextmenu', 'dragstart', 'selectstart', 'gesturestart', 'auxclick']) {
    page.addEventListener(type, refuse)
  }
  // Buttons hear pointers: the gestures and the mouse that a browser makes of each touch would only hold up what it asks for.
  for (const type of ['touchstart', 'touchmove', 'touchend']) {
    page.addEventListener(type, refuse, { passive: false })
  }
  page.addEventListener(
    'wheel',
    (event) => {
      if (event.ctrlKey) event.preventDefault()
    },
    { passive: false },
  )
  page.addEventListener('keydown', (event) => {
    if (event.ctrlKey && ['+', '-', '=', '0'].includes(event.key)) event.preventDefault()
  })
}
