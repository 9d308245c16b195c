import { expect, test } from 'vitest'
import {
  ALL_CLEAR,
  isMarkerAnswer,
  markerSaysPaperEnd,
  readAutomaticStatus,
  readStatus,
  type StatusBytes,
} from '../../../drivers/receipt-printer/status.ts'

test.each<[string, Partial<StatusBytes>, string]>([
  ['offline', { 1: 0x1a }, 'offline'],
  ['waiting to recover', { 1: 0x32 }, 'offline'],
  ['cover open', { 1: 0x1a, 2: 0x16 }, 'cover-open'],
  ['fed by hand', { 2: 0x1a }, 'offline'],
  ['stopped by paper end', { 2: 0x32 }, 'paper-out'],
  ['error', { 2: 0x52 }, 'mechanical'],
  ['cutter', { 2: 0x52, 3: 0x1a }, 'cutter'],
  ['unrecoverable', { 3: 0x32 }, 'mechanical'],
  ['auto-recoverable', { 3: 0x52 }, 'mechanical'],
  ['paper end', { 4: 0x72 }, 'paper-out'],
  ['paper end with near end', { 1: 0x1a, 2: 0x32, 4: 0x7e }, 'paper-out'],
  ['cover open without paper', { 2: 0x36, 4: 0x7e }, 'cover-open'],
])('the status row "%s" is the fault it should be', (_, bytes, reason) => {
  expect(readStatus({ ...ALL_CLEAR, ...bytes }).fault?.reason).toBe(reason)
})

test('paper near its end is a warning and no fault', () => {
  expect(readStatus({ ...ALL_CLEAR, 4: 0x1e })).toMatchObject({
    fault: undefined,
    warnings: ['paper-near-end'],
  })
  expect(readStatus(ALL_CLEAR)).toMatchObject({ fault: undefined, warnings: [] })
})

test('the answer to an in-order marker tells the paper end from the near end', () => {
  expect([0x00, 0x03, 0x0c, 0x0f].map(markerSaysPaperEnd)).toEqual([false, false, true, true])
})

test('a single bit that is in no table is no fault', () => {
  for (const [n, bits] of Object.entries({ 1: [2, 6], 2: [], 3: [2], 4: [] })) {
    for (const bit of bits) {
      const state = readStatus({ ...ALL_CLEAR, [n]: 0x12 | (1 << bit) })
      expect(state).toEqual({ fault: undefined, warnings: [], waitsToRecover: false })
    }
  }
})

test('every bit of the four answers is a fault with words or a warning', () => {
  const known = { 1: [3, 5], 2: [2, 3, 5, 6], 3: [3, 5, 6], 4: [2, 3, 5, 6] }
  for (const [n, bits] of Object.entries(known)) {
    for (const bit of bits) {
      const { fault, warnings } = readStatus({ ...ALL_CLEAR, [n]: 0x12 | (1 << bit) })
      expect([fault?.detail, ...warnings].join('')).toMatch(/\w/)
    }
  }
})

test('a printer waits to recover only when no hand is needed and switching off is not the only cure', () => {
  const waits = (bytes: Partial<StatusBytes>) => readStatus({ ...ALL_CLEAR, ...bytes }).waitsToRecover
  expect(waits({ 1: 0x3a })).toBe(true)
  expect(waits({ 1: 0x3a, 2: 0x52, 3: 0x1a })).toBe(true)
  expect(waits({ 1: 0x1a, 3: 0x1a })).toBe(false)
  expect(waits({ 1: 0x3a, 2: 0x16 })).toBe(false)
  expect(waits({ 1: 0x3a, 4: 0x72 })).toBe(false)
  expect(waits({ 1: 0x3a, 3: 0x32 })).toBe(false)
})

test('what ends by itself is told from what needs somebody', () => {
  const passes = (bytes: Partial<StatusBytes>) => readStatus({ ...ALL_CLEAR, ...bytes }).fault?.passing
  expect([passes({ 1: 0x1a }), passes({ 2: 0x1a }), passes({ 3: 0x52 })]).toEqual([true, true, true])
  expect([passes({ 1: 0x32 }), passes({ 2: 0x16 }), passes({ 3: 0x1a }), passes({ 4: 0x72 })]).toEqual([
    false,
    false,
    false,
    false,
  ])
})

test.each([
  ['10000000', undefined, []],
  ['18000000', 'offline', []],
  ['38000000', 'cover-open', []],
  ['18040000', 'mechanical', []],
  ['18080000', 'cutter', []],
  ['18200000', 'mechanical', []],
  ['10000300', undefined, ['paper-near-end']],
  ['18000f00', 'paper-out', ['paper-near-end']],
])('the automatic status %s says %s', (bytes, reason, warnings) => {
  const state = readAutomaticStatus(Buffer.from(bytes, 'hex'))
  expect([state.fault?.reason, state.warnings]).toEqual([reason, warnings])
})

test('the answer to an in-order marker says everything twice, and other bytes are none', () => {
  const answers = Array.from({ length: 256 }, (_, byte) => byte).filter(isMarkerAnswer)
  expect(answers).toHaveLength(16)
  for (const byte of [0x00, 0x03, 0x0c, 0x0f]) expect(answers).toContain(byte)
  for (const byte of [0x01, 0x07, 0x12, 0x80]) expect(answers).not.toContain(byte)
})
