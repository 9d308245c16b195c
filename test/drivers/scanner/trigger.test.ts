import { expect, onTestFinished, test } from 'vitest'
import { type Scan, type ScannerOptions, superviseScanner } from '../../../drivers/scanner/driver.ts'
import { type ScannerSimulatorOptions, startScannerSimulator } from '../../../drivers/simulators/scanner.ts'
import { closing, faulty, hex, ready, until } from '../support.ts'

const MAKES = ['honeywell-serial', 'newland', 'gm65', 'zebra-ssi'] as const
const ANSWERING = ['gm65', 'zebra-ssi'] as const

async function start(profile: string, options: Partial<ScannerSimulatorOptions> = {}) {
  const simulator = closing(await startScannerSimulator({ listen: 'tcp://127.0.0.1:0', profile, ...options }))
  onTestFinished(() => expect(simulator.errors).toEqual([]))
  const supervise = (more: Partial<ScannerOptions> = {}) => {
    const scanner = closing(superviseScanner({ driver: 'serial', port: simulator.port, profile, ...more }))
    const scans: Scan[] = []
    scanner.onScan((scan) => scans.push(scan))
    const texts = (): unknown[] => scans.map((scan) => (scan.kind === 'scanned' ? scan.text : scan.kind))
    return { scanner, texts }
  }
  return { simulator, supervise }
}

test.each(MAKES)(
  '%s reads the code that lies there when it is armed, and no reply is a code (row 11)',
  async (make) => {
    const { simulator, supervise } = await start(make, { trigger: { endsAtCode: true } })
    expect(simulator.scan('too early')).toBe(false)
    simulator.present('first')
    const { scanner, texts } = supervise()
    await until('it is told', () => texts().length === 1)
    await ready(scanner)
    simulator.present(null)
    expect(simulator.isReading()).toBe(false)
    expect(await scanner.arm()).toBe('armed')
    await until('it reads again', () => simulator.isReading())
    simulator.scan('second')
    await until('it is told', () => texts().length === 2)
    // Whatever was not a code would be one after the silence that ends a code.
    await new Promise((resolve) => setTimeout(resolve, 80))
    expect(texts()).toEqual(['first', 'second'])
  },
)

test.each(['newland', 'zebra-ssi'])(
  '%s is armed again by itself after a code and after a reopening',
  async (make) => {
    const { simulator, supervise } = await start(make, { trigger: { endsAtCode: true } })
    const { scanner, texts } = supervise()
    await until('it reads', () => simulator.isReading())
    simulator.scan('one')
    await until('it reads again', () => simulator.isReading())
    await simulator.unplug()
    await until('the loss is told', () => scanner.status().state === 'fault')
    await simulator.plug()
    await until('it reads once more', () => simulator.isReading())
    simulator.scan('two')
    await until('both are told', () => texts().length === 2)
    expect(texts()).toEqual(['one', 'two'])
  },
)

test.each(ANSWERING)('the answers of %s are no codes, in whatever pieces they come', async (make) => {
  const { simulator, supervise } = await start(make)
  simulator.faults.add({ kind: 'split', bytes: 1, gapMs: 1 })
  const { scanner, texts } = supervise()
  await until('it reads', () => simulator.isReading())
  simulator.scan('33')
  expect(await scanner.arm()).toBe('armed')
  simulator.faults.clear()
  simulator.faults.add({ kind: 'merge', holdMs: 40 })
  simulator.scan('merged')
  expect(await scanner.arm()).toBe('armed')
  await until('both are told', () => texts().length === 2)
  await new Promise((resolve) => setTimeout(resolve, 80))
  expect(texts()).toEqual(['33', 'merged'])
})

test.each(ANSWERING)('a half-open line to %s shows without a code, and heals', async (make) => {
  const { simulator, supervise } = await start(make)
  const { scanner, texts } = supervise()
  await ready(scanner)
  const end = simulator.faults.add({ kind: 'half-open' })
  await faulty(scanner, 'no-answer')
  expect(scanner.counters().deadlineAborts).toBeGreaterThanOrEqual(2)
  end()
  await ready(scanner)
  simulator.scan('after')
  await until('it is told', () => texts().length === 1)
})

test('a scanner that never answers its trigger is a fault that says what to look at', async () => {
  const { supervise } = await start('zebra-ssi', { trigger: { isDead: true } })
  const { scanner } = supervise()
  await faulty(scanner, 'no-answer')
  expect(scanner.status()).toMatchObject({ detail: expect.stringContaining('profile') })
})

test('half a code is given up in its time, whatever is answered meanwhile, and the next code is whole', async () => {
  const { simulator, supervise } = await start('zebra-ssi', { suffix: 'none' })
  const { scanner, texts } = supervise()
  await ready(scanner)
  simulator.scan('whole\rhalf')
  await until('the whole one is told', () => texts().length === 1)
  const asking = setInterval(() => void scanner.arm(), 60)
  onTestFinished(() => clearInterval(asking))
  await until('the half is given up', () => texts().length === 2)
  simulator.scan('next\r')
  await until('the next one is told', () => texts().length === 3)
  expect(texts()).toEqual(['whole', 'rejected', 'next'])
})

test('a scanner that refuses its trigger is out of work until it is set right', async () => {
  const { simulator, supervise } = await start('zebra-ssi', { trigger: { refuses: true } })
  const { scanner } = supervise()
  await faulty(scanner, 'offline')
  expect(scanner.status()).toMatchObject({ detail: expect.stringContaining('host trigger mode') })
  expect(await scanner.arm()).toBe('refused')
  simulator.behave({})
  await ready(scanner)
  expect(scanner.counters().reopens).toBe(0)
})

test('a scanner is not armed before it is wanted, and not after it is no longer', async () => {
  const { simulator, supervise } = await start('gm65')
  const { scanner } = supervise({ armed: false })
  await ready(scanner)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(simulator.starts()).toBe(0)
  expect(await scanner.arm()).toBe('armed')
  expect(simulator.starts()).toBe(1)
  await scanner.disarm()
  const starts = simulator.starts()
  await new Promise((resolve) => setTimeout(resolve, 900))
  expect(simulator.starts()).toBe(starts)
  await simulator.unplug()
  await until('the loss is told', () => scanner.status().state === 'fault')
  expect(await scanner.arm()).toBe('not-connected')
  await simulator.plug()
  await until('it reads when it is back', () => simulator.isReading())
})

test('what begins like an answer and is none is scanned when the line falls silent', async () => {
  const { simulator, supervise } = await start('gm65', { suffix: 'none' })
  const { scanner, texts } = supervise()
  await ready(scanner)
  simulator.scan(hex('41 020000010033'))
  await until('it is told', () => texts().length === 1)
  expect(texts()).toEqual(['A3'])
})

test('commands that are given at once are answered one after the other', async () => {
  const { supervise } = await start('zebra-ssi')
  const { scanner } = supervise()
  await ready(scanner)
  expect(await Promise.all([scanner.arm(), scanner.arm(), scanner.arm()])).toEqual([
    'armed',
    'armed',
    'armed',
  ])
  expect(scanner.counters().deadlineAborts).toBe(0)
})

test('a cable that is pulled while an answer is awaited ends the waiting', async () => {
  const { simulator, supervise } = await start('gm65')
  const { scanner } = supervise()
  await ready(scanner)
  simulator.behave({ isDead: true })
  const arming = scanner.arm()
  // Long enough for the command to leave, too short for its answer to be given up.
  await new Promise((resolve) => setTimeout(resolve, 50))
  await simulator.unplug()
  expect(await arming).toBe('not-connected')
})
