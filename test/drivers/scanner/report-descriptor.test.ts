import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readReportDescriptor } from '../../../drivers/scanner/report-descriptor.ts'
import { hex } from '../support.ts'

const keyboard = hex(
  '0501 0906 A101 0507 19E0 29E7 1500 2501 7501 9508 8102 9501 7508 8101 9506 7508 1500 2565 0507 1900 2965 8100 C0',
)

test('a range of usages gives one bit each, and an array takes up room', () => {
  const read = readReportDescriptor(keyboard)
  expect(read?.fields).toHaveLength(8)
  expect(read?.fields[7]).toEqual({
    kind: 'input',
    reportId: 0,
    usagePage: 0x07,
    usage: 0xe7,
    bitOffset: 7,
    bitSize: 1,
    count: 1,
  })
  expect(read?.reportBytes('input', 0)).toBe(8)
  expect(read?.reportBytes('output', 0)).toBe(0)
})

test('reports with ids count their id, and the last usage stands for all elements that are left', () => {
  const read = readReportDescriptor(hex('058C A101 8507 7508 9504 09FB 09FE 8102 8508 9510 0900 9102 C0'))
  expect(read?.reportBytes('input', 7)).toBe(5)
  expect(read?.reportBytes('output', 8)).toBe(17)
  expect(read?.fields.map(({ usage, bitOffset, count }) => [usage, bitOffset, count])).toEqual([
    [0xfb, 0, 1],
    [0xfe, 8, 3],
    [0x00, 0, 16],
  ])
})

test('a usage of four bytes names its page, and what was pushed comes back', () => {
  const read = readReportDescriptor(hex('058C 7508 9501 A4 0501 7510 B4 A101 0B3B000100 8102 09FE 8102 C0'))
  expect(read?.fields.map(({ usagePage, usage, bitOffset }) => [usagePage, usage, bitOffset])).toEqual([
    [0x01, 0x3b, 0],
    [0x8c, 0xfe, 8],
  ])
})

test('a long item and a feature report are passed over', () => {
  const read = readReportDescriptor(hex('FE 02 00 1234 058C A101 7508 9501 09FB B102 09FE 8102 C0'))
  expect(read?.fields.map((field) => [field.usage, field.bitOffset])).toEqual([[0xfe, 0]])
})

test.each([
  ['nothing', ''],
  ['an item cut short', '058C A101 7508 9501 09FE 8102 C0 26FF'],
  ['a long item cut short', '058C A101 7508 9501 09FE 8102 C0 FE0500'],
  ['a collection that is not closed', '058C A101 7508 9501 09FE 8102'],
  ['a collection closed twice', '058C A101 7508 9501 09FE 8102 C0C0'],
  ['a field outside every collection', '058C 7508 9501 09FE 8102 A101 C0'],
  ['a pop of nothing', '058C B4 A101 7508 9501 09FE 8102 C0'],
  ['report id 0', '058C A101 8500 7508 9501 09FE 8102 C0'],
  ['a field before the first report id', '058C A101 7508 9501 09FB 8102 8502 09FE 8102 C0'],
  ['a report longer than any kernel takes', '058C A101 7508 97FFFFFF7F 09FE 8102 C0'],
  ['a range that ends before it begins', '058C A101 7508 9502 29FE 19FB 8102 C0'],
  ['collections without end', `${'A101'.repeat(33)}7508950109FE8102${'C0'.repeat(33)}`],
  ['pushes without end', `${'A4'.repeat(5)}A1017508950109FE8102C0`],
])('%s is no descriptor', (_, bytes) => {
  expect(readReportDescriptor(hex(bytes))).toBeUndefined()
})

test('no bytes make it throw, and what it tells lies inside the report', () => {
  const items = fc.constantFrom(0x05, 0x09, 0x75, 0x95, 0x81, 0x91, 0xa1, 0xc0, 0x85, 0x19, 0x29, 0x97)
  const bytes = fc.array(fc.oneof(items, fc.nat(255)), { maxLength: 200 }).map((all) => Uint8Array.from(all))
  fc.assert(
    fc.property(bytes, fc.nat(200), (noise, at) => {
      const mixed = Uint8Array.from([...keyboard.subarray(0, at), ...noise, ...keyboard.subarray(at)])
      for (const candidate of [noise, mixed]) {
        const read = readReportDescriptor(candidate)
        for (const { kind, reportId, bitOffset, bitSize, count } of read?.fields ?? []) {
          const room = read?.reportBytes(kind, reportId) ?? 0
          expect(bitOffset + bitSize * count).toBeLessThanOrEqual(room * 8)
        }
      }
    }),
    { numRuns: 2000 },
  )
})

test('a descriptor longer than the kernel takes is none', () => {
  const long = new Uint8Array(5000).fill(0xc0)
  long.set(keyboard)
  expect(readReportDescriptor(long)).toBeUndefined()
})
