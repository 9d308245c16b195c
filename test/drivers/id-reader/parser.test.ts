import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeReply, MAX_FRAME_BYTES } from '../../../drivers/id-reader/frame.ts'
import { FrameParser } from '../../../drivers/id-reader/parser.ts'
import { encodeRequest } from '../../../drivers/id-reader/requests.ts'
import { chunks, hex, join, toHex } from '../support.ts'

const anyFrame = fc
  .tuple(fc.nat(255), fc.uint8Array({ maxLength: 300 }))
  .map(([sw3, data]) => encodeReply(sw3, data))
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 })
/** Noise that likes to look like the beginning of a frame. */
const noise = fc
  .array(fc.oneof(fc.nat(255), fc.constantFrom(0xaa, 0x96, 0x69, 0x00, 0x03)), { maxLength: 400 })
  .map((bytes) => Uint8Array.from(bytes))
/** Longer than all that follows it in these tests: it can only lie. */
const LYING_HEADER = hex('AAAAAA9669 0905')
const lyingNoise = fc.tuple(noise, noise).map(([before, after]) => join(before, LYING_HEADER, after))
const found = encodeReply(0x9f, new Uint8Array(4))
const done = encodeReply(0x90)

function accounted(parser: FrameParser): number {
  return parser.framedBytes + parser.discardedBytes + parser.pendingBytes
}

test('any chunking of frames gives the same frames', () => {
  fc.assert(
    fc.property(fc.array(anyFrame, { maxLength: 5 }), cuts, (frames, where) => {
      const parser = new FrameParser()
      const parsed = chunks(join(...frames), where).flatMap((chunk) => parser.push(chunk))
      expect(parsed.map(toHex)).toEqual(frames.map(toHex))
      expect(parser.discardedBytes).toBe(0)
    }),
  )
})

test('frames that come a byte at a time are found', () => {
  const parser = new FrameParser()
  const parsed = [...join(done, found)].flatMap((byte) => parser.push(Uint8Array.of(byte)))
  expect(parsed).toEqual([done, found])
})

test('noise never throws, memory stays bounded and every byte is accounted for', () => {
  fc.assert(
    fc.property(fc.array(noise, { maxLength: 30 }), (pieces) => {
      const parser = new FrameParser()
      let pushed = 0
      for (const piece of pieces) {
        parser.push(piece)
        pushed += piece.length
        expect(parser.pendingBytes).toBeLessThan(MAX_FRAME_BYTES)
        expect(accounted(parser)).toBe(pushed)
      }
      parser.abandon()
      expect(parser.pendingBytes).toBe(0)
      expect(parser.framedBytes + parser.discardedBytes).toBe(pushed)
    }),
  )
})

test('a whole frame after noise is always found, at the latest when the frame deadline passes', () => {
  fc.assert(
    fc.property(fc.oneof(noise, lyingNoise), anyFrame, cuts, (before, frame, where) => {
      const parser = new FrameParser()
      const bytes = join(before, frame)
      const frames = chunks(bytes, where).flatMap((chunk) => parser.push(chunk))
      frames.push(...parser.abandon())
      expect(frames.map(toHex)).toContain(toHex(frame))
      expect(parser.framedBytes + parser.discardedBytes).toBe(bytes.length)
    }),
  )
})

test('a frame with a wrong checksum is discarded and the next whole frame is found', () => {
  const damaged = found.slice()
  damaged[damaged.length - 1] = 0
  const parser = new FrameParser()
  expect(parser.push(join(damaged, done))).toEqual([done])
  expect(parser.discardedBytes).toBe(damaged.length)
  expect(parser.damagedFrames).toBe(1)
})

test('a length that lies swallows good frames only until the frame is abandoned', () => {
  const parser = new FrameParser()
  const lying = hex('AAAAAA9669 0900')
  expect(parser.push(join(lying, done, found))).toEqual([])
  expect(parser.abandon()).toEqual([done, found])
  expect(parser.discardedBytes).toBe(lying.length)
  expect(parser.push(done)).toEqual([done])
})

test('a length over the maximum is no frame and holds nothing back', () => {
  const parser = new FrameParser()
  expect(parser.push(join(hex('AAAAAA9669 FFFF'), done))).toEqual([done])
  expect(parser.push(join(hex('AAAAAA9669 090B'), done))).toEqual([done])
  expect(parser.push(join(hex('AAAAAA9669 0002'), done))).toEqual([done])
})

test('half a length that is over the maximum already is not waited for', () => {
  const parser = new FrameParser()
  parser.push(hex('AAAAAA9669 FF'))
  expect(parser.pendingBytes).toBe(0)
})

test('a fourth AA before a preamble does not hide the frame', () => {
  const parser = new FrameParser()
  expect(parser.push(join(Uint8Array.of(0xaa), encodeRequest('find-card')))).toEqual([
    encodeRequest('find-card'),
  ])
  expect(parser.discardedBytes).toBe(1)
})

test('a frame that lost a byte does not poison the next one', () => {
  const parser = new FrameParser()
  const short = join(found.slice(0, 9), found.slice(10))
  const frames = [...parser.push(short), ...parser.push(done), ...parser.abandon()]
  expect(frames).toEqual([done])
})

/** Random bytes, the same each time, with a header that lies every now and then. */
function flood(bytes: number): Uint8Array {
  let seed = 24
  const noisy = Uint8Array.from({ length: bytes }, () => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff
    return seed >> 16
  })
  for (let at = 0; at + LYING_HEADER.length < bytes; at += 50_000) noisy.set(LYING_HEADER, at)
  return noisy
}

test('ten million random bytes are thrown away within 64 KiB of memory, and the frame behind them is found', () => {
  const parser = new FrameParser()
  const noisy = flood(10_000_000)
  let mostPending = 0
  for (let at = 0; at < noisy.length; at += 977) {
    parser.push(noisy.subarray(at, at + 977))
    mostPending = Math.max(mostPending, parser.pendingBytes)
  }
  expect(mostPending).toBeLessThan(MAX_FRAME_BYTES)
  expect(parser.heldBytes).toBeLessThan(65_536)
  expect([...parser.push(done), ...parser.abandon()].map(toHex)).toContain(toHex(done))
  expect(accounted(parser)).toBe(noisy.length + done.length)
})

test('headers that lie one after another cost no more than other noise', () => {
  const liars = join(...Array.from({ length: 100_000 }, () => LYING_HEADER))
  const plain = flood(liars.length)
  // Processor time: what else the machine does is no cost of the parser's.
  const msFor = (bytes: Uint8Array): number => {
    const before = process.cpuUsage()
    new FrameParser().push(bytes)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }
  msFor(plain)
  // Each of 100,000 checksums over 2314 bytes would cost hundreds of times as much.
  expect(msFor(liars)).toBeLessThan(20 * msFor(plain) + 50)
})

test('zeros between frames are padding where reports are filled up, and noise where they are not', () => {
  const filled = join(done, new Uint8Array(53), found, new Uint8Array(49))
  const padded = new FrameParser({ padded: true })
  expect(padded.push(filled)).toEqual([done, found])
  expect([padded.discardedBytes, padded.paddingBytes]).toEqual([0, 102])
  const bare = new FrameParser()
  expect(bare.push(filled)).toEqual([done, found])
  expect([bare.discardedBytes, bare.paddingBytes]).toEqual([102, 0])
})

test('a frame handed out is a copy: what is pushed afterwards does not change it', () => {
  const parser = new FrameParser()
  const [frame] = parser.push(done)
  for (let pushed = 0; pushed < 20_000; pushed += found.length) parser.push(found)
  expect(frame).toEqual(done)
})

test('frames that lie across the end of the buffer are found as all others', () => {
  const frames = Array.from({ length: 30 }, (_, index) => encodeReply(0x90, flood(1000 + index)))
  for (const chunkBytes of [64, 5000, 100_000]) {
    const parser = new FrameParser()
    const stream = join(...frames)
    const parsed: Uint8Array[] = []
    for (let at = 0; at < stream.length; at += chunkBytes) {
      parsed.push(...parser.push(stream.subarray(at, at + chunkBytes)))
    }
    expect(parsed.map(toHex)).toEqual(frames.map(toHex))
    expect(parser.discardedBytes).toBe(0)
  }
})
