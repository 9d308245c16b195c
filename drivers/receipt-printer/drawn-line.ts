import { cellsOf, charactersOf, textCells } from './characters.ts'
import { Dots } from './dots.ts'
import type { Segment } from './layout.ts'
import { CELL_DOTS, CHARACTER_DOTS, DOUBLE_LINE_DOTS, LINE_DOTS, type LineStyle } from './line-style.ts'
import type { Glyphs } from './raster-font.ts'

/**
 * A whole line as a picture: characters that the printer's font lacks stay in their place among the others. The
 * picture ends where the line ends, for blank dots would be sent as bytes like all others.
 */
export function drawLine(
  segments: readonly Segment[],
  style: LineStyle,
  paperDots: number,
  glyphs: Glyphs,
): Dots {
  const scale = style.double ? 2 : 1
  const cells = segments.reduce((sum, segment) => sum + textCells(segment.text), 0)
  const used = cells * CELL_DOTS * scale
  const free = Math.max(paperDots - used, 0)
  let x = style.align === 'left' ? 0 : style.align === 'right' ? free : Math.trunc(free / 2)
  // One dot more than the line: the second strike of a bold last character.
  const width = Math.min(paperDots, x + used + 1)
  const dots = new Dots(width, style.double ? DOUBLE_LINE_DOTS : LINE_DOTS)
  for (const { text, bold } of segments) {
    for (const character of charactersOf(text)) {
      const [base = 0, ...marks] = [...character].map((part) => part.codePointAt(0) ?? 0)
      const cell = cellsOf(character) * CELL_DOTS * scale
      const glyph = glyphs.dots(base, cell, CHARACTER_DOTS * scale, marks)
      dots.draw(glyph, x, 0)
      // Bold as printers do it: struck twice, a dot apart.
      if (bold) dots.draw(glyph, x + 1, 0)
      x += cell
    }
  }
  return dots
}
