import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Scan, superviseScanner } from '../../../drivers/scanner/driver.ts'
import { SCANNER_TIMINGS, type ScannerTimings } from '../../../drivers/scanner/timings.ts'
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

/** A line whose other end says just what it is told to. */
async function bare(timings: Partial<ScannerTimings> = {}) {
  const peer = await startPeer()
  const options = { driver: 'serial', port: peer.port } as const
  const scanner = closing(superviseScanner(options, { ...SCANNER_TIMINGS, ...timings }))
  const scans: Scan[] = []
  scanner.onScan((scan) => scans.push(scan))
  await ready(scanner)
  await until('the peer has the line', () => peer.sockets.length === 1)
  return { peer, say: (text: string) => peer.sockets[0]?.write(text), scanner, scans }
}

const texts = (scans: Scan[]): string[] =>
  scans.map((scan) => (scan.kind === 'scanned' ? scan.text : scan.reason))

test('a code is told with its text and its symbology', async () => {
  const { simulator, scans } = await bench({ aim: ']Q1' })
  simulator.scan('办件33010620261121000042')
  await until('it is told', () => scans.length === 1)
  expect(scans).toEqual([{ kind: 'scanned', text: '办件33010620261121000042', symbology: 'Q1' }])
})

test('a code without a suffix is told after 50 ms of silence, once the scanner is known to send none', async () => {
  const unfinishedDeadlineMs = 1500
  const { peer, say, scans } = await bare({ unfinishedDeadlineMs })
  say('first code')
  await until('it is told', () => scans.length === 1)
  say('first ')
  await new Promise((resolve) => setImmediate(resolve))
  say('half')
  const started = performance.now()
  await until('it is told', () => scans.length === 2)
  expect(performance.now() - started).toBeGreaterThan(40)
  expect(performance.now() - started).toBeLessThan(unfinishedDeadlineMs)
  expect(texts(scans)).toEqual(['first code', 'first half'])
  expect(peer.sockets).toHaveLength(1)
})

test.each(['the first one', 'a later one'])(
  'a code with a suffix that is held up on its way is one code, also %s',
  async (which) => {
    const { simulator, scans } = await bench()
    if (which === 'a later one') simulator.scan('before')
    const before = which === 'a later one' ? ['before'] : []
    await until('it is told', () => scans.length === before.length)
    simulator.faults.add({ kind: 'split', bytes: 9, gapMs: 80 })
    simulator.scan('330099199001011234')
    await until('it is told', () => scans.length > before.length)
    expect(texts(scans)).toEqual([...before, '330099199001011234'])
  },
)

test('half a code is rejected once its suffix is overdue, and the next code is whole', async () => {
  const { say, scanner, scans } = await bare()
  say('330099\r')
  await until('it is told', () => scans.length === 1)
  say('1990')
  await until('it is given up', () => scans.length === 2)
  say('next\r')
  await until('the next one is told', () => scans.length === 3)
  expect(texts(scans)).toEqual(['330099', 'not-text', 'next'])
  expect(scanner.counters().deadlineAborts).toBe(1)
})

test('what a device server says while it refuses the line is no code', async () => {
  const peer = await startPeer()
  const scanner = closing(superviseScanner({ driver: 'serial', port: peer.port }))
  const scans: Scan[] = []
  scanner.onScan((scan) => scans.push(scan))
  for (const refusals of [1, 2]) {
    await until('it is connected', () => peer.sockets.length === refusals)
    peer.sockets[refusals - 1]?.end('Port already in use\r\n')
  }
  await until('it is connected', () => peer.sockets.length === 3)
  // At once: the first scan of a line that stays is not lost (row 11).
  peer.sockets[2]?.write('first\r')
  await until('it is told', () => scans.length > 0)
  expect(texts(scans)).toEqual(['first'])
})

test('a program that was busy has heard no silence: a code is not cut in two', async () => {
  const { say, scans } = await bare({ silenceMs: 250 })
  say('without a suffix')
  await until('it is told', () => scans.length === 1)
  say('first ')
  await new Promise((resolve) => setTimeout(resolve, 20))
  // Behind the loop's look for bytes: timers come next.
  await new Promise((resolve) => setImmediate(resolve))
  say('half')
  const busyUntil = performance.now() + 300
  while (performance.now() < busyUntil) Math.sqrt(busyUntil)
  await until('it is told', () => scans.length > 1)
  expect(texts(scans)).toEqual(['without a suffix', 'first half'])
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

test('two codes under one window are two scans, however they alternate', async () => {
  const { simulator, scans } = await bench()
  for (const code of ['A', 'A', 'B', 'A', 'B', 'B', 'A', 'end']) simulator.scan(code)
  await until('the last one is told', () => texts(scans).includes('end'))
  expect(texts(scans)).toEqual(['A', 'B', 'end'])
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
