import iconv from 'iconv-lite'
import { hasGlyph } from './raster-font.ts'

/**
 * What a printer's own font holds beyond ASCII, smallest first. A profile names one; characters outside it come
 * out as `?` or as nothing on the printer (field row 16), so they are drawn.
 * `gb2312`: GB 2312-80. `gbk`: the two-byte characters of GBK. `gb18030`: also the ideographs of the basic plane
 * that GB18030 added (FE50 to FEA0 and the four-byte ones of extension A), never those beyond the basic plane.
 */
export type PrinterFont = 'ascii' | 'gb2312' | 'gbk' | 'gb18030'

const ASCII = 1
const GB2312 = 2
const GBK = 3
const GB18030 = 4
const NOWHERE = 5

const LEVELS: Record<PrinterFont, number> = { ascii: ASCII, gb2312: GB2312, gbk: GBK, gb18030: GB18030 }

/**
 * Asked for each character of each receipt, so what was found out once is kept: a byte for each code point. Once
 * `learnCharacters` has been through, it holds all of them and tells nothing of who was here.
 */
const found = new Uint8Array(0x10000)
/** So many take about a millisecond. */
const LEARNT_AT_ONCE = 512

/** Finds out everything that may be asked later, in short steps. */
export function* learnCharacters(): Generator<void> {
  for (let codePoint = 0; codePoint < found.length; codePoint += 1) {
    levelOf(String.fromCharCode(codePoint))
    if (codePoint % LEARNT_AT_ONCE === 0) yield
  }
}

export function inPrinterFont(character: string, font: PrinterFont): boolean {
  return levelOf(character) <= LEVELS[font]
}

/** What is sent for text in Chinese mode; only for characters `inPrinterFont` says yes to. */
export function encodeText(text: string): Uint8Array {
  return iconv.encode(text, 'gb18030')
}

/**
 * Half-width cells of a character with the marks upon it: ASCII and drawn letters 1, whatever GBK or the CJK blocks
 * hold 2, and so the box drawn for what no font here has.
 */
export function cellsOf(character: string): number {
  const codePoint = character.codePointAt(0) ?? 0
  const level = levelOf(character)
  if (level === ASCII) return 1
  if (level === GB2312 || level === GBK) return 2
  return codePoint < 0x2000 && hasGlyph(codePoint) ? 1 : 2
}

export function textCells(text: string): number {
  let cells = 0
  for (const character of charactersOf(text)) cells += cellsOf(character)
  return cells
}

/** Characters as they are placed: each with the combining marks that the bundled font can put upon it. */
export function charactersOf(text: string): string[] {
  if (!/\p{M}/u.test(text)) return [...text]
  const characters: string[] = []
  for (const part of text) {
    const last = characters.length - 1
    const isMark = /\p{M}/u.test(part) && hasGlyph(part.codePointAt(0) ?? 0)
    if (isMark && last >= 0 && characters[last] !== '\n') characters[last] += part
    // A mark that begins a line stands upon a space.
    else characters.push(isMark ? ` ${part}` : part)
  }
  return characters
}

/** Tab stops of printers that know them, in cells. */
const TAB_CELLS = 8

/**
 * Text that can only be text: composed, each kind of line end one, tabs as spaces up to the next stop, ¥ as ￥
 * (U+00A5 has no two-byte code). What Unicode gives no look of its own (joiners, direction marks, variation
 * selectors) goes; other control characters stay and are drawn as boxes with their code, for a value from outside
 * must neither become a printer command nor lose a character unseen.
 */
export function cleanText(text: string): string {
  const clean = text
    .toWellFormed()
    .normalize('NFC')
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, '\n')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/(?!\u3000)\p{Zs}/gu, ' ')
    .replaceAll('¥', '￥')
  return clean.includes('\t') ? clean.split('\n').map(withoutTabs).join('\n') : clean
}

function withoutTabs(line: string): string {
  const [first = '', ...rest] = line.split('\t')
  let text = first
  for (const part of rest) text += ' '.repeat(TAB_CELLS - (textCells(text) % TAB_CELLS)) + part
  return text
}

/** The smallest font that holds a character and all marks upon it. */
function levelOf(character: string): number {
  const codePoint = character.codePointAt(0) ?? 0
  if (codePoint > 0xffff || character.length > 1) return NOWHERE
  let level = found[codePoint] ?? 0
  if (level === 0) {
    level = lookUp(character, codePoint)
    found[codePoint] = level
  }
  return level
}

function lookUp(character: string, codePoint: number): number {
  if (codePoint < 0x80) return codePoint >= 0x20 && codePoint < 0x7f ? ASCII : NOWHERE
  // GBK has the letters of pinyin (ü, é) full-width: inside a name such as Müller they are drawn instead.
  if (codePoint < 0x2000 && /\p{Script=Latin}/u.test(character)) return NOWHERE
  const gb18030 = iconv.encode(character, 'gb18030')
  const gbk = iconv.encode(character, 'cp936')
  const [lead = 0, trail = 0] = gbk
  if (gbk.length === 2 && gbk.equals(gb18030)) return isGb2312(lead, trail) ? GB2312 : GBK
  return /\p{Unified_Ideograph}/u.test(character) ? GB18030 : NOWHERE
}

/** The rows of GB 2312-80 and the cells that each of them fills, as first and last trail bytes. */
const GB2312_SIGNS: Record<number, readonly (readonly [number, number])[]> = {
  161: [[0xa1, 0xfe]],
  162: [
    [0xb1, 0xe2],
    [0xe5, 0xee],
    [0xf1, 0xfc],
  ],
  163: [[0xa1, 0xfe]],
  164: [[0xa1, 0xf3]],
  165: [[0xa1, 0xf6]],
  166: [
    [0xa1, 0xb8],
    [0xc1, 0xd8],
  ],
  167: [
    [0xa1, 0xc1],
    [0xd1, 0xf1],
  ],
  168: [
    [0xa1, 0xba],
    [0xc5, 0xe9],
  ],
  169: [[0xa4, 0xef]],
}
const FIRST_IDEOGRAPHS = 0xb0
const LAST_IDEOGRAPHS = 0xf7
/** Level 1 ends in the middle of row D7. */
const LEVEL_1_LAST = [0xd7, 0xf9] as const

function isGb2312(lead: number, trail: number): boolean {
  if (lead >= FIRST_IDEOGRAPHS && lead <= LAST_IDEOGRAPHS) {
    return trail >= 0xa1 && (lead !== LEVEL_1_LAST[0] || trail <= LEVEL_1_LAST[1])
  }
  return GB2312_SIGNS[lead]?.some(([first, last]) => trail >= first && trail <= last) ?? false
}
