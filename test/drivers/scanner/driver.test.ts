import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { RepeatFilter, SAME_CODE_MS, type Scan, superviseScanner } from '../../../drivers/scanner/driver.ts'
import { SCANNER_TIMINGS } from '../../../drivers/scanner/timings.ts'
import { type ScannerSimulatorOptions, startScannerSimulator } from '../../../drivers/simulators/scanner.ts'
import { closing, faulty, ready, startPeer, until } from '../support.ts'

async function bench(
  options: Partial<ScannerSimulatorOptions> = {},
  more: Partial<Parameters<typeof superviseScanner>[0]> = {},
) {
  const simulator = closing(await startScannerSimulator({ listen: 'tcp://127.0.0.1:0', ...options }))
  onTestFinished(() => expect(simulator.errors).toEqual([]))
  const scanner = closing(superviseScanner({ driver: 'serial', port: simulator.port, ...more }))
  const scans: Scan[] = []
  scanner.onScan((scan) => scans.push(scan))
  await ready(scanner)
  await until('the simulator has the line', () => simulator.isConnected())
  return { simulator, scanner, scans }
}

test('a code is told with its text and its symbology', async () => {
  const { simulator, scans } = await bench({ aim: ']Q1' })
  simulator.scan('办件33010620261121000042')
  await until('it is told', () => scans.length === 1)
  expect(scans).toEqual([{ kind: 'scanned', text: '办件33010620261121000042', symbology: 'Q1' }])
})

test('a code without a suffix is told after 50 ms of silence, whole', async () => {
  const peer = await startPeer()
  const scanner = closing(superviseScanner({ driver: 'serial', port: peer.port }))
  const scans: Scan[] = []
  scanner.onScan((scan) => scans.push(scan))
  await ready(scanner)
  await until('the peer has the line', () => peer.sockets.length === 1)
  peer.sockets[0]?.write('first ')
  await new Promise((resolve) => setImmediate(resolve))
  peer.sockets[0]?.write('half')
  const started = performance.now()
  await until('it is told', () => scans.length === 1)
  expect(performance.now() - started).toBeGreaterThan(40)
  expect(scans).toEqual([{ kind: 'scanned', text: 'first half', symbology: null }])
})

test('a program that was busy has heard no silence: a code is not cut in two', async () => {
  const peer = await startPeer()
  const scanner = closing(
    superviseScanner({ driver: 'serial', port: peer.port }, { ...SCANNER_TIMINGS, silenceMs: 250 }),
  )
  const scans: Scan[] = []
  scanner.onScan((scan) => scans.push(scan))
  await ready(scanner)
  await until('the peer has the line', () => peer.sockets.length === 1)
  peer.sockets[0]?.write('first ')
  await new Promise((resolve) => setTimeout(resolve, 20))
  // Behind the loop's look for bytes: timers come next.
  await new Promise((resolve) => setImmediate(resolve))
  peer.sockets[0]?.write('half')
  const busyUntil = performance.now() + 300
  while (performance.now() < busyUntil) Math.sqrt(busyUntil)
  await until('it is told', () => scans.length > 0)
  expect(scans).toEqual([{ kind: 'scanned', text: 'first half', symbology: null }])
})

test('4 kB of control characters are rejected once as not-text, and the next code is read', async () => {
  const { simulator, scans } = await bench()
  simulator.scan(Uint8Array.from({ length: 4096 }, (_, index) => index % 32))
  simulator.scan('next')
  await until('the next code is told', () => scans.length >= 2)
  expect(scans).toEqual([
    { kind: 'rejected', reason: 'not-text' },
    { kind: 'scanned', text: 'next', symbology: null },
  ])
})

test('a code longer than 4096 bytes is rejected once as too-long, never cut short', async () => {
  const { simulator, scans } = await bench()
  simulator.scan('x'.repeat(20_000))
  simulator.scan('next')
  await until('the next code is told', () => scans.length >= 2)
  expect(scans).toEqual([
    { kind: 'rejected', reason: 'too-long' },
    { kind: 'scanned', text: 'next', symbology: null },
  ])
})

test('the same code twice is one scan, another between them makes it new', async () => {
  const { simulator, scans } = await bench()
  for (const code of ['A', 'A', 'B', 'A']) simulator.scan(code)
  await until('three are told', () => scans.length === 3)
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(scans.map((scan) => scan.kind === 'scanned' && scan.text)).toEqual(['A', 'B', 'A'])
})

test('the same code is a new scan 2 s after it was last seen', () => {
  const filter = new RepeatFilter()
  const scan: Scan = { kind: 'scanned', text: 'A', symbology: null }
  expect(filter.isRepeat(scan, 0)).toBe(false)
  expect(filter.isRepeat(scan, SAME_CODE_MS - 1)).toBe(true)
  expect(filter.isRepeat(scan, 2 * SAME_CODE_MS - 2)).toBe(true)
  expect(filter.isRepeat(scan, 3 * SAME_CODE_MS)).toBe(false)
})

test('an unplugged scanner is a fault and works again when it is plugged in', async () => {
  const { simulator, scanner, scans } = await bench()
  await simulator.unplug()
  await faulty(scanner, 'cannot-open')
  await simulator.plug()
  await ready(scanner)
  await until('the simulator has the line', () => simulator.isConnected())
  simulator.scan('after')
  await until('it is told', () => scans.length === 1)
  expect(scanner.counters().reopens).toBe(1)
})

test.each(['cr', 'lf', 'crlf', 'none'] as const)(
  'Chinese is read with the suffix %s in either encoding',
  async (suffix) => {
    for (const encoding of ['utf-8', 'gb18030'] as const) {
      const { simulator, scans } = await bench({ suffix, encoding, aim: ']Q1' })
      simulator.scan('不动产登记 张𬭎')
      await until('it is told', () => scans.length === 1)
      expect(scans).toEqual([{ kind: 'scanned', text: '不动产登记 张𬭎', symbology: 'Q1' }])
    }
  },
)

test('a code split anywhere is one code, and codes in one piece are several', async () => {
  const { simulator, scans } = await bench()
  const end = simulator.faults.add({ kind: 'split', bytes: 1, gapMs: 2 })
  simulator.scan('33009920261121000042')
  await until('it is told', () => scans.length === 1)
  end()
  simulator.faults.add({ kind: 'merge', holdMs: 30 })
  simulator.scan('one')
  simulator.scan('two')
  await until('both are told', () => scans.length === 3)
  expect(scans.map((scan) => scan.kind === 'scanned' && scan.text)).toEqual([
    '33009920261121000042',
    'one',
    'two',
  ])
})

test('how long the same code is the same scan is configured, and 0 makes every sight one', async () => {
  const { simulator, scans } = await bench({}, { sameCodeMs: 0 })
  for (let count = 0; count < 3; count += 1) simulator.scan('same')
  await until('each is told', () => scans.length === 3)
})

test('a scanner on a serial port comes back under another name and reads on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scanner-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const { simulator, scanner, scans } = await bench({ listen: `pty:${join(folder, 'usb-scanner')}` })
  simulator.scan('before')
  await until('it is told', () => scans.length === 1)
  await simulator.unplug()
  await until('the loss is told', () => scanner.status().state === 'fault')
  await simulator.plug()
  await ready(scanner)
  await until('the simulator has the line', () => simulator.isConnected())
  simulator.scan('after')
  await until('it is told', () => scans.length === 2)
  expect(scans.map((scan) => scan.kind === 'scanned' && scan.text)).toEqual(['before', 'after'])
})
