/**
 * A TrueType file as what PDF embeds of it: the outlines of the characters used and the tables that ISO 32000-1 §9.9
 * asks for, nothing else. fontkit's own subset decodes each glyph anew for each paper; here it is ready after the
 * first time.
 */
import { componentPlaces, isComposite, onGrid } from './outlines.ts'

const DIRECTORY_BYTES = 12
const RECORD_BYTES = 16
const SFNT_VERSION = 0x00010000
const SEARCH_UNIT = 16

/** Offsets in `head`, `hhea` and `maxp` (OpenType). */
const HEAD_LOCA_FORMAT = 50
const HHEA_METRICS = 34
const MAXP_GLYPHS = 4
/** Short offsets count in words of two bytes. */
const SHORT_LOCA_MAXIMUM_BYTES = 0xffff * 2
const GLYPH_X_MINIMUM = 2

/** As pdfkit asks a font for it. */
export interface Subset {
  /** @returns the glyph's number in the subset */
  includeGlyph(glyph: number): number
  /** The same bytes again while no glyph is added. */
  encode(): Uint8Array
}

interface ReadyGlyph {
  outline: Buffer
  advance: number
  bearing: number
}

export class FontFile {
  readonly #tables: ReadonlyMap<string, Buffer>
  readonly #ready = new Map<number, ReadyGlyph>()

  /** @throws when a table that every TrueType font has is missing */
  constructor(file: Buffer) {
    const tables = new Map<string, Buffer>()
    for (let left = file.readUInt16BE(4), at = DIRECTORY_BYTES; left > 0; left -= 1, at += RECORD_BYTES) {
      const offset = file.readUInt32BE(at + 8)
      tables.set(
        file.toString('latin1', at, at + 4),
        file.subarray(offset, offset + file.readUInt32BE(at + 12)),
      )
    }
    this.#tables = tables
    for (const name of ['head', 'hhea', 'maxp', 'loca', 'glyf', 'hmtx']) this.#table(name)
  }

  /** For one paper. Glyph 0, the sign for what is missing, is always in. */
  subset(): Subset {
    const numbers = new Map([[0, 0]])
    const includeGlyph = (glyph: number): number => {
      const known = numbers.get(glyph)
      if (known !== undefined) return known
      const number = numbers.size
      numbers.set(glyph, number)
      return number
    }
    let encoded: { glyphs: number; file: Uint8Array } | undefined
    return {
      includeGlyph,
      encode: () => {
        if (encoded?.glyphs !== numbers.size) {
          const bytes = this.#encode(numbers, includeGlyph)
          encoded = { glyphs: numbers.size, file: bytes }
        }
        return encoded.file
      },
    }
  }

  /** Reads a glyph that papers will want. */
  ready(glyph: number): void {
    this.#glyph(glyph)
  }

  #encode(numbers: ReadonlyMap<number, number>, includeGlyph: (glyph: number) => number): Uint8Array {
    const glyphs: ReadyGlyph[] = []
    // Goes on through what a composite glyph adds while it is looked at.
    for (const glyph of numbers.keys()) {
      const ready = this.#glyph(glyph)
      glyphs.push(isComposite(ready.outline) ? renumbered(ready, includeGlyph) : ready)
    }
    const outlines = Buffer.concat(glyphs.map(({ outline }) => outline))
    const isShort = outlines.length <= SHORT_LOCA_MAXIMUM_BYTES
    const locations = Buffer.alloc((glyphs.length + 1) * (isShort ? 2 : 4))
    const metrics = Buffer.alloc(glyphs.length * 4)
    let end = 0
    for (const [index, { outline, advance, bearing }] of glyphs.entries()) {
      end += outline.length
      if (isShort) locations.writeUInt16BE(end / 2, 2 * (index + 1))
      else locations.writeUInt32BE(end, 4 * (index + 1))
      metrics.writeUInt16BE(advance, 4 * index)
      metrics.writeInt16BE(bearing, 4 * index + 2)
    }
    return file([
      ...['cvt ', 'fpgm', 'prep'].flatMap((name): [string, Buffer][] => {
        const table = this.#tables.get(name)
        return table ? [[name, table]] : []
      }),
      ['glyf', outlines],
      ['head', this.#changed('head', HEAD_LOCA_FORMAT, isShort ? 0 : 1)],
      ['hhea', this.#changed('hhea', HHEA_METRICS, glyphs.length)],
      ['hmtx', metrics],
      ['loca', locations],
      ['maxp', this.#changed('maxp', MAXP_GLYPHS, glyphs.length)],
    ])
  }

  #glyph(glyph: number): ReadyGlyph {
    const known = this.#ready.get(glyph)
    if (known) return known
    const read = this.#read(glyph)
    this.#ready.set(glyph, read)
    return read
  }

  #read(glyph: number): ReadyGlyph {
    const [loca, glyf, hmtx] = [this.#table('loca'), this.#table('glyf'), this.#table('hmtx')]
    const long = this.#table('head').readInt16BE(HEAD_LOCA_FORMAT) === 1
    const offset = (index: number) => (long ? loca.readUInt32BE(4 * index) : 2 * loca.readUInt16BE(2 * index))
    const original = glyf.subarray(offset(glyph), offset(glyph + 1))
    const outline = onGrid(original)
    const full = this.#table('hhea').readUInt16BE(HHEA_METRICS)
    const bearing = glyph < full ? hmtx.readInt16BE(4 * glyph + 2) : hmtx.readInt16BE(2 * (full + glyph))
    // A rasteriser moves the outline by what its left end and its bearing differ.
    const moved = outline.length === 0 ? 0 : leftEnd(outline) - leftEnd(original)
    return { outline, advance: hmtx.readUInt16BE(4 * Math.min(glyph, full - 1)), bearing: bearing + moved }
  }

  #table(name: string): Buffer {
    const table = this.#tables.get(name)
    if (!table) throw new Error(`the font has no table ${name}`)
    return table
  }

  #changed(name: string, at: number, value: number): Buffer {
    const table = Buffer.from(this.#table(name))
    table.writeUInt16BE(value, at)
    return table
  }
}

function leftEnd(outline: Buffer): number {
  return outline.readInt16BE(GLYPH_X_MINIMUM)
}

function renumbered(glyph: ReadyGlyph, includeGlyph: (glyph: number) => number): ReadyGlyph {
  const outline = Buffer.from(glyph.outline)
  for (const place of componentPlaces(glyph.outline)) {
    outline.writeUInt16BE(includeGlyph(outline.readUInt16BE(place)), place)
  }
  return { ...glyph, outline }
}

/** Tables in the order of their names, each at a multiple of four; checksums are not asked for inside a PDF. */
function file(tables: readonly (readonly [string, Buffer])[]): Uint8Array {
  const directory = Buffer.alloc(DIRECTORY_BYTES + RECORD_BYTES * tables.length)
  const power = 2 ** Math.floor(Math.log2(tables.length))
  directory.writeUInt32BE(SFNT_VERSION, 0)
  directory.writeUInt16BE(tables.length, 4)
  directory.writeUInt16BE(power * SEARCH_UNIT, 6)
  directory.writeUInt16BE(Math.log2(power), 8)
  directory.writeUInt16BE((tables.length - power) * SEARCH_UNIT, 10)
  const parts: Buffer[] = [directory]
  let offset = directory.length
  for (const [index, [name, table]] of tables.entries()) {
    const record = DIRECTORY_BYTES + RECORD_BYTES * index
    directory.write(name, record, 'latin1')
    directory.writeUInt32BE(offset, record + 8)
    directory.writeUInt32BE(table.length, record + 12)
    const padding = (4 - (table.length % 4)) % 4
    parts.push(table, Buffer.alloc(padding))
    offset += table.length + padding
  }
  return Buffer.concat(parts)
}
