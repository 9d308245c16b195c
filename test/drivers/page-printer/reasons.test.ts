import { expect, test } from 'vitest'
import type { PrinterFacts } from '../../../drivers/page-printer/ipp.ts'
import { readPrinterState, usualReasons } from '../../../drivers/page-printer/reasons.ts'

function facts(reasons: string[], more: Partial<PrinterFacts> = {}): PrinterFacts {
  const common = {
    name: undefined,
    uri: undefined,
    acceptsJobs: true,
    formats: [],
    media: [],
    mediaReady: [],
    sides: [],
    model: undefined,
    queuedJobs: undefined,
    cups: undefined,
  }
  return { ...common, state: 'idle', reasons, ...more }
}

const read = (reasons: string[], more?: Partial<PrinterFacts>) =>
  readPrinterState(facts(reasons, more), 'printer')

test.each([
  ['media-needed', 'paper-out'],
  ['media-jam', 'mechanical'],
  ['cover-open', 'cover-open'],
  ['door-open', 'cover-open'],
  ['paused', 'offline'],
  ['spool-area-full', 'offline'],
] as const)('%s means the same with whatever severity behind it', (keyword, reason) => {
  for (const suffix of ['', '-report', '-warning', '-error'])
    expect(read([keyword + suffix]).fault).toMatchObject({ reason, detail: expect.stringContaining(keyword) })
})

test.each([
  ['media-empty', 'paper-out', ['paper-near-end']],
  ['input-tray-missing', 'paper-out', ['paper-near-end']],
  ['marker-supply-empty', 'supplies-empty', ['toner-low']],
  ['opc-life-over', 'supplies-empty', ['toner-low']],
  ['output-area-full', 'mechanical', []],
] as const)(
  '%s may be one of several: a fault once the printer stops over it',
  (keyword, reason, warnings) => {
    for (const suffix of ['', '-report', '-warning']) {
      expect(read([keyword + suffix])).toEqual({ fault: undefined, warnings })
      expect(read([keyword + suffix], { state: 'stopped' }).fault).toMatchObject({ reason })
    }
    expect(read([`${keyword}-error`]).fault).toMatchObject({ reason })
  },
)

test('a tray that turns empty within a job is told; one that was empty before is not', () => {
  const within = facts(['media-empty-warning'], { state: 'processing' })
  expect(readPrinterState(within, 'printer').fault?.reason).toBe('paper-out')
  const usual = usualReasons(facts(['media-empty-report']))
  expect(readPrinterState(within, 'printer', usual)).toEqual({
    fault: undefined,
    warnings: ['paper-near-end'],
  })
})

test('a filter that a queue lacks for another format is no fault', () => {
  expect(readPrinterState(facts(['cups-missing-filter-warning']), 'queue-alone').fault).toBeUndefined()
  expect(read(['cups-missing-filter-error']).fault?.detail).toContain('cups-filters')
})

test('a detail is a line of known words, however much the printer says', () => {
  const many = Array.from({ length: 500 }, (_, number) => `zhangxiaoyu-${number}-error`)
  const known = Array.from({ length: 20 }, () => 'media-jam-error')
  const detail = read([...many, ...known]).fault?.detail ?? ''
  expect(detail).toContain('media-jam-error')
  expect(detail).not.toContain('zhangxiaoyu')
  expect(detail.length).toBeLessThanOrEqual(300)
})

test('an open cover is told before the paper that cannot be judged', () => {
  expect(read(['media-empty-error', 'cover-open-error']).fault?.reason).toBe('cover-open')
})

test('what runs low is a warning, told once', () => {
  const state = read(['toner-low-report', 'marker-supply-low-warning', 'media-low-report'])
  expect(state).toEqual({ fault: undefined, warnings: ['paper-near-end', 'toner-low'] })
})

test('of an unknown word only its being an error counts', () => {
  expect(read(['com.example-hiccup-report'])).toEqual({ fault: undefined, warnings: [] })
  expect(read(['com.example-hiccup-error']).fault?.reason).toBe('mechanical')
})

test('a printer that has stopped, or takes no jobs, is offline', () => {
  expect(read([], { state: 'stopped' }).fault?.reason).toBe('offline')
  expect(read([], { acceptsJobs: false }).fault?.detail).toContain('cupsaccept')
})

test('a queue beside its printer answers for itself alone', () => {
  const beside = (reasons: string[]) => readPrinterState(facts(reasons), 'queue-beside-its-printer')
  expect(beside(['media-empty-warning', 'toner-low-report'])).toEqual({ fault: undefined, warnings: [] })
  expect(beside(['paused']).fault?.reason).toBe('offline')
})

test('a queue alone is believed of its printer while it prints; when idle its word is old', () => {
  const alone = (state: PrinterFacts['state']) =>
    readPrinterState(facts(['media-empty-warning', 'toner-empty-warning'], { state }), 'queue-alone')
  expect(alone('processing').fault?.reason).toBe('paper-out')
  expect(alone('idle')).toEqual({ fault: undefined, warnings: ['paper-near-end', 'toner-low'] })
})
