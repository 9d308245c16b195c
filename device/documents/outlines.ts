/**
 * The outlines of TrueType glyphs (OpenType, `glyf`), laid on a coarser grid: what compresses worst in a Chinese
 * paper is the coordinates of some hundred characters, and their last two bits are finer than any printer's dot.
 */

/**
 * Units of the font, 1000 to the em: at most 2 of them beside their place, at 10.5 points a fiftieth of a point or a
 * sixth of a dot of 600 dpi. Straight strokes stay straight, and a paper is a sixth smaller.
 */
const GRID_UNITS = 4

const ON_CURVE = 0x01
const X_SHORT = 0x02
const Y_SHORT = 0x04
const REPEAT = 0x08
/** Of a short vector its sign, otherwise that the coordinate is the one before. */
const X_SAME_OR_POSITIVE = 0x10
const Y_SAME_OR_POSITIVE = 0x20
const OVERLAP = 0x40

const HEADER_BYTES = 10
const MORE_COMPONENTS = 0x0020
const WORD_ARGUMENTS = 0x0001
const ONE_SCALE = 0x0008
const TWO_SCALES = 0x0040
const FOUR_SCALES = 0x0080

interface Points {
  /** Last point of each contour. */
  ends: number[]
  flags: number[]
  xs: number[]
  ys: number[]
}

/** A glyph drawn from others and not from points of its own. */
export function isComposite(glyph: Buffer): boolean {
  return glyph.length > 0 && glyph.readInt16BE(0) < 0
}

/** The places in a composite glyph where the number of another glyph stands. */
export function* componentPlaces(glyph: Buffer): Generator<number> {
  for (let at = HEADER_BYTES; ; ) {
    const flags = glyph.readUInt16BE(at)
    yield at + 2
    at += 4 + (flags & WORD_ARGUMENTS ? 4 : 2)
    at += flags & ONE_SCALE ? 2 : flags & TWO_SCALES ? 4 : flags & FOUR_SCALES ? 8 : 0
    if (!(flags & MORE_COMPONENTS)) return
  }
}

/** The same glyph on the grid, without hints, of even length; a blank or composite one as it is. */
export function onGrid(glyph: Buffer): Buffer {
  if (glyph.length === 0 || isComposite(glyph)) return evenly([...glyph])
  return evenly(encode(decode(glyph)))
}

function decode(glyph: Buffer): Points {
  let at = HEADER_BYTES
  const ends = Array.from({ length: glyph.readInt16BE(0) }, (_, index) => glyph.readUInt16BE(at + 2 * index))
  at += 2 * ends.length
  at += 2 + glyph.readUInt16BE(at)
  const count = (ends.at(-1) ?? -1) + 1
  const flags: number[] = []
  while (flags.length < count) {
    const flag = glyph.readUInt8(at)
    at += 1
    flags.push(flag)
    if (!(flag & REPEAT)) continue
    for (let left = glyph.readUInt8(at); left > 0; left -= 1) flags.push(flag)
    at += 1
  }
  const axis = (short: number, same: number): number[] => {
    let value = 0
    return flags.map((flag) => {
      if (flag & short) {
        value += flag & same ? glyph.readUInt8(at) : -glyph.readUInt8(at)
        at += 1
      } else if (!(flag & same)) {
        value += glyph.readInt16BE(at)
        at += 2
      }
      return Math.round(value / GRID_UNITS) * GRID_UNITS
    })
  }
  return { ends, flags, xs: axis(X_SHORT, X_SAME_OR_POSITIVE), ys: axis(Y_SHORT, Y_SAME_OR_POSITIVE) }
}

function encode({ ends, flags, xs, ys }: Points): number[] {
  const bytes: number[] = []
  const word = (value: number) => bytes.push((value >> 8) & 0xff, value & 0xff)
  word(ends.length)
  for (const value of [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]) word(value)
  for (const end of ends) word(end)
  word(0)
  const across = deltas(xs, X_SHORT, X_SAME_OR_POSITIVE)
  const upward = deltas(ys, Y_SHORT, Y_SAME_OR_POSITIVE)
  const written = flags.map(
    (flag, index) => (flag & (ON_CURVE | OVERLAP)) | (across.flags[index] ?? 0) | (upward.flags[index] ?? 0),
  )
  bytes.push(...repeated(written), ...across.bytes, ...upward.bytes)
  return bytes
}

/** Each coordinate as its distance from the one before, and what its point's flag says of it. */
function deltas(
  values: readonly number[],
  short: number,
  same: number,
): { flags: number[]; bytes: number[] } {
  const bytes: number[] = []
  const flags = values.map((value, index) => {
    const delta = value - (values[index - 1] ?? 0)
    if (delta === 0) return same
    if (Math.abs(delta) > 0xff) {
      bytes.push((delta >> 8) & 0xff, delta & 0xff)
      return 0
    }
    bytes.push(Math.abs(delta))
    return delta > 0 ? short | same : short
  })
  return { flags, bytes }
}

function repeated(flags: readonly number[]): number[] {
  const bytes: number[] = []
  for (let at = 0; at < flags.length; ) {
    const flag = flags[at] ?? 0
    let more = 0
    while (more < 0xff && flags[at + more + 1] === flag) more += 1
    if (more > 1) bytes.push(flag | REPEAT, more)
    else for (let left = more; left >= 0; left -= 1) bytes.push(flag)
    at += more + 1
  }
  return bytes
}

function evenly(bytes: number[]): Buffer {
  return Buffer.from(bytes.length % 2 === 0 ? bytes : [...bytes, 0])
}
