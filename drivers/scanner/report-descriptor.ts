/**
 * Reads where the fields of HID reports lie (USB HID 1.11, 6.2.2). Small and strict: a descriptor with anything in
 * it that cannot be right is no descriptor, because an offset that is wrong turns one code into another.
 */

/** A run of equal elements with one usage. Offsets count from the report's first bit after its id. */
export interface ReportField {
  kind: 'input' | 'output'
  reportId: number
  usagePage: number
  usage: number
  bitOffset: number
  bitSize: number
  count: number
}

export interface ReportDescriptor {
  fields: ReportField[]
  /** Whole bytes of a report, its id included where reports are numbered; 0 for a report that is not there. */
  reportBytes(kind: ReportField['kind'], reportId: number): number
}

/** What the Linux kernel takes: a descriptor beyond these never became a device. */
const MAX_DESCRIPTOR_BYTES = 4096
const MAX_REPORT_BITS = 16_384 * 8
const MAX_FIELDS = 1024
const MAX_STACK = 4
const MAX_DEPTH = 32
const MAX_REPORT_ID = 0xff

const LONG_ITEM = 0xfe
const ITEM_BYTES = [0, 1, 2, 4] as const
/** Tag and type of an item, which is its first byte without the two bits of its size. */
const ITEM = {
  input: 0x80,
  output: 0x90,
  feature: 0xb0,
  collection: 0xa0,
  endCollection: 0xc0,
  usagePage: 0x04,
  reportSize: 0x74,
  reportId: 0x84,
  reportCount: 0x94,
  push: 0xa4,
  pop: 0xb4,
  usage: 0x08,
  usageMinimum: 0x18,
  usageMaximum: 0x28,
} as const
const CONSTANT = 1 << 0
const VARIABLE = 1 << 1

interface Globals {
  usagePage: number
  reportSize: number
  reportCount: number
  reportId: number
}

/** Undefined for bytes that are no report descriptor. Never throws. */
export function readReportDescriptor(bytes: Uint8Array): ReportDescriptor | undefined {
  if (bytes.length > MAX_DESCRIPTOR_BYTES) return undefined
  const reader = new DescriptorReader()
  let at = 0
  while (at < bytes.length) {
    const prefix = bytes[at] ?? 0
    // A long item carries nothing that is defined; nobody uses it.
    if (prefix === LONG_ITEM) {
      at += 3 + (bytes[at + 1] ?? 0)
      continue
    }
    const size = ITEM_BYTES[prefix & 0x03] ?? 0
    if (at + 1 + size > bytes.length) return undefined
    const value = littleEndian(bytes.subarray(at + 1, at + 1 + size))
    if (!reader.take(prefix & 0xfc, value, size)) return undefined
    at += 1 + size
  }
  return at === bytes.length ? reader.finish() : undefined
}

class DescriptorReader {
  #globals: Globals = { usagePage: 0, reportSize: 0, reportCount: 0, reportId: 0 }
  #stack: Globals[] = []
  #usages: { page: number | undefined; usage: number }[] = []
  #minimum: number | undefined
  #depth = 0
  #fields: ReportField[] = []
  #bits = new Map<string, number>()

  /** False when the item cannot stand here. */
  take(item: number, value: number, size: number): boolean {
    switch (item) {
      case ITEM.usagePage:
        this.#globals.usagePage = value
        return value <= 0xffff
      case ITEM.reportSize:
        this.#globals.reportSize = value
        return value <= MAX_REPORT_BITS
      case ITEM.reportCount:
        this.#globals.reportCount = value
        return value <= MAX_REPORT_BITS
      case ITEM.reportId:
        this.#globals.reportId = value
        return value > 0 && value <= MAX_REPORT_ID
      case ITEM.push:
        this.#stack.push({ ...this.#globals })
        return this.#stack.length <= MAX_STACK
      case ITEM.pop: {
        const globals = this.#stack.pop()
        if (globals !== undefined) this.#globals = globals
        return globals !== undefined
      }
      case ITEM.usage:
        return this.#addUsage(value, size)
      case ITEM.usageMinimum:
        this.#minimum = value
        return true
      case ITEM.usageMaximum:
        return this.#addRange(value, size)
      case ITEM.collection:
        this.#depth += 1
        this.#forgetLocals()
        return this.#depth <= MAX_DEPTH
      case ITEM.endCollection:
        this.#depth -= 1
        this.#forgetLocals()
        return this.#depth >= 0
      case ITEM.input:
        return this.#addFields('input', value)
      case ITEM.output:
        return this.#addFields('output', value)
      case ITEM.feature:
        this.#forgetLocals()
        return true
      default:
        // Units, logical and physical ranges, strings, designators: nothing about where a field lies.
        return true
    }
  }

  finish(): ReportDescriptor | undefined {
    if (this.#depth !== 0 || this.#fields.length === 0) return undefined
    const bits = this.#bits
    const numbered = this.#fields.some((field) => field.reportId !== 0)
    // Once one report has a number, all have: a field before the first id belongs to no report.
    if (numbered && this.#fields.some((field) => field.reportId === 0)) return undefined
    return {
      fields: this.#fields,
      reportBytes: (kind, reportId) => {
        const count = bits.get(`${kind} ${reportId}`)
        return count === undefined ? 0 : Math.ceil(count / 8) + (numbered ? 1 : 0)
      },
    }
  }

  #addUsage(value: number, size: number): boolean {
    // Four bytes name the page as well, in front.
    const page = size === 4 ? value >>> 16 : undefined
    this.#usages.push({ page, usage: value & 0xffff })
    return this.#usages.length <= MAX_FIELDS
  }

  #addRange(maximum: number, size: number): boolean {
    const minimum = this.#minimum
    this.#minimum = undefined
    if (minimum === undefined || minimum > maximum || maximum - minimum >= MAX_REPORT_BITS) return false
    // Elements beyond what is kept only take up room, as every array's do.
    const last = Math.min(maximum, minimum + MAX_FIELDS - this.#usages.length - 1)
    for (let usage = minimum; usage <= last; usage += 1) this.#addUsage(usage, size)
    return true
  }

  #addFields(kind: ReportField['kind'], flags: number): boolean {
    const { reportSize: bitSize, reportCount, reportId, usagePage } = this.#globals
    const key = `${kind} ${reportId}`
    const start = this.#bits.get(key) ?? 0
    const end = start + bitSize * reportCount
    const usages = (flags & CONSTANT) === 0 && (flags & VARIABLE) !== 0 ? this.#usages : []
    this.#forgetLocals()
    if (end > MAX_REPORT_BITS || this.#depth === 0) return false
    this.#bits.set(key, end)
    // One usage for each element, and the last one for all that are left (HID 1.11, 6.2.2.8).
    const named = usages.slice(0, reportCount)
    for (const [index, { page, usage }] of named.entries()) {
      const count = index === named.length - 1 ? reportCount - index : 1
      const bitOffset = start + index * bitSize
      this.#fields.push({ kind, reportId, usagePage: page ?? usagePage, usage, bitOffset, bitSize, count })
    }
    return this.#fields.length <= MAX_FIELDS
  }

  #forgetLocals(): void {
    this.#usages = []
    this.#minimum = undefined
  }
}

function littleEndian(bytes: Uint8Array): number {
  let value = 0
  for (const [index, byte] of bytes.entries()) value += byte * 256 ** index
  return value
}
