import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeReply } from '../../../drivers/id-reader/frame.ts'
import { framingOf } from '../../../drivers/id-reader/framing.ts'
import { rawReports } from '../../../drivers/id-reader/hid-raw.ts'
import { FrameParser } from '../../../drivers/id-reader/parser.ts'
import { idReaderProfile } from '../../../drivers/id-reader/profile.ts'
import { encodeRequest } from '../../../drivers/id-reader/requests.ts'
import { join, toHex } from '../support.ts'

const REPORT = 64
const anyFrame = fc
  .tuple(fc.nat(255), fc.uint8Array({ maxLength: 1400 }))
  .map(([sw3, data]) => encodeReply(sw3, data))
const anyReport = fc.uint8Array({ minLength: REPORT, maxLength: REPORT })

function parsed(reports: Uint8Array[], parser = new FrameParser({ padded: true })): Uint8Array[] {
  return [...reports.flatMap((report) => parser.push(report)), ...parser.abandon()]
}

test('a request is written as one report: 00, the frame, zeros up to 65 bytes', () => {
  const profile = idReaderProfile('hid-raw')
  if (profile === undefined) throw new Error('the profile is missing')
  const written = framingOf(profile).wrap(encodeRequest('find-card'))
  expect(written.map(toHex)).toEqual([`00AAAAAA96690003200122${'00'.repeat(54)}`])
})

test('a base reply is 21 reports, and the zeros that fill up the last one count as nothing', () => {
  const frame = encodeReply(0x90, new Uint8Array(1284).fill(1))
  const reports = rawReports(frame, REPORT)
  expect(reports).toHaveLength(21)
  expect(reports.every((report) => report.length === REPORT)).toBe(true)
  const parser = new FrameParser({ padded: true })
  expect(parsed(reports, parser)).toEqual([frame])
  expect([parser.discardedBytes, parser.paddingBytes]).toEqual([0, 21 * REPORT - 1295])
})

test('whatever frames are sent in reports, the same frames come out', () => {
  fc.assert(
    fc.property(fc.array(anyFrame, { maxLength: 4 }), (frames) => {
      const reports = frames.flatMap((frame) => rawReports(frame, REPORT))
      const parser = new FrameParser({ padded: true })
      expect(parsed(reports, parser).map(toHex)).toEqual(frames.map(toHex))
      expect(parser.discardedBytes).toBe(0)
    }),
  )
})

test('what precedes a preamble in a report is dropped', () => {
  const frame = encodeReply(0x80)
  const late = join(Uint8Array.of(0x12, 0x34, 0xaa), frame, new Uint8Array(REPORT - frame.length - 3))
  const parser = new FrameParser({ padded: true })
  expect(parsed([late], parser)).toEqual([frame])
  expect(parser.discardedBytes).toBe(3)
})

test('a lost, repeated or foreign report costs its frame, never the next one, and no byte is unaccounted for', () => {
  const mischief = fc.constantFrom('lose', 'repeat', 'swap', 'insert')
  fc.assert(
    fc.property(anyFrame, anyFrame, anyReport, mischief, fc.nat(20), (frame, next, foreign, what, where) => {
      const reports = rawReports(frame, REPORT)
      const at = where % reports.length
      const [one = foreign, two = foreign] = [reports[at], reports[at + 1]]
      if (what === 'lose') reports.splice(at, 1)
      if (what === 'repeat') reports.splice(at, 0, one)
      if (what === 'swap') reports.splice(at, 2, two, one)
      if (what === 'insert') reports.splice(at, 0, foreign)
      const all = [...reports, ...rawReports(next, REPORT)]
      const parser = new FrameParser({ padded: true })
      expect(parsed(all, parser).map(toHex)).toContain(toHex(next))
      expect(parser.framedBytes + parser.discardedBytes + parser.paddingBytes).toBe(all.length * REPORT)
    }),
  )
})
