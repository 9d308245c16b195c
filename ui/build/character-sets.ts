import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import iconv from 'iconv-lite'

const FIRST_BYTE = { first: 0xa1, last: 0xf7 }
const SECOND_BYTE = { first: 0xa1, last: 0xfe }

/** Every character of GB/T 2312-1980: 6,763 hanzi and 682 signs; the script of everyday words. */
export function gb2312(): Set<number> {
  const found = new Set<number>()
  for (let first = FIRST_BYTE.first; first <= FIRST_BYTE.last; first++) {
    for (let second = SECOND_BYTE.first; second <= SECOND_BYTE.last; second++) {
      const text = iconv.decode(Buffer.from([first, second]), 'gb2312')
      const point = text.codePointAt(0)
      if (text.length === 1 && point !== undefined && text !== '\ufffd') found.add(point)
    }
  }
  return found
}

/** Printable ASCII and the Latin-1 signs. */
export function latin(): Set<number> {
  const found = new Set<number>()
  for (let point = 0x20; point <= 0xff; point++) if (point < 0x7f || point >= 0xa0) found.add(point)
  return found
}

/** Every character of the catalogues below `folder`, so that no word of a page waits for the rare face. */
export function inCatalogues(folder: string): Set<number> {
  const found = new Set<number>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\/(words|i18n)(\/|$)/.test(entry.parentPath)) continue
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8')
    for (const character of text) {
      const point = character.codePointAt(0)
      if (point !== undefined && point >= 0x20) found.add(point)
    }
  }
  return found
}

/**
 * A CSS `unicode-range` value that holds every one of `points` and none of `others`. Points in neither set may
 * fall inside, which keeps the list short.
 */
export function unicodeRange(points: Set<number>, others: Set<number>): string {
  const all = [...points].map((point) => ({ point, wanted: true }))
  for (const point of others) if (!points.has(point)) all.push({ point, wanted: false })
  all.sort((a, b) => a.point - b.point)
  const ranges: string[] = []
  let first: number | null = null
  let last = 0
  const close = () => {
    if (first === null) return
    const from = first.toString(16)
    ranges.push(first === last ? `U+${from}` : `U+${from}-${last.toString(16)}`)
    first = null
  }
  for (const { point, wanted } of all) {
    if (!wanted) close()
    else {
      first ??= point
      last = point
    }
  }
  close()
  return ranges.join(',')
}
