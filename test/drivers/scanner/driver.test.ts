import { expect, test } from 'vitest'
import { RepeatFilter, SAME_CODE_MS, type Scan, superviseScanner } from '../../../drivers/scanner/driver.ts'
import { startScannerSimulator } from '../../../drivers/simulators/scanner.ts'
import { closing, faulty, ready, startPeer, until } from '../support.ts'

async function bench(aim?: string) {
  const listen = 'tcp://127.0.0.1:0'
  const simulator = closing(await startScannerSimulator(aim === undefined ? { listen } : { listen, aim }))
  const scanner = closing(superviseScanner({ driver: 'serial', port: simulator.port }))
  const scans: Scan[] = []
  scanner.onScan((scan) => scans.push(scan))
  await ready(scanner)
  return { simulator, scanner, scans }
}

test('a code is told with its text and its symbology', async () => {
  const { simulator, scans } = await bench(']Q1')
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
  simulator.scan('after')
  await until('it is told', () => scans.length === 1)
  expect(scanner.counters().reopens).toBe(1)
})
