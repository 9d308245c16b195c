/**
 * The objects of a document as a PDF file: its streams compressed, and all other objects in one more (ISO 32000-1
 * §7.5.7, since PDF 1.5). The tags of a paper are hundreds of small objects; written out as text they would be a fifth
 * of the file.
 */
import { deflated } from './deflate.ts'
import type { PdfObject, PdfObjects } from './gathered-document.ts'

/** The second line has bytes above 127, so that nobody takes the file for text (§7.5.2). */
const HEAD = Buffer.from('%PDF-1.7\n%\xff\xff\xff\xff\n', 'latin1')

/** Widths of a cross-reference entry: its kind, an offset or a stream's number, a place in that stream. */
const FIELD_BYTES = [1, 3, 2] as const
const FREE = 0
const PLAIN = 1
const PACKED = 2
/** Generation 65535 says that number 0 is never given away. */
const NEVER = 0xffff

type Entry = readonly [kind: number, first: number, second: number]

/** One buffer of its own: a pooled one could not be transferred between threads. */
export async function packed({ objects, trailer }: PdfObjects): Promise<Uint8Array<ArrayBuffer>> {
  const small = objects.filter(({ stream }) => stream === null)
  const size = objects.reduce((greatest, { number }) => Math.max(greatest, number), 0) + 1
  const [packNumber, tableNumber] = [size, size + 1]
  const entries = new Map<number, Entry>(
    small.map(({ number }, index) => [number, [PACKED, packNumber, index]]),
  )
  const parts: Uint8Array[] = [HEAD]
  let length = HEAD.length
  const add = (number: number, keys: string, bytes: Buffer) => {
    entries.set(number, [PLAIN, length, 0])
    const dictionary = `<< ${keys} /Filter /FlateDecode /Length ${bytes.length} >>`
    const before = Buffer.from(`${number} 0 obj\n${dictionary}\nstream\n`, 'latin1')
    parts.push(before, bytes, STREAM_END)
    length += before.length + bytes.length + STREAM_END.length
  }

  const pack = packOf(small)
  add(packNumber, pack.keys, await deflated(pack.data))
  for (const { number, text, stream } of objects) {
    if (stream !== null) add(number, keysOf(text, /\/Length \d+/), await stream)
  }
  const tableAt = length
  entries.set(tableNumber, [PLAIN, tableAt, 0])
  const keys = `/Type /XRef /Size ${size + 2} /W [${FIELD_BYTES.join(' ')}] ${keysOf(trailer, /\/Size \d+/)}`
  add(tableNumber, keys, await deflated(tableOf(entries, size + 2)))
  parts.push(Buffer.from(`startxref\n${tableAt}\n%%EOF\n`, 'latin1'))
  return joined(parts)
}

const STREAM_END = Buffer.from('\nendstream\nendobj\n', 'latin1')

/** What stands in a dictionary, but for what is another in this file. */
function keysOf(dictionary: string, without: RegExp): string {
  return dictionary
    .slice(dictionary.indexOf('<<') + 2, dictionary.lastIndexOf('>>'))
    .replace(without, '')
    .trim()
}

/** Objects one behind the other, and before them where each begins. */
function packOf(objects: readonly PdfObject[]): { keys: string; data: Buffer } {
  let offset = 0
  const index = objects.map(({ number, text }) => {
    const place = `${number} ${offset}`
    offset += text.length + 1
    return place
  })
  const head = `${index.join(' ')}\n`
  const data = Buffer.from(`${head}${objects.map(({ text }) => text).join('\n')}\n`, 'latin1')
  return { keys: `/Type /ObjStm /N ${objects.length} /First ${head.length}`, data }
}

function tableOf(entries: ReadonlyMap<number, Entry>, size: number): Buffer {
  const table = Buffer.alloc(size * FIELD_BYTES.reduce((sum, bytes) => sum + bytes, 0))
  let at = 0
  for (let number = 0; number < size; number += 1) {
    for (const [index, value] of (entries.get(number) ?? [FREE, 0, NEVER]).entries()) {
      at = table.writeUIntBE(value, at, FIELD_BYTES[index] ?? 1)
    }
  }
  return table
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
