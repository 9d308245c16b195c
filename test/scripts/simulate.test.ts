import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readlinkSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CardEvent, superviseIdReader } from '../../drivers/id-reader/driver.ts'
import { superviseKeypad } from '../../drivers/keypad/driver.ts'
import { supervisePagePrinter } from '../../drivers/page-printer/driver.ts'
import { superviseReceiptPrinter } from '../../drivers/receipt-printer/driver.ts'
import { type Scan, superviseScanner } from '../../drivers/scanner/driver.ts'
import { SCANNER_TIMINGS } from '../../drivers/scanner/timings.ts'
import { closing, faulty, ready, until } from '../drivers/support.ts'

const COMMAND = join(import.meta.dirname, '../../scripts/window24.js')
const STARTED_WITHIN_MS = 30_000
const TCP = 'tcp://127.0.0.1:0'

let folder: string
const running: ChildProcess[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'simulate-test-'))
})
afterEach(() => {
  for (const child of running.splice(0)) {
    if (child.pid !== undefined && isAlive(-child.pid)) process.kill(-child.pid, 'SIGKILL')
  }
  rmSync(folder, { recursive: true, force: true })
})

/** With a negative number any process of that group. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** In a process group of its own, so that whatever it leaves behind is found. */
function run(...args: string[]) {
  const child = spawn(process.execPath, [COMMAND, 'simulate', ...args], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  running.push(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => {
      text += piece
    })
  }
  return {
    child,
    text: () => text,
    async ended(): Promise<number> {
      if (child.exitCode === null) await once(child, 'exit')
      return Number(child.exitCode)
    },
    /** As Ctrl-C in a terminal does: the whole group hears it. */
    async interrupt(): Promise<number> {
      const exited = once(child, 'exit')
      process.kill(-(child.pid ?? 0), 'SIGINT')
      return Number((await exited)[0])
    },
  }
}

/** A simulator that listens, its port as drivers are given it, and a way to type. */
async function simulate(kind: string, ...args: string[]) {
  const command = run(kind, ...args)
  const port = (): string => new RegExp(`^${kind} on (\\S+)$`, 'm').exec(command.text())?.[1] ?? ''
  await until('it listens', () => port() !== '' || command.child.exitCode !== null, STARTED_WITHIN_MS)
  expect(command.text()).toContain(`${kind} on `)
  return {
    ...command,
    port: port(),
    type: (line: string): void => void command.child.stdin?.write(`${line}\n`),
    says: (words: string) => until(`it says "${words}"`, () => command.text().includes(words)),
  }
}

describe('window24 simulate', () => {
  it('is a keypad on a serial line, and Ctrl-C leaves neither a process nor the line', async () => {
    const path = join(folder, 'usb-evaluator')
    const unit = await simulate('keypad', '--listen', `pty:${path}`)
    expect(unit.port).toBe(`serial:${path}?baud=9600`)
    const keypad = closing(superviseKeypad({ driver: 'ff68', port: unit.port }))
    const keys: number[] = []
    keypad.onKey((key) => keys.push(key))
    await ready(keypad)
    keypad.lamps(4)
    await unit.says('lamps: 4')
    keypad.beep()
    await unit.says('beeps')
    unit.type('press 2')
    await unit.says('the unit sleeps')
    keypad.startRating()
    await unit.says('asks for a rating')
    unit.type('together 1 5')
    await until('both are nothing', () => keypad.counters().ignoredPresses === 2)
    await until('it asks again', () => unit.text().split('asks for a rating').length === 3)
    unit.type('press 2')
    await until('the key is told', () => keys.length === 1)
    expect(keys).toEqual([1])
    keypad.acknowledge()
    await unit.says('says its thanks')

    expect(await unit.interrupt()).toBe(0)
    expect(isAlive(-(unit.child.pid ?? 0))).toBe(false)
    expect(existsSync(path)).toBe(false)
  })

  it('is an ID card reader that is unplugged, plugged in and read again', async () => {
    const device = await simulate('id-reader', '--listen', TCP)
    const reader = closing(superviseIdReader({ driver: 'sdt', port: device.port }))
    const events: CardEvent['kind'][] = []
    reader.onCard(({ kind }) => events.push(kind))
    await ready(reader)
    device.type('card zhang')
    await until('it is read', () => events.length === 1)
    device.type('unplug')
    await faulty(reader, 'cannot-open')
    device.type('plug')
    await until('it is read again', () => events.join() === 'placed,lifted,placed', 10_000)
    device.type('lift')
    await until('it is lifted', () => events.length === 4)
    expect(device.text()).not.toContain('error of the driver')
    expect(await device.interrupt()).toBe(0)
  })

  it('is a scanner with a faulty wire', async () => {
    const device = await simulate('scanner', '--listen', TCP, '--profile', 'newland')
    // A busy machine sends the pieces of a code far apart: no silence is to end it before its suffix.
    const timings = { ...SCANNER_TIMINGS, silenceMs: 10_000, unfinishedDeadlineMs: 20_000 }
    const scanner = closing(
      superviseScanner({ driver: 'serial', port: device.port, profile: 'newland' }, timings),
    )
    const scans: Scan[] = []
    scanner.onScan((scan) => scans.push(scan))
    await ready(scanner)
    device.type('fault split 3 5')
    device.type('present YX2026110007K3')
    await until('it is told', () => scans.length > 0)
    expect(scans[0]).toEqual({ kind: 'scanned', text: 'YX2026110007K3', symbology: null })
    device.type('fault split')
    await device.says('split: BYTES is a number')
    expect(await device.interrupt()).toBe(0)
  })

  it('tells what is wrong with its wire', async () => {
    const device = await simulate('keypad', '--listen', TCP)
    device.type('fault')
    await device.says('nothing is wrong with the wire')
    device.type('fault slow 9600')
    device.type('fault drop 3 towards device after 60000')
    device.type('fault')
    await device.says('fault slow 9600\nfault drop 3 towards device after 60000\n')
    expect(await device.interrupt()).toBe(0)
  })

  it('is unplugged for a time and comes back under another name', async () => {
    const path = join(folder, 'usb-evaluator')
    const unit = await simulate('keypad', '--listen', `pty:${path}`)
    const keypad = closing(superviseKeypad({ driver: 'ff68', port: unit.port }))
    await ready(keypad)
    const name = readlinkSync(path)
    unit.type('unplug after 200 for 300')
    await faulty(keypad, 'cannot-open')
    await unit.says(`plugged in on ${unit.port}`)
    await ready(keypad)
    expect(readlinkSync(path)).not.toBe(name)
    unit.type('unplug for ever')
    await unit.says('unplug: behind "for", MS is a number')
    unit.type('plug now')
    await unit.says('"plug now" is not understood')
    expect(await unit.interrupt()).toBe(0)
  })

  it('is a receipt printer in trouble', async () => {
    const device = await simulate('receipt-printer', '--listen', TCP, '--profile', 'generic-58')
    const printer = closing(
      superviseReceiptPrinter({ driver: 'escpos', profile: 'generic-58', port: device.port }),
    )
    await ready(printer)
    device.type('trouble paper-out for 60000')
    await faulty(printer, 'paper-out')
    device.type('mend')
    await ready(printer)
    device.type('cover open')
    await faulty(printer, 'cover-open')
    expect(await device.interrupt()).toBe(0)
  })

  it('is a page printer without paper', async () => {
    const device = await simulate('page-printer', '--listen', TCP)
    const printer = closing(supervisePagePrinter({ driver: 'ipp', port: device.port }))
    await ready(printer)
    device.type('paper out')
    await faulty(printer, 'paper-out')
    device.type('paper ok')
    await ready(printer)
    expect(await device.interrupt()).toBe(0)
  })

  it('tells of a line that it does not understand what there is to type', async () => {
    const device = await simulate('keypad', '--listen', TCP)
    device.type('press 6')
    await device.says('"press 6" is not understood')
    expect(device.text()).toContain('press 1–5')
    expect(await device.interrupt()).toBe(0)
  })

  it('lists every device, what can be typed to it and its profiles', async () => {
    const command = run('--help')
    expect(await command.ended()).toBe(0)
    const words = ['id-reader', 'scanner', 'receipt-printer', 'keypad', 'page-printer', 'pty:/PATH']
    for (const word of [...words, 'fault half-open', 'unplug', 'ff68-9600', 'generic-58']) {
      expect(command.text()).toContain(word)
    }
  })

  it.each([
    [['--listen', TCP], 'which simulator?'],
    [['toaster', '--listen', TCP], 'there is no simulator "toaster"'],
    [['keypad'], '--listen tcp://HOST:PORT or pty:/PATH is needed'],
    [['keypad', '--listen', TCP, '--profile', 'none'], 'no keypad profile "none"; choose ff68-9600'],
    [['page-printer', '--listen', TCP, '--profile', 'none'], 'it has none'],
    [['keypad', 'scanner', '--listen', TCP], '"scanner" is not understood here'],
  ])('%j is told in words and ends with 2', async (args, words) => {
    const command = run(...args)
    expect(await command.ended()).toBe(2)
    expect(command.text()).toContain(words)
  })

  it('at a port that is taken says so in one line and ends with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    const command = run('keypad', '--listen', `tcp://127.0.0.1:${port}`)
    expect(await command.ended()).toBe(1)
    expect(command.text().trim().split('\n')).toEqual([expect.stringContaining('EADDRINUSE')])
    other.close()
  })
})
