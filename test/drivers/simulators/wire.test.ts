import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Wire } from '../../../drivers/simulators/wire.ts'
import type { WireFault } from '../../../drivers/simulators/wire-faults.ts'
import type { Connection } from '../../../drivers/transport/connection.ts'
import { openPort } from '../../../drivers/transport/open-port.ts'
import { closing, join, until } from '../support.ts'

const WRITE_DEADLINE_MS = 5000
/** Noise that goes on says something thirty times in it. */
const QUIET_MS = 300

/** A device that keeps what it is told and notes who comes and goes. */
async function device(listen: string) {
  const heard: Uint8Array[] = []
  const coming: string[] = []
  const wire = await Wire.listen(listen, {
    attached: () => coming.push('attached'),
    data: (chunk) => heard.push(Uint8Array.from(chunk)),
    detached: () => coming.push('detached'),
  })
  closing({ close: () => wire.unplug() })
  return { wire, coming, heard: () => join(...heard) }
}

async function driver(wire: Wire) {
  const opened = await openPort(wire.port)
  if (!opened.ok) throw new Error(opened.detail)
  const connection: Connection = closing(opened.link)
  const chunks: Uint8Array[] = []
  connection.onData((chunk) => chunks.push(Uint8Array.from(chunk)))
  return { connection, chunks, got: () => Buffer.from(join(...chunks)).toString('latin1') }
}

/** Opens again where it is hung up on at once: on a busy machine the next terminal is up a moment after the last ends. */
async function driverThatStays(wire: Wire) {
  for (;;) {
    const one = await driver(wire)
    const isOver = await Promise.race([
      one.connection.closed.then(() => true),
      until('the device answers', () => wire.send(new Uint8Array())).then(() => false),
    ])
    if (!isOver) return one
  }
}

async function stableName(): Promise<string> {
  const folder = await mkdtemp(joinPath(tmpdir(), 'window24-wire-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return joinPath(folder, 'adapter')
}

const bytes = (text: string) => Buffer.from(text, 'latin1')

describe.each([
  // The kernel's own buffers for a TCP connection to this machine take megabytes, an adapter's kilobytes.
  { kind: 'tcp', listen: async () => 'tcp://127.0.0.1:0', moreThanBuffered: 20_000_000 },
  { kind: 'pty', listen: async () => `pty:${await stableName()}`, moreThanBuffered: 100_000 },
])('over $kind', ({ listen, moreThanBuffered }) => {
  async function pair() {
    const there = await device(await listen())
    const here = await driver(there.wire)
    await until('the device knows that a driver is there', () => there.coming.length > 0)
    return { ...there, ...here }
  }

  test('both ends hear each other, and the device knows who is there', async () => {
    const { wire, connection, coming, heard, got } = await pair()
    expect(await connection.write(bytes('ask'), WRITE_DEADLINE_MS)).toBe(true)
    await until('the device hears', () => heard().length === 3)
    expect(wire.send(bytes('answer'))).toBe(true)
    await until('the driver hears', () => got() === 'answer')
    await connection.close()
    await until('the device knows that it is alone', () => coming.length === 2)
    expect(coming).toEqual(['attached', 'detached'])
    expect(wire.send(bytes('to nobody'))).toBe(false)
  })

  test('bytes of every value pass unchanged, in order, in any amount', async () => {
    const { wire, connection, heard, chunks } = await pair()
    const much = Uint8Array.from({ length: 50_000 }, (_, index) => (index * 31 + (index >> 8)) & 0xff)
    wire.send(much)
    await until('all has come', () => join(...chunks).length === much.length)
    expect(await connection.write(much, WRITE_DEADLINE_MS)).toBe(true)
    await until('all is heard', () => heard().length === much.length)
    expect(Buffer.compare(heard(), much)).toBe(0)
    expect(Buffer.compare(join(...chunks), much)).toBe(0)
  })

  test('unplugging cuts the driver off, and plugging in makes the same port good again', async () => {
    const { wire, connection, coming } = await pair()
    const port = wire.port
    await wire.unplug()
    await connection.closed
    expect(coming).toEqual(['attached', 'detached'])
    expect((await openPort(port)).ok).toBe(false)
    await wire.plug()
    expect(wire.port).toBe(port)
    const again = await driver(wire)
    await until('the device knows', () => coming.length === 3)
    wire.send(bytes('back'))
    await until('the driver hears', () => again.got() === 'back')
  })

  test('a driver that closes and opens again finds the port there', async () => {
    const { wire, connection, coming } = await pair()
    await connection.close()
    await until('the device knows that it is alone', () => coming.length === 2)
    const again = await driverThatStays(wire)
    await until('the device knows', () => coming.length === 3)
    wire.send(bytes('again'))
    await until('the driver hears', () => again.got() === 'again')
  })

  test('plugging twice and unplugging twice is once', async () => {
    const { wire } = await pair()
    await wire.plug()
    await wire.unplug()
    await wire.unplug()
    await wire.plug()
    await driver(wire)
  })

  test('a plug that is pulled and pushed in at once is pulled first', async () => {
    const { wire, connection, coming } = await pair()
    void wire.unplug()
    await wire.plug()
    await connection.closed
    await driver(wire)
    await until('the device knows', () => coming.length === 3)
  })

  test('a device that takes nothing in holds up the driver, and loses nothing', async () => {
    const { wire, connection, heard } = await pair()
    const much = Uint8Array.from({ length: moreThanBuffered }, (_, index) => (index * 7) & 0xff)
    wire.hold(true)
    let written = false
    void connection.write(much, 30_000).then((done) => {
      written = done
    })
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(written).toBe(false)
    expect(heard().length).toBe(0)
    wire.hold(false)
    await until('all is through', () => written && heard().length === much.length, 15_000)
    expect(Buffer.compare(heard(), much)).toBe(0)
  })

  const harmless: WireFault[] = [
    { kind: 'split', bytes: 1, gapMs: 2 },
    { kind: 'merge', holdMs: 50 },
    { kind: 'slow', baud: 9600 },
  ]
  test.each(harmless)('$kind changes no byte', async (fault) => {
    const { wire, got } = await pair()
    wire.faults.add(fault)
    for (const word of ['one ', 'two ', 'three']) wire.send(bytes(word))
    await until('all has come', () => got().length === 13)
    expect(got()).toBe('one two three')
  })

  test('split bytes arrive as pieces', async () => {
    const { wire, got, chunks } = await pair()
    wire.faults.add({ kind: 'split', bytes: 2, gapMs: 20 })
    wire.send(bytes('abcdefghij'))
    await until('all has come', () => got().length === 10)
    // Two pieces may meet in a busy machine's buffers, all five cannot.
    expect(chunks.length).toBeGreaterThan(2)
  })

  test('merged bytes arrive as one piece', async () => {
    const { wire, got, chunks } = await pair()
    wire.faults.add({ kind: 'merge', holdMs: 100 })
    for (const word of ['one ', 'two ', 'three']) {
      wire.send(bytes(word))
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    await until('all has come', () => got().length === 13)
    expect(chunks.length).toBe(1)
  })

  test('dropped, flipped and doubled bytes are what the driver gets', async () => {
    const { wire, got } = await pair()
    const end = wire.faults.add({ kind: 'drop', every: 3 })
    wire.send(bytes('abcd'))
    wire.send(bytes('efg'))
    await until('what is left has come', () => got() === 'abdeg')
    end()
    wire.faults.add({ kind: 'flip', every: 2, mask: 0x20 })
    wire.faults.add({ kind: 'duplicate' })
    wire.send(bytes('xyz'))
    await until('it has come twice', () => got() === 'abdegxYzxYz')
  })

  test('noise is heard while nobody says anything, and ends with its time', async () => {
    const { wire, got } = await pair()
    wire.faults.add({ kind: 'noise', everyMs: 10, bytes: 4, seed: 7 }, { forMs: 600 })
    await until('noise is heard', () => got().length >= 12)
    let [heard, before] = [got().length, 0]
    await expect
      .poll(
        () => {
          before = heard
          heard = got().length
          return heard - before
        },
        { timeout: 8000, interval: QUIET_MS },
      )
      .toBe(0)
  })

  test('a stalled line gives everything at once at its end', async () => {
    const { wire, got, connection, heard } = await pair()
    const end = wire.faults.add({ kind: 'stall' })
    wire.send(bytes('held '))
    wire.send(bytes('back'))
    await connection.write(bytes('still heard'), WRITE_DEADLINE_MS)
    await until('the device hears', () => heard().length === 11)
    expect(got()).toBe('')
    end()
    await until('all has come', () => got() === 'held back')
  })

  test('a half-open line takes writes, gives nothing and closes nothing', async () => {
    const { wire, got, connection, heard, coming } = await pair()
    wire.faults.add({ kind: 'half-open' }, { forMs: 300 })
    expect(await connection.write(bytes('lost'), WRITE_DEADLINE_MS)).toBe(true)
    expect(wire.send(bytes('lost too'))).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect([heard().length, got(), coming]).toEqual([0, '', ['attached']])
    await connection.write(bytes('ask'), WRITE_DEADLINE_MS)
    wire.send(bytes('answer'))
    await until('the line is whole again', () => heard().length === 3 && got() === 'answer')
  })

  test('faults outlive an unplugging, bytes on their way do not', async () => {
    const { wire, coming } = await pair()
    wire.faults.add({ kind: 'stall' }, { forMs: 400 })
    wire.send(bytes('lost'))
    await wire.unplug()
    await wire.plug()
    const again = await driver(wire)
    await until('the device knows', () => coming.length === 3)
    wire.send(bytes('kept'))
    await until('the stall is over', () => again.got() !== '')
    expect(again.got()).toBe('kept')
  })

  test('a slow line is as slow for the driver, and loses nothing of what an adapter cannot take', async () => {
    const { wire, heard, connection } = await pair()
    wire.faults.add({ kind: 'slow', baud: 115_200 })
    const page = new Uint8Array(12_000).fill(0x55)
    const startedMs = performance.now()
    expect(await connection.write(page, WRITE_DEADLINE_MS)).toBe(true)
    await until('all is through', () => heard().length === page.length)
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(1000)
  })
})

test('one client at a time: a second one is turned away, and the first does not notice', async () => {
  const { wire, coming } = await device('tcp://127.0.0.1:0')
  const first = await driver(wire)
  const second = await openPort(wire.port)
  if (second.ok) await second.link.closed
  wire.send(bytes('for the first'))
  await until('the first hears', () => first.got() === 'for the first')
  expect(coming).toEqual(['attached'])
})

test('noise on a cable that leads nowhere is heard by no device', async () => {
  const { wire, heard } = await device('tcp://127.0.0.1:0')
  wire.faults.add({ kind: 'noise', everyMs: 5, bytes: 4, towards: 'device' })
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(heard().length).toBe(0)
  await driver(wire)
  await until('the device hears it', () => heard().length > 0)
})

test('a driver that gives up a line that takes nothing in gets it anew', async () => {
  const { wire, coming } = await device('tcp://127.0.0.1:0')
  const first = await driver(wire)
  await until('the device knows', () => coming.length === 1)
  wire.hold(true)
  await first.connection.close()
  const second = await driver(wire)
  await until('the device knows', () => coming.length === 3)
  wire.hold(false)
  wire.send(bytes('anew'))
  await until('the second hears', () => second.got() === 'anew')
  expect(coming).toEqual(['attached', 'detached', 'attached'])
})

test.each([
  ['hid:2B8B:2721', 'port hid:2B8B:2721: a simulator listens on tcp://HOST:PORT or pty:/PATH'],
  ['pty:relative', 'port serial:relative?baud=115200: the serial device must be an absolute path, /dev/…'],
  ['tcp://host', 'port tcp://host: write tcp://HOST:PORT'],
])('a simulator cannot listen on %s, and says what it can', async (listen, words) => {
  const end = { attached: () => {}, data: () => {}, detached: () => {} }
  await expect(Wire.listen(listen, end)).rejects.toThrow(words)
})
