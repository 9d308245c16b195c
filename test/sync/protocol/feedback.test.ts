import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import calendar2026 from '../../../sync/hall/demo/calendar-2026.json' with { type: 'json' }
import calendar2027 from '../../../sync/hall/demo/calendar-2027.json' with { type: 'json' }
import hallJson from '../../../sync/hall/demo/hall.json' with { type: 'json' }
import { Calendar, Hall } from '../../../sync/protocol/content.ts'
import { type EventData, eventData } from '../../../sync/protocol/events.ts'
import { feedbackCode, readFeedbackCode, spacedCode } from '../../../sync/protocol/feedback-code.ts'
import { answerDay } from '../../../sync/protocol/feedback-days.ts'

const { hours } = Hall.parse(hallJson)
const calendars = [Calendar.parse(calendar2026), Calendar.parse(calendar2027)]
const codes = fc.uint8Array({ minLength: 7, maxLength: 7 }).map(feedbackCode)

describe('the code to ask by', () => {
  it('is read back from what people write and say', () => {
    fc.assert(
      fc.property(codes, (code) => {
        expect(readFeedbackCode(code)).toBe(code)
        const said = spacedCode(code)
          .toLowerCase()
          .replaceAll('1', 'l')
          .replaceAll('0', 'o')
          .replace(' ', '-')
        expect(readFeedbackCode(` ${said}\n`)).toBe(code)
      }),
    )
  })

  it('is none once one character is another, or two neighbours have changed places', () => {
    const other = fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ')
    fc.assert(
      fc.property(codes, fc.nat(7), other, (code, at, character) => {
        const wrong = code.slice(0, at) + character + code.slice(at + 1)
        expect(readFeedbackCode(wrong)).toBe(wrong === code ? code : null)
        const swapped = code.slice(0, at) + (code[at + 1] ?? '') + code[at] + code.slice(at + 2)
        expect(readFeedbackCode(swapped)).toBe(swapped === code ? code : null)
      }),
    )
  })

  it.each(['', 'ABCDEFG', 'ABCDEFGHJ', 'ABCDEFGU', '=1+1', '12345678901234567890'])('is not %j', (text) => {
    expect(readFeedbackCode(text)).toBeNull()
  })
})

describe('the day of the answer', () => {
  const day = (what: Parameters<typeof answerDay>[0], at: string, time = '22:40') =>
    answerDay(what, { day: at, time }, hours, calendars)

  it('of an ordinary matter is the next working day, of several offices the third', () => {
    const friday = '2026-11-20'
    expect(day({ kind: 'report', pace: 'ordinary' }, friday)).toEqual({
      day: '2026-11-23',
      provisional: false,
      workingDays: 1,
    })
    expect(day({ kind: 'report', pace: 'several-offices' }, friday).day).toBe('2026-11-25')
    expect(day({ kind: 'request' }, friday).day).toBe('2026-11-23')
    expect(day({ kind: 'complaint' }, friday)).toMatchObject({ day: '2026-12-11', workingDays: 15 })
  })

  it('counts over holidays and shifted days', () => {
    expect(day({ kind: 'report', pace: 'ordinary' }, '2026-09-30').day).toBe('2026-10-08')
    expect(day({ kind: 'report', pace: 'several-offices' }, '2026-10-07').day).toBe('2026-10-10')
  })

  it('of what is told at once is when a window is open: now, or when one opens', () => {
    const now = { kind: 'report', pace: 'now' } as const
    expect(day(now, '2026-11-20', '16:59').day).toBe('2026-11-20')
    expect(day(now, '2026-11-20', '06:30').day).toBe('2026-11-20')
    // On Saturday mornings one window of each area is open.
    expect(day(now, '2026-11-20', '22:40')).toMatchObject({ day: '2026-11-21', workingDays: 0 })
    expect(day(now, '2026-11-21', '12:00').day).toBe('2026-11-23')
    expect(day(now, '2026-10-01').day).toBe('2026-10-08')
  })

  it('is told as one that may move where the year is not published', () => {
    expect(day({ kind: 'complaint' }, '2026-12-20').provisional).toBe(true)
    expect(answerDay({ kind: 'request' }, { day: '2026-11-20', time: '22:40' }, hours, []).provisional).toBe(
      true,
    )
  })
})

describe('a complaint', () => {
  const complaint: EventData<'complaint'> = {
    code: feedbackCode([1, 2, 3, 4, 5, 6, 7]),
    keptAt: '2026-11-20T22:40:00.000+08:00',
    answerBy: '2026-12-11',
    provisional: false,
    said: null,
    user: null,
    clock: { synchronized: true, offsetMs: 0 },
    ground: 'quality',
    named: false,
  }

  it.each([
    ['that is anonymous and names somebody', { user: 'eyJhIjoxfQ..YQ.Yg.Yw' }],
    ['that is named and names nobody', { named: true }],
    ['with words in the clear', { said: '他说话很难听' }],
    ['with the window in the clear', { place: { office: '综合受理', window: '09' } }],
    ['with a code that checks out wrong', { code: '00000001' }],
    ['of a ground that is none', { ground: 'attitude' }],
  ])('%s is none', (_, change) => {
    expect(eventData.complaint.safeParse(complaint).success).toBe(true)
    expect(eventData.complaint.safeParse({ ...complaint, ...change }).success).toBe(false)
  })
})
