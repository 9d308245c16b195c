/** Cutting a batch in one pass against reading it whole. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkBatch } from '../../../sync/hall/http/batch-check.ts'
import { MAX_BATCH_EVENTS, splitBatch } from '../../../sync/protocol/batch.ts'
import { batchElements } from '../../../sync/protocol/batch-elements.ts'
import { canonicalText, readJsonText, sha256Base64url } from '../../../sync/protocol/canonical.ts'
import { FIRST_PREVHASH, formatSequence } from '../../../sync/protocol/identifiers.ts'
import { demoChain } from '../../bench/delivery/ratings.ts'

const MOST = 40

/** What reading the whole finds: its elements, or null where it is no array of any. */
function readWhole(text: string): unknown[] | null {
  try {
    const values: unknown = JSON.parse(text)
    return Array.isArray(values) && values.length > 0 ? values : null
  } catch {
    return null
  }
}

function valuesOf(text: string): unknown[] | null {
  const elements = batchElements(Buffer.from(text), MOST)
  if (elements === 'malformed') return null
  if (elements === 'too-many') throw new Error('too many')
  return elements.map((element) => ('value' in element ? element.value : JSON.parse(element.text)))
}

const [one = '', two = ''] = [...demoChain('P-1', 2)].map(({ text }) => text)

describe('a body is cut as reading it whole would', () => {
  test('whatever JSON it is', () => {
    const anyBody = fc.oneof(
      fc.json(),
      fc.array(fc.jsonValue(), { maxLength: 5 }).map((value) => JSON.stringify(value)),
      fc.array(fc.jsonValue(), { maxLength: 5 }).map((value) => JSON.stringify(value, null, 1)),
    )
    fc.assert(
      fc.property(anyBody, (text) => {
        expect(valuesOf(text)).toEqual(readWhole(text))
      }),
    )
  })

  test('whatever was put together of the marks that it is cut at', () => {
    const anyPart = fc.constantFrom(
      '[',
      ']',
      '{',
      '}',
      ',',
      ':',
      '"',
      '\\',
      ' ',
      '\n',
      '\f',
      '\u00a0',
      '\ufeff',
      '1',
      '"a"',
      one,
    )
    const anyBody = fc.array(anyPart, { maxLength: 9 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(anyBody, (inner) => {
        for (const text of [inner, `[${inner}]`, `[${one},${inner}]`, `[${inner},${two}]`])
          expect(valuesOf(text)).toEqual(readWhole(text))
      }),
      { numRuns: 3_000 },
    )
  })

  test('with any one character taken out or put in', () => {
    const body = `[${one},{"a":["x,]"]}, ${two}]`
    const anyMark = fc.constantFrom('', ',', ']', '[', '"', '}', ' ', '\\', '0')
    fc.assert(
      fc.property(fc.nat(body.length), anyMark, fc.constantFrom(0, 1), (at, mark, replaced) => {
        const text = body.slice(0, at) + mark + body.slice(at + replaced)
        expect(valuesOf(text)).toEqual(readWhole(text))
      }),
      { numRuns: 1_000 },
    )
  })

  test('and no further than so many events as a batch may have', () => {
    const body = (count: number): Buffer => Buffer.from(`[${new Array(count).fill('1').join(',')}]`)
    expect(batchElements(body(MOST), MOST)).toHaveLength(MOST)
    expect(batchElements(body(MOST + 1), MOST)).toBe('too-many')
    expect(batchElements(Buffer.from(`[${'1,'.repeat(MOST)}`), MOST)).toBe('too-many')
  })
})

/** A chain in which every kind of event is: ratings told by their bytes, others, and such as are no events at all. */
function mixedChain(kinds: readonly string[]): string[] {
  let prevhash = FIRST_PREVHASH
  const random = [...demoChain('P-1', kinds.length)]
  return kinds.map((kind, index) => {
    const { hash: _, ...event } = JSON.parse(random[index]?.text ?? '')
    Object.assign(event, { prevhash: kind === 'broken-link' ? 'B'.repeat(43) : prevhash })
    event.sequence = formatSequence(index + 1)
    if (kind === 'stop') Object.assign(event, { type: 'cn.window24.system.v1', data: { fact: 'stop' } })
    if (kind === 'set-aside') {
      const data = {
        fact: 'set-aside',
        epoch: 1,
        sequence: formatSequence(9),
        hash: FIRST_PREVHASH,
        reason: 'schema',
      }
      Object.assign(event, { type: 'cn.window24.system.v1', data })
    }
    if (kind === 'no-case') event.data.case = null
    if (kind === 'level-9') event.data.level = 9
    if (kind === 'escaped') event.data.case.itemName = 'a\nb'
    if (kind === 'other-epoch') event.epoch = 2
    if (kind === 'other-device') event.source = '/devices/P-2'
    const hash = sha256Base64url(canonicalText(event))
    prevhash = hash
    const text = canonicalText({ ...event, hash: kind === 'wrong-hash' ? 'C'.repeat(43) : hash })
    return kind === 'spaced' ? text.replace('"level":', '"level": ') : text
  })
}

const anyKind = fc.oneof(
  { arbitrary: fc.constant('rating'), weight: 6 },
  fc.constantFrom(
    'no-case',
    'escaped',
    'stop',
    'set-aside',
    'level-9',
    'broken-link',
    'wrong-hash',
    'spaced',
  ),
  { arbitrary: fc.constantFrom('other-epoch', 'other-device'), weight: 1 },
)

test('a batch of every kind of event is answered for as if each had been read and checked by the schemas', () => {
  fc.assert(
    fc.property(
      fc.array(anyKind, { minLength: 1, maxLength: 12 }),
      fc.constantFrom(',', ' ,', ', '),
      (kinds, comma) => {
        const texts = mixedChain(kinds)
        const split = splitBatch(Buffer.from(`[${texts.join(comma)}]`))
        if (!split.ok) throw new Error(split.detail)
        expect(split.texts).toEqual(texts)
        const read = texts.map((text) => readJsonText(text)).filter((event) => event !== null)
        expect(checkBatch(split.events, 'P-1')).toEqual(checkBatch(read, 'P-1'))
      },
    ),
    { numRuns: 300 },
  )
})

test('a full batch of ratings is told by its bytes, none of it read', () => {
  const texts = [...demoChain('P-1', MAX_BATCH_EVENTS)].map(({ text }) => text)
  const split = splitBatch(Buffer.from(`[${texts.join(',')}]`))
  expect(split.ok && split.events.filter((event) => 'value' in event)).toEqual([])
})
