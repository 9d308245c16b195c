import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  describeFault,
  FAULT_FORMS,
  parseFault,
  parseTiming,
} from '../../../drivers/simulators/wire-fault-words.ts'
import { type FaultTiming, TOWARDS, type WireFault } from '../../../drivers/simulators/wire-faults.ts'

const say = (line: string) => parseFault(line.split(' ').filter((word) => word !== ''))
const add = (fault: WireFault, timing: FaultTiming = {}) => ({
  ok: true,
  order: { order: 'add', fault, timing },
})

const bytes = fc.integer({ min: 1, max: 65_536 })
const ms = fc.integer({ min: 0, max: 86_400_000 })
const positiveMs = fc.integer({ min: 1, max: 86_400_000 })
const seed = fc.integer({ min: 0, max: 0xffff_ffff })

const directed: fc.Arbitrary<WireFault> = fc.oneof(
  fc.record({ kind: fc.constant('split' as const), bytes, gapMs: ms }),
  fc.record({ kind: fc.constant('merge' as const), holdMs: ms }),
  fc.record({ kind: fc.constant('drop' as const), every: bytes }),
  fc.record({ kind: fc.constant('flip' as const), every: bytes, mask: fc.integer({ min: 1, max: 255 }) }),
  fc.record(
    { kind: fc.constant('noise' as const), everyMs: positiveMs, bytes, seed },
    { requiredKeys: ['kind', 'everyMs', 'bytes'] },
  ),
  fc.record({ kind: fc.constantFrom('stall' as const, 'duplicate' as const) }),
)
const towards = fc.record({ towards: fc.constantFrom(...TOWARDS) }, { requiredKeys: [] })
const anyFault: fc.Arbitrary<WireFault> = fc.oneof(
  fc.tuple(directed, towards).map(([fault, direction]): WireFault => Object.assign(fault, direction)),
  fc.record({ kind: fc.constant('half-open' as const) }),
  fc.record({ kind: fc.constant('slow' as const), baud: fc.integer({ min: 300, max: 921_600 }) }),
)
const anyTiming = fc.record({ afterMs: ms, forMs: positiveMs }, { requiredKeys: [] })

test('a technician types a fault as one line', () => {
  expect(say('split 3 20')).toEqual(add({ kind: 'split', bytes: 3, gapMs: 20 }))
  expect(say('half-open for 2000')).toEqual(add({ kind: 'half-open' }, { forMs: 2000 }))
  expect(say('noise 50 8 after 1000 for 5000')).toEqual(
    add({ kind: 'noise', everyMs: 50, bytes: 8 }, { afterMs: 1000, forMs: 5000 }),
  )
  expect(say('noise 50 8 seed 7')).toEqual(add({ kind: 'noise', everyMs: 50, bytes: 8, seed: 7 }))
  expect(say('flip 100 0F')).toEqual(add({ kind: 'flip', every: 100, mask: 15 }))
  expect(say('drop 3 towards device for 2000')).toEqual(
    add({ kind: 'drop', every: 3, towards: 'device' }, { forMs: 2000 }),
  )
  expect(say('clear')).toEqual({ ok: true, order: { order: 'clear' } })
  expect(say('')).toEqual({ ok: true, order: { order: 'list' } })
})

test.each([
  ['sparks', 'there is no fault "sparks"'],
  ['toString', 'there is no fault "toString"'],
  ['clear all', 'there is no fault "clear all"'],
  ['split', 'split: BYTES is a number from 1 to 65536, and it is missing'],
  ['split 0 20', 'split: BYTES is a number from 1 to 65536, not "0"'],
  ['split 3 1e3', 'split: GAP-MS is a number from 0 to 86400000, not "1e3"'],
  ['flip 3 100', 'flip: HEX-MASK is a number from 1 to FF, not "100"'],
  ['split 65537 1', 'split: BYTES is a number from 1 to 65536, not "65537"'],
  ['slow 20', 'slow: BAUD is a number from 300 to 921600, not "20"'],
  ['stall 5', 'stall: "5" is not understood here'],
  ['stall constructor 5', 'stall: "constructor" is not understood here'],
  ['stall after', 'stall: behind "after", MS is a number from 0 to 86400000, and it is missing'],
  ['stall for 1 for 2', 'stall: "for" is there twice'],
  ['stall for 1 towards both for 2', 'stall: "for" is there twice'],
  ['stall seed 2', 'stall: "seed" is not understood here'],
  ['half-open towards device', 'half-open: "towards" is not understood here'],
  ['stall towards', 'stall: behind "towards" stands driver or device or both'],
  ['stall towards me', 'stall: behind "towards" stands driver or device or both'],
])('"fault %s" is answered with what is wrong and every form', (line, what) => {
  const forms = 'fault split BYTES GAP-MS [towards driver|device|both] [after MS] [for MS], '
  expect(say(line)).toEqual({ ok: false, fault: expect.stringContaining(`${what}; write one of: ${forms}`) })
})

test('what describes a fault is read as the same fault', () => {
  fc.assert(
    fc.property(anyFault, anyTiming, (fault, timing) => {
      expect(say(describeFault(fault, timing))).toEqual(add(fault, timing))
    }),
  )
})

test('whatever is typed, it is a fault, an end of all, or an answer in words', () => {
  const word = fc.oneof(fc.string(), fc.constantFrom('split', 'noise', 'for', 'seed', '3'))
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), (words) => {
      expect(typeof parseFault(words).ok).toBe('boolean')
    }),
  )
})

test('a time alone is read in either order, or what is wrong with it is told', () => {
  expect(parseTiming([])).toEqual({})
  expect(parseTiming(['for', '2000', 'after', '500'])).toEqual({ afterMs: 500, forMs: 2000 })
  expect(parseTiming(['for', '0'])).toBe('behind "for", MS is a number from 1 to 86400000, not "0"')
  expect(parseTiming(['towards', 'device'])).toBe('"towards" is not understood here')
})

test('the forms name every fault once', () => {
  const names = FAULT_FORMS.map((form) => form.split(' ')[1])
  expect(new Set(names).size).toBe(names.length)
  expect(names).toContain('half-open')
  expect(names.at(-1)).toBe('clear')
})
