import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeReply } from '../../../drivers/id-reader/frame.ts'
import { framingOf } from '../../../drivers/id-reader/framing.ts'
import {
  decodeWrappedPacket,
  decodeWrappedRequest,
  encodeWrappedPacket,
  encodeWrappedRequest,
  wrappedPackets,
} from '../../../drivers/id-reader/hid-wrapped.ts'
import { idReaderProfile } from '../../../drivers/id-reader/profile.ts'
import { encodeRequest } from '../../../drivers/id-reader/requests.ts'
import { WrappedParser } from '../../../drivers/id-reader/wrapped-parser.ts'
import { hex, join, toHex } from '../support.ts'

const SHAPE = { reportBytes: 64, lengthCounts: 3 }
const SERIAL = 7
const anyFrame = fc
  .tuple(fc.nat(255), fc.uint8Array({ maxLength: 1400 }))
  .map(([sw3, data]) => encodeReply(sw3, data))
const found = encodeReply(0x9f, new Uint8Array(4))

function expecting(serial: number): WrappedParser {
  const parser = new WrappedParser(SHAPE)
  parser.expect(serial)
  return parser
}

/** Everything that was pushed has to be somewhere. */
function accounted(parser: WrappedParser): number {
  return parser.framedBytes + parser.overheadBytes + parser.discardedBytes + parser.pendingBytes
}

test('a request is 88, serial, length, B1, the frame and the sum, byte for byte', () => {
  const report = encodeWrappedRequest(0x0102, encodeRequest('find-card'), SHAPE)
  // 0B + B1 + AA·3 + 96 + 69 + 03 + 20 + 01 + 22 = 03FF
  expect(toHex(report)).toBe(`8801020B00B1AAAAAA96690003200122FF03${'00'.repeat(46)}`)
  expect(decodeWrappedRequest(report)).toEqual({ serial: 0x0102, frame: encodeRequest('find-card') })
})

test('a packet is AA, serial, length, result, number, data and sum, byte for byte', () => {
  const packet = { serial: 0x0102, number: 0, ok: true, data: hex('AAAAAA9669 0004 000080 84') }
  const report = encodeWrappedPacket(packet, SHAPE)
  // 0E + AA·3 + 96 + 69 + 04 + 80 + 84 = 0413
  expect(toHex(report)).toBe(`AA01020E00000000AAAAAA9669000400008084${'1304'}${'00'.repeat(43)}`)
  expect(decodeWrappedPacket(report, SHAPE)).toEqual(packet)
})

test('each request has the next serial number, and a report id of 00 before it', () => {
  const profile = idReaderProfile('hid-wrapped')
  if (profile === undefined) throw new Error('the profile is missing')
  const framing = framingOf(profile)
  const written = [1, 2, 3].flatMap(() => framing.wrap(encodeRequest('sam-status')))
  expect(written.map((report) => [report.length, toHex(report.subarray(0, 4))])).toEqual([
    [65, '00880001'],
    [65, '00880002'],
    [65, '00880003'],
  ])
})

test('serial numbers begin again after the last one', () => {
  const profile = idReaderProfile('hid-wrapped')
  if (profile === undefined) throw new Error('the profile is missing')
  const framing = framingOf(profile)
  for (let asked = 0; asked < 0xffff; asked += 1) framing.wrap(Uint8Array.of(1))
  const [report = new Uint8Array(0)] = framing.wrap(encodeRequest('sam-status'))
  expect(toHex(report.subarray(0, 4))).toBe('00880001')
})

test('a frame too long for a report is not cut but refused', () => {
  expect(() => encodeWrappedRequest(1, new Uint8Array(57), SHAPE)).toThrow(RangeError)
  expect(encodeWrappedRequest(1, new Uint8Array(56), SHAPE)).toHaveLength(64)
})

test('whatever frame is sent in packets comes out whole, as the only thing', () => {
  fc.assert(
    fc.property(anyFrame, fc.nat(0xffff), (frame, serial) => {
      const parser = expecting(serial)
      const packets = wrappedPackets(serial, frame, SHAPE)
      expect(packets.flatMap((packet) => parser.push(packet)).map(toHex)).toEqual([toHex(frame)])
      expect(parser.discardedBytes).toBe(0)
      expect(accounted(parser)).toBe(packets.length * 64)
    }),
  )
})

test('a reader that numbers its packets from another number is understood', () => {
  const parser = expecting(SERIAL)
  const frame = encodeReply(0x90, new Uint8Array(100))
  const packets = wrappedPackets(SERIAL, frame, SHAPE).map((report, index) => {
    const packet = decodeWrappedPacket(report, SHAPE)
    return packet === undefined ? report : encodeWrappedPacket({ ...packet, number: index + 1 }, SHAPE)
  })
  expect(packets.flatMap((packet) => parser.push(packet))).toEqual([frame])
})

const long = encodeReply(0x90, new Uint8Array(200).fill(5))
const packets = wrappedPackets(SERIAL, long, SHAPE)
/** Would fit by its number, and says something else. */
const [, foreign = found] = wrappedPackets(SERIAL + 1, encodeReply(0x90, new Uint8Array(200).fill(9)), SHAPE)
const [first = found, second = found, third = found, ...rest] = packets
const failing = encodeWrappedPacket({ serial: SERIAL, number: 1, ok: false, data: new Uint8Array(0) }, SHAPE)
const turned = second.slice()
turned[20] = (turned[20] ?? 0) ^ 1

test.each<[string, Uint8Array[], { comes: boolean; damaged: boolean; discarded: number }]>([
  ['repeated', [first, second, second, third, ...rest], { comes: true, damaged: false, discarded: 64 }],
  [
    'of another request',
    [first, foreign, second, third, ...rest],
    { comes: true, damaged: false, discarded: 64 },
  ],
  ['missing', [first, third, ...rest], { comes: false, damaged: true, discarded: 54 + 64 * 2 }],
  ['out of order', [first, third, second, ...rest], { comes: false, damaged: true, discarded: 54 + 64 * 3 }],
  ['damaged', [first, turned, third, ...rest], { comes: false, damaged: true, discarded: 54 + 64 * 3 }],
  ['a failure', [first, failing, third, ...rest], { comes: false, damaged: true, discarded: 54 + 64 * 3 }],
])(
  'a packet that is %s is told from the right ones, and counted',
  (_, pushed, { comes, damaged, discarded }) => {
    const parser = expecting(SERIAL)
    expect(pushed.flatMap((packet) => parser.push(packet))).toEqual(comes ? [long] : [])
    expect(parser.damagedFrames > 0).toBe(damaged)
    expect(parser.discardedBytes).toBe(discarded)
    expect(accounted(parser)).toBe(pushed.length * 64)
    parser.expect(SERIAL + 1)
    expect(wrappedPackets(SERIAL + 1, found, SHAPE).flatMap((packet) => parser.push(packet))).toEqual([found])
  },
)

test('noise in reports of any size never throws, and the answer behind it is found', () => {
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 70 }),
    fc.uint8Array({ minLength: 56, maxLength: 61 }).map((bytes) => join(hex('AA0007'), bytes)),
  )
  fc.assert(
    fc.property(fc.array(noise, { maxLength: 20 }), anyFrame, (reports, frame) => {
      const parser = expecting(SERIAL)
      const before = reports.reduce((sum, report) => sum + report.length, 0)
      for (const report of reports) parser.push(report)
      const answer = wrappedPackets(SERIAL + 1, frame, SHAPE)
      parser.expect(SERIAL + 1)
      expect(answer.flatMap((packet) => parser.push(packet)).map(toHex)).toEqual([toHex(frame)])
      expect(accounted(parser)).toBe(before + answer.length * 64)
    }),
  )
})

test('ten million random bytes in reports, half of them like packets, are thrown away and held by nothing', () => {
  const parser = expecting(SERIAL)
  const report = new Uint8Array(64)
  let seed = 24
  for (let pushed = 0; pushed < 10_000_000; pushed += report.length) {
    for (let at = 0; at < report.length; at += 1) {
      seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff
      report[at] = seed >> 16
    }
    if (pushed % 128 === 0) report.set(hex('AA0007 0E00 00'), 0)
    parser.push(report)
    expect(parser.pendingBytes).toBe(0)
  }
  expect(accounted(parser)).toBe(10_000_000)
})

test('no report is taken for a request but one', () => {
  const report = encodeWrappedRequest(9, encodeRequest('read-base'), SHAPE)
  for (const at of [0, 3, 5, 8, 17]) {
    const changed = report.slice()
    changed[at] = (changed[at] ?? 0) ^ 0x40
    expect(decodeWrappedRequest(changed)).toBeUndefined()
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => decodeWrappedRequest(bytes) === undefined),
  )
})

test('every request comes back from its report, and from no part of it', () => {
  fc.assert(
    fc.property(
      fc.nat(0xffff),
      fc.uint8Array({ minLength: 1, maxLength: 56 }),
      fc.nat(63),
      (serial, frame, end) => {
        const report = encodeWrappedRequest(serial, frame, SHAPE)
        expect(decodeWrappedRequest(report)).toEqual({ serial, frame })
        const sumEnds = 5 + 1 + frame.length + 2
        if (end < sumEnds) expect(decodeWrappedRequest(report.subarray(0, end))).toBeUndefined()
        const changed = report.slice()
        const at = end % sumEnds
        changed[at] = (changed[at] ?? 0) ^ 0x01
        // A serial number is covered by no sum; everything else is.
        if (at === 1 || at === 2) expect(decodeWrappedRequest(changed)?.frame).toEqual(frame)
        else expect(decodeWrappedRequest(changed)).toBeUndefined()
      },
    ),
  )
})

test('packets whose sums are right and whose order, data and results are not are thrown away by count', () => {
  const packet = fc.record({
    serial: fc.constantFrom(SERIAL, SERIAL, SERIAL, SERIAL + 1),
    step: fc.constantFrom(1, 1, 1, 0, 2, 65_000),
    ok: fc.constantFrom(true, true, true, true, false),
    begins: fc.boolean(),
    data: fc.uint8Array({ maxLength: 54 }),
    cut: fc.constantFrom(64, 64, 64, 63, 12, 0),
    asksAnew: fc.constantFrom(false, false, false, false, true),
  })
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 200 }), anyFrame, (sent, frame) => {
      const parser = expecting(SERIAL)
      let pushed = 0
      let number = 0
      for (const { serial, step, ok, begins, data, cut, asksAnew } of sent) {
        number = (number + step) & 0xffff
        if (begins && data.length >= 7) data.set(hex('AAAAAA9669 0905'))
        const report = encodeWrappedPacket({ serial, number, ok, data }, SHAPE).subarray(0, cut)
        for (const found of parser.push(report)) expect(found.length).toBeLessThanOrEqual(2321)
        pushed += report.length
        expect(parser.pendingBytes).toBeLessThan(2321)
        expect(accounted(parser)).toBe(pushed)
        if (asksAnew) parser.expect(SERIAL)
      }
      parser.expect(SERIAL)
      const answer = wrappedPackets(SERIAL, frame, SHAPE).flatMap((report) => parser.push(report))
      expect(answer.map(toHex)).toEqual([toHex(frame)])
    }),
  )
})
