import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isIppMessage } from '../../../drivers/page-printer/grammar.ts'
import { decodeAnswer, encodeRequest, type IppRequest, isSuccess } from '../../../drivers/page-printer/ipp.ts'
import {
  attribute,
  GROUP,
  readMessage,
  TAG,
  type WireAttribute,
  writeMessage,
} from '../../../drivers/simulators/ipp-printer-wire.ts'
import { hex } from '../support.ts'

const ADDRESS = { printerUri: 'ipp://127.0.0.1/ipp/print', user: 'window24-0badcafe' }

function answer(code: number, ...groups: { tag: number; attributes: WireAttribute[] }[]): Uint8Array {
  const operation = [
    attribute('attributes-charset', TAG.charset, 'utf-8'),
    attribute('attributes-natural-language', TAG.language, 'en'),
  ]
  const all = [{ tag: GROUP.operation, attributes: operation }, ...groups]
  return writeMessage({ version: 0x0200, code, requestId: 7, groups: all })
}

const PRINTER = answer(0, {
  tag: GROUP.printer,
  attributes: [
    attribute('printer-state', TAG.enum, 5),
    attribute('printer-state-reasons', TAG.keyword, 'media-empty-error', 'toner-low-warning'),
    attribute('printer-is-accepting-jobs', TAG.boolean, true),
    attribute('document-format-supported', TAG.mime, 'application/pdf', 'image/urf'),
    attribute('printer-state-message', TAG.text, 'printing 张小雨.pdf'),
  ],
})

const REQUESTS: IppRequest[] = [
  { operation: 'Get-Printer-Attributes' },
  { operation: 'Print-Job', jobName: 'window24-00000000' },
  { operation: 'Get-Job-Attributes', jobId: 3 },
  { operation: 'Get-Jobs', which: 'completed' },
  { operation: 'Cancel-Job', jobId: 3, purge: true },
  { operation: 'CUPS-Get-Printers' },
]

test.each(REQUESTS)(
  'a request ($operation) is what RFC 8011 wants, read by a reader of its own',
  (request) => {
    const read = readMessage(Buffer.from(encodeRequest(request, ADDRESS, 7)))
    if (!read.ok) throw new Error(read.fault)
    const { groups, requestId, version } = read.message
    expect([requestId, version]).toEqual([7, 0x0200])
    const names = groups[0]?.attributes.map(({ name }) => name) ?? []
    expect(names.slice(0, 2)).toEqual(['attributes-charset', 'attributes-natural-language'])
    if (request.operation !== 'CUPS-Get-Printers') expect(names[2]).toBe('printer-uri')
    expect(names).toContain('requesting-user-name')
  },
)

test('nothing of a request is left out by the codec’s tables', () => {
  const names = (request: IppRequest): string[] => {
    const read = readMessage(Buffer.from(encodeRequest(request, ADDRESS, 7)))
    return read.ok ? read.message.groups.flatMap((group) => group.attributes.map(({ name }) => name)) : []
  }
  expect(names({ operation: 'Print-Job', jobName: 'window24' })).toEqual(
    expect.arrayContaining(['job-name', 'document-format', 'media']),
  )
  expect(names({ operation: 'Cancel-Job', jobId: 1, purge: true })).toContain('purge-job')
  expect(names({ operation: 'Cancel-Job', jobId: 1 })).not.toContain('purge-job')
  expect(names({ operation: 'Get-Jobs', which: 'completed' })).toEqual(
    expect.arrayContaining(['my-jobs', 'which-jobs']),
  )
})

test('a printer’s answer is read; its free text is not', () => {
  const read = decodeAnswer(PRINTER)
  expect(read).toMatchObject({ requestId: 7, status: 0, statusWord: 'successful-ok' })
  expect(read?.printers).toEqual([
    expect.objectContaining({
      state: 'stopped',
      reasons: ['media-empty-error', 'toner-low-warning'],
      formats: ['application/pdf', 'image/urf'],
      cups: undefined,
    }),
  ])
  expect(JSON.stringify(read)).not.toContain('张')
})

test('jobs are read, with and without what printers may leave out', () => {
  const bare = [attribute('job-id', TAG.integer, 4), attribute('job-state', TAG.enum, 9)]
  const full = [...bare, attribute('job-impressions-completed', TAG.integer, 2)]
  const numberless = [attribute('job-state', TAG.enum, 9)]
  const groups = [bare, full, numberless].map((attributes) => ({ tag: GROUP.job, attributes }))
  const jobs = decodeAnswer(answer(0, ...groups))?.jobs
  expect(jobs).toHaveLength(2)
  expect(jobs?.[0]).toMatchObject({
    id: 4,
    state: 'completed',
    name: undefined,
    impressionsCompleted: undefined,
  })
  expect(jobs?.[1]).toMatchObject({ impressionsCompleted: 2 })
})

test('a status that is no success is one, and an unknown one has its number for a name', () => {
  const refused = decodeAnswer(answer(0x0507))
  expect(refused && isSuccess(refused)).toBe(false)
  expect(refused?.statusWord).toBe('server-error-busy')
  expect(decodeAnswer(answer(0x04ff))?.statusWord).toBe('status 04ff')
})

test('a value with its language loses it', () => {
  const name = Buffer.concat([hex('0002'), Buffer.from('en'), hex('0003'), Buffer.from('job')])
  const attributes = [attribute('job-id', TAG.integer, 1), { name: 'job-name', tag: 0x36, values: [name] }]
  expect(decodeAnswer(answer(0, { tag: GROUP.job, attributes }))?.jobs[0]?.name).toBe('job')
})

test.each([
  ['lengths that point backwards', '0200 0000 00000001 01 44 0001 61 FFF8 03 03 03'],
  ['a collection that never ends', '0200 0000 00000001 01 34 0001 61 0000 03'],
  ['a member without a value', '0200 0000 00000001 01 34 0001 61 0000 4A 0000 0001 62 37 0000 0000 03'],
  ['an end without a collection', '0200 0000 00000001 01 37 0000 0000 03'],
  ['an integer of two bytes', '0200 0000 00000001 01 21 0001 61 0002 0001 03'],
  ['an extended tag', '0200 0000 00000001 01 7F 0001 61 0004 00000001 03'],
  ['an attribute before any group', '0200 0000 00000001 44 0001 61 0001 62 03'],
  ['no end', '0200 0000 00000001 01'],
  ['a header cut short', '0200 0000 0000'],
])('%s is no IPP', (_, bytes) => {
  expect(isIppMessage(hex(bytes))).toBe(false)
  expect(decodeAnswer(hex(bytes))).toBeUndefined()
})

test('a length above the signed range is none, even where as many bytes follow', () => {
  const long = Buffer.concat([
    hex('0200 0000 00000001 01 44 0001 61 FFF8'),
    Buffer.alloc(0xfff8, 0x61),
    hex('03'),
  ])
  expect(isIppMessage(long)).toBe(false)
  expect(decodeAnswer(long)).toBeUndefined()
})

test('collections within collections are IPP, sixteen deep and no more', () => {
  const nested = (depth: number): Uint8Array =>
    hex(
      [
        '0200 0000 00000001 01 34 0001 61 0000',
        '4A 0000 0001 62 34 0000 0000'.repeat(depth - 1),
        '37 0000 0000'.repeat(depth),
        '03',
      ].join(''),
    )
  expect(isIppMessage(nested(16))).toBe(true)
  expect(decodeAnswer(nested(16))).toBeDefined()
  expect(isIppMessage(nested(17))).toBe(false)
})

test('noise never throws and never hangs', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
      decodeAnswer(noise)
      decodeAnswer(Buffer.concat([hex('0200 0000 00000001 01'), noise]))
    }),
    { numRuns: 2000 },
  )
})

test('an answer with any bytes changed, lost or cut off never throws and never hangs', () => {
  const change = fc.tuple(fc.nat(PRINTER.length - 1), fc.integer({ min: 0, max: 255 }), fc.boolean())
  fc.assert(
    fc.property(fc.array(change, { maxLength: 6 }), fc.nat(PRINTER.length), (changes, length) => {
      let bytes = Uint8Array.from(PRINTER.subarray(0, length))
      for (const [at, value, lose] of changes) {
        if (lose) bytes = Uint8Array.from(bytes.filter((_, index) => index !== at))
        else bytes[at] = value
      }
      decodeAnswer(bytes)
    }),
    { numRuns: 4000 },
  )
})

test('what either codec writes the other reads', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,40}$/)
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), fc.nat(0x7fffffff), (reasons, id) => {
      const group = {
        tag: GROUP.printer,
        attributes: [attribute('printer-state-reasons', TAG.keyword, ...reasons)],
      }
      const bytes = writeMessage({ version: 0x0200, code: 0, requestId: id, groups: [group] })
      const read = decodeAnswer(bytes)
      expect(read?.requestId).toBe(id)
      expect(read?.printers[0]?.reasons).toEqual(reasons.filter((reason) => reason !== 'none'))
    }),
  )
})
