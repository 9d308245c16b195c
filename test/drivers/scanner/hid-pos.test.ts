import fc from 'fast-check'
import { expect, test } from 'vitest'
import { scannerProfile } from '../../../drivers/scanner/driver.ts'
import {
  encodeParts,
  type HidPosLayout,
  layoutOf,
  outputReportBytes,
} from '../../../drivers/scanner/hid-pos.ts'
import { HidPosParser } from '../../../drivers/scanner/hid-pos-parser.ts'
import { MAX_SCAN_BYTES, type RawScan } from '../../../drivers/scanner/raw-scan.ts'
import { decodeScan } from '../../../drivers/scanner/text.ts'
import { hidPosDescriptor } from '../../../drivers/simulators/hid-pos-descriptor.ts'
import { hex } from '../support.ts'

const profile = scannerProfile('generic-hid-pos')
const [long, short] = profile?.driver === 'hid-pos' ? profile.layouts : []
if (long === undefined || short === undefined) throw new Error('two layouts')
const unnumbered: HidPosLayout = {
  reportId: 0,
  bytes: 32,
  lengthAt: null,
  aimAt: 1,
  dataAt: 4,
  dataBytes: 28,
  continued: { at: 0, mask: 0x10 },
}

/** As many imagers with a vendor's symbology byte have it: counted data, the flag as eight bits with one usage. */
const imager = hex(
  `
  058C 0902 A101 0912 A102 8502 1500 26FF00 7508 9501 0501 093B 8102 9503 058C 09FB 09FC 09FD 8102 9538 09FE
  820201 0666FF 9502 0904 0900 8102 058C 2501 7501 9508 09FF 8102 C0
  0914 A102 8504 1500 2501 7501 9508 0900 095F 0960 0900 0900 0985 0986 9186 C0
  0666FF 7508 26FF00 0903 A102 85FE 9501 0903 B28201 C0
  0901 A102 85FD 9501 0921 9102 953E 0922 928201 C0 C0`.replaceAll(/\s/g, ''),
)

const utf8 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'utf8'))
const said = (scans: RawScan[]): (string | undefined)[][] =>
  scans.map((scan) =>
    scan.kind === 'bytes' ? [Buffer.from(scan.bytes).toString('utf8'), scan.symbology] : [scan.kind],
  )

test('the report descriptor tells where everything lies, and how long a command has to be', () => {
  expect(layoutOf(imager)).toEqual(long)
  expect(outputReportBytes(imager, 0xfd)).toBe(64)
  expect(outputReportBytes(imager, 0x77)).toBe(0)
})

test.each([
  ['of 64 bytes', long],
  ['of 62 bytes', short],
  ['without ids and counts', unnumbered],
])('a descriptor of reports %s is read back as it was meant', (_, layout) => {
  const descriptor = hidPosDescriptor(layout, { reportId: layout.reportId === 0 ? 0 : 0xfd, bytes: 64 })
  expect(layoutOf(descriptor)).toEqual(layout)
})

test.each([
  ['a keyboard', hex('050109 06A101 050719E029E7150025017501950881 02C0'.replaceAll(' ', ''))],
  ['data that begins within a byte', hex('058CA101 8502 7501 9501 09FF 8102 7508 9538 09FE 8102 C0')],
  [
    'an identifier in two places',
    hex('058CA101 7508 9501 09FB 8102 9538 09FE 8102 9501 09FC 8102 09FD 8102 C0'),
  ],
  [
    'data without a flag that more of it follows',
    hex('058CA101 8502 7508 9501 050109 3B8102 9503 058C09FB09FC09FD 8102 9538 09FE8102 9503 09008102C0'),
  ],
  ['a report longer than any code', hex('058CA101 7508 968813 09FE 8102 C0')],
])('%s is no layout: the profile has the word', (_, descriptor) => {
  expect(layoutOf(descriptor)).toBeUndefined()
})

test('one report is one code, with its symbology out of its own field', () => {
  const parser = new HidPosParser([long])
  const [report] = encodeParts(long, utf8('33009920261121000042'), ']C0')
  if (report === undefined) throw new Error('a report')
  expect(report).toHaveLength(64)
  expect(said(parser.push(report))).toEqual([['33009920261121000042', 'C0']])
  expect(parser.unfinished).toBe(false)
})

test('an AIM identifier inside the code is content when the field has one', () => {
  const parser = new HidPosParser([long])
  const scans = encodeParts(long, utf8(']C0 as text'), ']Q1').flatMap((report) => parser.push(report))
  const [scan] = scans
  if (scan?.kind !== 'bytes') throw new Error('a code')
  expect(decodeScan(scan.bytes, scan.symbology)).toEqual({
    kind: 'scanned',
    text: ']C0 as text',
    symbology: 'Q1',
  })
})

test('characters that lie across two reports are whole (field row 11)', () => {
  const parser = new HidPosParser([long])
  const text = `x${'办件编号'.repeat(30)}`
  const reports = encodeParts(long, utf8(text), ']Q1')
  expect(reports.length).toBeGreaterThan(6)
  expect(said(reports.flatMap((report) => parser.push(report)))).toEqual([[text, 'Q1']])
})

test('the report says by its length which layout it has', () => {
  const parser = new HidPosParser([long, short])
  const text = 'y'.repeat(100)
  for (const layout of [short, long]) {
    const scans = encodeParts(layout, utf8(text), ']d1').flatMap((report) => parser.push(report))
    expect(said(scans)).toEqual([[text, 'd1']])
  }
})

test('without a count the padding is taken off', () => {
  const parser = new HidPosParser([unnumbered])
  const scans = encodeParts(unnumbered, utf8('z'.repeat(40)), ']A0').flatMap((report) => parser.push(report))
  expect(said(scans)).toEqual([['z'.repeat(40), 'A0']])
})

test('a code that is never continued is incomplete, never half a code', () => {
  const parser = new HidPosParser([long])
  const [first] = encodeParts(long, utf8('a'.repeat(100)))
  if (first === undefined) throw new Error('a report')
  expect(parser.push(first)).toEqual([])
  expect(parser.unfinished).toBe(true)
  expect(parser.silence()).toEqual([{ kind: 'incomplete' }])
  expect(parser.unfinished).toBe(false)
  expect(said(encodeParts(long, utf8('next'), ']Q1').flatMap((report) => parser.push(report)))).toEqual([
    ['next', 'Q1'],
  ])
})

test('another symbology before the end is another code: the first one is incomplete', () => {
  const parser = new HidPosParser([long])
  const [first] = encodeParts(long, utf8('a'.repeat(100)), ']Q1')
  const [second] = encodeParts(long, utf8('b'), ']C0')
  if (first === undefined || second === undefined) throw new Error('two reports')
  expect(said([...parser.push(first), ...parser.push(second)])).toEqual([['incomplete'], ['b', 'C0']])
})

test('a later report without an identifier belongs to the code before it', () => {
  const parser = new HidPosParser([long])
  const [first, second] = encodeParts(long, utf8('c'.repeat(80)), ']Q1')
  if (first === undefined || second === undefined) throw new Error('two reports')
  second.fill(0, 2, 5)
  expect(said([...parser.push(first), ...parser.push(second)])).toEqual([['c'.repeat(80), 'Q1']])
})

test('a lying length spoils its code to the last report, and not the next code', () => {
  const parser = new HidPosParser([long])
  const reports = encodeParts(long, utf8('d'.repeat(200)), ']Q1')
  const [, lying] = reports
  if (lying === undefined) throw new Error('several reports')
  lying[1] = 57
  expect(said(reports.flatMap((report) => parser.push(report)))).toEqual([['incomplete']])
  expect(said(encodeParts(long, utf8('next'), ']Q1').flatMap((report) => parser.push(report)))).toEqual([
    ['next', 'Q1'],
  ])
})

test('reports of another id or too short to be one are nothing, also in the middle of a code', () => {
  const parser = new HidPosParser([long])
  const text = 'e'.repeat(60)
  const [first, second] = encodeParts(long, utf8(text), ']Q1')
  if (first === undefined || second === undefined) throw new Error('two reports')
  const other = new Uint8Array(64).fill(7)
  const scans = [first, other, first.subarray(0, 20), second].flatMap((report) => parser.push(report))
  expect(said(scans)).toEqual([[text, 'Q1']])
  expect(parser.discardedBytes).toBe(64 + 20)
})

test.each([
  ['two letters, 84 times', 'AB'.repeat(84)],
  ['seven digits, 40 times', '1234567'.repeat(40)],
  ['filler with an end', `${' '.repeat(56 * 3)}end`],
])('parts that are alike are content: %s', (_, text) => {
  const parser = new HidPosParser([long])
  const reports = encodeParts(long, utf8(text), ']Q1')
  expect(reports.flatMap((report) => parser.push(report))).toEqual([])
  expect(parser.unfinished).toBe(true)
  expect(said(parser.silence())).toEqual([[text, 'Q1']])
  expect(parser.framedBytes).toBe(reports.length * 64)
  // Or the next code shows that it was whole.
  const [next] = encodeParts(long, utf8('next'), ']Q1')
  if (next === undefined) throw new Error('a report')
  expect(said([...reports, next].flatMap((report) => parser.push(report)))).toEqual([
    [text, 'Q1'],
    ['next', 'Q1'],
  ])
})

test('reports that all come twice never make a code that is not there', () => {
  const texts = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 400 }),
    fc
      .tuple(fc.constantFrom('A', 'AB', '1234567', 'x'.repeat(56)), fc.integer({ min: 1, max: 120 }))
      .map(([period, times]) => period.repeat(times)),
  )
  fc.assert(
    fc.property(texts, fc.integer({ min: 2, max: 3 }), (text, times) => {
      const parser = new HidPosParser([long])
      const parts = encodeParts(long, utf8(text), ']Q1')
      const reports = parts.flatMap((report) => Array.from({ length: times }, () => report))
      const scans = said([...reports.flatMap((report) => parser.push(report)), ...parser.silence()])
      const whole = Array.from({ length: times }, () => [text, 'Q1'])
      if (parts.length === 1) expect(scans).toEqual(whole)
      else expect(['incomplete', 'too-long']).toContain(scans.flat().join())
      expect(parser.pendingBytes).toBe(0)
    }),
  )
})

test('the last report once more, right behind its code, is no code of its own', () => {
  const parser = new HidPosParser([long])
  const text = Array.from({ length: 50 }, (_, index) => `${index},`).join('')
  const reports = encodeParts(long, utf8(text), ']Q1')
  const [last] = reports.slice(-1)
  if (last === undefined) throw new Error('several reports')
  expect(said([...reports, last].flatMap((report) => parser.push(report)))).toEqual([[text, 'Q1']])
  const tooLong = encodeParts(long, utf8('x'.repeat(MAX_SCAN_BYTES + 20)), ']Q1')
  const twice = tooLong.flatMap((report) => [report, report])
  expect(said(twice.flatMap((report) => parser.push(report)))).toEqual([['too-long']])
  parser.silence()
  // After that it may be shown again.
  const again = encodeParts(long, utf8(text), ']Q1').flatMap((report) => parser.push(report))
  expect(said(again)).toEqual([[text, 'Q1']])
})

test('a code over the maximum is one too-long to its last report', () => {
  const parser = new HidPosParser([long])
  const reports = encodeParts(long, new Uint8Array(MAX_SCAN_BYTES + 500).fill(65), ']Q1')
  expect(said(reports.flatMap((report) => parser.push(report)))).toEqual([['too-long']])
  expect(parser.pendingBytes).toBe(0)
  expect(said(encodeParts(long, utf8('next'), ']Q1').flatMap((report) => parser.push(report)))).toEqual([
    ['next', 'Q1'],
  ])
})

test('an empty report is no code', () => {
  const parser = new HidPosParser([long])
  expect(encodeParts(long, new Uint8Array(0), ']Q1').flatMap((report) => parser.push(report))).toEqual([])
})

const codes = fc.array(
  fc.record({
    text: fc
      .string({ unit: 'binary', minLength: 1, maxLength: 90 })
      .filter((text) => !text.includes('\u0000')),
    aim: fc.constantFrom(']Q1', ']C0', ']d1'),
  }),
  { maxLength: 6 },
)

test('any codes come out as they went in, for every layout', () => {
  fc.assert(
    fc.property(codes, fc.constantFrom(long, short, unnumbered), (all, layout) => {
      const parser = new HidPosParser([layout])
      for (const { text, aim } of all) {
        const bytes = utf8(text)
        const scans = encodeParts(layout, bytes, aim).flatMap((report) => parser.push(report))
        expect(scans).toEqual([{ kind: 'bytes', bytes, symbology: aim.slice(1) }])
        parser.silence()
      }
    }),
  )
})

test('noise never throws, memory stays bounded, every byte is accounted for and the next code is found', () => {
  const reports = fc.array(
    fc.tuple(fc.nat(80), fc.nat(255), fc.boolean(), fc.uint8Array({ minLength: 4, maxLength: 4 })),
    { maxLength: 150 },
  )
  fc.assert(
    fc.property(reports, (all) => {
      const parser = new HidPosParser([long, short])
      let given = 0
      for (const [size, fill, isScan, head] of all) {
        const report = new Uint8Array(size).fill(fill)
        report.set(head.subarray(0, size))
        if (isScan && size > 1) report.set([2, fill % 60])
        given += size
        for (const scan of parser.push(report)) {
          if (scan.kind === 'bytes') expect(scan.bytes.length).toBeLessThanOrEqual(MAX_SCAN_BYTES)
        }
        expect(parser.framedBytes + parser.discardedBytes + parser.pendingBytes).toBe(given)
        expect(parser.pendingBytes).toBeLessThan(65_536)
      }
      parser.silence()
      const scans = encodeParts(long, utf8('330099'), ']C0').flatMap((report) => parser.push(report))
      expect(said(scans)).toEqual([['330099', 'C0']])
    }),
  )
})
