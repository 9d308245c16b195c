import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSseParser, type ServerSentEvent } from '../../sync/sse-parser.ts'

const utf8 = new TextEncoder()

function parse(chunks: Uint8Array[]): ServerSentEvent[] {
  const parser = createSseParser()
  return chunks.flatMap((chunk) => parser.push(chunk) ?? [])
}

const anyLine = fc
  .string({ unit: 'binary', maxLength: 12 })
  .map((text) => text.toWellFormed().replace(/[\r\n]/g, ''))
const anyEvent = fc.record({
  event: fc.constantFrom('content', 'settings', 'queue'),
  lines: fc.array(anyLine, { minLength: 1, maxLength: 4 }),
})

describe('a stream of events', () => {
  it('is the same however it is cut, and with any line ends', () => {
    fc.assert(
      fc.property(
        fc.array(anyEvent),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.nat({ max: 40 })),
        (events, end, cuts) => {
          const text = events
            .map(({ event, lines }) =>
              [': alive', `event: ${event}`, ...lines.map((line) => `data: ${line}`), '', ''].join(end),
            )
            .join('')
          const bytes = utf8.encode(text)
          const chunks: Uint8Array[] = []
          let at = 0
          for (const cut of [...cuts, bytes.length]) {
            chunks.push(bytes.subarray(at, at + cut))
            at += cut
          }
          chunks.push(bytes.subarray(at))
          const expected = events.map(({ event, lines }) => ({ event, data: lines.join('\n') }))
          expect(parse(chunks)).toEqual(expected)
        },
      ),
    )
  })

  it('without a name is a message; without data it is nothing; unknown fields are passed over', () => {
    expect(parse([utf8.encode('data:x\n\nevent: content\n\nid: 3\nretry: 9\nnoise\ndata\n\n')])).toEqual([
      { event: 'message', data: 'x' },
      { event: 'message', data: '' },
    ])
  })

  it('that never ends a line, or an event, is given up before it fills the memory', () => {
    const endless = createSseParser()
    const chunk = utf8.encode('x'.repeat(64 * 1024))
    const answers = Array.from({ length: 5 }, () => endless.push(chunk))
    expect(answers.at(-1)).toBeNull()
    const endlessEvent = createSseParser()
    const line = utf8.encode(`data: ${'x'.repeat(64 * 1024)}\n`)
    expect(Array.from({ length: 5 }, () => endlessEvent.push(line)).at(-1)).toBeNull()
  })

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), (chunks) => {
        expect(Array.isArray(parse(chunks))).toBe(true)
      }),
    )
  })
})
