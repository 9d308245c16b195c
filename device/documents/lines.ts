import type { Face } from './faces.ts'
import { mayBreakBetween } from './punctuation.ts'

/** Lines of at most `width` points; a line feed in the text begins a new line. */
export function breakLines(text: string, face: Face, size: number, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines = breakParagraph(paragraph.trim(), face, size, width)
    if (!isStub(lines)) return lines
    const fuller = breakParagraph(paragraph.trim(), face, size, width - STUB_CHARACTERS * size)
    return fuller.length === lines.length ? fuller : lines
  })
}

/** A last line this short looks like an accident; the lines before it give it company when they can. */
const STUB_CHARACTERS = 2

function isStub(lines: readonly string[]): boolean {
  return lines.length > 1 && [...(lines.at(-1) ?? '')].length <= STUB_CHARACTERS
}

function breakParagraph(text: string, face: Face, size: number, width: number): string[] {
  const lines: string[] = []
  let line = ''
  /** Without what punctuation gives back: never narrower than the line, and cheap to keep up to date. */
  let atMost = 0
  for (const piece of pieces(text)) {
    const pieceAtMost = face.advance(piece, size)
    if (atMost + pieceAtMost <= width || face.width((line + piece).trimEnd(), size) <= width) {
      line += piece
      atMost += pieceAtMost
      continue
    }
    if (line !== '') lines.push(line.trimEnd())
    line = piece.trimStart()
    atMost = pieceAtMost
    // A word wider than the line (a code without spaces) has to be torn somewhere.
    while (face.width(line.trimEnd(), size) > width) {
      const fits = longestStart(line, face, size, width)
      lines.push(fits)
      line = line.slice(fits.length)
      atMost = face.advance(line, size)
    }
  }
  lines.push(line.trimEnd())
  return lines
}

/** What stays together: a word, or a character with the punctuation that may not leave it. */
function pieces(text: string): string[] {
  const result: string[] = []
  let piece = ''
  let previous: string | undefined
  for (const character of text) {
    const breaks =
      previous !== undefined &&
      (previous === ' ' ? character !== ' ' : character !== ' ' && mayBreakBetween(previous, character))
    if (breaks) {
      result.push(piece)
      piece = ''
    }
    piece += character
    previous = character
  }
  if (piece !== '') result.push(piece)
  return result
}

/** At least one character, so that nothing goes on for ever in a column narrower than a character. */
function longestStart(text: string, face: Face, size: number, width: number): string {
  let start = ''
  for (const character of text) {
    if (start !== '' && face.width(start + character, size) > width) break
    start += character
  }
  return start
}
