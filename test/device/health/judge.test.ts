import { describe, expect, it } from 'vitest'
import { judgeHealth } from '../../../device/health/judge.ts'
import type { HealthSnapshot } from '../../../device/health/snapshot.ts'
import { faultInWords } from '../../../device/health/words.ts'
import type { FaultReason, Warning } from '../../../drivers/status.ts'
import { faultInWords as hallsWords } from '../../../sync/hall/fleet-words.ts'
import { StatusFault } from '../../../sync/protocol/devices.ts'
import { NOW, SINCE, sound, withHall, withStorage } from './snapshots.ts'

const REASONS: readonly FaultReason[] = [
  'cannot-open',
  'no-answer',
  'line-lost',
  'bad-frames',
  'paper-out',
  'cover-open',
  'cutter',
  'mechanical',
  'offline',
  'folder',
  'supplies-empty',
  'missing-library',
]
const WARNINGS: readonly Warning[] = ['paper-near-end', 'toner-low']
const DAY_MS = 24 * 60 * 60 * 1000
const ago = (ms: number): string => new Date(NOW.getTime() - ms).toISOString()
const inDays = (days: number): Date => new Date(NOW.getTime() + days * DAY_MS)

const faulty = (name: 'idReader' | 'scanner' | 'receiptPrinter', reason: FaultReason): HealthSnapshot =>
  sound({
    peripherals: { ...sound().peripherals, [name]: { state: 'fault', since: SINCE, reason, detail: '' } },
  })
const withWindow = (window: NonNullable<HealthSnapshot['window']>): HealthSnapshot =>
  sound({ role: 'pad', offered: [], peripherals: {}, window })

/** Each matter but the peripherals', and a moment that has it. */
const MATTERS: [id: string, severity: 'fault' | 'warning', HealthSnapshot][] = [
  ['line.down', 'fault', withHall({ line: { up: false, since: SINCE, reason: 'timeout' } })],
  ['line.down', 'fault', withHall({ enrolment: { state: 'asking' } })],
  ['hall.not-enrolled', 'fault', withHall({ enrolment: { state: 'no-code' } })],
  ['hall.code-refused', 'fault', withHall({ enrolment: { state: 'refused', reason: 'enrolment-code-bad' } })],
  ['hall.clone', 'fault', withHall({ alarms: ['clone'] })],
  ['hall.chain-fork', 'fault', withHall({ alarms: ['fork'] })],
  ...(['revoked', 'signature-refused', 'chain-fork', 'three-set-aside', 'strange-answer'] as const).map(
    (reason): [string, 'fault', HealthSnapshot] => [
      `hall.${reason}`,
      'fault',
      withHall({ uplink: { state: 'stopped', reason, alarm: true } }),
    ],
  ),
  ['records.set-aside', 'warning', sound({ setAside: { count: 2, oldestAt: SINCE } })],
  ['records.waiting', 'warning', sound({ backlog: { count: 41, oldestAt: ago(2 * 60 * 60 * 1000) } })],
  ['clock.off', 'warning', sound({ clock: { synchronized: false, offsetMs: -2_000 } })],
  ['clock.off', 'fault', sound({ clock: { synchronized: false, offsetMs: 56 * 365 * DAY_MS } })],
  [
    'clock.implausible',
    'fault',
    sound({ now: new Date(86_400_000), clock: { synchronized: false, offsetMs: null } }),
  ],
  ['clock.not-measured', 'warning', sound({ clock: { synchronized: false, offsetMs: null } })],
  ...(['disk-full', 'cannot-write', 'sync-failed', 'damaged'] as const).map(
    (alarm): [string, 'fault', HealthSnapshot] => [`storage.${alarm}`, 'fault', withStorage({ alarm })],
  ),
  ['storage.quota-full', 'fault', withStorage({ alarm: 'disk-full', refusing: 'quota-full' })],
  ['storage.sync-had-failed', 'warning', withStorage({ alarm: 'sync-had-failed' })],
  ['storage.damage-found', 'warning', withStorage({ alarm: 'damage-found' })],
  ['storage.disk-low', 'warning', withStorage({ disk: { free: 1024, total: 32 * 1024 ** 3 } })],
  ['storage.quota-low', 'warning', withStorage({ quota: { used: 81, of: 100 } })],
  ['content.missing', 'fault', sound({ hasContent: false })],
  ['content.behind', 'warning', withHall({ contentBehind: { reason: 'item' } })],
  [
    'certificate.expired',
    'fault',
    withWindow({ certificate: { validUntil: inDays(-1) }, somebodyCanAsk: true }),
  ],
  [
    'certificate.ending',
    'warning',
    withWindow({ certificate: { validUntil: inDays(20) }, somebodyCanAsk: true }),
  ],
  ['certificate.unreadable', 'warning', withWindow({ certificate: 'unreadable', somebodyCanAsk: true })],
  ['window.nobody-can-ask', 'warning', withWindow({ certificate: null, somebodyCanAsk: false })],
]
const PERIPHERALS = [
  ...REASONS.map((reason): [string, 'fault', HealthSnapshot] => [
    `scanner.${reason}`,
    'fault',
    faulty('scanner', reason),
  ]),
  ...WARNINGS.map((warning): [string, 'warning', HealthSnapshot] => [
    `receiptPrinter.${warning}`,
    'warning',
    sound({ peripherals: { receiptPrinter: { state: 'ready', since: SINCE, warnings: [warning] } } }),
  ]),
]

it('nothing is wrong with a device in order', () => {
  expect(judgeHealth(sound())).toEqual([])
  const certificate = { validUntil: inDays(31) }
  expect(judgeHealth(withWindow({ certificate, somebodyCanAsk: true }))).toEqual([])
})

describe.each([...MATTERS, ...PERIPHERALS])('%s as a %s', (id, severity, snapshot) => {
  const troubles = judgeHealth(snapshot)

  it('is found, alone, and says what to do in both languages; the hall has words for it, too', () => {
    expect(troubles.map((trouble) => [trouble.id, trouble.severity])).toEqual([[id, severity]])
    const [trouble] = troubles
    if (trouble === undefined) return
    for (const [language, its, other] of [
      ['zh', /\p{Script=Han}/u, /undefined|代码 /],
      ['en', /[a-z]/i, /undefined|\p{Script=Han}|^code /u],
    ] as const) {
      const { what, stops, todo } = faultInWords(trouble, language)
      expect(todo).not.toEqual([])
      for (const sentence of [what, stops, ...todo]) {
        expect(sentence).toMatch(its)
        expect(sentence).not.toMatch(other)
      }
    }
    const told = StatusFault.parse({ id, severity, since: trouble.since, stops: trouble.stops })
    expect(hallsWords(told)[0]).toMatch(/^[A-Za-z0-9].*[a-z]/)
  })
})

describe('what a fault stops', () => {
  const stopsIn = (snapshot: HealthSnapshot): Record<string, string[]> =>
    Object.fromEntries(judgeHealth(snapshot).map(({ id, stops }) => [id, stops]))

  it('is what nothing else of this device can do', () => {
    expect(stopsIn(faulty('idReader', 'no-answer'))).toEqual({ 'idReader.no-answer': ['my-papers'] })
    expect(stopsIn(faulty('scanner', 'no-answer'))).toEqual({ 'scanner.no-answer': ['scanning'] })
    const fault = { state: 'fault', since: SINCE, reason: 'no-answer', detail: '' } as const
    expect(stopsIn(sound({ peripherals: { idReader: fault, scanner: fault } }))).toEqual({
      'idReader.no-answer': ['my-papers', 'pickup', 'progress'],
      'scanner.no-answer': ['pickup', 'progress', 'scanning'],
    })
  })

  it('is never what this device does not offer', () => {
    expect(
      stopsIn({
        ...withHall({ line: { up: false, since: SINCE, reason: null } }),
        offered: ['guides', 'pickup'],
      }),
    ).toEqual({ 'line.down': ['pickup', 'upload', 'updates'] })
  })

  it('on a pad is what comes by the line, and not the rating itself', () => {
    const pad = {
      ...withHall({ line: { up: false, since: SINCE, reason: null } }),
      role: 'pad' as const,
      offered: [],
    }
    expect(stopsIn(pad)).toEqual({ 'line.down': ['hall-questions', 'upload', 'updates'] })
  })
})

it('facts may wait over a night while the line is down, and not for an hour while it is up', () => {
  const backlog = { count: 3, oldestAt: ago(12 * 60 * 60 * 1000) }
  const down = withHall({ line: { up: false, since: SINCE, reason: null } }).hall
  expect(judgeHealth(sound({ backlog, hall: down })).map(({ id }) => id)).toEqual(['line.down'])
  expect(judgeHealth(sound({ backlog })).map(({ id }) => id)).toEqual(['records.waiting'])
})

it('a clock that is years off is told in years, and whether it is slow or fast', () => {
  const at = (offsetMs: number) => sound({ clock: { synchronized: false, offsetMs } })
  const what = (snapshot: HealthSnapshot, language: 'zh' | 'en'): string =>
    judgeHealth(snapshot).map((trouble) => faultInWords(trouble, language).what)[0] ?? ''
  expect(what(at(56 * 365 * DAY_MS), 'en')).toBe('This device’s clock is 56 years slow')
  expect(what(at(-50 * 365 * DAY_MS), 'zh')).toBe('本机时间比大厅快了 50 年')
  expect(what(at(-90_000), 'en')).toBe('This device’s clock is 1 minute 30 seconds fast')
})
