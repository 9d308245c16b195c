import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lockStore } from '../../../../device/store/lock.ts'
import { TEST_TIMINGS } from '../../../../device/technician/peripherals/bench.ts'
import { runTestCommand } from '../../../../device/technician/peripherals/command.ts'
import { RESULTS_FILE } from '../../../../device/technician/peripherals/results.ts'
import { startReceiptPrinterSimulator } from '../../../../drivers/simulators/receipt-printer.ts'
import { startScannerSimulator } from '../../../../drivers/simulators/scanner.ts'
import { deadPort, until } from '../../../drivers/support.ts'
import { deviceJson, temporaryFolder } from '../../support/house.ts'

const FREE = 'tcp://127.0.0.1:0'
const NOBODY = 'http://127.0.0.1:9'

let parts: AsyncDisposableStack
let folder: string

beforeEach(async () => {
  parts = new AsyncDisposableStack()
  folder = await temporaryFolder(parts)
})
afterEach(() => parts.disposeAsync())

const configured = async (peripherals: object): Promise<string> => {
  const file = join(folder, 'device.json')
  await writeFile(file, JSON.stringify(deviceJson({ role: 'terminal', hallUrl: NOBODY, peripherals })))
  return file
}

/** One run of the command, with what it says as it says it. */
const run = (args: string[], timings = TEST_TIMINGS) => {
  const said = { out: '', err: '' }
  const input = new PassThrough()
  const stopping = new AbortController()
  const exit = runTestCommand(
    args,
    {
      out: (text) => {
        said.out += text
      },
      err: (text) => {
        said.err += text
      },
      input,
      stopAsked: stopping.signal,
    },
    timings,
  )
  return { said, input, exit, stop: () => stopping.abort() }
}

it('a receipt printer is tried step by step, the question is answered by a key, and the result is kept', async () => {
  const printer = parts.adopt(
    await startReceiptPrinterSimulator({
      listen: FREE,
      profile: 'print-done-80',
      millimetresPerSecond: 5000,
    }),
    (one) => one.close(),
  )
  const config = await configured({
    receiptPrinter: { driver: 'escpos', profile: 'print-done-80', port: printer.port },
  })
  const data = join(folder, 'data')
  await mkdir(data)
  const { said, input, exit } = run(['receipt-printer', '--config', config, '--data', data, '--lang', 'zh'])
  await until('it asks', () => said.out.includes('y = 对'), 20_000)
  input.write('perhaps\n是\n')
  expect(await exit).toBe(0)
  expect(said.out.match(/y = 对/g)).toHaveLength(2)
  expect(said.out).toContain('✓ 打印测试单')
  expect(said.out).toContain('打印证明: 打印机确认已印出')
  expect(said.out).toMatch(/测试通过\n$/)
  expect(printer.receipts()).toHaveLength(1)
  const kept = JSON.parse(readFileSync(join(data, RESULTS_FILE), 'utf8'))
  expect(kept.tests).toMatchObject([{ by: 'technician', outcome: 'passed', proof: 'confirmed' }])
  const facts = JSON.parse(readFileSync(join(data, 'technician-facts.json'), 'utf8'))
  expect(facts.waiting).toMatchObject([
    { fact: { fact: 'test', peripheral: 'receiptPrinter', outcome: 'passed' } },
  ])
})

it('a scanner is given a code drawn in the terminal, and JSON says how it went', async () => {
  const scanner = parts.adopt(await startScannerSimulator({ listen: FREE }), (one) => one.close())
  const config = await configured({ scanner: { driver: 'serial', port: scanner.port } })
  const { said, exit } = run(['scanner', '--config', config, '--json', '--lang', 'en'])
  await until('a code is drawn', () => /W24TEST\w{8}\n/.test(said.err), 20_000)
  expect(said.err).toMatch(/[█▀▄]{10}/)
  scanner.scan(/W24TEST\w{8}/.exec(said.err)?.[0] ?? '')
  expect(await exit).toBe(0)
  expect(JSON.parse(said.out)).toMatchObject({ peripheral: 'scanner', outcome: 'passed', port: scanner.port })
})

it('what does not answer fails with its cause, and Ctrl-C stops at any time', async () => {
  const config = await configured({ scanner: { driver: 'serial', port: await deadPort() } })
  const dead = run(['scanner', '--config', config, '--lang', 'en'], { ...TEST_TIMINGS, faultLastsMs: 200 })
  expect(await dead.exit).toBe(1)
  expect(dead.said.out).toContain('✗ Answers: The port cannot be opened')
  const stopped = run(['scanner', '--config', config, '--lang', 'en'])
  await until('it has begun', () => stopped.said.out.includes('· Answers'), 20_000)
  stopped.stop()
  expect(await stopped.exit).toBe(1)
  expect(stopped.said.out).toMatch(/Test stopped\n$/)
})

it('while a device runs on the folder it says so in both languages, and where to go instead', async () => {
  const config = await configured({ scanner: { driver: 'serial', port: await deadPort() } })
  const lock = lockStore(folder)
  parts.defer(() => lock.release())
  const zh = run(['scanner', '--config', config, '--data', folder, '--lang', 'zh'])
  expect(await zh.exit).toBe(1)
  expect(zh.said.err).toContain('/setup/')
  expect(zh.said.err).toContain('正在')
  const en = run(['scanner', '--config', config, '--data', folder, '--lang', 'en'])
  expect(await en.exit).toBe(1)
  expect(en.said.err).toContain('a device runs on')
})

it('wrong use is told with what would be right', async () => {
  const config = await configured({})
  for (const [args, words] of [
    [['--config', config], 'say which peripheral'],
    [['door', '--config', config], '"door" is no peripheral'],
    [['scanner'], '--config F'],
    [['scanner', '--config', config], 'binds no scanner'],
    [['scanner', '--config', config, '--lang', 'fr'], 'zh or en'],
  ] as const) {
    const { said, exit } = run([...args, ...(args.some((one) => one === '--lang') ? [] : ['--lang', 'en'])])
    expect(await exit).toBe(2)
    expect(said.err).toContain(words)
  }
  const help = run(['--help', '--lang', 'zh'])
  expect(await help.exit).toBe(0)
  expect(help.said.out).toContain('退出码')
})
