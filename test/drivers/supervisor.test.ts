import { expect, test, vi } from 'vitest'
import type { PeripheralStatus } from '../../drivers/status.ts'
import { type Attendance, type Ending, nextBackoffMs, supervise } from '../../drivers/supervisor.ts'
import type { Connection } from '../../drivers/transport/connection.ts'
import { openPort } from '../../drivers/transport/open-port.ts'
import { closing, deadPort, faulty, ready, startPeer, until } from './support.ts'

const goneAway: Ending = { reason: 'line-lost', detail: 'gone' }

function superviseWith(port: string, attend: (link: Connection, attendance: Attendance) => Promise<Ending>) {
  return closing(supervise<Connection>({ port, open: (signal) => openPort(port, signal), attend }))
}

async function whileAlive(link: Connection, attendance: Attendance): Promise<Ending> {
  attendance.ready()
  await Promise.race([
    link.closed,
    new Promise((resolve) => attendance.signal.addEventListener('abort', resolve)),
  ])
  return goneAway
}

test('it looks often in the first 30 seconds and seldom later', () => {
  let wait = 0
  const quick = Array.from({ length: 5 }, () => {
    wait = nextBackoffMs(wait, 5000)
    return wait
  })
  expect(quick).toEqual([200, 400, 800, 1000, 1000])
  const slow = Array.from({ length: 5 }, () => {
    wait = nextBackoffMs(wait, 31_000)
    return wait
  })
  expect(slow).toEqual([2000, 4000, 8000, 10_000, 10_000])
})

test('supervising a dead port returns at once, tells the fault and does not throw', async () => {
  const port = await deadPort()
  const peripheral = superviseWith(port, whileAlive)
  expect(peripheral.status().state).toBe('connecting')
  await faulty(peripheral, 'cannot-open')
  const status = peripheral.status()
  if (status.state === 'fault') expect(status.detail).toContain(`port ${port}: `)
  expect(status.since).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/)
})

test('a malformed port is a fault, not an exception', async () => {
  await faulty(superviseWith('COM3', whileAlive), 'cannot-open')
})

test('a lost line is a fault until it is opened again, and the reopening is counted', async () => {
  const peer = await startPeer()
  const peripheral = superviseWith(peer.port, whileAlive)
  const seen: PeripheralStatus[] = []
  peripheral.onStatus((status) => seen.push(status))
  await ready(peripheral)
  peer.sockets[0]?.destroy()
  await faulty(peripheral, 'line-lost')
  await ready(peripheral)
  expect(peripheral.counters().reopens).toBe(1)
  expect(seen.map((status) => status.state)).toEqual(['ready', 'fault', 'ready'])
})

test('a driver that throws is started again and takes nothing down', async () => {
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  const peer = await startPeer()
  let times = 0
  const peripheral = superviseWith(peer.port, async (link, attendance) => {
    times += 1
    if (times === 1) throw new TypeError('secret of 张小雨')
    return whileAlive(link, attendance)
  })
  await ready(peripheral)
  expect(times).toBe(2)
  expect(warned).toHaveBeenCalledOnce()
  expect(String(warned.mock.calls[0])).not.toContain('张小雨')
  warned.mockRestore()
})

test('a listener that throws keeps neither the driver nor the next listener from working', async () => {
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  const peer = await startPeer()
  const peripheral = superviseWith(peer.port, whileAlive)
  const seen: string[] = []
  peripheral.onStatus(() => {
    throw new Error('a listener in trouble')
  })
  peripheral.onStatus((status) => seen.push(status.state))
  await until('the second listener is called', () => seen.includes('ready'))
  warned.mockRestore()
})

test('a listener that was taken off is not called any more', async () => {
  const peer = await startPeer()
  const peripheral = superviseWith(peer.port, whileAlive)
  const seen: string[] = []
  const off = peripheral.onStatus((status) => seen.push(status.state))
  off()
  await ready(peripheral)
  expect(seen).toEqual([])
})

test('closing ends at once, whatever the driver waits for, and frees the port', async () => {
  const peer = await startPeer()
  const peripheral = superviseWith(peer.port, whileAlive)
  await ready(peripheral)
  const started = performance.now()
  await peripheral.close()
  expect(performance.now() - started).toBeLessThan(500)
  await until('the peer sees the end', () => peer.sockets[0]?.destroyed === true)
})

test('closing while a dead port is tried again ends at once', async () => {
  const peripheral = superviseWith(await deadPort(), whileAlive)
  // After waits of 200 and 400 ms it is in the one of 800 ms.
  await new Promise((resolve) => setTimeout(resolve, 650))
  const started = performance.now()
  await peripheral.close()
  expect(performance.now() - started).toBeLessThan(500)
})
