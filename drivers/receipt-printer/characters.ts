import iconv from 'iconv-lite'

/**
 * Which characters a printer's own font can be trusted with. Every Chinese printer has GBK; the two-byte
 * characters that GB18030 added later (FE50 to FEA0, 䶮 among them) and all four-byte ones come out as `?` or as a
 * box on many (field row 16), so they are drawn.
 */
export function inPrinterFont(character: string): boolean {
  return isAscii(character) || (!isAccentedLatin(character) && gbkBytes(character) !== undefined)
}

/** What is sent for text in Chinese mode; only for characters `inPrinterFont` says yes to. */
export function encodeText(text: string): Uint8Array {
  return Uint8Array.from(iconv.encode(text, 'gb18030'))
}

/** GBK has the letters of pinyin (ü, é) full-width: inside a name such as Müller they are drawn instead. */
function isAccentedLatin(character: string): boolean {
  return /^\p{Script=Latin}$/u.test(character) && !isAscii(character) && character < '\u2000'
}

/** Half-width cells a character takes: ASCII 1, everything in GBK's two bytes and all ideographs 2. */
export function cellsOf(character: string): 1 | 2 {
  if (isAscii(character)) return 1
  // Letters that are drawn look wrong in a full-width cell.
  if (isAccentedLatin(character)) return 1
  if ((character.codePointAt(0) ?? 0) < 0x2000 && gbkBytes(character) === undefined) return 1
  return 2
}

export function textCells(text: string): number {
  let cells = 0
  for (const character of text) cells += cellsOf(character)
  return cells
}

/**
 * Text that can only be text: composed, without controls (a value from outside must never become a printer
 * command), without invisible marks, ¥ as ￥ (U+00A5 has no two-byte code). Line feeds stay.
 */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replaceAll('\t', ' ')
    .replaceAll('¥', '￥')
    .replaceAll('\u00a0', ' ')
    .replace(/(?!\n)[\p{Cc}\p{Cf}\p{M}]/gu, '')
}

function isAscii(character: string): boolean {
  return character >= ' ' && character <= '~'
}

function gbkBytes(character: string): Uint8Array | undefined {
  const gbk = iconv.encode(character, 'cp936')
  const gb18030 = iconv.encode(character, 'gb18030')
  return gbk.length === 2 && gbk.equals(gb18030) ? Uint8Array.from(gbk) : undefined
}
