/**
 * How many pages a PDF has, without reading it: page objects are counted in the plain bytes and in object streams
 * (ISO 32000-1 §7.5.7, PDF 1.5 on), and the largest `/Count` of a page tree (§7.7.3.2) is taken where it says more.
 * A library that opens the whole file would be a larger surface than this check is worth; a wrong count can only
 * refuse a paper, and a printer has its own limit behind this one.
 */
import { inflateSync } from 'node:zlib'

/** Of an object stream unpacked: writers put 100 or 200 small objects in each. */
const MAX_STREAM_BYTES = 512 * 1024
/** Object streams looked into: 200 pages have some dozens. With the bytes of each, what a hostile file can cost. */
const MAX_STREAMS = 256

/** Page trees looked at: 200 pages have perhaps twenty nodes. */
const MAX_TREES = 500

/** How long the dictionary of a stream or a page tree is taken to be, on either side of its type. */
const DICTIONARY_BYTES = 2048

/** Null: no PDF, encrypted, or one without a page that could be found. */
export function countPages(pdf: Uint8Array): number | null {
  // Latin-1 keeps one character a byte, so that places found are places in the bytes.
  const text = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength).toString('latin1')
  if (!text.startsWith('%PDF-') || /\/Encrypt\b/.test(text)) return null
  let { pages, claimed } = countIn(text)
  for (const inner of objectStreams(text)) {
    const more = countIn(inner)
    pages += more.pages
    claimed = Math.max(claimed, more.claimed)
  }
  return pages === 0 ? null : Math.max(pages, claimed)
}

function countIn(text: string): { pages: number; claimed: number } {
  let pages = 0
  let claimed = 0
  let trees = 0
  for (const { index, 1: tree } of text.matchAll(/\/Type\s*\/Page(s?)(?![A-Za-z])/g)) {
    if (tree === '') pages += 1
    else if (trees < MAX_TREES) {
      trees += 1
      const near = text.slice(Math.max(0, index - DICTIONARY_BYTES), index + DICTIONARY_BYTES)
      for (const { 1: count } of near.matchAll(/\/Count\s+(\d{1,9})/g))
        claimed = Math.max(claimed, Number(count))
    }
  }
  return { pages, claimed }
}

/** One after the other, so that no byte is unpacked twice. */
function* objectStreams(text: string): Generator<string> {
  const type = /\/Type\s*\/ObjStm\b/g
  let from = 0
  for (let looked = 0; looked < MAX_STREAMS; looked += 1) {
    type.lastIndex = from
    if (!type.test(text)) return
    from = type.lastIndex
    const opens = /stream\r?\n/.exec(text.slice(from, from + DICTIONARY_BYTES))
    if (opens === null) continue
    const start = from + opens.index + opens[0].length
    const end = text.indexOf('endstream', start)
    if (end < 0) return
    from = end
    const inner = inflated(text.slice(start, end))
    if (inner !== null) yield inner
  }
}

function inflated(packed: string): string | null {
  try {
    return inflateSync(Buffer.from(packed, 'latin1'), { maxOutputLength: MAX_STREAM_BYTES }).toString(
      'latin1',
    )
  } catch {
    return null
  }
}
