import { expect, onTestFinished, test, vi } from 'vitest'
import { scannerProfile } from '../../../drivers/scanner/driver.ts'
import { encodeParts } from '../../../drivers/scanner/hid-pos.ts'
import { HidPosParser } from '../../../drivers/scanner/hid-pos-parser.ts'
import { ReplyFilter, ssiReply } from '../../../drivers/scanner/replies.ts'
import { SerialScanParser } from '../../../drivers/scanner/serial.ts'
import { readScan, type Scan } from '../../../drivers/scanner/text.ts'

/** An invented number: whoever finds it in memory has found what somebody's paper said. */
const SECRET = '330099198803120028'
const secret = Buffer.from(SECRET)

/** Everything of the size of bytes that is made from now on, so that it can be looked into afterwards. */
function memory(): () => string[] {
  const made: Uint8Array[] = []
  class Watched extends Uint8Array {
    constructor(...given: [number]) {
      super(...given)
      made.push(this)
    }
  }
  vi.stubGlobal('Uint8Array', Watched)
  onTestFinished(() => void vi.unstubAllGlobals())
  return () =>
    made.map((bytes) => Buffer.from(bytes).toString('latin1')).filter((text) => text.includes('1988'))
}

test('nothing of a code stays in the memory of a serial scanner', () => {
  const leftovers = memory()
  const filter = new ReplyFilter(ssiReply)
  const parser = new SerialScanParser()
  const scans: Scan[] = []
  const acks = Buffer.from('04D00000FF2C'.repeat(3), 'hex')
  const pieces = [
    secret.subarray(0, 11),
    secret.subarray(11),
    Buffer.of(0x04, 0x0d),
    Buffer.concat([acks, secret]),
  ]
  for (const piece of pieces) {
    const { rest } = filter.push(Buffer.from(piece))
    scans.push(...parser.push(rest).map(readScan))
    rest.fill(0)
  }
  scans.push(...parser.silence().map(readScan))
  const scanned = { kind: 'scanned', text: SECRET, symbology: null }
  expect(scans).toEqual([scanned, { kind: 'rejected', reason: 'not-text' }])
  expect(leftovers()).toEqual([])
})

test('nothing of a code that silence gives up stays in memory', () => {
  const leftovers = memory()
  const parser = new SerialScanParser()
  parser.push(Buffer.concat([secret, Buffer.alloc(4096, 0x41)]))
  parser.silence()
  expect(leftovers()).toEqual([])
})

test('nothing of a code stays in the memory of a HID scanner, whole or not', () => {
  const profile = scannerProfile('generic-hid-pos')
  const layouts = profile?.driver === 'hid-pos' ? profile.layouts : []
  const reports = layouts.slice(0, 1).flatMap((layout) => {
    const code = Buffer.concat([secret, Buffer.alloc(60, 0x20), secret])
    return encodeParts(layout, code, ']C0').map((report) => Buffer.from(report))
  })
  expect(reports).toHaveLength(2)
  const leftovers = memory()
  const parser = new HidPosParser(layouts)
  const scans = reports.flatMap((report) => parser.push(report)).map(readScan)
  expect(scans).toMatchObject([{ symbology: 'C0' }])
  parser.silence()
  expect(leftovers()).toEqual([])
  for (const report of reports.slice(0, 1)) parser.push(report)
  parser.silence()
  expect(leftovers()).toEqual([])
})
