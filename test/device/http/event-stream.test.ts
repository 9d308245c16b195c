import express from 'express'
import { afterEach, expect, it, vi } from 'vitest'
import { createEventStreams } from '../../../device/http/event-stream.ts'
import { listen } from '../../../device/http/listener.ts'

/** As PROTOCOLS.md §1.5 has it, for pads' windows as well. */
const COMMENT_MS = 15_000

afterEach(() => vi.useRealTimers())

it('a stream begins with what stands, is kept alive by a comment every 15 s, and ends whole with its listener', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const streams = createEventStreams()
  const app = express()
  app.get('/', (request, response) =>
    streams.open(request, response, { event: 'staff', data: null }, { event: 'serving', data: 'A018' }),
  )
  const listener = await listen(app, { host: '127.0.0.1', port: 0 }, 'here')
  const response = await fetch(listener.url)
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const until = async (wanted: string): Promise<void> => {
    while (text !== wanted) {
      const { value, done } = (await reader?.read()) ?? { done: true }
      expect([done, text + (value ?? '')]).toEqual([
        false,
        wanted.slice(0, text.length + (value ?? '').length),
      ])
      text += value
    }
  }
  const first = 'event: staff\ndata: null\n\nevent: serving\ndata: "A018"\n\n'
  await until(first)
  vi.advanceTimersByTime(COMMENT_MS - 1)
  streams.send('serving', null)
  await until(`${first}event: serving\ndata: null\n\n`)
  vi.advanceTimersByTime(1)
  await until(`${first}event: serving\ndata: null\n\n:\n\n`)
  streams.close()
  await listener.close()
  expect(await reader?.read()).toEqual({ value: undefined, done: true })
})
