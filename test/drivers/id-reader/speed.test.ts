/** The speed of a reader on a real pseudo terminal, whose speed is what the program has set it to. */
import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { encodeReply } from '../../../drivers/id-reader/frame.ts'
import { FrameParser } from '../../../drivers/id-reader/parser.ts'
import { encodeRequest, READER_SPEEDS, type ReaderSpeed } from '../../../drivers/id-reader/requests.ts'
import { changeReaderSpeed, probeReaderSpeed } from '../../../drivers/id-reader/speed.ts'
import { READER_TIMINGS } from '../../../drivers/id-reader/timings.ts'
import { toHex } from '../support.ts'
import { type Pty, startPty } from '../transport/pty.ts'

const TIMINGS = {
  ...READER_TIMINGS,
  deadlineMs: {
    ...READER_TIMINGS.deadlineMs,
    'sam-status': 300,
    'baud-115200': 300,
    'baud-9600': 300,
  },
}

interface SlowReader {
  speed: ReaderSpeed
  refusing: boolean
  asked: string[]
}

/** Answers at its own speed; at any other it hears and says noise. */
function attach(pty: Pty, speed: ReaderSpeed): SlowReader {
  const reader: SlowReader = { speed, refusing: false, asked: [] }
  const parser = new FrameParser()
  pty.peer.on('data', (chunk: Buffer) => {
    const set = Number(execFileSync('stty', ['-F', pty.link, 'speed'], { encoding: 'utf8' }))
    if (set !== reader.speed) return pty.peer.write(Buffer.from('F8E0F8', 'hex'))
    for (const frame of parser.push(chunk)) {
      reader.asked.push(toHex(frame.subarray(7, 9)))
      const command = frame[7]
      const to = command === 0x60 && !reader.refusing ? READER_SPEEDS[frame[8] ?? 0] : undefined
      pty.peer.write(encodeReply(command === 0x60 && reader.refusing ? 0x21 : 0x90))
      if (to !== undefined) reader.speed = to
    }
    return undefined
  })
  return reader
}

test.each([115_200, 19_200, 9600] as const)(
  'a reader that sits at %i baud is found there, by its status alone',
  async (speed) => {
    const pty = await startPty()
    const reader = attach(pty, speed)
    expect(await probeReaderSpeed(pty.link, undefined, TIMINGS)).toEqual({ ok: true, baud: speed })
    expect(reader.asked).toEqual(['11FF'])
  },
)

test('where no reader answers at any speed, it says what was tried', async () => {
  const pty = await startPty()
  const heard: string[] = []
  pty.peer.on('data', (chunk: Buffer) => heard.push(toHex(chunk)))
  const probed = await probeReaderSpeed(pty.link, undefined, TIMINGS)
  expect(probed).toMatchObject({
    ok: false,
    detail: expect.stringContaining('115200, 57600, 38400, 19200, 9600 baud'),
  })
  expect(heard.join('')).toBe(toHex(encodeRequest('sam-status')).repeat(5))
})

test('a port that is not there is told at once, and tried once', async () => {
  const probed = await probeReaderSpeed('/dev/serial/by-id/usb-none', undefined, TIMINGS)
  expect(probed).toMatchObject({ ok: false, detail: expect.stringContaining('/dev/serial/by-id/usb-none') })
})

test('a probe can be ended', async () => {
  const pty = await startPty()
  const end = new AbortController()
  pty.peer.once('data', () => end.abort())
  const probed = await probeReaderSpeed(pty.link, end.signal)
  expect(probed).toMatchObject({ ok: false, detail: expect.stringContaining('ended') })
})

test('a technician sets a reader from 9600 to 115200 baud, and it is asked there', async () => {
  const pty = await startPty()
  const reader = attach(pty, 9600)
  const changed = await changeReaderSpeed(pty.link, { from: 9600, to: 115_200 }, undefined, TIMINGS)
  expect(changed).toEqual({ ok: true, baud: 115_200 })
  expect(reader).toMatchObject({ speed: 115_200, asked: ['6000', '11FF'] })
})

test('a reader that keeps its speed says why', async () => {
  const pty = await startPty()
  const reader = attach(pty, 115_200)
  reader.refusing = true
  const changed = await changeReaderSpeed(pty.link, { from: 115_200, to: 9600 }, undefined, TIMINGS)
  expect(changed).toEqual({ ok: false, detail: 'the reader stays at 115200 baud: unknown command (21)' })
})
