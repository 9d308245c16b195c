import { connect, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import type { IppFault } from '../../../drivers/simulators/ipp-printer-faults.ts'
import { deadPort, faulty, ready, until } from '../support.ts'
import { nothingWaits, pdfWithQr, rawServer, simulator, supervised } from './support.ts'

test('cover, jam, toner, pause and paper are told as they come and go', async () => {
  const wire = await simulator()
  const printer = supervised(wire.port)
  await ready(printer)
  const troubles = [
    ['cover-open', (on: boolean) => wire.setCover(on)],
    ['mechanical', (on: boolean) => wire.setJam(on)],
    ['supplies-empty', (on: boolean) => wire.setToner(on ? 'empty' : 'ok')],
    ['offline', (on: boolean) => wire.setPaused(on)],
    ['paper-out', (on: boolean) => wire.setPaper(on ? 'out' : 'ok')],
  ] as const
  for (const [reason, set] of troubles) {
    set(true)
    await faulty(printer, reason)
    set(false)
    await ready(printer)
  }
  wire.setPaper('near-end')
  wire.setToner('low')
  await until('both warnings are told', () => {
    const status = printer.status()
    return status.state === 'ready' && status.warnings.join() === 'paper-near-end,toner-low'
  })
  expect(wire.errors).toEqual([])
})

const FAULTS: [string, IppFault, string][] = [
  ['bytes that are no HTTP', { kind: 'garbage' }, 'bad-frames'],
  ['a web page', { kind: 'garbage-ipp' }, 'bad-frames'],
  ['IPP whose lengths point backwards', { kind: 'hostile-ipp' }, 'bad-frames'],
  ['the answer to another question', { kind: 'other-answer' }, 'bad-frames'],
  ['an answer without an end', { kind: 'endless' }, 'bad-frames'],
  ['nothing at all', { kind: 'hang' }, 'no-answer'],
  ['half an answer', { kind: 'hang-within' }, 'no-answer'],
  ['a cut line', { kind: 'die' }, 'line-lost'],
  ['a line cut within the answer', { kind: 'die-within' }, 'line-lost'],
  ['HTTP 403', { kind: 'http', status: 403 }, 'cannot-open'],
  ['an IPP error', { kind: 'refuse', status: 0x0502 }, 'offline'],
]

test.each(FAULTS)(
  'a server that answers with %s is out of work until it answers well',
  async (_, fault, reason) => {
    const wire = await simulator()
    const printer = supervised(wire.port, { answerDeadlineMs: 300 })
    await ready(printer)
    wire.faults.add(fault)
    await faulty(printer, reason)
    const status = printer.status()
    expect(status.state === 'fault' && status.detail).toMatch(/^.{10,200}$/)
    expect((await printer.print(await pdfWithQr('x'))).outcome).toBe('failed')
    wire.faults.clear()
    await ready(printer)
    await nothingWaits(wire)
    expect(wire.errors).toEqual([])
  },
)

test('unplugged and back: told, and at work again, without a job lost in between', async () => {
  const wire = await simulator()
  const printer = supervised(wire.port)
  await ready(printer)
  await wire.unplug()
  await faulty(printer, 'line-lost')
  await wire.plug()
  await ready(printer)
  expect(await printer.print(await pdfWithQr('back'))).toMatchObject({ outcome: 'printed' })
  expect(printer.counters().reopens).toBe(1)
})

test('a printer that was never there cannot be opened, and says where it was looked for', async () => {
  const port = (await deadPort()).replace('tcp:', 'ipp:')
  const printer = supervised(`${port}/ipp/print`)
  await faulty(printer, 'cannot-open')
  expect(printer.status()).toMatchObject({ detail: expect.stringContaining('ECONNREFUSED') })
})

test('a port of another kind is told in words', async () => {
  const printer = supervised('tcp://127.0.0.1:9100')
  await faulty(printer, 'cannot-open')
  expect(printer.status()).toMatchObject({ detail: expect.stringContaining('wants ipp://') })
})

test('answers that come byte by byte are answers', async () => {
  const wire = await simulator()
  const inner = new URL(wire.port)
  const lines = new Map<Socket, Socket>()
  const relay = await rawServer((socket, chunk) => {
    const line = lines.get(socket) ?? connect(Number(inner.port), inner.hostname)
    if (!lines.has(socket)) {
      line.on('error', () => {})
      line.on('data', async (answer) => {
        for (const byte of answer) {
          socket.write(Uint8Array.of(byte))
          await new Promise((resolve) => setImmediate(resolve))
        }
      })
    }
    lines.set(socket, line)
    line.write(chunk)
  })
  const printer = supervised(relay.port)
  await ready(printer)
})

test('what the printer says in free text is told to nobody', async () => {
  const wire = await simulator()
  wire.setReasons(['媒体 张小雨.pdf', 'media-empty-error'])
  const printer = supervised(wire.port)
  await faulty(printer, 'paper-out')
  expect(JSON.stringify(printer.status())).not.toContain('张')
})

test('a printer that is not there is asked no more often than one that is', async () => {
  const wire = await simulator()
  const printer = supervised(wire.port, { heartbeatMs: 100 })
  await ready(printer)
  wire.faults.add({ kind: 'http', status: 404 })
  const before = wire.asked('Get-Printer-Attributes')
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(wire.asked('Get-Printer-Attributes') - before).toBeLessThanOrEqual(6)
})
