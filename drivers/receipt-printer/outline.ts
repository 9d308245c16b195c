import { Dots } from './dots.ts'

/** One drawing command of a glyph, as fontkit gives them, in font units with y upwards. */
export interface OutlineCommand {
  command: 'moveTo' | 'lineTo' | 'quadraticCurveTo' | 'bezierCurveTo' | 'closePath'
  args: number[]
}

/** Where a glyph goes: all in whole units, so that every machine draws the same dots. */
export interface Placement {
  width: number
  height: number
  /** Sub-units a font unit, times `SCALE_ONE`. */
  scaleX: number
  scaleY: number
  /** Sub-units from the left edge to the origin, and from the top edge to the baseline. */
  originX: number
  baselineY: number
}

/** Sub-units a dot. Whole numbers throughout: half-dot rounding makes barcodes and small text unreadable. */
export const SUB = 64
export const SCALE_ONE = 1 << 16
/** Lines looked at in each row of dots. */
const SCANS_PER_DOT = 8
/** A dot is black when this much of it is covered; under a half, because thin strokes must not vanish at 24 dots. */
const BLACK_NUMERATOR = 7
const BLACK_DENOMINATOR = 16
/** Straight pieces a curve is cut into: at 24 dots, 8 leave errors far below a sub-unit's effect. */
const CURVE_PIECES = 8

interface Edge {
  x0: number
  y0: number
  x1: number
  y1: number
  winding: 1 | -1
}

/** Fills an outline by scan lines with the non-zero rule, which is what TrueType outlines are made for. */
export function fillOutline(commands: readonly OutlineCommand[], place: Placement): Dots {
  const edges = edgesOf(commands, place)
  const dots = new Dots(place.width, place.height)
  const covered = new Int32Array(place.width)
  for (let row = 0; row < place.height; row += 1) {
    covered.fill(0)
    const near = edges.filter(({ y0, y1 }) => y1 > row * SUB && y0 < (row + 1) * SUB)
    for (let scan = 0; scan < SCANS_PER_DOT; scan += 1) {
      // Odd half steps never meet the whole-numbered ends of an edge exactly at a scan's centre line.
      const y = row * SUB + Math.trunc((SUB * (2 * scan + 1)) / (2 * SCANS_PER_DOT))
      coverScan(near, y, covered)
    }
    const enough = (SUB * SCANS_PER_DOT * BLACK_NUMERATOR) / BLACK_DENOMINATOR
    for (let x = 0; x < place.width; x += 1) if ((covered[x] ?? 0) >= enough) dots.fill(x, row, 1, 1)
  }
  return dots
}

function coverScan(edges: readonly Edge[], y: number, covered: Int32Array): void {
  const crossings: { x: number; winding: number }[] = []
  for (const edge of edges) {
    // Half open, so that two edges that meet at a scan line are counted once.
    if (y < edge.y0 || y >= edge.y1) continue
    const x = edge.x0 + Math.trunc(((edge.x1 - edge.x0) * (y - edge.y0)) / (edge.y1 - edge.y0))
    crossings.push({ x, winding: edge.winding })
  }
  crossings.sort((one, other) => one.x - other.x)
  let winding = 0
  let from = 0
  for (const crossing of crossings) {
    if (winding === 0) from = crossing.x
    winding += crossing.winding
    if (winding === 0) coverSpan(covered, from, crossing.x)
  }
}

function coverSpan(covered: Int32Array, from: number, to: number): void {
  const start = Math.max(from, 0)
  const end = Math.min(to, covered.length * SUB)
  for (let x = Math.trunc(start / SUB); x * SUB < end; x += 1) {
    const part = Math.min(end, (x + 1) * SUB) - Math.max(start, x * SUB)
    covered[x] = (covered[x] ?? 0) + part
  }
}

function edgesOf(commands: readonly OutlineCommand[], place: Placement): Edge[] {
  const edges: Edge[] = []
  const toX = (x: number): number => place.originX + Math.round((x * place.scaleX) / SCALE_ONE)
  const toY = (y: number): number => place.baselineY - Math.round((y * place.scaleY) / SCALE_ONE)
  let [startX, startY, atX, atY] = [0, 0, 0, 0]
  const line = (x: number, y: number): void => {
    const [x0, y0, x1, y1] = [toX(atX), toY(atY), toX(x), toY(y)]
    if (y0 < y1) edges.push({ x0, y0, x1, y1, winding: 1 })
    else if (y0 > y1) edges.push({ x0: x1, y0: y1, x1: x0, y1: y0, winding: -1 })
    ;[atX, atY] = [x, y]
  }
  for (const { command, args } of commands) {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = args
    const [fromX, fromY] = [atX, atY]
    switch (command) {
      case 'moveTo':
        line(startX, startY)
        ;[startX, startY, atX, atY] = [a, b, a, b]
        break
      case 'lineTo':
        line(a, b)
        break
      case 'quadraticCurveTo':
        for (let piece = 1; piece <= CURVE_PIECES; piece += 1) {
          const [t, u] = [piece, CURVE_PIECES - piece]
          const of = (p: number, q: number, r: number): number =>
            (u * u * p + 2 * u * t * q + t * t * r) / (CURVE_PIECES * CURVE_PIECES)
          line(of(fromX, a, c), of(fromY, b, d))
        }
        break
      case 'bezierCurveTo':
        for (let piece = 1; piece <= CURVE_PIECES; piece += 1) {
          const [t, u] = [piece, CURVE_PIECES - piece]
          const of = (p: number, q: number, r: number, s: number): number =>
            (u * u * u * p + 3 * u * u * t * q + 3 * u * t * t * r + t * t * t * s) / CURVE_PIECES ** 3
          line(of(fromX, a, c, e), of(fromY, b, d, f))
        }
        break
      case 'closePath':
        line(startX, startY)
        break
    }
  }
  return edges
}
