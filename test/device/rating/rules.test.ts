/**
 * The rules of DOMAIN.md §2 by their own words, each against the room with its store and its chain. What several
 * steps of one rule need stands in pad.test.ts, keypad-answers.test.ts, words.test.ts and dictionaries.test.ts.
 */
import { expect, it, vi } from 'vitest'
import type { Level } from '../../../device/http/contract.ts'
import { padAlone } from '../support/pad-alone.ts'
import { type PadRoom, question } from '../support/pad-room.ts'

const SEALED = 'eyJhbGciOiJFQ0RILUVTIn0..aXY.Y2lwaGVydGV4dA.dGFn'
const LEVELS: Level[] = [
  'very-satisfied',
  'satisfied',
  'fairly-satisfied',
  'dissatisfied',
  'very-dissatisfied',
]

const at = padAlone()
const { ask, tap, finish, page } = at

const outcomes = () => at.room.events().map(({ type, data }) => (type === 'rating' ? type : data.outcome))

/** Every way in which a window or a clock ends a question that nobody has answered. */
const endings: [string, (id: string) => void][] = [
  ['cancel', (id) => at.room.pad.cancel(id)],
  ['replace', () => void ask('CASE2', { replace: true })],
  ['pause', () => at.room.pad.setDesk({ paused: true })],
  ['the time-out', () => vi.advanceTimersByTime(60_000)],
]

const rules: [string, () => void | Promise<void>][] = [
  [
    'Rating is voluntary. Nothing is preselected',
    () => {
      ask()
      const view = at.room.pad.view()
      expect(Object.keys(view).sort()).toEqual(['anonymous', 'closesAt', 'evaluationId', 'itemName', 'name'])
      expect(view).toMatchObject({ name: 'asking', anonymous: false })
      expect(JSON.stringify(view)).not.toMatch(/satisf|level|"[1-5]"/)
    },
  ],
  [
    'no time-out, default or staff action ever becomes a rating: silence is the outcome “not rated”',
    () => {
      for (const [index, [, end]] of endings.entries()) {
        at.room.pad.setDesk({ paused: false })
        end(ask(`SILENT${index}`, { replace: true }))
      }
      at.room.pad.setDesk({ staffId: 'S007', ticketNo: 'A020' })
      expect(at.room.ratings()).toEqual([])
      expect(new Set(outcomes())).toEqual(new Set(['cancelled', 'timed-out']))
    },
  ],
  [
    'a first touch that is no answer yet is not undone by the clerk either',
    async () => {
      for (const [index, [how, end]] of endings.slice(0, 3).entries()) {
        const id = ask(`TOUCHED${index}`)
        at.room.pad.touch()
        end(id)
        expect([how, page()]).toEqual([how, 'asking'])
        await tap(id)
        await finish(id)
        vi.advanceTimersByTime(3_000)
        at.room.pad.setDesk({ paused: false })
        // What had to wait is asked now, and is nothing of this rule.
        const waiting = at.room.pad.view()
        if (waiting.name === 'asking') at.room.pad.cancel(waiting.evaluationId)
        expect(at.room.pad.evaluation(id)).toBe('rated')
      }
      expect(at.room.ratings()).toHaveLength(3)
    },
  ],
  [
    'Staff never see or hear the level: after any of the five the same page follows, and the same thanks as long',
    async () => {
      const seen = []
      for (const [index, level] of LEVELS.entries()) {
        const id = ask(`CASE${index}`)
        await tap(id, level)
        const { labels, ...rest } = at.room.pad.view() as Extract<
          ReturnType<PadRoom['pad']['view']>,
          { name: 'labels' }
        >
        const closesIn = Date.parse(rest.closesAt) - Date.now()
        seen.push({ ...rest, evaluationId: '', closesAt: '', closesIn, count: labels.length })
        vi.advanceTimersByTime(15_000)
        seen.push(at.room.pad.view())
        vi.advanceTimersByTime(2_999)
        seen.push(at.room.pad.view())
        vi.advanceTimersByTime(1)
        seen.push(at.room.pad.view())
      }
      const first = seen.slice(0, 4)
      expect(first.map(({ name }) => name)).toEqual(['labels', 'thanks', 'thanks', 'rest'])
      for (let level = 1; level < LEVELS.length; level++)
        expect(seen.slice(level * 4, level * 4 + 4)).toEqual(first)
    },
  ],
  [
    'One rating for each (caseNo, serviceNumber, assessNumber); a second is refused, whoever asks and whatever else differs',
    async () => {
      const first = ask()
      await tap(first)
      await finish(first)
      vi.advanceTimersByTime(3_000)
      const again = question('YX2026110007K3', { staffId: 'S007', user: SEALED, replace: true })
      again.case = { ...again.case, itemName: '别的事项', ticketNo: 'B001', serviceName: '出证' }
      expect(at.room.pad.ask(again)).toEqual({ verdict: 'already-rated' })
      expect(page()).toBe('already-rated')
    },
  ],
  [
    'A question that nobody answered may be asked once more',
    async () => {
      at.room.pad.cancel(ask())
      vi.advanceTimersByTime(60_000)
      const id = ask()
      await at.room.pad.act({ type: 'not-now', evaluationId: id })
      vi.advanceTimersByTime(3_000)
      const last = ask()
      await tap(last)
      await finish(last)
      expect(outcomes()).toEqual(['cancelled', 'not-now', 'rating'])
    },
  ],
  [
    'A follow-up is a rating of its own with assessNumber 2, and there is one',
    async () => {
      for (const assessNumber of [1, 2]) {
        const id = ask('YX2026110007K3', { assessNumber })
        await tap(id, 'dissatisfied')
        await finish(id)
        vi.advanceTimersByTime(3_000)
      }
      expect(at.room.ratings().map((rating) => rating.assessNumber)).toEqual([1, 2])
      expect(at.room.pad.ask(question('YX2026110007K3', { assessNumber: 2 }))).toEqual({
        verdict: 'already-rated',
      })
    },
  ],
  [
    'A rating carries its case, item, staff, window and user; the capture time is never altered',
    async () => {
      at.room.pad.setDesk({ staffId: 'S012' })
      const id = ask('YX2026110007K3', { user: SEALED })
      vi.advanceTimersByTime(7_000)
      await tap(id, 'very-satisfied')
      vi.advanceTimersByTime(9_000)
      await finish(id, ['517'])
      expect(at.room.ratings()).toEqual([
        {
          level: 5,
          labels: ['517'],
          reasonPending: false,
          dictionary: '2019.1',
          comment: null,
          channel: 'pad',
          assessNumber: 1,
          proof: 'none',
          case: question().case,
          staff: { staffId: 'S012', window: '12' },
          anonymous: false,
          user: SEALED,
          askedAt: expect.stringMatching(/:00:00\.000/),
          capturedAt: expect.stringMatching(/:00:07\.000/),
          clock: { synchronized: true, offsetMs: -12 },
        },
      ])
    },
  ],
]

it.each(rules)('%s', (_rule, holds) => holds())
