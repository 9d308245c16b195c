/** Any fault of the line that a device gets over by itself, without waiting for a time-out. */
import fc from 'fast-check'
import type { LineFault } from './faulty-line.ts'

export const anyLineFault: fc.Arbitrary<LineFault> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<LineFault>({ kind: 'lose-answer' }) },
  { weight: 2, arbitrary: fc.nat(3_000).map((atByte) => ({ kind: 'cut-request' as const, atByte })) },
  { weight: 2, arbitrary: fc.nat(400).map((atByte) => ({ kind: 'cut-answer' as const, atByte })) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<LineFault>(
      { kind: 'cut-at-commit' },
      { kind: 'send-twice' },
      { kind: 'earlier-answer' },
      { kind: 'answer', status: 200, body: '<html>please log in</html>' },
      { kind: 'answer', status: 503, body: '<html>busy</html>' },
    ),
  },
)
