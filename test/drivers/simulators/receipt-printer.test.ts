import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PNG } from 'pngjs'
import { expect, onTestFinished, test } from 'vitest'
import type { ReceiptDocument } from '../../../drivers/receipt-printer/document.ts'
import { superviseReceiptPrinter } from '../../../drivers/receipt-printer/driver.ts'
import {
  PRINTER_TROUBLES,
  type ReceiptPrinterSimulatorOptions,
  type SimulatedReceipt,
  startReceiptPrinterSimulator,
} from '../../../drivers/simulators/receipt-printer.ts'
import { openPort } from '../../../drivers/transport/open-port.ts'
import { closing, hex, ready, until } from '../support.ts'

const run = promisify(execFile)
const listen = 'tcp://127.0.0.1:0'

async function printed(document: ReceiptDocument, profile: string): Promise<SimulatedReceipt> {
  const simulator = closing(
    await startReceiptPrinterSimulator({ listen, profile, millimetresPerSecond: 5000 }),
  )
  const printer = closing(superviseReceiptPrinter({ driver: 'escpos', profile, port: simulator.port }))
  await ready(printer)
  expect(await printer.print(document)).toMatchObject({ outcome: 'printed' })
  expect(simulator.errors).toEqual([])
  const [receipt] = simulator.receipts()
  if (receipt === undefined) throw new Error('no receipt came out')
  return receipt
}

/** What a scanner reads on the paper. */
async function scanned(receipt: SimulatedReceipt): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'w24-receipt-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'receipt.png')
  await writeFile(file, receipt.png)
  const { stdout } = await run('zbarimg', ['-q', '--nodbus', file])
  return stdout.trim().split('\n').sort()
}

test.each([
  ['generic-80', '33010620261121000042'],
  ['generic-80', 'W24-2026-AB{x}'],
  ['generic-58', '33010620261121000042'],
  ['generic-58', 'XH202611210042'],
])('%s: a scanner reads the bars of %s and the QR code from the paper', async (profile, value) => {
  const address = `https://hall.example/r/${value}`
  const receipt = await printed(
    { elements: [{ kind: 'barcode', value }, { kind: 'qr', value: address }, { kind: 'cut' }] },
    profile,
  )
  expect(await scanned(receipt)).toEqual([`CODE-128:${value}`, `QR-Code:${address}`])
})

/** Black dots in a part of the picture. */
function blackDots(receipt: SimulatedReceipt, from: number, to: number): number {
  const image = PNG.sync.read(receipt.png)
  let black = 0
  for (let y = from; y < to; y += 1) {
    for (let x = 0; x < image.width; x += 1)
      if ((image.data[(y * image.width + x) * 4] ?? 255) < 128) black += 1
  }
  return black
}

test.each([
  ['generic-80', 640],
  ['generic-58', 464],
])('%s: Chinese and rare characters are on the paper, and all of it is its width', async (profile, width) => {
  const receipt = await printed(
    {
      elements: [
        { kind: 'text', text: '张小雨' },
        { kind: 'text', text: '张䶮𬭎' },
        { kind: 'rule' },
        { kind: 'cut' },
      ],
    },
    profile,
  )
  const image = PNG.sync.read(receipt.png)
  expect([image.width, image.height]).toEqual([receipt.widthDots, receipt.heightDots])
  expect(receipt.widthDots).toBe(width)
  // 80 blank rows from the print head to the knife, then lines of 32 rows.
  expect(blackDots(receipt, 0, 80)).toBe(0)
  expect(blackDots(receipt, 80, 112)).toBeGreaterThan(400)
  expect(blackDots(receipt, 112, 144)).toBeGreaterThan(500)
})

test('a printed line and the same line as a picture are the same dots', async () => {
  const text = await printed({ elements: [{ kind: 'text', text: '张三 A1' }, { kind: 'cut' }] }, 'generic-80')
  const drawn = await printed(
    { elements: [{ kind: 'text', text: '张三 A1 䶮' }, { kind: 'cut' }] },
    'generic-80',
  )
  const left = (receipt: SimulatedReceipt): string => {
    const image = PNG.sync.read(receipt.png)
    let dots = ''
    for (let y = 80; y < 112; y += 1) {
      for (let x = 32; x < 32 + 84; x += 1)
        dots += (image.data[(y * image.width + x) * 4] ?? 255) < 128 ? '#' : '.'
    }
    return dots
  }
  expect(left(drawn)).toBe(left(text))
})

async function bare(options: Partial<ReceiptPrinterSimulatorOptions> = {}) {
  const simulator = closing(
    await startReceiptPrinterSimulator({ listen, millimetresPerSecond: 5000, ...options }),
  )
  const opened = await openPort(simulator.port)
  if (!opened.ok) throw new Error(opened.detail)
  const connection = closing(opened.link)
  const heard: number[] = []
  connection.onData((chunk) => heard.push(...chunk))
  const say = (text: string) => connection.write(hex(text), 1000)
  return { simulator, say, heard }
}

test.each([
  ['1B 99', 'no such command: 1B 99'],
  ['1D 99', 'no such command: 1D 99'],
  ['07', 'control character 07'],
  ['B0 EC', 'a Chinese character outside Chinese mode'],
  ['1C 26 FE 9F 0A', 'a character that the font lacks'],
  ['1D 76 30 00 01 00 2C 01', 'a picture strip of 300 rows'],
  ['41 1B 61 01', 'alignment in the middle of a line'],
  ['1D 76 30 00 03 00 01 00 10 04 01', 'a real-time command inside the data of another'],
  ['1D 76 30 00 03 00 01 00 10 05 02', 'a real-time command inside the data of another'],
  ['1D 76 30 00 03 00 01 00 10 14 01', 'a real-time command inside the data of another'],
  ['10 04 01 10 04 02', 'a status query while another is in flight'],
  ['10 05 01', 'told to print the stopped line again'],
  ['10 05 02', 'told to recover while it is not waiting for that'],
  ['1D 6B 49 02 31 32', 'a barcode that does not begin with a code set'],
  ['1D 77 06 1D 6B 49 0A 7B 42 41 42 43 44 45 46 47 48', 'a barcode wider than the paper'],
  ['1D 28 6B 03 00 31 51 30', 'a QR code without data'],
  ['1D 28 48 06 00 30 30 31 32 33 34', 'print-done asked of a printer that has none'],
])('%s is misuse: %s', async (bytes, error) => {
  const { simulator, say } = await bare()
  await say(bytes)
  await until('it is recorded', () => simulator.errors.length > 0)
  expect(simulator.errors).toContain(error)
})

test('it answers the four status queries as its paper and its cover are', async () => {
  const { simulator, say, heard } = await bare()
  const ask = async (): Promise<string> => {
    heard.length = 0
    for (const n of [1, 2, 3, 4]) {
      await say(`10 04 0${n}`)
      await until('it is answered', () => heard.length === n)
    }
    return Buffer.from(heard).toString('hex')
  }
  expect(await ask()).toBe('12121212')
  simulator.setPaper('near-end')
  expect(await ask()).toBe('1212121e')
  simulator.setPaper('out')
  expect(await ask()).toBe('1a32127e')
  simulator.setPaper('ok')
  simulator.setCover(true)
  expect(await ask()).toBe('1a161212')
  expect(simulator.errors).toEqual([])
})

test('a status is answered while paper is moving, and the marker only behind it', async () => {
  const { say, heard } = await bare()
  // 255 lines of 34 dots at 40,000 dots a second are 216 ms.
  await say('1B 40 1B 64 FF 1D 72 01 10 04 01')
  const started = performance.now()
  await until('the status is there', () => heard.length === 1)
  expect(heard).toEqual([0x12])
  await until('the marker is answered', () => heard.length === 2)
  expect(performance.now() - started).toBeGreaterThan(180)
})

test('a printer that keeps no backlog prints nothing of what was sent without paper', async () => {
  const { simulator, say, heard } = await bare({ keepsBacklog: false })
  simulator.setPaper('out')
  await say('1B 40 41 0A 1D 56 00 1D 72 01 10 04 04')
  await until('it has taken them', () => heard.length === 1)
  simulator.setPaper('ok')
  await say('42 0A 1D 56 00 10 04 04')
  await until('it has taken these', () => heard.length === 2)
  expect(simulator.receipts()).toEqual([])
  await say('1B 40 43 0A 1D 56 00')
  await until('a new document comes out', () => simulator.receipts().length === 1)
})

test('each trouble has its bits while it lasts, and what must be recovered from waits for that', async () => {
  const { simulator, say, heard } = await bare()
  const ask = async (): Promise<string> => {
    heard.length = 0
    for (const n of [1, 2, 3, 4]) {
      await say(`10 04 0${n}`)
      await until('it is answered', () => heard.length === n)
    }
    return Buffer.from(heard).toString('hex')
  }
  const bits: Record<string, string> = {}
  for (const kind of PRINTER_TROUBLES) {
    const mend = simulator.trouble(kind)
    bits[kind] = await ask()
    mend()
    if (kind === 'cutter' || kind === 'jam') {
      expect(await ask()).toBe('3a521212')
      await say('10 05 02')
    }
    expect(await ask()).toBe('12121212')
  }
  expect(bits).toEqual({
    'near-end': '1212121e',
    'paper-out': '1a32127e',
    'cover-open': '1a161212',
    'fed-by-hand': '1a1a1212',
    cutter: '1a521a12',
    jam: '1a521212',
    overheated: '1a525212',
    unrecoverable: '1a523212',
    offline: '1a121212',
    'slow-paper': '12121212',
    'mute-markers': '12121212',
  })
  expect(simulator.errors).toEqual([])
})

test('troubles stack, begin at a row of the receipt or after a while, and end by themselves', async () => {
  const { simulator, say } = await bare({ keepsBacklog: true, millimetresPerSecond: 1000 })
  const receipts = (): number => simulator.receipts().length
  simulator.trouble('cover-open', { atRow: 200, forMs: 60 })
  simulator.trouble('paper-out', { atRow: 200, forMs: 120 })
  await say(`1B 40 ${'41 0A '.repeat(20)} 1D 56 00`)
  const started = performance.now()
  await until('the receipt is out', () => receipts() === 1)
  expect(performance.now() - started).toBeGreaterThan(110)
  const never = simulator.trouble('paper-out', { afterMs: 30 })
  never()
  await say('1B 40 42 0A 1D 56 00')
  await until('the next one is out', () => receipts() === 2)
})

test('a printer that keeps its backlog prints it at refill, one that does not never does', async () => {
  for (const keepsBacklog of [true, false]) {
    const { simulator, say, heard } = await bare({ keepsBacklog })
    const mend = simulator.trouble('paper-out')
    await say('1B 40 41 0A 1D 56 00 10 04 04')
    await until('it has taken them', () => heard.length === 1)
    expect(simulator.receipts()).toHaveLength(0)
    mend()
    await say('10 04 04')
    await until('it has paper', () => heard.at(-1) === 0x12)
    if (keepsBacklog) await until('the backlog is out', () => simulator.receipts().length === 1)
    expect(simulator.receipts()).toHaveLength(keepsBacklog ? 1 : 0)
  }
})

test('a blank scrap is cut and is no receipt', async () => {
  const { simulator, say } = await bare()
  await say('1B 40 1B 64 05 1D 56 00')
  await until('it is cut', () => simulator.cuts() === 1)
  expect(simulator.receipts()).toEqual([])
})

test('a printer that knows no marker and one without a knife complain of them', async () => {
  const statusOnly = await bare({ profile: 'status-only-58' })
  await statusOnly.say('1D 72 01')
  await until('it is recorded', () => statusOnly.simulator.errors.length === 1)
  expect(statusOnly.simulator.errors).toEqual(['a marker sent to a printer that knows none'])
  const tearOff = await bare({ profile: 'tear-off-58' })
  await tearOff.say('1D 56 00')
  await until('it is recorded', () => tearOff.simulator.errors.length === 1)
  expect(tearOff.simulator.errors).toEqual(['a cut of a printer without a knife'])
})

test.each(['10 04 01', '10 04 02', '10 04 04'])(
  'a question is in flight until its answer is sent: %s before that is misuse',
  async (second) => {
    const { simulator, say, heard } = await bare({ statusDelayMs: 50 })
    await say('10 04 01')
    await until('it is answered', () => heard.length === 1)
    await say('10 04 01')
    expect(simulator.errors).toEqual([])
    await say(second)
    await until('both are answered', () => heard.length === 3)
    expect(simulator.errors).toEqual(['a status query while another is in flight'])
  },
)
