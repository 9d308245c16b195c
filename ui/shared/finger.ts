/** Whether a finger that came down on something still means it. */

/**
 * A finger that rests rolls a little. Nearer than this to where it came down, nobody has to look what lies under it:
 * for that the browser would lay the page out, and begin a frame of whatever moves on it, before the touch is heard.
 */
const RESTS_PX = 8

export interface Spot {
  x: number
  y: number
}

/** @param down where the finger came down on it; @param event where it is now */
export const isStillOn = (element: Element, down: Spot, { clientX, clientY }: PointerEvent): boolean =>
  Math.hypot(clientX - down.x, clientY - down.y) < RESTS_PX ||
  element.contains(document.elementFromPoint(clientX, clientY))
