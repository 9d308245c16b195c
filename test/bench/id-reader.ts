/**
 * How long a citizen waits on the reader, beside what the wire itself needs at 115200 baud; and how fast noise is
 * thrown away, beside the parser that comes with serialport. The simulated reader runs in a process of its own, so
 * that its timers and ours do not wait for each other.
 *
 *   node test/bench/id-reader.ts [readings]
 */
import { fork } from 'node:child_process'
import { randomFillSync } from 'node:crypto'
import { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { DelimiterParser } from 'serialport'
import { superviseIdReader } from '../../drivers/id-reader/driver.ts'
import { PREAMBLE } from '../../drivers/id-reader/frame.ts'
import { FrameParser } from '../../drivers/id-reader/parser.ts'
import { encodeRequest } from '../../drivers/id-reader/requests.ts'
import { startIdReaderSimulator } from '../../drivers/simulators/id-reader.ts'
import { sleep } from '../../drivers/time.ts'

const SIMULATOR = 'simulator'
const READINGS = 200
const BARE_READINGS = 50
/** No reader is to be asked to find more often. */
const POLL_MS = 320
const BAUD = 115_200
const BITS_PER_BYTE = 10
/** Find, select and read: three requests of 10 bytes and the replies 15, 19 and 1295. */
const WIRE_BYTES = 3 * 10 + 15 + 19 + 1295
const ALLOWED_MS = 15
const NOISE_BYTES = 10_000_000
const FASTER_THAN_ANY_LINE_BAUD = 100_000_000

const CARD = {
  name: '张小雨',
  sex: 'female',
  ethnicGroup: '汉',
  birth: '1988-03-12',
  address: '浙江省云溪区灯火巷1号',
  number: '330099198803120028',
  issuer: '云溪区公安分局',
  validFrom: '2020-01-01',
  validTo: '2040-01-01',
} as const

/** The wire is slow both ways; the reader behind it is not. */
async function simulate(): Promise<void> {
  const simulator = await startIdReaderSimulator({
    listen: 'tcp://127.0.0.1:0',
    baud: FASTER_THAN_ANY_LINE_BAUD,
  })
  simulator.faults.add({ kind: 'slow', baud: BAUD })
  process.on('message', (message) => {
    if (message === 'place') simulator.placeCard(CARD)
    else simulator.liftCard()
  })
  process.on('disconnect', () => process.exit())
  process.send?.(simulator.port)
}

interface Simulated {
  port: string
  tell(what: 'place' | 'lift'): void
  end(): void
}

async function startSimulator(): Promise<Simulated> {
  const child = fork(fileURLToPath(import.meta.url), [SIMULATOR])
  const port = await new Promise<string>((resolve) => child.once('message', (told) => resolve(String(told))))
  return { port, tell: (what) => void child.send(what), end: () => void child.kill() }
}

/** The same three questions by a bare socket that decodes nothing: what this machine and the simulator need. */
async function bareMs(count: number): Promise<number[]> {
  const { port, tell, end } = await startSimulator()
  const socket = new Socket()
  let parser = new FrameParser()
  let heard: () => void = () => {}
  socket.on('data', (chunk: Buffer) => {
    if (parser.push(chunk).length > 0) heard()
  })
  const { hostname, port: number } = new URL(port)
  await new Promise<void>((resolve) => socket.connect(Number(number), hostname, resolve))
  socket.setNoDelay(true)
  const ask = (name: Parameters<typeof encodeRequest>[0]): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>()
    heard = resolve
    socket.write(encodeRequest(name))
    return promise
  }
  const times: number[] = []
  while (times.length < count) {
    tell('lift')
    tell('place')
    await sleep(POLL_MS)
    parser = new FrameParser()
    const before = performance.now()
    await ask('find-card')
    await ask('select-card')
    await ask('read-base')
    times.push(performance.now() - before)
  }
  socket.destroy()
  end()
  return times.sort((one, other) => one - other)
}

interface Readings {
  /** Until the record was decoded: the driver then asks which card it was (30 05), to notice an exchange. */
  decodedMs: number[]
  /** Until the house was told, that question included. */
  toldMs: number[]
}

async function readings(count: number): Promise<Readings> {
  const { port, tell, end } = await startSimulator()
  let findSentMs = 0
  let decodedMs: number | undefined
  // What the driver gives to the kernel, seen where every socket's bytes pass.
  const write = Socket.prototype.write
  const find = encodeRequest('find-card')
  const which = encodeRequest('card-management-number')
  const watched = function (this: Socket, ...args: Parameters<typeof write>): boolean {
    const [bytes] = args
    if (bytes instanceof Uint8Array && Buffer.compare(bytes, find) === 0) {
      findSentMs = performance.now()
      decodedMs = undefined
    } else if (bytes instanceof Uint8Array && Buffer.compare(bytes, which) === 0) {
      decodedMs ??= performance.now() - findSentMs
    }
    return write.apply(this, args)
  }
  Object.assign(Socket.prototype, { write: watched })
  const reader = superviseIdReader({ driver: 'sdt', port })
  const decoded: number[] = []
  const told: number[] = []
  const { promise: done, resolve } = Promise.withResolvers<void>()
  reader.onCard(({ kind }) => {
    if (kind === 'placed') {
      told.push(performance.now() - findSentMs)
      if (decodedMs !== undefined) decoded.push(decodedMs)
      tell('lift')
    } else if (told.length < count) tell('place')
    else resolve()
  })
  tell('place')
  await done
  await reader.close()
  Object.assign(Socket.prototype, { write })
  end()
  const sorted = (times: number[]): number[] => times.sort((one, other) => one - other)
  return { decodedMs: sorted(decoded), toldMs: sorted(told) }
}

/** Headers that lie one after another: each asks for a checksum over all that follows. */
function lyingNoise(): Uint8Array {
  const header = Uint8Array.of(...PREAMBLE, 0x09, 0x05)
  return Uint8Array.from({ length: NOISE_BYTES }, (_, index) => header[index % header.length] ?? 0)
}

function parserLine(
  name: string,
  noise: Uint8Array,
  chunkBytes: number,
): { line: string; perSecond: number } {
  const parser = new FrameParser()
  let mostPending = 0
  const before = performance.now()
  for (let at = 0; at < noise.length; at += chunkBytes) {
    parser.push(noise.subarray(at, at + chunkBytes))
    mostPending = Math.max(mostPending, parser.pendingBytes)
  }
  const perSecond = noise.length / 1000 / (performance.now() - before)
  const held = `${(parser.heldBytes / 1024).toFixed(1)} KiB held, at most ${mostPending} bytes pending`
  return {
    line: `${name}, chunks of ${chunkBytes}: ${perSecond.toFixed(0)} MB/s, ${held}`,
    perSecond,
  }
}

/** MB/s of serialport's own parser on the same noise, and what it holds at the end. */
function peer(noise: Uint8Array, chunkBytes: number): { perSecond: number; heldBytes: number } {
  const parser = new DelimiterParser({ delimiter: Buffer.from(PREAMBLE), includeDelimiter: true })
  parser.resume()
  const before = performance.now()
  for (let at = 0; at < noise.length; at += chunkBytes) {
    parser.write(Buffer.from(noise.subarray(at, at + chunkBytes)))
  }
  return { perSecond: noise.length / 1000 / (performance.now() - before), heldBytes: parser.buffer.length }
}

/** The time that this share of the sorted readings did not take longer than. */
function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0
}

async function bench(count: number): Promise<void> {
  const noise = randomFillSync(new Uint8Array(NOISE_BYTES))
  parserLine('warm-up', noise, 4096)
  const lines = [64, 4096, 65_536].map((bytes) => parserLine('random noise', noise, bytes))
  lines.push(parserLine('lying headers', lyingNoise(), 4096), parserLine('lying headers', lyingNoise(), 64))
  for (const { line } of lines) process.stdout.write(`${line}\n`)
  const other = peer(noise, 65_536)
  process.stdout.write(
    `serialport's delimiter parser, chunks of 65536: ${other.perSecond.toFixed(0)} MB/s, ` +
      `${(other.heldBytes / 1024).toFixed(0)} KiB held; ` +
      `ratio ${((lines[2]?.perSecond ?? 0) / other.perSecond).toFixed(1)}\n`,
  )

  const bare = await bareMs(Math.min(count, BARE_READINGS))
  const { decodedMs: times, toldMs } = await readings(count)
  const wireMs = (WIRE_BYTES * BITS_PER_BYTE * 1000) / BAUD
  process.stdout.write(
    `find sent → record decoded, ${times.length} readings: p50 ${at(times, 0.5).toFixed(1)} ms, ` +
      `p95 ${at(times, 0.95).toFixed(1)} ms, most ${at(times, 1).toFixed(1)} ms\n` +
      `… → the house is told (30 05 asked in between): p50 ${at(toldMs, 0.5).toFixed(1)} ms, ` +
      `p95 ${at(toldMs, 0.95).toFixed(1)} ms\n` +
      `the same three questions by a bare socket, ${bare.length} times: p50 ${at(bare, 0.5).toFixed(1)} ms, ` +
      `p95 ${at(bare, 0.95).toFixed(1)} ms\n` +
      `wire time of ${WIRE_BYTES} bytes at ${BAUD} baud: ${wireMs.toFixed(1)} ms; ` +
      `p95 is ${(at(times, 0.95) - wireMs).toFixed(1)} ms over it (at most ${ALLOWED_MS} allowed)\n`,
  )
}

if (process.argv[2] === SIMULATOR) await simulate()
else await bench(Number(process.argv[2] ?? READINGS))
