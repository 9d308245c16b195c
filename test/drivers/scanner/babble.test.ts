import { expect, test } from 'vitest'
import { type Scan, superviseScanner } from '../../../drivers/scanner/driver.ts'
import { SCANNER_TIMINGS, type ScannerTimings } from '../../../drivers/scanner/timings.ts'
import { startScannerSimulator } from '../../../drivers/simulators/scanner.ts'
import type { TriggerBehaviour } from '../../../drivers/simulators/scanner-trigger.ts'
import { closing, faulty, hex, ready, startPeer, until } from '../support.ts'

/** A scanner here that answers does so at once. */
const TIMINGS = { ...SCANNER_TIMINGS, replyDeadlineMs: 150 }

test.each([
  ['from the start', false],
  ['after a good beginning', true],
])('a line on which bytes come but never an answer is a fault, %s', async (_, isGoodFirst) => {
  let reply = isGoodFirst ? hex('02000001003331') : hex('F800E6')
  const peer = await startPeer((_, socket) => socket.write(reply))
  const options = { driver: 'serial', port: peer.port, profile: 'gm65' } as const
  const scanner = closing(superviseScanner(options, TIMINGS))
  if (isGoodFirst) await ready(scanner)
  // As of a speed that is not the scanner's; some of it looks like text.
  reply = hex('8213E691')
  await faulty(scanner, 'bad-frames')
  expect(scanner.status()).toMatchObject({ detail: expect.stringContaining('speed') })
  await until('it is opened anew', () => scanner.counters().reopens > 0)
  reply = hex('02000001003331')
  await ready(scanner)
})

async function start(profile: string, trigger: TriggerBehaviour, timings: ScannerTimings) {
  const listen = 'tcp://127.0.0.1:0'
  const simulator = closing(await startScannerSimulator({ listen, profile, trigger }))
  const options = { driver: 'serial', port: simulator.port, profile } as const
  const scanner = closing(superviseScanner(options, timings))
  const scans: Scan[] = []
  scanner.onScan((scan) => scans.push(scan))
  return { simulator, scanner, scans }
}

test('noise without an end is no scanner that is busy with a code', async () => {
  const { simulator, scanner } = await start('gm65', { isDead: true }, TIMINGS)
  simulator.faults.add({ kind: 'noise', everyMs: 10, bytes: 4 })
  await faulty(scanner, 'bad-frames')
})

test('a long code on a slow line is no miss, though the answer comes behind it', async () => {
  const { simulator, scanner, scans } = await start('zebra-ssi', {}, SCANNER_TIMINGS)
  await ready(scanner)
  simulator.faults.add({ kind: 'slow', baud: 9600 })
  const text = '7'.repeat(3600)
  simulator.scan(text)
  await until('it is told', () => scans.length === 1, 8000)
  expect(scans).toEqual([{ kind: 'scanned', text, symbology: null }])
  expect(scanner.counters().reopens).toBe(0)
})
