/** Looks for what was planted, in each way in which a program could have written it down. */
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import iconv from 'iconv-lite'

/** A text's bytes begin at any of three places in a base64 group. */
const BASE64_SHIFTS = [0, 1, 2]
/** What is shorter stands in any large file by chance. */
const LEAST_BASE64 = 8

const escaped = (text: string, digits: (code: number) => string): string =>
  text.replace(/[^\u0020-\u007e]/g, (unit) => `\\u${digits(unit.charCodeAt(0)).padStart(4, '0')}`)

/** The characters of base64 that hang on the text alone, and not on what stands before or after it. */
const base64Of = (bytes: Buffer, shift: number): string => {
  const whole = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .replace(/=+$/, '')
  return whole.slice(shift === 0 ? 0 : shift + 1, -1)
}

/** Each writing of a text, as bytes. */
export function writingsOf(text: string): { writing: string; bytes: Buffer }[] {
  const utf8 = Buffer.from(text, 'utf8')
  const base64 = BASE64_SHIFTS.map((shift) => base64Of(utf8, shift)).filter(
    ({ length }) => length >= LEAST_BASE64,
  )
  const texts = {
    'JSON escapes': escaped(text, (code) => code.toString(16)),
    'JSON escapes in capitals': escaped(text, (code) => code.toString(16).toUpperCase()),
    'percent signs': encodeURIComponent(text),
    hexadecimal: utf8.toString('hex'),
  }
  const all = [
    { writing: 'UTF-8', bytes: utf8 },
    { writing: 'UTF-16', bytes: Buffer.from(text, 'utf16le') },
    { writing: 'UTF-16, big end first', bytes: Buffer.from(text, 'utf16le').swap16() },
    { writing: 'GB18030', bytes: iconv.encode(text, 'gb18030') },
    ...Object.entries(texts).map(([writing, one]) => ({ writing, bytes: Buffer.from(one) })),
    ...base64.flatMap((one) => [
      { writing: 'base64', bytes: Buffer.from(one) },
      { writing: 'base64url', bytes: Buffer.from(one.replaceAll('+', '-').replaceAll('/', '_')) },
    ]),
  ]
  const seen = new Set<string>()
  return all.filter(({ bytes }) => {
    const key = bytes.toString('latin1')
    return bytes.length > 0 && !seen.has(key) && seen.add(key)
  })
}

/** What was planted, by what it is called in a test's report: the report itself must not be one more place. */
export type Planted = Record<string, string>

/** Which of them stand in these bytes, and in which writing. */
export function tracesIn(bytes: Buffer, planted: Planted): string[] {
  return Object.entries(planted).flatMap(([what, text]) =>
    writingsOf(text)
      .filter((one) => bytes.includes(one.bytes))
      .map(({ writing }) => `${what} in ${writing}`),
  )
}

/** The same of every file below a folder, its name included. */
export async function tracesBelow(folder: string, planted: Planted): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(folder, path)
    const named = tracesIn(Buffer.from(name), planted)
    const held = entry.isFile() ? tracesIn(await readFile(path), planted) : []
    found.push(...[...named, ...held].map((trace) => `${name}: ${trace}`))
  }
  return found
}
