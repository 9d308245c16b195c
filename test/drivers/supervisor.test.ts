import { expect, onTestFinished, test, vi } from 'vitest'
import type { PeripheralStatus } from '../../drivers/status.ts'
import {
  type Attendance,
  type Ending,
  type Link,
  nextBackoffMs,
  supervise,
} from '../../drivers/supervisor.ts'
import type { Closed, Connection, Opened } from '../../drivers/transport/connection.ts'
import { openPort } from '../../drivers/transport/open-port.ts'
import { closing, deadPort, faulty, ready, startPeer, until } from './support.ts'

const goneAway: Ending = { reason: 'line-lost', detail: 'gone' }

function superviseWith(port: string, attend: (link: Connection, attendance: Attendance) => Promise<Ending>) {
  return closing(supervise<Connection>({ port, open: (signal) => openPort(port, signal), attend }))
}

async function whileAlive(link: Link, attendance: Attendance): Promise<Ending> {
  attendance.ready()
  await Promise.race([
    link.closed,
    new Promise((resolve) => attendance.signal.addEventListener('abort', resolve)),
  ])
  return goneAway
}

/** No wait ends by itself from here on: what still ends waited for none. */
function holdTheClock(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
}

/** A peripheral that opens at once and is ready, and whose line is cut after so long; on a held clock. */
function cutAfter(standsMs: () => number) {
  let tries = 0
  const peripheral = closing(
    supervise<Link>({
      port: 'tcp://127.0.0.1:1',
      open: async () => {
        tries += 1
        const { promise: closed, resolve } = Promise.withResolvers<Closed>()
        setTimeout(() => resolve({ cause: 'closed-there', detail: 'cut' }), standsMs())
        return {
          ok: true,
          link: { closed, close: async () => resolve({ cause: 'closed-here', detail: '' }) },
        }
      },
      attend: whileAlive,
    }),
  )
  return { peripheral, tries: () => tries }
}

test('a line that is cut soon after each opening is tried less and less often', async () => {
  holdTheClock()
  const { peripheral, tries } = cutAfter(() => 300)
  await vi.advanceTimersByTimeAsync(6000)
  expect(tries()).toBeLessThanOrEqual(7)
  await vi.advanceTimersByTimeAsync(300_000)
  const [before, statuses] = [tries(), [] as string[]]
  peripheral.onStatus((status) => statuses.push(status.state))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(tries() - before).toBeLessThanOrEqual(6)
  expect(statuses.length).toBeLessThanOrEqual(12)
})

test('a line that was steady is tried again at once when it is lost, however bad it was before', async () => {
  holdTheClock()
  let standsMs = 300
  const { peripheral, tries } = cutAfter(() => standsMs)
  await vi.advanceTimersByTimeAsync(300_000)
  standsMs = 20_000
  const isReady = (): boolean => peripheral.status().state === 'ready'
  while (isReady()) await vi.advanceTimersByTimeAsync(100)
  while (!isReady()) await vi.advanceTimersByTimeAsync(100)
  const before = tries()
  while (isReady()) await vi.advanceTimersByTimeAsync(100)
  await vi.advanceTimersByTimeAsync(300)
  expect(tries() - before).toBe(1)
})

test('what is being closed is not ready any more, and nobody is told', async () => {
  const peer = await startPeer()
  const peripheral = superviseWith(peer.port, whileAlive)
  await ready(peripheral)
  const told: string[] = []
  peripheral.onStatus((status) => told.push(status.state))
  const closed = peripheral.close()
  expect(peripheral.status().state).toBe('connecting')
  await closed
  expect(peripheral.status().state).toBe('connecting')
  expect(told).toEqual([])
})

test('it looks often in the first 30 s and seldom later', () => {
  let wait = 0
  const quick = Array.from({ length: 5 }, () => {
    wait = nextBackoffMs(wait, 29_000)
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
  holdTheClock()
  await peripheral.close()
  vi.useRealTimers()
  await until('the peer sees the end', () => peer.sockets[0]?.destroyed === true)
})

test('closing while a dead port is tried again ends at once', async () => {
  const peripheral = superviseWith(await deadPort(), whileAlive)
  await faulty(peripheral, 'cannot-open')
  holdTheClock()
  await peripheral.close()
})

test('a reason keeps its beginning while its words change, and a new reason begins anew', async () => {
  let attempt = 0
  const reasons: Opened<Connection>[] = [
    { ok: false, detail: 'not there' },
    { ok: false, detail: 'held by another' },
    { ok: false, detail: 'no library', reason: 'missing-library' },
  ]
  const peripheral = closing(
    supervise<Connection>({
      port: 'tcp://127.0.0.1:1',
      open: async () => {
        attempt += 1
        return reasons[attempt - 1] ?? { ok: false, detail: 'no library', reason: 'missing-library' }
      },
      attend: whileAlive,
    }),
  )
  const seen: PeripheralStatus[] = []
  peripheral.onStatus((status) => seen.push(status))
  await faulty(peripheral, 'missing-library')
  const [first, second, third] = seen
  expect(second).toEqual({ ...first, detail: 'held by another' })
  expect(third?.since).not.toBe(first?.since)
})

test('a write that was not taken in time is counted with the missed deadlines', async () => {
  const peer = await startPeer((_, socket) => socket.pause())
  const peripheral = superviseWith(peer.port, async (link) => {
    const block = new Uint8Array(1 << 20)
    while (await link.write(block, 60));
    return goneAway
  })
  await until('it is counted', () => peripheral.counters().deadlineAborts > 0)
})

test('a step that ends after the line was lost does not say how things are', async () => {
  const peer = await startPeer()
  const { promise: late, resolve: tell } = Promise.withResolvers<void>()
  const peripheral = superviseWith(peer.port, async (link, attendance) => {
    await whileAlive(link, attendance)
    attendance.ready(['paper-near-end'])
    attendance.fault('paper-out', 'too late')
    tell()
    return goneAway
  })
  const seen: string[] = []
  peripheral.onStatus((status) => seen.push(JSON.stringify(status)))
  await ready(peripheral)
  peer.sockets[0]?.destroy()
  await late
  await faulty(peripheral, 'line-lost')
  expect(seen.join()).not.toMatch(/paper/)
})

test('a driver that does not end with its line is left behind, and the peripheral works again', async () => {
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  const peer = await startPeer()
  let times = 0
  const peripheral = superviseWith(peer.port, async (link, attendance) => {
    times += 1
    if (times > 1) return whileAlive(link, attendance)
    attendance.ready()
    return new Promise<Ending>(() => {})
  })
  await ready(peripheral)
  peer.sockets[0]?.destroy()
  await faulty(peripheral, 'line-lost')
  await ready(peripheral)
  expect(times).toBe(2)
  expect(warned).toHaveBeenCalledOnce()
  warned.mockRestore()
})

test('an opening that throws is a fault of that peripheral alone (field row 17)', async () => {
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  const peer = await startPeer()
  const healthy = superviseWith(peer.port, whileAlive)
  const broken = closing(
    supervise<Connection>({
      port: 'hid:2B8B:2721',
      open: () => {
        throw new Error('a native module in trouble')
      },
      attend: whileAlive,
    }),
  )
  await faulty(broken, 'cannot-open')
  await ready(healthy)
  warned.mockRestore()
})

test('a fault is told at once, however long the wire takes to close', async () => {
  const { promise: closed, resolve: finish } = Promise.withResolvers<Closed>()
  const peripheral = closing(
    supervise<Link>({
      port: 'tcp://127.0.0.1:1',
      open: async () => ({ ok: true, link: { closed, close: () => closed.then(() => {}) } }),
      attend: async (_, attendance) => {
        attendance.ready()
        return { reason: 'no-answer', detail: 'it says nothing' }
      },
    }),
  )
  onTestFinished(() => finish({ cause: 'closed-here', detail: '' }))
  await faulty(peripheral, 'no-answer')
})
