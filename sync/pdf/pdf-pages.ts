/**
 * How many pages a PDF has, without opening it: page objects are counted in the plain bytes and in object streams
 * (ISO 32000-1 §7.5.7, PDF 1.5 on), and held against the page tree's own `/Count` (§7.7.3.2). A library that opens
 * the whole file would be a larger surface than this check is worth. What cannot be looked into is refused: a paper
 * whose pages nobody can count goes to the window.
 */
import { promisify } from 'node:util'
import { inflate, inflateSync } from 'node:zlib'
import { BETWEEN, dictionaryAround, END, hasName, letters, name, numberOf } from './pdf-dictionary.ts'

/** Of all object streams unpacked: 200 pages have a few hundred KiB; with it, what a hostile file can cost. */
const MAX_UNPACKED_BYTES = 16 * 1024 * 1024
/** 200 pages have some dozens of either. */
const MAX_STREAMS = 1000
const MAX_TREES = 500

export type PageCount =
  | {
      outcome: 'counted'
      /** As the page tree says. */
      pages: number
      /** Page objects: more than pages where a file was changed by appending to it, such as by signing. */
      objects: number
    }
  | { outcome: 'encrypted' }
  /** No PDF, damaged, or built in a way that hides its pages from this count. */
  | { outcome: 'uncountable' }

const UNCOUNTABLE: PageCount = { outcome: 'uncountable' }
const ENCRYPT = new RegExp(name('Encrypt'))
const PAGE = new RegExp(`${name('Type')}${BETWEEN}/${letters('Page')}(${letters('s')})?${END}`, 'g')
const OBJECT_STREAM = new RegExp(name('Type') + BETWEEN + name('ObjStm'), 'g')
/** Of filters and their parameters alike. */
const ANY_FILTER = new RegExp(letters('Decode'), 'g')
const unpack = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflate)

/** Unpacks aside, so that whatever an issuer sends holds up nobody. */
export async function countPages(pdf: Uint8Array): Promise<PageCount> {
  const counting = countingPages(pdf)
  let step = counting.next()
  while (!step.done) {
    const { packed, left } = step.value
    step = counting.next(await unpack(packed, { maxOutputLength: left }).catch(() => null))
  }
  return step.value
}

/** At once, for a file of the hall's own that is read while it starts. */
export function countPagesNow(pdf: Uint8Array): PageCount {
  const counting = countingPages(pdf)
  let step = counting.next()
  while (!step.done) step = counting.next(unpackNow(step.value))
  return step.value
}

interface Packed {
  packed: Buffer
  /** Bytes that may come of it. */
  left: number
}

function unpackNow({ packed, left }: Packed): Buffer | null {
  try {
    return inflateSync(packed, { maxOutputLength: left })
  } catch {
    return null
  }
}

function* countingPages(pdf: Uint8Array): Generator<Packed, PageCount, Buffer | null> {
  // Latin-1 keeps one character a byte, so that places found are places in the bytes.
  const text = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength).toString('latin1')
  if (!text.startsWith('%PDF-')) return UNCOUNTABLE
  if (ENCRYPT.test(text)) return { outcome: 'encrypted' }
  const counts = [countIn(text)]
  let left = MAX_UNPACKED_BYTES
  let streams = 0
  for (const { index } of text.matchAll(OBJECT_STREAM)) {
    streams += 1
    const packed = packedAt(text, index)
    if (packed === null || streams > MAX_STREAMS) return UNCOUNTABLE
    if (packed === 'plain') continue
    const inner = yield { packed, left: Math.max(1, left) }
    if (inner === null) return UNCOUNTABLE
    left -= inner.byteLength
    counts.push(countIn(inner.toString('latin1')))
  }
  let [pages, objects] = [0, 0]
  for (const one of counts) {
    if (one === null) return UNCOUNTABLE
    pages = Math.max(pages, one.pages)
    objects += one.objects
  }
  // Pages that the tree has and this count has not seen are hidden somewhere.
  return pages === 0 || objects < pages ? UNCOUNTABLE : { outcome: 'counted', pages, objects }
}

/** Null: a page tree whose count cannot be read. */
function countIn(text: string): { pages: number; objects: number } | null {
  let [pages, objects, trees] = [0, 0, 0]
  for (const { index, 1: tree } of text.matchAll(PAGE)) {
    if (tree === undefined) {
      objects += 1
      continue
    }
    trees += 1
    const dictionary = trees > MAX_TREES ? null : dictionaryAround(text, index)
    const count = dictionary === null ? null : numberOf(dictionary, 'Count')
    if (count === null) return null
    pages = Math.max(pages, count)
  }
  return { pages, objects }
}

/** The packed bytes of the object stream whose type stands there; `plain`: it is not packed, so counted already. */
function packedAt(text: string, index: number): Buffer | 'plain' | null {
  const dictionary = dictionaryAround(text, index)
  if (dictionary === null) return null
  if (!hasName(dictionary, 'Filter')) return 'plain'
  // Another filter, a chain of them, or a predictor would need a reader of its own; writers use this one.
  const [first, second] = dictionary.own.matchAll(ANY_FILTER)
  if (!hasName(dictionary, 'FlateDecode') || first === undefined || second !== undefined) return null
  const opens = /^\s{0,8}stream\r?\n/.exec(text.slice(dictionary.end, dictionary.end + 32))
  if (opens === null) return null
  const start = dictionary.end + opens[0].length
  const end = text.indexOf('endstream', start + (numberOf(dictionary, 'Length') ?? 0))
  return end < 0 ? null : Buffer.from(text.slice(start, end), 'latin1')
}
