/** Lines for an 80-column terminal, where a Chinese character is two columns wide. */

/** East Asian Width W and F (Unicode UAX #11), as far as anything here is written in them. */
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|[\u{1F300}-\u{1FAFF}]|[\u{20000}-\u{3FFFD}]/u

/** Control characters and those that turn the direction of writing: a device names itself, a terminal obeys. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu

/** No line begins with these, none ends with those (JLREQ and CLREQ, the usual few). */
const NOT_FIRST = /^[，。；：、！？）」』”]|^[,.;:!?)]+$/u
const NOT_LAST = /[（「『“(]$/u

export const printable = (text: string): string => text.replace(UNPRINTABLE, '·')

export const columnsOf = (text: string): number => {
  let columns = 0
  for (const character of text) columns += WIDE.test(character) ? 2 : 1
  return columns
}

/** Fills up with spaces to so many columns. */
export const padded = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - columnsOf(text)))

/** Breaks at spaces and between Chinese characters; a word longer than the line has a line of its own. */
export const wrapped = (text: string, columns: number): string[] => {
  const lines: string[] = []
  let line = ''
  for (const piece of piecesOf(text)) {
    if (line !== '' && columnsOf((line + piece).trimEnd()) > columns) {
      lines.push(line.trimEnd())
      line = ''
    }
    line += line === '' ? piece.trimStart() : piece
  }
  return line.trimEnd() === '' ? lines : [...lines, line.trimEnd()]
}

/** A word of a command line, quotes and all. */
const SHELL_WORD = /(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+/g

/** A command line in lines no wider than that, as a shell reads them: behind `&&`, otherwise by a backslash. */
export const continued = (command: string, columns: number): string[] => {
  if (columnsOf(command) <= columns) return [command]
  const lines: string[] = []
  let line = ''
  for (const word of command.match(SHELL_WORD) ?? []) {
    if (line !== '' && columnsOf(`${line} ${word} \\`) > columns) {
      lines.push(`${line} \\`)
      line = ''
    }
    line = line === '' ? word : `${line} ${word}`
    if (word === '&&') {
      lines.push(line)
      line = ''
    }
  }
  return line === '' ? lines : [...lines, line]
}

/** What stays together: a word with the space behind it, or a Chinese character with its punctuation. */
const piecesOf = (text: string): string[] => {
  const pieces: string[] = []
  for (const unit of text.match(/\s+|[^\s\u2E80-\uFFEF]+|[^\s]/gu) ?? []) {
    const last = pieces.at(-1)
    const together = last !== undefined && (/^\s/.test(unit) || NOT_FIRST.test(unit) || NOT_LAST.test(last))
    if (together) pieces[pieces.length - 1] = last + unit
    else pieces.push(unit)
  }
  return pieces
}
