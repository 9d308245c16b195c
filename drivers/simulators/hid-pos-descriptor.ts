import type { HidPosLayout } from '../scanner/hid-pos.ts'

/** USB HID 1.11, 6.2.2 and HID Point of Sale Usage Tables 1.02, 3. */
const BAR_CODE_PAGE = [0x05, 0x8c]
const GENERIC_DESKTOP_PAGE = [0x05, 0x01]
const VENDOR_PAGE = [0x06, 0x66, 0xff]
const DATA_VARIABLE = 0x02
const CONSTANT = 0x03

/** The report descriptor of a scanner whose reports look so, with a vendor's output report for its commands. */
export function hidPosDescriptor(
  layout: HidPosLayout,
  output: { reportId: number; bytes: number },
): Uint8Array {
  const bytes = (count: number): number[] => [0x75, 0x08, 0x95, count, 0x81]
  const { continued } = layout
  const fields: { at: number | null; bytes: number; items: number[] }[] = [
    {
      at: layout.lengthAt,
      bytes: 1,
      items: [...GENERIC_DESKTOP_PAGE, 0x09, 0x3b, ...bytes(1), DATA_VARIABLE],
    },
    {
      at: layout.aimAt,
      bytes: 3,
      items: [...BAR_CODE_PAGE, 0x09, 0xfb, 0x09, 0xfc, 0x09, 0xfd, ...bytes(3), DATA_VARIABLE],
    },
    {
      at: layout.dataAt,
      bytes: layout.dataBytes,
      items: [...BAR_CODE_PAGE, 0x09, 0xfe, ...bytes(layout.dataBytes), DATA_VARIABLE],
    },
    { at: continued?.at ?? null, bytes: 1, items: flag(continued?.mask ?? 1) },
  ]
  const items: number[] = []
  let at = layout.reportId === 0 ? 0 : 1
  const padTo = (end: number): void => {
    if (end > at) items.push(...bytes(end - at), CONSTANT)
    at = end
  }
  for (const field of fields.toSorted((one, other) => (one.at ?? 0) - (other.at ?? 0))) {
    if (field.at === null) continue
    padTo(field.at)
    items.push(...field.items)
    at += field.bytes
  }
  padTo(layout.bytes)
  const reportId = (id: number): number[] => (id === 0 ? [] : [0x85, id])
  return Uint8Array.from([
    ...[...BAR_CODE_PAGE, 0x09, 0x02, 0xa1, 0x01],
    ...[0x09, 0x12, 0xa1, 0x02, ...reportId(layout.reportId), 0x15, 0x00, 0x26, 0xff, 0x00, ...items, 0xc0],
    ...[...VENDOR_PAGE, 0x09, 0x01, 0xa1, 0x02, ...reportId(output.reportId), 0x75, 0x08],
    ...[0x95, output.bytes - (output.reportId === 0 ? 0 : 1), 0x09, 0x22, 0x91, DATA_VARIABLE, 0xc0],
    0xc0,
  ])
}

/** One bit of a byte, with what stands before and behind it. */
function flag(mask: number): number[] {
  const before = Math.log2(mask)
  const padding = (bits: number): number[] => (bits === 0 ? [] : [0x75, 0x01, 0x95, bits, 0x81, CONSTANT])
  const bit = [...BAR_CODE_PAGE, 0x75, 0x01, 0x95, 0x01, 0x09, 0xff, 0x81, DATA_VARIABLE]
  return [...padding(before), ...bit, ...padding(7 - before)]
}
