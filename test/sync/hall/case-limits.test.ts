import { describe, expect, test } from 'vitest'
import { type LimitFacts, limitsOf } from '../../../sync/hall/case-system/limits.ts'
import calendar2026 from '../../../sync/hall/demo/calendar-2026.json' with { type: 'json' }

const FACTS: LimitFacts = {
  state: 'in-review',
  // The Thursday before the Mid-Autumn Festival.
  runsFrom: '2026-09-24T16:00:00+08:00',
  promisedDays: 5,
  statutoryDays: 10,
  pausedDays: 0,
  overdueActor: '某局',
  consentBySilence: false,
}

const limits = (changes: Partial<LimitFacts>, at: string) =>
  limitsOf({ ...FACTS, ...changes }, new Date(at), [calendar2026])

describe('a case', () => {
  test('is due after its working days, over two holidays and a worked Saturday', () => {
    // 28, 29, 30 September, 8 and 9 October.
    expect(limits({}, '2026-10-09T23:59:00+08:00')).toMatchObject({
      promisedBy: '2026-10-09',
      overdue: false,
    })
    // The day after is a Saturday that is worked.
    expect(limits({}, '2026-10-10T00:00:00+08:00')).toMatchObject({ overdue: true })
  })

  test('has as many days more as its clock stood still', () => {
    expect(limits({ pausedDays: 2 }, '2026-09-25T12:00:00+08:00').promisedBy).toBe('2026-10-12')
  })

  test('that was handed in late in the evening in London still runs from the hall’s day', () => {
    // 20:00 on the 23rd in London is the 24th at the hall.
    expect(limits({ runsFrom: '2026-09-23T20:00:00Z' }, '2026-09-25T12:00:00+08:00').promisedBy).toBe(
      '2026-10-09',
    )
  })

  test('that is overdue says who must act', () => {
    expect(limits({}, '2026-10-12T09:00:00+08:00').whenOverdue).toEqual({
      actor: '某局',
      consentedSince: null,
    })
    expect(limits({}, '2026-10-09T09:00:00+08:00').whenOverdue).toBeNull()
  })

  test('counts as consented from the working day after the statutory limit, where silence consents', () => {
    const consents = { consentBySilence: true }
    // Ten days, the worked Saturday among them: to Thursday 15 October.
    expect(limits(consents, '2026-10-15T18:00:00+08:00').whenOverdue?.consentedSince).toBeNull()
    expect(limits(consents, '2026-10-17T09:00:00+08:00').whenOverdue?.consentedSince).toBe('2026-10-16')
    // Friday the 16th is the last of eleven days: a weekend follows, and nothing is told before it is so.
    const eleven = { ...consents, statutoryDays: 11 }
    expect(limits(eleven, '2026-10-17T09:00:00+08:00').whenOverdue?.consentedSince).toBeNull()
    expect(limits(eleven, '2026-10-19T00:00:00+08:00').whenOverdue?.consentedSince).toBe('2026-10-19')
    expect(limits({ ...consents, statutoryDays: null }, '2026-12-01T09:00:00+08:00').whenOverdue).toEqual({
      actor: '某局',
      consentedSince: null,
    })
  })

  test('that is approved is overdue until its result lies ready, and no silence consents any more', () => {
    const approved = { state: 'approved', consentBySilence: true } as const
    expect(limits(approved, '2026-10-09T23:59:00+08:00').overdue).toBe(false)
    expect(limits(approved, '2026-12-01T09:00:00+08:00')).toMatchObject({
      overdue: true,
      whenOverdue: { actor: '某局', consentedSince: null },
    })
  })

  test.each(['received', 'supplement', 'special-procedure'] as const)('runs no clock while %s', (state) => {
    expect(limits({ state }, '2026-12-01T09:00:00+08:00')).toMatchObject({
      clockFrom: null,
      promisedBy: null,
      overdue: false,
    })
  })

  test.each(['ready', 'collected', 'withdrawn', 'returned'] as const)(
    'is not overdue once it is %s',
    (state) => {
      expect(limits({ state }, '2026-12-01T09:00:00+08:00').overdue).toBe(false)
    },
  )

  test('due in a year that nobody has a calendar of says that the day may move', () => {
    const late = { runsFrom: '2026-12-28T10:00:00+08:00' }
    expect(limits(late, '2026-12-29T10:00:00+08:00').promisedByProvisional).toBe(true)
    expect(limits({}, '2026-12-29T10:00:00+08:00').promisedByProvisional).toBeUndefined()
  })
})
