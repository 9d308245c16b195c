/**
 * A finished PDF compressed: its streams, and all its other objects in one more (ISO 32000-1 §7.5.7, since PDF 1.5). The
 * tags of a paper are hundreds of small objects, which pdfkit writes out as plain text: a fifth of the file.
 */
import { deflateSync } from 'node:zlib'

const ENTRY_BYTES = 20
/** Widths of a cross-reference entry: its kind, an offset or a stream's number, a place in that stream. */
const FIELD_BYTES = [1, 3, 2] as const
const STREAM = '\nstream\n'
/** A twentieth larger than with zlib's usual 6, in two thirds of its time. */
const DEFLATE_LEVEL = 1
/** zlib's answer may be longer than what it was given: 5 bytes for each 16 kB and 6 besides; also its least room. */
const GROWTH_MAXIMUM_BYTES = 1024
const FREE = 0
const PLAIN = 1
const PACKED = 2
/** Generation 65535 says that number 0 is never given away. */
const NEVER = 0xffff

interface Body {
  number: number
  bytes: Buffer
}

/**
 * With room for the whole answer, which zlib would otherwise gather in pieces. Here and not in zlib's own threads: a
 * paper's few streams are done in less time than it takes to hand them over, wake those threads and hear of it.
 */
function deflated(data: Buffer): Buffer {
  return deflateSync(data, { level: DEFLATE_LEVEL, chunkSize: data.length + GROWTH_MAXIMUM_BYTES })
}

/**
 * The same document, smaller; only for what pdfkit has just made, one section and one table.
 * @throws when its end is not that of such a file
 */
export function packed(pdf: Uint8Array): Uint8Array<ArrayBuffer> {
  const file = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength)
  const { offsets, tableAt, trailer } = crossReferences(file)
  const ends = [...offsets.values(), tableAt].toSorted((one, other) => one - other)
  const head = file.subarray(0, ends[0])
  const parts: Buffer[] = [head]
  const small: Body[] = []
  const size = Math.max(0, ...offsets.keys()) + 1
  const [streamNumber, tableNumber] = [size, size + 1]
  const entries = new Map<number, readonly [number, number, number]>([[0, [FREE, 0, NEVER]]])
  let length = head.length
  const next = new Map(ends.map((end, index) => [end, ends[index + 1] ?? tableAt]))
  const add = (number: number, stream: Buffer) => {
    entries.set(number, [PLAIN, length, 0])
    parts.push(stream)
    length += stream.length
  }
  for (const [number, offset] of offsets) {
    const whole = file.subarray(offset, next.get(offset))
    const stream = streamIn(whole)
    if (stream !== null) {
      add(number, streamOf(number, stream.keys, stream.data))
      continue
    }
    entries.set(number, [PACKED, streamNumber, small.length])
    small.push({ number, bytes: bodyOf(whole) })
  }
  add(streamNumber, objectStream(streamNumber, small))
  entries.set(tableNumber, [PLAIN, length, 0])
  const table = Buffer.alloc((size + 2) * FIELD_BYTES.reduce((sum, bytes) => sum + bytes, 0))
  let at = 0
  for (let number = 0; number < size + 2; number += 1) {
    const fields = entries.get(number) ?? [FREE, 0, NEVER]
    for (const [index, value] of fields.entries()) at = table.writeUIntBE(value, at, FIELD_BYTES[index] ?? 1)
  }
  const keys = `/Type /XRef /Size ${size + 2} /W [${FIELD_BYTES.join(' ')}] ${trailer}`
  parts.push(streamOf(tableNumber, keys, table), Buffer.from(`startxref\n${length}\n%%EOF\n`, 'latin1'))
  return joined(parts)
}

function crossReferences(file: Buffer): { offsets: Map<number, number>; tableAt: number; trailer: string } {
  const tail = file.subarray(file.lastIndexOf('startxref')).toString('latin1')
  const tableAt = Number(/^startxref\s+(\d+)/.exec(tail)?.[1])
  const opening = /^xref\s0 (\d+)\n/.exec(file.toString('latin1', tableAt, tableAt + 32))
  const trailerAt = file.lastIndexOf('trailer')
  const trailer = /^trailer\s+<<(.*?)>>\s+startxref/s.exec(file.toString('latin1', trailerAt))?.[1]
  if (!opening || trailer === undefined) throw new Error('the PDF does not end in a table of its objects')
  const offsets = new Map<number, number>()
  for (let number = 1; number < Number(opening[1]); number += 1) {
    const at = tableAt + opening[0].length + number * ENTRY_BYTES
    const entry = file.toString('latin1', at, at + ENTRY_BYTES)
    if (entry[17] === 'n') offsets.set(number, Number(entry.slice(0, 10)))
  }
  return { offsets, tableAt, trailer: trailer.replace(/\/Size \d+/, '').trim() }
}

/** pdfkit's streams come as they are; null for an object that is none. */
function streamIn(whole: Buffer): { keys: string; data: Buffer } | null {
  const opens = whole.indexOf(STREAM)
  const length = opens < 0 ? null : /\/Length (\d+)/.exec(whole.toString('latin1', 0, opens))
  if (length === null) return null
  const keys = whole.toString('latin1', whole.indexOf('<<') + 2, whole.lastIndexOf('>>', opens))
  const data = whole.subarray(opens + STREAM.length, opens + STREAM.length + Number(length[1]))
  return { keys: keys.replace(length[0], '').trim(), data }
}

/** Between `7 0 obj` and `endobj`. */
function bodyOf(whole: Buffer): Buffer {
  return whole.subarray(whole.indexOf('obj') + 4, whole.lastIndexOf('endobj'))
}

function objectStream(number: number, bodies: readonly Body[]): Buffer {
  let offset = 0
  const index = bodies.map(({ number: own, bytes }) => {
    const place = `${own} ${offset}`
    offset += bytes.length
    return place
  })
  const head = Buffer.from(`${index.join(' ')}\n`, 'latin1')
  const data = Buffer.concat([head, ...bodies.map(({ bytes }) => bytes)])
  return streamOf(number, `/Type /ObjStm /N ${bodies.length} /First ${head.length}`, data)
}

function streamOf(number: number, keys: string, data: Buffer): Buffer {
  const bytes = deflated(data)
  const before = `${number} 0 obj\n<< ${keys} /Filter /FlateDecode /Length ${bytes.length} >>\nstream\n`
  return Buffer.concat([Buffer.from(before, 'latin1'), bytes, Buffer.from('\nendstream\nendobj\n', 'latin1')])
}

/** One buffer of its own: a pooled one could not be transferred between threads. */
function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
