import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeReply, encodeReply } from '../../../drivers/id-reader/frame.ts'
import { FrameParser } from '../../../drivers/id-reader/parser.ts'
import { baseParts, formatSamId, printedParts } from '../../../drivers/id-reader/parts.ts'
import { answers, encodeRequest, REQUESTS, type RequestName } from '../../../drivers/id-reader/requests.ts'
import { describeSw3, KNOWN_SW3 } from '../../../drivers/id-reader/sw3.ts'
import { hex, toHex } from '../support.ts'

const PREAMBLE = 'AAAAAA9669'

test.each<[RequestName, string]>([
  ['reset-sam', '0003 10FF EC'],
  ['sam-status', '0003 11FF ED'],
  ['sam-id', '0003 12FF EE'],
  ['find-card', '0003 2001 22'],
  ['select-card', '0003 2002 21'],
  ['read-base', '0003 3001 32'],
  ['read-base-and-prints', '0003 3010 23'],
  ['read-extra-address', '0003 3003 30'],
  ['card-management-number', '0003 3005 36'],
  ['baud-115200', '0003 6000 63'],
  ['baud-57600', '0003 6001 62'],
  ['baud-38400', '0003 6002 61'],
  ['baud-19200', '0003 6003 60'],
  ['baud-9600', '0003 6004 67'],
])('the request %s is %s', (name, bytes) => {
  expect(toHex(encodeRequest(name))).toBe(PREAMBLE + bytes.replaceAll(' ', ''))
})

const REPLIES: [string, number, string, number, RequestName][] = [
  ['card found', 0x9f, '0008 00009F 00000000 97', 15, 'find-card'],
  ['no card', 0x80, '0004 000080 84', 11, 'find-card'],
  ['selected', 0x90, '000C 000090 0000000000000000 9C', 19, 'select-card'],
  ['select failed', 0x81, '0004 000081 85', 11, 'select-card'],
  ['done', 0x90, '0004 000090 94', 11, 'reset-sam'],
  ['read failed', 0x41, '0004 000041 45', 11, 'read-base'],
]

test.each(REPLIES)(
  'the reply "%s" is read, measured and made again byte for byte',
  (_, sw3, bytes, size, request) => {
    const frame = hex(PREAMBLE + bytes)
    expect(frame).toHaveLength(size)
    expect(new FrameParser().push(frame)).toEqual([frame])
    const reply = decodeReply(frame)
    expect(reply).toMatchObject({ sw1: 0, sw2: 0, sw3 })
    if (reply === undefined) return
    expect(encodeReply(sw3, reply.data)).toEqual(frame)
    expect(answers(request, reply)).toBe(true)
  },
)

test('a base reply is 1295 bytes and falls into text and photo', () => {
  const data = Uint8Array.of(1, 0, 4, 0, ...new Uint8Array(256).fill(0x20), ...new Uint8Array(1024).fill(7))
  const frame = encodeReply(0x90, data)
  expect(frame).toHaveLength(1295)
  expect(toHex(frame.subarray(5, 14))).toBe('0508000090' + '01000400')
  expect(baseParts(data)?.text).toHaveLength(256)
  expect(baseParts(data)?.photo).toHaveLength(1024)
  expect(baseParts(data.subarray(1))).toBeUndefined()
})

test('the longest reply, base with fingerprints, passes the parser', () => {
  const frame = encodeReply(0x90, new Uint8Array(6 + 256 + 1024 + 1024))
  expect(frame).toHaveLength(2321)
  expect(new FrameParser().push(frame)).toHaveLength(1)
})

test.each([
  [1024, 2321, '090A'],
  [512, 1809, '070A'],
  [0, 1297, '050A'],
])(
  'a base reply with %i bytes of fingerprints is %i bytes and falls into its three parts',
  (prints, size, length) => {
    const sizes = [1, 0, 4, 0, prints >> 8, prints & 0xff]
    const parts = [
      new Uint8Array(256).fill(0x20),
      new Uint8Array(1024).fill(7),
      new Uint8Array(prints).fill(9),
    ]
    const data = Uint8Array.of(...sizes, ...parts.flatMap((part) => [...part]))
    const frame = encodeReply(0x90, data)
    expect(frame).toHaveLength(size)
    expect(toHex(frame.subarray(5, 7))).toBe(length)
    expect(new FrameParser().push(frame)).toEqual([frame])
    expect(printedParts(data)).toEqual({ text: parts[0], photo: parts[1], prints: parts[2] })
    expect(baseParts(data)).toBeUndefined()
    expect(answers('read-base-and-prints', { sw1: 0, sw2: 0, sw3: 0x90, data })).toBe(true)
    expect(answers('read-base', { sw1: 0, sw2: 0, sw3: 0x90, data })).toBe(false)
    // A length that lies about the fingerprints is no answer.
    data[5] = 7
    expect(printedParts(data)).toBeUndefined()
  },
)

test('a SAM id of 27 bytes is printed as its maker prints it', () => {
  const id = Uint8Array.of(5, 0, 3, 0, 0x45, 0x0b, 0x33, 0x01, 0x39, 0x30, 0, 0, 0xff, 0xff, 0xff, 0xff)
  expect(encodeReply(0x90, id)).toHaveLength(27)
  expect(formatSamId(id)).toBe('05.03-20122437-0000012345-4294967295')
})

test('a late answer to another request is told from the right one by its shape', () => {
  const found = { sw1: 0, sw2: 0, sw3: 0x9f, data: new Uint8Array(4) }
  const done = { sw1: 0, sw2: 0, sw3: 0x90, data: new Uint8Array(0) }
  const selected = { ...done, data: new Uint8Array(8) }
  expect(answers('read-base', done)).toBe(false)
  expect(answers('read-base', selected)).toBe(false)
  expect(answers('select-card', found)).toBe(false)
  expect(answers('find-card', selected)).toBe(false)
  expect(answers('card-management-number', selected)).toBe(false)
  expect(answers('sam-status', selected)).toBe(false)
  expect(answers('card-management-number', { ...done, data: new Uint8Array(70) })).toBe(false)
  expect(answers('find-card', { ...found, data: new Uint8Array(0) })).toBe(false)
})

test('a later address is whole characters, none to 35 of them', () => {
  for (let bytes = 0; bytes <= 80; bytes += 1) {
    const reply = { sw1: 0, sw2: 0, sw3: 0x90, data: new Uint8Array(bytes) }
    expect(answers('read-extra-address', reply)).toBe(bytes <= 70 && bytes % 2 === 0)
  }
})

test('an error without data may answer anything, one with data nothing', () => {
  for (const request of Object.keys(REQUESTS) as RequestName[]) {
    expect(answers(request, { sw1: 0, sw2: 0, sw3: 0x24, data: new Uint8Array(0) })).toBe(true)
    expect(answers(request, { sw1: 0, sw2: 0, sw3: 0x24, data: new Uint8Array(1) })).toBe(false)
  }
})

test('a status is told in words and in its own digits', () => {
  expect(describeSw3(0x41)).toBe('read failed (41)')
  expect(describeSw3(0x05)).toBe('unknown status (05)')
  expect(KNOWN_SW3).toHaveLength(20)
  for (const sw3 of KNOWN_SW3) expect(describeSw3(sw3)).not.toContain('unknown status')
})

test('whatever a reply holds comes back from its bytes', () => {
  fc.assert(
    fc.property(fc.nat(255), fc.uint8Array({ maxLength: 2000 }), (sw3, data) => {
      const reply = decodeReply(encodeReply(sw3, data))
      expect(reply?.sw3).toBe(sw3)
      expect(Buffer.compare(reply?.data ?? new Uint8Array(0), data)).toBe(0)
    }),
  )
})

test('parts are views of the data and leave out nothing of it; lengths that lie make none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2400 }), fc.constantFrom(0, 512, 1024), (noise, prints) => {
      expect([baseParts(noise), printedParts(noise)]).toEqual([undefined, undefined])
      const sizes = [1, 0, 4, 0, prints >> 8, prints & 0xff]
      const data = Uint8Array.of(...sizes, ...new Uint8Array(256 + 1024 + prints))
      const parts = printedParts(data)
      for (const part of parts === undefined ? [] : Object.values(parts)) part.fill(1)
      expect(data.subarray(6).every((byte) => byte === 1)).toBe(true)
      data[noise.length % 6] = (data[noise.length % 6] ?? 0) ^ 0x80
      expect(printedParts(data)).toBeUndefined()
    }),
  )
})
