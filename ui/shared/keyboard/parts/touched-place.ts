/** Where a finger came down in a text. The browser's own answer is for text that can be selected, which this is not. */

export interface Place {
  /** In UTF-16 units; never inside a character. */
  offset: number
  /** How far from the finger, in pixels: lines count before columns. */
  away: number
}

/** The line under the finger is nearer than any character of another. */
const LINE_WEIGHT = 1_000

/** The place between two characters that is nearest; null where there is no text. At most some hundred characters. */
export function placeIn(element: HTMLElement, x: number, y: number): Place | null {
  const text = element.firstChild
  if (!(text instanceof Text)) return null
  const range = document.createRange()
  let nearest: Place | null = null
  const offer = (offset: number, atX: number, { top, bottom }: DOMRect): void => {
    const off = Math.max(0, top - y, y - bottom)
    const away = off * LINE_WEIGHT + Math.abs(atX - x)
    if (nearest === null || away < nearest.away) nearest = { offset, away }
  }
  let offset = 0
  for (const character of text.data) {
    range.setStart(text, offset)
    range.setEnd(text, offset + character.length)
    const box = range.getBoundingClientRect()
    offer(offset, box.left, box)
    offset += character.length
    // The place behind a line break is the next line's first.
    if (character !== '\n') offer(offset, box.right, box)
  }
  return nearest
}
