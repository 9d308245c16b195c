/**
 * How fast noise passes through every parser that a wire's bytes go through, in pieces of 4 KiB and of one byte,
 * beside the parser of serialport that would be taken for the same wire, in one run on one machine. Where a wire
 * is made of reports, the pieces are reports. By processor time, so that whatever else runs is not counted; only the
 * ratios say anything elsewhere.
 *
 *   node test/bench/parsers.ts [megabytes]
 */
import type { Transform } from 'node:stream'
import { ByteLengthParser, DelimiterParser, PacketLengthParser } from 'serialport'
import { type Candidate, candidates, seededNoise } from '../drivers/parser-list.ts'

const MEBIBYTE = 1_048_576
const DEFAULT_MEBIBYTES = 64
const BIG_PIECE_BYTES = 4096
/** Byte by byte a stream takes a minute for what a parser does in seconds: its rate shows in a part of it. */
const PEER_SINGLE_BYTES = MEBIBYTE / 4
/** A stream hands over what it found between turns of the loop only. */
const PEER_BREATHER_PIECES = 1024
const WARM_UP_BYTES = MEBIBYTE
const SEED = 20261121

interface Measured {
  megabytesPerSecond: number
  mostHeldBytes: number
}

interface Row {
  name: string
  pieces: string
  ours: Measured
  peerName: string
  peer: Measured
}

const mebibytes = Number(process.argv[2] ?? DEFAULT_MEBIBYTES)
const noise = seededNoise(mebibytes * MEBIBYTE, SEED)

function measure({ start, whole, reportBytes }: Candidate, bytes: number, pieceBytes: number): Measured {
  const trial = start()
  const head = whole[0]?.subarray(0, 2) ?? new Uint8Array(0)
  let mostHeldBytes = 0
  // The driver owns its chunk and may wipe it: ours is given a copy each time, as by a socket.
  const piece = new Uint8Array(pieceBytes)
  const begun = process.cpuUsage()
  for (let at = 0; at + pieceBytes <= bytes; at += pieceBytes) {
    if (pieceBytes === 1) piece[0] = noise[at] ?? 0
    else piece.set(noise.subarray(at, at + pieceBytes))
    // Reports of other kinds are over at their first byte.
    if (reportBytes !== undefined) piece.set(head)
    trial.feed(piece)
    mostHeldBytes = Math.max(mostHeldBytes, trial.heldBytes())
  }
  return { megabytesPerSecond: rate(bytes, begun), mostHeldBytes }
}

/** What a program would take that trusts its library: the nearest that serialport has. */
function peerOf(name: string): { peerName: string; peer: Transform } {
  if (name.includes('HID')) return { peerName: 'ByteLength(64)', peer: new ByteLengthParser({ length: 64 }) }
  if (name.startsWith('id reader')) {
    const options = { delimiter: 0xaa, packetOverhead: 7, lengthOffset: 5, lengthBytes: 2, maxLen: 2400 }
    return { peerName: 'PacketLength', peer: new PacketLengthParser(options) }
  }
  if (name === 'keypad, ff68') {
    const options = { delimiter: 0xff, packetOverhead: 7, lengthOffset: 2, maxLen: 32 }
    return { peerName: 'PacketLength', peer: new PacketLengthParser(options) }
  }
  const delimiter = name === 'receipt printer' ? [0x00] : name.includes('SSI') ? [0xff, 0x2c] : [0x0d]
  return { peerName: 'Delimiter', peer: new DelimiterParser({ delimiter }) }
}

async function measurePeer(peer: Transform, bytes: number, pieceBytes: number): Promise<Measured> {
  let mostHeldBytes = 0
  peer.on('data', () => {})
  const begun = process.cpuUsage()
  for (let at = 0, pieces = 0; at + pieceBytes <= bytes; at += pieceBytes, pieces += 1) {
    peer.write(Buffer.from(noise.buffer, at, pieceBytes))
    const held: unknown = Reflect.get(peer, 'buffer')
    if (held instanceof Uint8Array) mostHeldBytes = Math.max(mostHeldBytes, held.length)
    if (pieces % PEER_BREATHER_PIECES === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  const megabytesPerSecond = rate(bytes, begun)
  peer.destroy()
  return { megabytesPerSecond, mostHeldBytes }
}

function rate(bytes: number, begun: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begun)
  return bytes / (user + system)
}

async function rowOf(candidate: Candidate, pieceBytes: number): Promise<Row> {
  const bytes = noise.length
  measure(candidate, Math.min(WARM_UP_BYTES, bytes), pieceBytes)
  const ours = measure(candidate, bytes, pieceBytes)
  await measurePeer(peerOf(candidate.name).peer, PEER_SINGLE_BYTES / 4, pieceBytes)
  const { peerName, peer } = peerOf(candidate.name)
  const measured = await measurePeer(
    peer,
    pieceBytes === 1 ? Math.min(bytes, PEER_SINGLE_BYTES) : bytes,
    pieceBytes,
  )
  const pieces = candidate.reportBytes === undefined ? `${pieceBytes} B` : `reports of ${pieceBytes} B`
  return { name: candidate.name, pieces, ours, peerName, peer: measured }
}

const HEADINGS = ['parser', 'pieces', 'MB/s', 'most held', 'serialport', 'MB/s', 'most held', 'ratio']

function line(cells: readonly string[]): string {
  const widths = [23, 16, 8, 10, 15, 8, 10, 8]
  return cells
    .map((cell, index) =>
      index < 2 || index === 4 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0),
    )
    .join('  ')
}

function cellsOf({ name, pieces, ours, peerName, peer }: Row): string[] {
  const ratio = ours.megabytesPerSecond / peer.megabytesPerSecond
  return [
    name,
    pieces,
    ours.megabytesPerSecond.toFixed(1),
    `${ours.mostHeldBytes} B`,
    peerName,
    peer.megabytesPerSecond.toFixed(1),
    `${peer.mostHeldBytes} B`,
    ratio.toFixed(1),
  ]
}

process.stdout.write(`${mebibytes} MiB of noise, seed ${SEED}, Node ${process.version}\n${line(HEADINGS)}\n`)
for (const candidate of candidates) {
  const sizes = candidate.reportBytes === undefined ? [BIG_PIECE_BYTES, 1] : [candidate.reportBytes]
  for (const size of sizes) process.stdout.write(`${line(cellsOf(await rowOf(candidate, size)))}\n`)
}
