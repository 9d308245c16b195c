/**
 * What takes too long for the tests: `node scripts/run.js test/faults/hostile/run.ts [--long]`. A crowd of idle
 * connections, slow senders of every kind, and bodies that never end, against one hall process, with honest devices
 * beside them. Exit 1 when a bound is broken.
 */
import { parseArgs } from 'node:util'
import { startHallProcess } from './hall-process.ts'
import { openSocket } from './raw.ts'
import { Sender, startHonestDevice } from './sender.ts'
import { bytesOf, dribble } from './slow.ts'

const MIB = 1024 * 1024

const { values } = parseArgs({ options: { long: { type: 'boolean', default: false } } })
const IDLE = values.long ? 9_000 : 2_000
const SLOW = values.long ? 1_000 : 200

/** Node's own share of a connection, kernel buffers apart, is some 15 KiB; twice that, and what V8 collects late. */
const IDLE_BOUND_BYTES = 60 * MIB + IDLE * 32 * 1024
/** Whatever a sender dribbles, it is gone by then: 15 s for a head, 60 s for a request, looked for every 5 s; the rest is a busy machine’s. */
const SLOW_BOUND_MS = 80_000

const rows: Record<string, { count: number; bound: string; seen: string; ok: boolean }> = {}
const hall = await startHallProcess()
const honest = [await startHonestDevice(hall), await startHonestDevice(hall)]
const storedBefore = () => honest.reduce((sum, { stored }) => sum + stored, 0)

async function grown(attack: () => Promise<void>): Promise<number> {
  const before = hall.memory().now
  hall.resetPeak()
  await attack()
  return hall.memory().peak - before
}

const inMib = (bytes: number): string => `${Math.round(bytes / MIB)} MiB`

const idle = await grown(async () => {
  const sockets = []
  for (let at = 0; at < IDLE; at += 200)
    sockets.push(
      ...(await Promise.all(Array.from({ length: Math.min(200, IDLE - at) }, () => openSocket(hall)))),
    )
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  for (const socket of sockets) socket.destroy()
})
rows['idle connections'] = {
  count: IDLE,
  bound: inMib(IDLE_BOUND_BYTES),
  seen: inMib(idle),
  ok: idle < IDLE_BOUND_BYTES,
}

const sender = new Sender(hall)
await sender.enrol()
const signed = sender.bytes({ method: 'POST', path: '/v1/batches', body: Buffer.alloc(64 * 1024, ' ') })
const head = signed.subarray(0, signed.indexOf('\r\n\r\n') + 4).toString()
const kinds: [string, string, string][] = [
  ['one byte of a request line', '', 'GET /v1/time'],
  ['one header after the other', 'GET /v1/time HTTP/1.1\r\nhost: hall\r\n', 'x-a: b\r\n'],
  [
    'a body under no signature',
    'POST /v1/batches HTTP/1.1\r\nhost: hall\r\ncontent-length: 65536\r\n\r\n',
    ' ',
  ],
  ['a signed body', head, ' '],
  [
    'chunks of one byte',
    'POST /v1/devices HTTP/1.1\r\nhost: hall\r\ntransfer-encoding: chunked\r\n\r\n',
    '1\r\n \r\n',
  ],
]
const results = await Promise.all(
  kinds.map(async ([name, first, more]) => {
    const parts = function* (): Iterable<string> {
      yield first
      yield* name.startsWith('one byte') ? bytesOf(more) : repeat(more)
    }
    const cuts = await Promise.allSettled(
      Array.from(
        { length: SLOW / kinds.length },
        async () => await dribble(hall, parts(), { everyMs: 2_000, patienceMs: SLOW_BOUND_MS }),
      ),
    )
    return [name, cuts] as const
  }),
)
function* repeat(text: string): Iterable<string> {
  for (;;) yield text
}
for (const [name, cuts] of results) {
  const ended = cuts.flatMap((cut) => (cut.status === 'fulfilled' ? [cut.value] : []))
  const last = Math.max(0, ...ended.map(({ afterMs }) => afterMs))
  const statuses = [...new Set(ended.map(({ status }) => status ?? 'closed'))].join(', ')
  rows[`slow: ${name}`] = {
    count: cuts.length,
    bound: `${SLOW_BOUND_MS / 1000} s`,
    seen: `${Math.round(last / 1000)} s (${statuses})`,
    ok: ended.length === cuts.length,
  }
}

const stored = storedBefore()
let honestlyServed = true
for (const device of honest) await device.stop().catch(() => (honestlyServed = false))
rows['honest ratings meanwhile'] = {
  count: stored,
  bound: 'all with 200',
  seen: honestlyServed ? 'all' : 'not all',
  ok: honestlyServed && stored > 0,
}
const exit = await hall.stop()
rows['the hall at the end'] = { count: 1, bound: 'exit 0', seen: `exit ${exit}`, ok: exit === 0 }
console.table(rows)
if (Object.values(rows).some(({ ok }) => !ok)) process.exitCode = 1
