/**
 * IPP messages as the printer's side sees them (RFC 8010 §3): in the order and with the tags in which they came. It
 * shares nothing with the driver's codec, so that each is judged by the other.
 */
export interface WireAttribute {
  name: string
  tag: number
  values: Buffer[]
}

export interface WireGroup {
  tag: number
  attributes: WireAttribute[]
}

export interface WireMessage {
  version: number
  /** The operation of a request, the status of an answer. */
  code: number
  requestId: number
  groups: WireGroup[]
  document: Uint8Array
}

export const GROUP = { operation: 0x01, job: 0x02, printer: 0x04 } as const
export const TAG = {
  integer: 0x21,
  boolean: 0x22,
  enum: 0x23,
  text: 0x41,
  name: 0x42,
  keyword: 0x44,
  uri: 0x45,
  charset: 0x47,
  language: 0x48,
  mime: 0x49,
} as const

const HEADER_BYTES = 8
const END = 0x03
const LAST_DELIMITER = 0x0f

/** Reads one request; a fault says what no printer would have understood. */
export function readMessage(
  bytes: Buffer,
): { ok: true; message: WireMessage } | { ok: false; fault: string } {
  if (bytes.length < HEADER_BYTES) return { ok: false, fault: 'shorter than an IPP header' }
  const groups: WireGroup[] = []
  let at = HEADER_BYTES
  const field = (): Buffer | undefined => {
    if (at + 2 > bytes.length) return undefined
    const end = at + 2 + bytes.readUInt16BE(at)
    const value = end > bytes.length ? undefined : bytes.subarray(at + 2, end)
    at = end
    return value
  }
  for (;;) {
    const tag = bytes[at]
    if (tag === undefined) return { ok: false, fault: 'no end of attributes' }
    at += 1
    if (tag === END) break
    if (tag <= LAST_DELIMITER) {
      groups.push({ tag, attributes: [] })
      continue
    }
    const name = field()
    const value = field()
    const attributes = groups.at(-1)?.attributes
    if (name === undefined || value === undefined || attributes === undefined)
      return { ok: false, fault: 'an attribute that ends behind the message, or before any group' }
    if (name.length > 0) attributes.push({ name: name.toString('utf8'), tag, values: [value] })
    else if (attributes.at(-1)?.values.push(value) === undefined)
      return { ok: false, fault: 'a further value of no attribute' }
  }
  return {
    ok: true,
    message: {
      version: bytes.readUInt16BE(0),
      code: bytes.readUInt16BE(2),
      requestId: bytes.readInt32BE(4),
      groups,
      document: Uint8Array.from(bytes.subarray(at)),
    },
  }
}

export function writeMessage(message: Omit<WireMessage, 'document'>): Buffer {
  const head = Buffer.alloc(HEADER_BYTES)
  head.writeUInt16BE(message.version, 0)
  head.writeUInt16BE(message.code, 2)
  head.writeInt32BE(message.requestId, 4)
  const parts: Buffer[] = [head]
  for (const group of message.groups) {
    parts.push(Buffer.of(group.tag))
    for (const { name, tag, values } of group.attributes) {
      for (const [index, value] of values.entries())
        parts.push(Buffer.of(tag), sized(Buffer.from(index === 0 ? name : '')), sized(value))
    }
  }
  return Buffer.concat([...parts, Buffer.of(END)])
}

function sized(value: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(value.length)
  return Buffer.concat([length, value])
}

/** One attribute of text-like values, or of numbers as four bytes, or of one boolean. */
export function attribute(
  name: string,
  tag: number,
  ...values: readonly (string | number | boolean)[]
): WireAttribute {
  return { name, tag, values: values.map(valueBytes) }
}

function valueBytes(value: string | number | boolean): Buffer {
  if (typeof value === 'string') return Buffer.from(value, 'utf8')
  if (typeof value === 'boolean') return Buffer.of(value ? 1 : 0)
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
