import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type Attendance, type Ending, lineLost, supervise } from '../../drivers/supervisor.ts'
import type { Connection } from '../../drivers/transport/connection.ts'
import { openPort } from '../../drivers/transport/open-port.ts'
import { closing, faulty, ready, until } from './support.ts'
import { startPty } from './transport/pty.ts'

/** A folder of this test's own. */
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'supervisor-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** The clock and all waits stand still; what the kernel tells comes all the same. */
function holdTheClock(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
}

function superviseWith(port: string, listen: (link: Connection, attendance: Attendance) => void) {
  return closing(
    supervise<Connection>({
      port,
      open: (signal) => openPort(port, signal),
      attend: async (link, attendance) => {
        listen(link, attendance)
        attendance.ready()
        await new Promise((resolve) => attendance.signal.addEventListener('abort', resolve))
        return lineLost(link, attendance.signal)
      },
    }),
  )
}

async function neverAttended(): Promise<Ending> {
  throw new Error('nothing was to be opened')
}

test('a plugged-in device is tried at once, however long it was away, and then often again', async () => {
  const dev = folder()
  holdTheClock()
  let attempts = 0
  const peripheral = supervise<Connection>({
    port: `serial:${join(dev, 'by-id', 'usb-reader')}?baud=9600`,
    open: async () => {
      attempts += 1
      return { ok: false, detail: 'not there' }
    },
    attend: neverAttended,
  })
  onTestFinished(() => peripheral.close())
  await vi.advanceTimersByTimeAsync(300_000)
  const before = attempts
  await vi.advanceTimersByTimeAsync(9000)
  expect(attempts - before).toBeLessThanOrEqual(1)

  const then = attempts
  mkdirSync(join(dev, 'by-id'))
  writeFileSync(join(dev, 'by-id', 'usb-reader'), '')
  const happened = performance.now()
  // The kernel's word comes in real time, everything else on the faked clock.
  for (let round = 0; attempts === then && round < 500; round += 1) {
    await new Promise((resolve) => setImmediate(resolve))
    await vi.advanceTimersByTimeAsync(1)
  }
  expect(attempts).toBeGreaterThan(then)
  expect(performance.now() - happened).toBeLessThan(600)
  const again = attempts
  await vi.advanceTimersByTimeAsync(3000)
  expect(attempts - again).toBeGreaterThanOrEqual(4)
})

test('a device that is plugged in while an opening is failing is tried again without a wait', async () => {
  const dev = folder()
  holdTheClock()
  const { promise: failing, resolve: fail } = Promise.withResolvers<void>()
  let attempts = 0
  const peripheral = supervise<Connection>({
    port: `serial:${join(dev, 'usb-reader')}?baud=9600`,
    open: async () => {
      attempts += 1
      await failing
      return { ok: false, detail: 'just missed' }
    },
    attend: neverAttended,
  })
  onTestFinished(() => peripheral.close())
  writeFileSync(join(dev, 'usb-reader'), '')
  for (let round = 0; round < 200; round += 1) {
    await new Promise((resolve) => setImmediate(resolve))
    await vi.advanceTimersByTimeAsync(1)
  }
  expect(attempts).toBe(1)
  fail()
  // No time passes on the faked clock.
  for (let round = 0; round < 5; round += 1) await new Promise((resolve) => setImmediate(resolve))
  expect(attempts).toBe(2)
})

test('a serial device that is pulled and comes back under another name works again by itself', async () => {
  const pty = await startPty()
  const peripheral = superviseWith(pty.port, (link, { counters }) => {
    link.onData((chunk) => {
      counters.frames += chunk.length
    })
  })
  for (let round = 1; round <= 3; round += 1) {
    await ready(peripheral)
    pty.peer.write(Uint8Array.of(round))
    await until('it is heard', () => peripheral.counters().frames === round)
    await pty.vanish()
    await until('it is a fault', () => peripheral.status().state === 'fault')
    await pty.comeBack()
  }
  await ready(peripheral)
  expect(peripheral.counters().reopens).toBe(3)
})

test('a name that leads nowhere is a fault until the device behind it is there', async () => {
  const pty = await startPty()
  const dev = folder()
  const link = join(dev, 'usb-reader')
  symlinkSync(join(dev, 'ttyUSB9'), link)
  const peripheral = superviseWith(`serial:${link}?baud=9600`, () => {})
  await faulty(peripheral, 'cannot-open')
  const status = peripheral.status()
  if (status.state === 'fault') expect(status.detail).toContain('not plugged in')
  rmSync(link)
  symlinkSync(pty.link, link)
  await ready(peripheral)
})
