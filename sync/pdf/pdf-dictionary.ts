/** The dictionary around a place in a PDF's text (ISO 32000-1 §7.3.7), and names as files may spell them (§7.3.5). */

/** On either side of a place: a page tree of 200 pages lists them in 2 KiB. */
const REACH = 16 * 1024

/**
 * White space as files have it: a search must not run on without end. A comment may stand there too, and none does;
 * what is hidden behind one is not found, and refused for that.
 */
export const BETWEEN = '[\\s\\0]{0,64}'
/** Behind a name: no more of its characters. */
export const END = '(?![^\\s\\0()<>\\[\\]{}/%])'

/** A pattern for letters of a name, each plain or as `#xx`. */
export function letters(text: string): string {
  return [...text]
    .map((letter) => {
      const hex = letter.charCodeAt(0).toString(16).padStart(2, '0')
      return `(?:${letter}|#${hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)})`
    })
    .join('')
}

/** A pattern for a whole name. */
export function name(text: string): string {
  return `/${letters(text)}${END}`
}

export interface Dictionary {
  /** What it holds itself, without the dictionaries in it and without strings. */
  own: string
  /** The place behind it. */
  end: number
}

/** Null: none that begins and ends within reach. */
export function dictionaryAround(text: string, index: number): Dictionary | null {
  const from = Math.max(0, index - REACH)
  let open = -1
  let depth = 0
  for (const { 0: token, index: at } of [...text.slice(from, index).matchAll(/<<|>>/g)].reverse()) {
    if (token === '>>') depth += 1
    else if (depth > 0) depth -= 1
    else {
      open = from + at
      break
    }
  }
  if (open < 0) return null
  let own = ''
  let kept = 0
  const ahead = text.slice(open, index + REACH)
  for (const { 0: token, index: at } of ahead.matchAll(/<<|>>|\((?:\\[\s\S]|[^\\()]){0,2048}\)/g)) {
    if (depth === 1) own += `${ahead.slice(kept, at)} `
    if (token === '<<') depth += 1
    else if (token === '>>') depth -= 1
    if (depth === 0) return { own, end: open + at + token.length }
    kept = at + token.length
  }
  return null
}

export function hasName({ own }: Dictionary, text: string): boolean {
  return new RegExp(name(text)).test(own)
}

/** Null: not there, or told elsewhere in the file. */
export function numberOf({ own }: Dictionary, key: string): number | null {
  const found = new RegExp(`${name(key)}${BETWEEN}(\\d{1,9})(?![\\d.])(?!\\s+\\d+\\s+R)`).exec(own)
  return found === null ? null : Number(found[1])
}
