import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Canonicity,
  canonicalText,
  canonicityOf,
  readJsonText,
} from '../../../sync/protocol/canonical.ts'

/** What the kept library says of a text: the measure for the quick way. */
function byTheLibrary(text: string): Canonicity {
  try {
    return canonicalize(JSON.parse(text)) === text ? 'canonical' : 'other-form'
  } catch {
    return 'no-form'
  }
}

function quickly(text: string): Canonicity {
  const read = readJsonText(text)
  if (read === null) throw new Error('no JSON')
  return canonicityOf(read)
}

/**
 * Names that engines order or treat in their own way. None with a backslash: V8 13.6 now and then takes an escaped name
 * for one of an object before it that begins with a backslash. Such a text does not come back and is refused, which is
 * right of both sides and makes them differ from one call to the next.
 */
const anyName = fc
  .oneof(
    fc.constantFrom(
      '__proto__',
      'constructor',
      'toJSON',
      'length',
      '',
      '9',
      '10',
      '01',
      '-1',
      '4294967295',
      'é',
      'é',
    ),
    fc.constantFrom('\u2028', '"', '\ue000', '😀', '\ufffd', 'a', 'B', 'b'),
    fc.string({ unit: 'binary', maxLength: 3 }),
  )
  .filter((name) => !name.includes('\\'))
const anyNumber = fc.oneof(
  fc.constantFrom(
    '-0',
    '0',
    '1.0',
    '1e21',
    '1E+2',
    '100',
    '1e-7',
    '0.0000001',
    '9007199254740993',
    '1e400',
    '-0.0',
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
)
const anyString = fc.oneof(
  fc.constantFrom(
    '"\\u0061"',
    '"\\/"',
    '"\\ud800"',
    '"\\\\ud800"',
    '"\\ud83d\\ude00"',
    '"\u2028"',
    '"\\u2028"',
    '"\\n"',
  ),
  fc.constantFrom(
    '"\\u000a"',
    '"\\u001F"',
    '"\\u001f"',
    '"\\b"',
    '"\u007f"',
    '"\\u007f"',
    '"\\uD800x"',
    '"\ud800"',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }).map((text) => JSON.stringify(text)),
)
const anySpace = fc.constantFrom('', '', '', '', '', '', ' ', '\n')

/** JSON texts written by hand and badly: members twice and in any order, spellings, white space. */
const { text: anyText } = fc.letrec<{ text: string }>((tie) => ({
  text: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    anyNumber,
    anyString,
    fc.constantFrom('true', 'false', 'null', '{}', '[]'),
    fc
      .array(fc.tuple(anySpace, tie('text')), { maxLength: 3 })
      .map((items) => `[${items.map((one) => one.join('')).join(',')}]`),
    fc
      .array(fc.tuple(anySpace, anyName, anySpace, tie('text')), { maxLength: 4 })
      .map(
        (members) =>
          `{${members.map(([a, name, b, value]) => `${a}${JSON.stringify(name)}${b}:${value}`).join(',')}}`,
      ),
  ),
}))

/** The text, or that there is none. */
function textOrNone(make: () => string | undefined): string {
  try {
    return make() ?? 'none'
  } catch {
    return 'none'
  }
}

class SaysItself {
  toJSON(): object {
    return { b: 1, a: 2 }
  }
}

/** Values as programs make them: members in any order or undefined, numbers that JSON cannot say, dates. */
const anyValue = fc.object({
  key: anyName,
  maxDepth: 3,
  withDate: true,
  values: [
    fc.string({ unit: 'binary', maxLength: 4 }),
    fc.constantFrom('\ud800', '\\ud800', '\u2028', '\n'),
    fc.double(),
    fc.constantFrom<unknown>(
      null,
      true,
      undefined,
      -0,
      1e21,
      9007199254740991,
      Number.NaN,
      Number.POSITIVE_INFINITY,
    ),
    fc.constant<unknown>(new SaysItself()),
  ],
})

describe('the canonical text of a value', () => {
  it('is what the kept library makes of it, or there is none', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(textOrNone(() => canonicalText(value))).toBe(textOrNone(() => canonicalize(value)))
      }),
      { numRuns: 3_000 },
    )
  })

  it('is the same for members in order, which need no sorting', () => {
    fc.assert(
      fc.property(fc.dictionary(anyName, fc.jsonValue(), { maxKeys: 6 }), (value) => {
        const sorted = Object.fromEntries(
          Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)),
        )
        expect(textOrNone(() => canonicalText(sorted))).toBe(textOrNone(() => canonicalize(value)))
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('whether a text is canonical', () => {
  it('is what the kept library says, for texts that are badly made', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(quickly(text)).toBe(byTheLibrary(text))
      }),
      { numRuns: 3_000 },
    )
  })

  it('is yes for whatever the kept library has made, and no with its members turned round', () => {
    fc.assert(
      fc.property(fc.dictionary(anyName, fc.jsonValue(), { minKeys: 2, maxKeys: 6 }), (value) => {
        let text: string | undefined
        try {
          text = canonicalize(value)
        } catch {
          return
        }
        expect(quickly(text ?? '')).toBe('canonical')
        const turned = `{${Object.entries(JSON.parse(text ?? ''))
          .sort(([one], [other]) => (one < other ? 1 : -1))
          .map(([name, member]) => `${JSON.stringify(name)}:${canonicalize(member)}`)
          .join(',')}}`
        expect(quickly(turned)).toBe(byTheLibrary(turned))
      }),
    )
  })

  it.each([
    ['a member that stands twice', '{"a":1,"a":1}', 'other-form'],
    ['names like numbers out of the order of their text', '{"9":1,"10":2}', 'other-form'],
    ['names like numbers in the order of their text', '{"10":2,"9":1}', 'canonical'],
    ['a name behind the surrogates', '{"\u{1f600}":1,"\ufb33":2}', 'canonical'],
    ['minus zero', '[-0]', 'other-form'],
    ['a large number', '[1e+21]', 'canonical'],
    ['a lone surrogate', '["\\ud800"]', 'no-form'],
    ['a backslash before what looks like one', '["\\\\ud800"]', 'canonical'],
    ['an escape that is none of the short ones', '["\\u000a"]', 'other-form'],
    ['a line separator', '["\u2028"]', 'canonical'],
    ['a prototype in name only', '{"__proto__":{"a":1}}', 'canonical'],
  ] as const)('knows %s', (_, text, is) => {
    expect(quickly(text)).toBe(is)
    expect(byTheLibrary(text)).toBe(is)
  })

  it('is answered for nesting as deep as an event can hold, in either order', () => {
    const depth = 8_000
    const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`
    const read = readJsonText(deep)
    expect(read === null ? 'no-form' : canonicityOf(read)).toBe('canonical')
    const objects = `${'{"b":0,"a":'.repeat(100)}1${'}'.repeat(100)}`
    expect(quickly(objects)).toBe('other-form')
  })
})
