/** The buffers through which a card passes, looked into while somebody still holds them. */
import { expect, test } from 'vitest'
import { type CardEvent, ReadingCycle } from '../../../drivers/id-reader/cycle.ts'
import { encodeCard } from '../../../drivers/id-reader/encode-card.ts'
import { decodeReply, encodeReply } from '../../../drivers/id-reader/frame.ts'
import { ReaderLine } from '../../../drivers/id-reader/line.ts'
import { FrameParser } from '../../../drivers/id-reader/parser.ts'
import { encodeRequest, REQUESTS, type RequestName } from '../../../drivers/id-reader/requests.ts'
import { READER_TIMINGS } from '../../../drivers/id-reader/timings.ts'
import { Listeners } from '../../../drivers/listeners.ts'
import type { Connection } from '../../../drivers/transport/connection.ts'
import { CARD } from './bench.ts'

/** The two places where a card's bytes pass: what the wire gave, and the frames that were found in it. */
async function readOver(answer: (request: RequestName) => Uint8Array, steps: number) {
  const chunks: Uint8Array[] = []
  const frames: Uint8Array[] = []
  let hear: (chunk: Uint8Array) => void = () => {}
  const connection: Connection = {
    port: 'tcp://127.0.0.1:1',
    closed: new Promise(() => {}),
    close: async () => {},
    onData: (listener) => {
      hear = listener
    },
    write: async (bytes) => {
      const request = (Object.keys(REQUESTS) as RequestName[]).find(
        (name) => Buffer.compare(encodeRequest(name), bytes) === 0,
      )
      if (request === undefined) throw new Error('no request')
      const chunk = answer(request)
      chunks.push(chunk)
      hear(chunk)
      return true
    },
  }
  const finder = new FrameParser()
  const push = finder.push.bind(finder)
  finder.push = (chunk) => {
    const found = push(chunk)
    frames.push(...found)
    return found
  }
  const counters = { frames: 0, discardedBytes: 0, deadlineAborts: 0, reopens: 0 }
  const line = new ReaderLine(
    connection,
    { signal: new AbortController().signal, counters, fault: () => {} },
    { framing: { finder, wrap: (frame) => [frame] }, timings: READER_TIMINGS, pauseAfterReadMs: 0 },
  )
  const kinds: string[] = []
  const cards = new Listeners<CardEvent>()
  cards.add(({ kind }) => kinds.push(kind))
  const options = { selectWithoutFind: false, fingerprints: false, extraAddress: true }
  const cycle = new ReadingCycle(line, cards, options)
  for (let step = 0; step < steps; step += 1) await cycle.step()
  line.stop()
  return { kinds, chunks, frames }
}

const TEXT = encodeCard({ kind: 'citizen', ...CARD })
const BASE = Uint8Array.of(1, 0, 4, 0, ...TEXT, ...new Uint8Array(1024).fill(0x46))
const NUMBER = new Uint8Array(28).fill(0x4e)
const ADDRESS = Buffer.from('新河路24号', 'utf16le')
const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0)

test.each([
  ['read and watched', BASE, 3, ['placed']],
  [
    'that is refused for what it says',
    BASE.map((byte, at) => (at === 4 + 122 ? 0x41 : byte)),
    2,
    ['unreadable'],
  ],
] as const)('nothing of a card %s stays in a chunk or a frame', async (_, base, steps, told) => {
  const { kinds, chunks, frames } = await readOver((request) => {
    if (request === 'find-card') return encodeReply(0x9f, new Uint8Array(4))
    if (request === 'select-card') return encodeReply(0x90, new Uint8Array(8))
    if (request === 'read-base') return encodeReply(0x90, Uint8Array.from(base))
    if (request === 'read-extra-address') return encodeReply(0x90, ADDRESS)
    if (request === 'card-management-number') return encodeReply(0x90, NUMBER)
    return encodeReply(0x90)
  }, steps)
  expect(kinds).toEqual(told)
  expect(frames.length).toBeGreaterThan(6)
  expect(chunks.filter((chunk) => !isZero(chunk))).toEqual([])
  const left = frames.map((frame) => decodeReply(frame)?.data ?? frame).filter((data) => !isZero(data))
  expect(left).toEqual([])
})
