import { IDENTIFIER_BYTES, symbologyOf } from './aim.ts'
import { MAX_SCAN_BYTES } from './raw-scan.ts'
import { type ReportField, readReportDescriptor } from './report-descriptor.ts'

/** USB HID Point of Sale Usage Tables 1.02, 3: bar code scanners. */
export const BAR_CODE_SCANNER_PAGE = 0x8c
const GENERIC_DESKTOP_PAGE = 0x01
const USAGE = { byteCount: 0x3b, symbology: [0xfb, 0xfc, 0xfd], decodedData: 0xfe, continued: 0xff } as const

/** Where the parts of a scanned-data report lie (DEVICES §2.2). Offsets are bytes from the report's first one. */
export interface HidPosLayout {
  /** The first byte of the report; 0 when the device numbers none and the report begins with its data. */
  reportId: number
  bytes: number
  /** Null: the data ends where only NULs follow. */
  lengthAt: number | null
  /** Three bytes, `]cm`. */
  aimAt: number | null
  dataAt: number
  dataBytes: number
  continued: { at: number; mask: number } | null
}

/** One report of a code. */
export interface HidPosPart {
  /** As it stands in its field; empty where the device leaves the field empty or has none. */
  aim: string
  data: Uint8Array
  continued: boolean
}

/** One whose length cannot be true. */
export interface DamagedPart {
  damaged: true
  continued: boolean
}

/**
 * The layout that a report descriptor tells; undefined when it tells of no scanned data that we could read, as when
 * it is silent about the flag of continuation: with its data alone the parts of a long code would pass for codes.
 */
export function layoutOf(descriptor: Uint8Array): HidPosLayout | undefined {
  const read = readReportDescriptor(descriptor)
  const data = read?.fields.find((field) => isField(field, BAR_CODE_SCANNER_PAGE, USAGE.decodedData))
  if (read === undefined || data === undefined) return undefined
  const idBytes = data.reportId === 0 ? 0 : 1
  const inReport = read.fields.filter((field) => field.reportId === data.reportId)
  const byteAt = (field: ReportField): number => idBytes + field.bitOffset / 8
  const symbology = USAGE.symbology.map((usage) => find(inReport, BAR_CODE_SCANNER_PAGE, usage))
  const count = find(inReport, GENERIC_DESKTOP_PAGE, USAGE.byteCount)
  const flag = find(inReport, BAR_CODE_SCANNER_PAGE, USAGE.continued)
  if (flag === undefined) return undefined
  const layout: HidPosLayout = {
    reportId: data.reportId,
    bytes: read.reportBytes('input', data.reportId),
    lengthAt: count === undefined ? null : byteAt(count),
    aimAt: symbology[0] === undefined ? null : byteAt(symbology[0]),
    dataAt: byteAt(data),
    // A device may give its data as bytes or as one long element.
    dataBytes: (data.bitSize * data.count) / 8,
    continued: bitOf(flag, idBytes),
  }
  const offsets = [layout.lengthAt, layout.aimAt, layout.dataAt, layout.dataBytes]
  const isByteWise = offsets.every((offset) => offset === null || Number.isInteger(offset))
  const isInOnePlace = symbology.every((field, index) => {
    if (layout.aimAt === null) return true
    return field?.bitSize === 8 && byteAt(field) === layout.aimAt + index
  })
  const isCounted = count === undefined || count.bitSize === 8
  const isBounded = layout.dataBytes > 0 && layout.bytes <= MAX_SCAN_BYTES
  return isByteWise && isInOnePlace && isCounted && isBounded ? layout : undefined
}

/** Whole bytes of an output report with this id, which is how long a write to it must be; 0 when there is none. */
export function outputReportBytes(descriptor: Uint8Array, reportId: number): number {
  return readReportDescriptor(descriptor)?.reportBytes('output', reportId) ?? 0
}

/** The part of a code in one input report. `other` = a report of another kind or too short to be this one. */
export function readPart(layout: HidPosLayout, report: Uint8Array): HidPosPart | DamagedPart | 'other' {
  if (report.length < layout.bytes) return 'other'
  if (layout.reportId !== 0 && report[0] !== layout.reportId) return 'other'
  const flag = layout.continued
  const continued = flag !== null && ((report[flag.at] ?? 0) & flag.mask) !== 0
  const field = report.subarray(layout.dataAt, layout.dataAt + layout.dataBytes)
  const length = layout.lengthAt === null ? withoutPadding(field) : (report[layout.lengthAt] ?? 0)
  if (length > layout.dataBytes) return { damaged: true, continued }
  return { aim: aimIn(layout, report), data: field.subarray(0, length), continued }
}

/** The symbology of an identifier field, such as `Q1`. */
export function symbologyOfField(aim: string): string | undefined {
  return symbologyOf(Buffer.from(aim, 'latin1'))
}

/** A code as a scanner cuts it into reports. An `aim` such as `]Q1` is left out where the layout has no field. */
export function encodeParts(layout: HidPosLayout, code: Uint8Array, aim = ''): Uint8Array[] {
  const reports: Uint8Array[] = []
  for (let at = 0; at === 0 || at < code.length; at += layout.dataBytes) {
    const report = new Uint8Array(layout.bytes)
    const data = code.subarray(at, at + layout.dataBytes)
    if (layout.reportId !== 0) report[0] = layout.reportId
    if (layout.lengthAt !== null) report[layout.lengthAt] = data.length
    if (layout.aimAt !== null)
      report.set(Buffer.from(aim, 'latin1').subarray(0, IDENTIFIER_BYTES), layout.aimAt)
    report.set(data, layout.dataAt)
    if (layout.continued !== null && at + data.length < code.length) {
      report[layout.continued.at] = layout.continued.mask
    }
    reports.push(report)
  }
  return reports
}

function isField(field: ReportField, page: number, usage: number): boolean {
  return field.kind === 'input' && field.usagePage === page && field.usage === usage
}

function find(fields: ReportField[], page: number, usage: number): ReportField | undefined {
  return fields.find((field) => isField(field, page, usage))
}

function bitOf(field: ReportField, idBytes: number): { at: number; mask: number } {
  return { at: idBytes + Math.floor(field.bitOffset / 8), mask: 1 << (field.bitOffset % 8) }
}

function aimIn(layout: HidPosLayout, report: Uint8Array): string {
  if (layout.aimAt === null) return ''
  const bytes = report.subarray(layout.aimAt, layout.aimAt + IDENTIFIER_BYTES)
  return bytes.every((byte) => byte === 0) ? '' : Buffer.from(bytes).toString('latin1')
}

function withoutPadding(field: Uint8Array): number {
  let length = field.length
  while (length > 0 && field[length - 1] === 0) length -= 1
  return length
}
