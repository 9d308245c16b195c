import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type {
  PeripheralName,
  PeripheralsAction,
  PeripheralsState,
  RunningTest,
  SetupState,
} from '../../../../device/http/contract.ts'
import { type IdReaderSimulator, startIdReaderSimulator } from '../../../../drivers/simulators/id-reader.ts'
import {
  type IppPrinterSimulator,
  startIppPrinterSimulator,
} from '../../../../drivers/simulators/ipp-printer.ts'
import { type KeypadSimulator, startKeypadSimulator } from '../../../../drivers/simulators/keypad.ts'
import {
  type ReceiptPrinterSimulator,
  startReceiptPrinterSimulator,
} from '../../../../drivers/simulators/receipt-printer.ts'
import { type ScannerSimulator, startScannerSimulator } from '../../../../drivers/simulators/scanner.ts'
import { deviceJson, temporaryFolder } from '../../support/house.ts'
import { comeIn, PIN, type Running, runDevice } from '../support/running.ts'

const NOBODY = 'http://127.0.0.1:9'
const FREE = 'tcp://127.0.0.1:0'

const CARD = {
  name: '张小雨',
  sex: 'female',
  ethnicGroup: '汉',
  birth: '1988-03-12',
  address: '浙江省云溪区灯火巷1号',
  number: '330099198803120028',
  issuer: '云溪区公安分局',
  validFrom: '2020-01-01',
  validTo: '长期',
} as const

let parts: AsyncDisposableStack
let running: Running
let reader: IdReaderSimulator
let scanner: ScannerSimulator
let printer: ReceiptPrinterSimulator
let pages: IppPrinterSimulator

const roomIn = (state: SetupState): PeripheralsState => {
  const room = state.rooms?.peripherals
  if (room === undefined) throw new Error('nobody is in')
  return room
}
const act = async (action: PeripheralsAction, of = running): Promise<PeripheralsState> =>
  roomIn(await of.done({ room: 'peripherals', action }))
const refused = (action: PeripheralsAction): Promise<string> =>
  running.refused({ room: 'peripherals', action })
const untilRoom = async (
  fits: (room: PeripheralsState) => boolean,
  of = running,
): Promise<PeripheralsState> => roomIn(await of.until((state) => state.rooms !== null && fits(roomIn(state))))

const bound = (room: PeripheralsState, name: PeripheralName) => {
  const found = room.bound.find((one) => one.name === name)
  if (found === undefined) throw new Error(`${name} is not bound`)
  return found
}
const isAt = (test: RunningTest | null, code: string): boolean =>
  test?.steps.find(({ state }) => state === 'now')?.code === code
const untilStep = async (code: string, of = running): Promise<RunningTest> => {
  const { test } = await untilRoom((room) => isAt(room.test, code) || room.test?.state !== 'running', of)
  if (test === null || !isAt(test, code))
    throw new Error(`the test is not at ${code}: ${JSON.stringify(test)}`)
  return test
}
const untilOver = async (of = running): Promise<RunningTest> => {
  const { test } = await untilRoom((room) => room.test !== null && room.test.state !== 'running', of)
  if (test === null) throw new Error('there is no test')
  return test
}
const untilReady = (name: PeripheralName, of = running): Promise<PeripheralsState> =>
  untilRoom((room) => room.bound.some((one) => one.name === name && one.status?.state === 'ready'), of)
/** Only once the doctor has looked on its own is the page what it was before. */
const untilLooked = (): Promise<PeripheralsState> => untilRoom((room) => room.found?.state !== 'looking')

/** What came in, as it is shown; a frame may come in pieces. */
const seenBytes = ({ live }: PeripheralsState): string =>
  (live?.lines ?? []).flatMap(({ direction, hex }) => (direction === 'in' ? [hex] : [])).join(' ')

const everythingKept = async (folder: string): Promise<string> => {
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = names.filter((one) => one.isFile())
  const texts = await Promise.all(files.map((one) => readFile(join(one.parentPath, one.name), 'latin1')))
  return texts.join('\n')
}

const folderWith = async (role: 'terminal' | 'pad', peripherals: object): Promise<string> => {
  const folder = await temporaryFolder(parts)
  await writeFile(
    join(folder, 'device.json'),
    JSON.stringify(deviceJson({ role, hallUrl: NOBODY, peripherals })),
  )
  return folder
}

const wires = mkdtempSync(join(tmpdir(), 'window24-peripherals-'))

beforeAll(async () => {
  parts = new AsyncDisposableStack()
  parts.defer(() => rmSync(wires, { recursive: true, force: true }))
  reader = parts.adopt(await startIdReaderSimulator({ listen: `pty:${join(wires, 'reader')}` }), (one) =>
    one.close(),
  )
  scanner = parts.adopt(await startScannerSimulator({ listen: FREE, aim: ']Q1' }), (one) => one.close())
  printer = parts.adopt(
    await startReceiptPrinterSimulator({
      listen: FREE,
      profile: 'print-done-80',
      millimetresPerSecond: 5000,
    }),
    (one) => one.close(),
  )
  pages = parts.adopt(await startIppPrinterSimulator({ listen: FREE }), (one) => one.close())
  const folder = await folderWith('terminal', {
    idReader: { driver: 'sdt', port: reader.port },
    scanner: { driver: 'serial', port: scanner.port, sameCodeMs: 500 },
    receiptPrinter: { driver: 'escpos', profile: 'print-done-80', port: printer.port },
    pagePrinter: { driver: 'ipp', port: pages.port },
  })
  running = await runDevice(parts, { folder })
  await comeIn(running)
})
afterAll(() => parts.disposeAsync())

describe('a technician tries what is attached', () => {
  it('a card is read whole, shown by two masked facts, kept nowhere, and the test ends when it is lifted', async () => {
    await untilReady('idReader')
    await act({ type: 'watch', name: 'idReader' })
    await act({ type: 'test', name: 'idReader' })
    await untilStep('card')
    reader.placeCard(CARD)
    const shown = await untilStep('lift')
    expect(shown.facts).toMatchObject({ name: '张*', number: '**************0028', numberCheck: 'good' })
    reader.liftCard()
    const over = await untilOver()
    expect(over.state).toBe('passed')
    expect(over.facts).not.toHaveProperty('name')

    const room = await untilRoom((now) => bound(now, 'idReader').test !== null)
    expect(bound(room, 'idReader').test).toMatchObject({ outcome: 'passed', step: null, reason: null })
    const seen = seenBytes(room)
    expect(seen).toContain('05 08 00 00 90 ··')
    const digits = [...Buffer.from(CARD.number.slice(0, 3), 'utf16le')]
    expect(seen).not.toContain(digits.map((byte) => byte.toString(16).padStart(2, '0')).join(' '))
    expect(room.live?.bytesIn).toBeGreaterThan(1295)
    await act({ type: 'watch', name: null })

    const everything = await everythingKept(running.dataDir)
    for (const text of [CARD.name, CARD.number]) {
      expect(everything).not.toContain(Buffer.from(text, 'utf8').toString('latin1'))
    }
    expect(
      JSON.parse(readFileSync(join(running.dataDir, 'technician-facts.json'), 'utf8')).waiting,
    ).toContainEqual(
      expect.objectContaining({
        fact: { fact: 'test', peripheral: 'idReader', outcome: 'passed', step: null, reason: null },
      }),
    )
  })

  it('the code on the screen is the one to scan: another is told and not shown, and a cut one says so', async () => {
    await untilReady('scanner')
    await act({ type: 'test', name: 'scanner' })
    const { facts } = await untilStep('scan')
    const { code = '' } = facts
    expect(facts.qr).toMatch(/^M/)
    expect(facts.bars).toMatch(/^M10 0h/)
    scanner.scan('330099198803120028')
    const { test } = await untilRoom((room) => room.test?.facts.seen !== undefined)
    expect(test?.facts.seen).toBe('wrong-code')
    expect(JSON.stringify(test)).not.toContain('330099198803120028')
    scanner.scan(code.slice(1))
    await untilRoom((room) => room.test?.facts.seen === 'cut')
    scanner.scan(code)
    const over = await untilOver()
    expect(over).toMatchObject({ state: 'passed', facts: { symbology: 'Q1' } })
  })

  it('a slip comes out with its proof, and the technician says whether it is right', async () => {
    await untilReady('receiptPrinter')
    await act({ type: 'test', name: 'receiptPrinter' })
    await untilStep('right')
    expect(printer.receipts()).toHaveLength(1)
    expect(printer.errors).toEqual([])
    await untilRoom((room) => room.test?.asks === true)
    await act({ type: 'answer', right: true })
    expect(await untilOver()).toMatchObject({ state: 'passed', facts: { proof: 'confirmed' } })
    const room = await untilRoom((now) => bound(now, 'receiptPrinter').test !== null)
    expect(bound(room, 'receiptPrinter').test).toMatchObject({ outcome: 'passed', proof: 'confirmed' })
    expect(await refused({ type: 'answer', right: true })).toBe('nothing-asked')
  })

  it('a printer without paper says so, and the last result is the one that stands', async () => {
    printer.setPaper('out')
    await untilRoom((room) => bound(room, 'receiptPrinter').status?.reason === 'paper-out')
    await act({ type: 'test', name: 'receiptPrinter' })
    expect((await untilOver()).steps[0]).toEqual({ code: 'answers', state: 'failed', reason: 'paper-out' })
    printer.setPaper('ok')
    const room = await untilRoom((now) => bound(now, 'receiptPrinter').test?.outcome === 'failed')
    expect(bound(room, 'receiptPrinter').test).toMatchObject({ step: 'answers', reason: 'paper-out' })
    await untilLooked()
  })

  it('the A4 page tells maker, trays and both sides, and what is not right fails', async () => {
    await untilReady('pagePrinter')
    await act({ type: 'test', name: 'pagePrinter' })
    const { facts } = await untilStep('right')
    expect(facts).toMatchObject({
      model: 'Window24 simulated printer',
      trays: 'iso_a4_210x297mm',
      duplex: 'yes',
    })
    expect(Buffer.from(pages.pages().at(-1) ?? []).toString('latin1', 0, 5)).toBe('%PDF-')
    await untilRoom((room) => room.test?.asks === true)
    await act({ type: 'answer', right: false })
    expect((await untilOver()).steps.at(-1)).toMatchObject({ state: 'failed', reason: 'not-right' })
  })

  it('stops at any time without a result, and one test runs at a time', async () => {
    await act({ type: 'test', name: 'scanner' })
    expect(await refused({ type: 'test', name: 'idReader' })).toBe('test-runs')
    expect(await refused({ type: 'unbind', name: 'scanner' })).toBe('test-runs')
    const room = await act({ type: 'stop-test' })
    expect(room.test).toMatchObject({ state: 'stopped', facts: {} })
    expect(bound(room, 'scanner').test?.outcome).toBe('passed')
    expect((await act({ type: 'stop-test' })).test).toBeNull()
    expect(await refused({ type: 'test', name: 'keypad' })).toBe('not-bound')
  })

  it('a reader that died fails its test with the cause that the doctor finds', async () => {
    await untilReady('idReader')
    await reader.unplug()
    await act({ type: 'test', name: 'idReader' })
    const over = await untilOver()
    expect(over.steps[0]).toMatchObject({ code: 'answers', state: 'failed' })
    const missing = (now: PeripheralsState) =>
      bound(now, 'idReader').advice.find(({ id }) => id === 'port-missing')
    const advice = missing(await untilRoom((now) => missing(now) !== undefined))
    expect(advice?.severity).toBe('fault')
    expect(advice?.words.zh.todo.length).toBeGreaterThan(0)
    expect(advice?.words.en.what).toContain(join(wires, 'reader'))
    await reader.plug()
    await untilReady('idReader')
    await act({ type: 'test', name: 'idReader' })
    await untilStep('card')
    await act({ type: 'stop-test' })
  })
})

describe('a technician attaches and detaches', () => {
  it('what is detached comes back as it was, with everything that stood beside it', async () => {
    await untilLooked()
    const before = JSON.parse(readFileSync(running.config, 'utf8'))
    const without = await act({ type: 'unbind', name: 'scanner' })
    expect(without.bound.map(({ name }) => name)).not.toContain('scanner')
    expect(without.undo).toEqual({ what: 'unbound', name: 'scanner' })
    const back = await act({ type: 'undo' })
    expect(JSON.parse(readFileSync(running.config, 'utf8'))).toEqual(before)
    expect(bound(back, 'scanner').test?.outcome).toBe('passed')
    expect(back.undo).toEqual({ what: 'bound', name: 'scanner' })
    await untilReady('scanner')
    await untilLooked()
  })

  it('an address that is typed is asked at once, and says what it can be or why it cannot', async () => {
    const found = await act({ type: 'look-at', port: pages.port })
    expect(found.found?.things.at(-1)).toMatchObject({
      title: 'Window24 simulated printer',
      boundTo: 'pagePrinter',
      why: null,
    })
    const dead = await act({ type: 'look-at', port: 'tcp://127.0.0.1:9' })
    expect(dead.found?.things.at(-1)).toMatchObject({
      port: 'tcp://127.0.0.1:9',
      proposals: [],
      why: 'refused',
    })
    const mute = await act({ type: 'look-at', port: 'ipp://127.0.0.1:9/ipp/print' })
    expect(mute.found?.things.at(-1)).toMatchObject({ kind: 'printer', proposals: [], why: 'unreachable' })
    expect(await refused({ type: 'look-at', port: 'what is this?' })).toBe('no-address')
  })

  it('a model that was chosen anew has not been tried, and a port that is another’s is refused', async () => {
    const other = {
      name: 'receiptPrinter',
      driver: 'escpos',
      profile: 'generic-80',
      port: printer.port,
    } as const
    const room = await act({ type: 'bind', entry: other })
    expect(bound(room, 'receiptPrinter')).toMatchObject({ profile: 'generic-80', test: null })
    expect(await refused({ type: 'bind', entry: { ...other, port: scanner.port } })).toBe('configuration')
    const back = bound(await act({ type: 'undo' }), 'receiptPrinter')
    expect(back).toMatchObject({ profile: 'print-done-80', test: null })
    await untilReady('receiptPrinter')
    await untilLooked()
  })

  it('a reader is asked at the port that was pointed at, and bound at the speed it talks at', async () => {
    const other = parts.adopt(
      await startIdReaderSimulator({ listen: `pty:${join(wires, 'other')}` }),
      (one) => one.close(),
    )
    const path = other.port.split('?')[0] ?? ''
    const entry = { name: 'idReader', driver: 'sdt', profile: null, port: `${path}?baud=9600` } as const
    const room = await act({ type: 'bind', entry })
    expect(bound(room, 'idReader').port).toBe(`${path}?baud=115200`)
    await untilReady('idReader')
    expect(bound(await act({ type: 'undo' }), 'idReader').port).toBe(reader.port)
    await untilReady('idReader')
    await untilLooked()
  })

  it('whoever leaves leaves nothing running: neither a test, nor a look at bytes', async () => {
    await untilReady('scanner')
    await act({ type: 'watch', name: 'scanner' })
    await act({ type: 'test', name: 'scanner' })
    await untilStep('scan')
    expect((await running.done({ room: 'access', action: { type: 'leave' } })).rooms).toBeNull()
    const room = roomIn(await running.done({ room: 'access', action: { type: 'enter', pin: PIN } }))
    expect([room.live, room.test]).toEqual([null, null])
    expect(bound(room, 'scanner').test?.outcome).toBe('passed')
  })

  it('a look is done within three seconds', async () => {
    await act({ type: 'look' })
    const { found } = await untilLooked()
    console.info(`discovery: ${found?.things.length} things in ${found?.tookMs} ms`)
    expect(found?.state).toBe('done')
  })
})

describe('a keypad of a pad', () => {
  it('lights up, and is tried key by key: a wrong one is told, the five in turn pass', async () => {
    const unit: KeypadSimulator = parts.adopt(await startKeypadSimulator({ listen: FREE }), (one) =>
      one.close(),
    )
    const folder = await folderWith('pad', { keypad: { driver: 'ff68', port: unit.port } })
    const pad = await runDevice(parts, { folder })
    await comeIn(pad)
    await untilReady('keypad', pad)
    await act({ type: 'watch', name: 'keypad' }, pad)
    await act({ type: 'test', name: 'keypad' }, pad)
    await untilRoom((room) => room.test?.asks === true, pad)
    await untilAsking(unit)
    await act({ type: 'answer', right: true }, pad)
    for (const key of [0, 1, 2, 3, 4]) {
      await untilStep(`key-${key + 1}`, pad)
      if (key === 2) {
        await untilAsking(unit)
        unit.press(4)
        await untilRoom((room) => room.test?.facts.pressed === '5', pad)
      }
      await untilAsking(unit)
      unit.press(key)
      await untilRoom((room) => !isAt(room.test, `key-${key + 1}`), pad)
    }
    expect((await untilOver(pad)).state).toBe('passed')
    const room = await untilRoom((now) => bound(now, 'keypad').test !== null, pad)
    expect(seenBytes(room)).toContain('11 04 16 16')
    expect(unit.errors).toEqual([])
  })
})

const untilAsking = async (unit: KeypadSimulator): Promise<void> => {
  const until = performance.now() + 45_000
  while (!unit.asking()) {
    if (performance.now() > until) throw new Error('the unit was never told to ask')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
