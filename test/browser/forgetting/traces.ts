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
  const sought = Object.entries(planted).flatMap(([what, text]) =>
    writingsOf(text).map(({ writing, bytes: needle }) => ({ trace: `${what} in ${writing}`, needle })),
  )
  const found = foundIn(
    bytes,
    sought.map(({ needle }) => needle),
  )
  return sought.filter((_, index) => found.has(index)).map(({ trace }) => trace)
}

/** Of each needle its last four bytes are looked at first, in one table for all of them. */
const TAIL_BYTES = 4
const TABLE_BITS = 16
/** Knuth, The Art of Computer Programming 3, §6.4: spreads what differs in few bits. */
const SPREAD = 0x9e3779b1
const placeOf = (tail: number): number => Math.imul(tail, SPREAD) >>> (32 - TABLE_BITS)

/** Hundreds of needles in a hundred megabytes: one pass over them instead of one for each. */
function foundIn(bytes: Buffer, needles: readonly Buffer[]): Set<number> {
  const found = new Set<number>()
  const table = new Map<number, number[]>()
  const isTaken = new Uint8Array(2 ** TABLE_BITS)
  for (const [index, needle] of needles.entries()) {
    if (needle.length < TAIL_BYTES) {
      if (bytes.includes(needle)) found.add(index)
      continue
    }
    const place = placeOf(needle.readInt32LE(needle.length - TAIL_BYTES))
    isTaken[place] = 1
    table.set(place, [...(table.get(place) ?? []), index])
  }
  let tail = 0
  for (let at = 0; at < bytes.length; at += 1) {
    tail = (tail >>> 8) | ((bytes[at] ?? 0) << 24)
    const place = Math.imul(tail, SPREAD) >>> (32 - TABLE_BITS)
    if (isTaken[place] === 0) continue
    for (const index of table.get(place) ?? []) {
      const needle = needles[index]
      if (needle === undefined || found.has(index)) continue
      const from = at + 1 - needle.length
      if (from >= 0 && needle.equals(bytes.subarray(from, at + 1))) found.add(index)
    }
  }
  return found
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
