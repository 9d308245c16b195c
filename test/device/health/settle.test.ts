import { expect, it } from 'vitest'
import { judgeHealth } from '../../../device/health/judge.ts'
import { createSettler, LASTING, type Remembered } from '../../../device/health/settle.ts'
import type { Trouble } from '../../../device/health/trouble.ts'
import { NOW, SINCE, sound, withHall, withStorage } from './snapshots.ts'

const SECOND_MS = 1_000
const NOBODY: ReadonlySet<string> = new Set()

const printer = (reason: 'paper-out' | 'cover-open', since = SINCE): Trouble[] =>
  judgeHealth(sound({ peripherals: { receiptPrinter: { state: 'fault', since, reason, detail: '' } } }))

/** Seconds go by; what is told at each. */
const settling = (remembered?: Remembered) => {
  const settler = createSettler(remembered)
  let nowMs = 0
  return {
    settler,
    /** As it is for so many seconds; gives what is told at their end. */
    stays(seconds: number, troubles: Trouble[], unknown: ReadonlySet<string> = NOBODY): string[] {
      settler.see(troubles, unknown, nowMs)
      for (let at = 0; at < seconds; at += 1) {
        nowMs += SECOND_MS
        settler.see(troubles, unknown, nowMs)
      }
      return settler.see(troubles, unknown, nowMs).troubles.map(({ id, since }) => `${id} ${since}`)
    },
    told: (troubles: Trouble[]) => settler.see(troubles, NOBODY, nowMs),
  }
}

it('a blip is no alarm, and what lasts is told with when it truly began', () => {
  const time = settling()
  expect(time.stays(9, printer('paper-out'))).toEqual([])
  expect(time.stays(20, [])).toEqual([])
  expect(time.stays(9, printer('paper-out'))).toEqual([])
  expect(time.stays(1, printer('paper-out'))).toEqual([`receiptPrinter.paper-out ${SINCE}`])
})

it('what comes and goes becomes an alarm once its troubles add up, and is over only when it stays away', () => {
  const time = settling()
  for (let round = 0; round < 4; round += 1) {
    time.stays(3, printer('paper-out'))
    time.stays(4, [])
  }
  expect(time.stays(1, printer('paper-out'))).toEqual([`receiptPrinter.paper-out ${SINCE}`])
  expect(time.stays(9, [])).toHaveLength(1)
  expect(time.stays(1, [])).toEqual([])
})

it('another reason of the same part is told at once, and the part has been out of work since the first of them', () => {
  const time = settling()
  time.stays(12, printer('paper-out'))
  const later = '2026-11-21T20:10:00.000+08:00'
  expect(time.stays(0, printer('cover-open', later))).toEqual([`receiptPrinter.cover-open ${SINCE}`])
})

it('while nobody knows how a part is, it stays as it was', () => {
  const time = settling()
  time.stays(12, printer('paper-out'))
  const connecting = new Set(['receiptPrinter'])
  expect(time.stays(60, [], connecting)).toHaveLength(1)
  expect(settling().stays(60, [], connecting)).toEqual([])
})

it('a warning that becomes a fault is as old as the fault', () => {
  const time = settling()
  const low = judgeHealth(withStorage({ disk: { free: 1024, total: 1024 ** 4 } }))
  time.stays(5, low)
  const full = judgeHealth({ ...withStorage({ alarm: 'disk-full' }), now: new Date(NOW.getTime() + 60_000) })
  expect(time.stays(0, full)).toEqual([expect.stringContaining('storage.disk-full 2026-11-21')])
  expect(time.told(full).troubles[0]?.since).not.toBe(low[0]?.since)
})

it('after a new start the same trouble is as old as it was, and one that came later is not', () => {
  const long = '2026-11-20T08:00:00.000+08:00'
  const remembered = new Map([['receiptPrinter', { severity: 'fault' as const, since: long }]])
  expect(settling(remembered).stays(10, printer('paper-out'))).toEqual([`receiptPrinter.paper-out ${long}`])
  const later = settling(remembered)
  later.stays(301, [])
  expect(later.stays(10, printer('paper-out'))).toEqual([`receiptPrinter.paper-out ${SINCE}`])
})

it('a disk that cannot keep anything is told at once, a line only when it has been down for a while', () => {
  expect(settling().stays(0, judgeHealth(withStorage({ alarm: 'cannot-write' })))).toHaveLength(1)
  const down = judgeHealth(withHall({ line: { up: false, since: SINCE, reason: 'timeout' } }))
  const time = settling()
  expect(time.stays(LASTING.line.onsetMs / SECOND_MS - 1, down)).toEqual([])
  expect(time.told(down).dueMs).toBe(SECOND_MS)
  expect(time.stays(1, down)).toHaveLength(1)
})

it('the worst come first, then the oldest', () => {
  const time = settling()
  const troubles = [
    ...judgeHealth(sound({ setAside: { count: 1, oldestAt: '2026-01-01T00:00:00.000+08:00' } })),
    ...printer('paper-out', '2026-11-21T20:05:00.000+08:00'),
    ...judgeHealth(withHall({ line: { up: false, since: SINCE, reason: null } })),
  ]
  expect(time.stays(40, troubles).map((one) => one.split(' ')[0])).toEqual([
    'line.down',
    'receiptPrinter.paper-out',
    'records.set-aside',
  ])
})
