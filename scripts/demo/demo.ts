import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Bench, newToken, RECEIPT_PRINTER_PROFILE, startBench } from './bench.ts'
import { type Dock, startDock } from './dock.ts'
import { type Line, startLine } from './line.ts'
import { type Part, startPart } from './part.ts'
import { addressTable } from './table.ts'
import { restartOnChange, type Watch } from './watch.ts'

export interface DemoOptions {
  dataDir: string
  basePort: number
  dev: boolean
  /** When the terminal shows its night face; the configuration's usual hours unless told otherwise. */
  night?: { from: string; to: string }
}

export interface Demo {
  /** What to print. */
  table: string
  dockUrl: string | null
  /** What a case system at the window shows as its bearer token. */
  windowToken: string
  anythingRuns: boolean
  close(): Promise<void>
}

/** The window of the demo's pad, and who sits there. */
const WINDOW = '12'
const STAFF_ID = 'S012'
/** Of everybody in the demonstration hall (sync/hall/demo/staff-pins.json). */
const STAFF_PIN = '806417'

/** Starts whatever can be started; a part that cannot says why in its row of the table. */
export async function startDemo({ dataDir, basePort, dev, night }: DemoOptions): Promise<Demo> {
  const port = {
    terminal: basePort,
    window: basePort + 1,
    hall: basePort + 2,
    dock: basePort + 3,
    pad: basePort + 4,
  }
  const pagesDir = join(dataDir, 'pages')
  mkdirSync(pagesDir, { recursive: true, mode: 0o700 })
  const windowToken = newToken()

  const [bench, hall] = await Promise.all([
    startBench(),
    startPart(
      'hall',
      ['hall', '--data', join(dataDir, 'hall'), '--listen', `127.0.0.1:${port.hall}`, '--demo'],
      join(dataDir, 'hall.log'),
    ),
  ])
  const line = await startLine(hall.hello().url ?? null)

  const screen = (listenPort: number, diagonalInches: number) => ({
    listen: `127.0.0.1:${listenPort}`,
    diagonalInches,
    embeddedBy: [`http://127.0.0.1:${port.dock}`, `http://localhost:${port.dock}`],
  })
  const terminal = startDevice(dataDir, 'terminal', hall, line, {
    role: 'terminal',
    device: { name: '东门自助终端', window: null },
    screen: { ...screen(port.terminal, 27), ...(night ? { night } : {}) },
    peripherals: {
      idReader: { driver: 'sdt', port: bench.reader.port },
      scanner: { driver: 'serial', port: bench.scanner.port },
      receiptPrinter: { driver: 'escpos', profile: RECEIPT_PRINTER_PROFILE, port: bench.printer.port },
      pagePrinter: { driver: 'directory', port: `dir:${pagesDir}` },
    },
  })
  const pad = startDevice(dataDir, 'pad', hall, line, {
    role: 'pad',
    device: { name: `${WINDOW} 号窗口评价器`, window: WINDOW },
    screen: screen(port.pad, 10.1),
    window: {
      listen: `127.0.0.1:${port.window}`,
      tokens: [{ name: 'bench dock', token: windowToken, origins: [] }],
      tls: null,
    },
    peripherals: { keypad: { driver: 'ff68', port: bench.keypad.port } },
  })
  const parts = { hall, terminal: await terminal, pad: await pad }

  const dock = await startDock({
    port: port.dock,
    parts,
    bench,
    line,
    pagesDir,
    windowToken,
    staffId: STAFF_ID,
  })
  const watching = dev ? restartOnChange(parts) : null
  return {
    table: addressTable(await dock.state(), dock.url, `${STAFF_ID} · ${STAFF_PIN}`, [
      { name: '模拟读卡器 reader', address: bench.reader.port, what: 'SDT, 115200 baud' },
      { name: '模拟扫码器 scanner', address: bench.scanner.port, what: 'CR' },
      { name: '模拟小票机 printer', address: bench.printer.port, what: 'ESC/POS, 80 mm' },
      { name: '模拟评价键 keypad', address: bench.keypad.port, what: 'FF 68, 9600 baud' },
      { name: 'A4 打印 page printer', address: `dir:${pagesDir}`, what: 'PDF' },
    ]),
    dockUrl: dock.url,
    windowToken,
    anythingRuns: Object.values(parts).some((part) => part.hello().ready),
    close: () => closeAll(watching, dock, Object.values(parts), bench, line),
  }
}

async function startDevice(
  dataDir: string,
  name: 'terminal' | 'pad',
  hall: Part,
  line: Line,
  configuration: object,
): Promise<Part> {
  const answer = await hall.ask<{ enrolmentCode: string }>('enrolment-code', 'enrolmentCode')
  const folder = join(dataDir, name)
  const file = join(folder, 'device.json')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const whole = {
    ...configuration,
    hall: { url: line.url, enrolmentCode: answer?.enrolmentCode ?? null, ca: null, pin: null },
  }
  writeFileSync(file, JSON.stringify(whole, null, 2), { mode: 0o600 })
  const args = ['device', '--config', file, '--data', folder, '--open-screen']
  return startPart(name, args, join(dataDir, `${name}.log`))
}

async function closeAll(
  watching: Watch | null,
  dock: Dock,
  parts: Part[],
  bench: Bench,
  line: Line,
): Promise<void> {
  await watching?.close()
  await Promise.all([dock.close(), ...parts.map((part) => part.stop())])
  await Promise.all([bench.close(), line.close()])
}
