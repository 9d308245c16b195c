/** What a terminal asks and what becomes of it, in a real store; every fact by the schema that the hall judges it by. */
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { QuestionStore } from '../../../device/rating/question-store.ts'
import { ratedCaseOf } from '../../../device/rating/rated-case.ts'
import { TerminalQuestions } from '../../../device/rating/terminal-questions.ts'
import { openStoreFile } from '../../../device/store/store.ts'
import type { Dictionary } from '../../../sync/protocol/content.ts'
import { builtInDictionaries } from '../../../sync/protocol/dictionary.ts'
import { type EventData, type EventType, eventData } from '../../../sync/protocol/events.ts'
import type { Db } from '../../../sync/sqlite.ts'
import { testFolder } from '../../sync/support/folder.ts'
import { sampleCase } from '../support/samples.ts'

const ABOUT = ratedCaseOf(sampleCase('YX2026110001'))
if (ABOUT === null) throw new Error('a sample can be rated')
const COMMENT = 'eyJ..a.b.c'
const SERVICE = { about: null, assessNumber: 1, proof: 'none', user: null } as const
const CASE = { about: ABOUT, assessNumber: 1, proof: 'receipt', user: null } as const

let path: string
let db: Db
let facts: { type: EventType; data: EventData<EventType> }[]
let troubles: unknown[]
let questions: TerminalQuestions

const begin = (dictionaries: Dictionary[] = []): void => {
  db = openStoreFile(path)
  facts = []
  troubles = []
  const store = new QuestionStore(db, (type, data) => {
    facts.push({ type, data: eventData[type].parse(data) })
    return null
  })
  questions = new TerminalQuestions({
    store,
    dictionaries: () => dictionaries,
    clock: () => ({ synchronized: true, offsetMs: -12 }),
    onTrouble: (error) => troubles.push(error),
  })
}
const stop = (): void => {
  questions.close()
  db.close()
}

beforeEach(() => {
  path = join(testFolder(), 'store.sqlite')
  begin()
})
afterEach(stop)

it('a case is rated once, with what was shown for it, and its number is nowhere in the store afterwards', () => {
  expect(questions.ask(1, CASE)).toBe('asked')
  expect(questions.choose(1, 'satisfied')?.map(({ code }) => code)).toContain('413')
  questions.amend(1, ['413', '510'], true)
  questions.finish(1, ['413', '510'], COMMENT)
  expect(facts).toEqual([
    {
      type: 'rating',
      data: expect.objectContaining({
        level: 4,
        labels: ['413'],
        reasonPending: false,
        comment: COMMENT,
        channel: 'terminal',
        assessNumber: 1,
        proof: 'receipt',
        case: ABOUT,
        staff: { staffId: '', window: '' },
        anonymous: true,
        user: null,
        dictionary: '2019.1',
      }),
    },
  ])
  expect(questions.ask(2, CASE)).toBe('already-rated')
  expect(questions.openOf(ABOUT)).toBe('none')
  const rows = JSON.stringify([
    db.prepare('SELECT * FROM question').all(),
    db.prepare('SELECT * FROM rated').all(),
  ])
  expect(rows).not.toContain(ABOUT.caseNo)
  stop()
  begin()
  expect(questions.ask(1, CASE)).toBe('already-rated')
})

it('the one follow-up is a rating of its own, had where the hall says so, and had once', () => {
  expect(questions.openOf(ABOUT, 'follow-up')).toBe('follow-up')
  expect(questions.ask(1, { ...CASE, assessNumber: 2 })).toBe('asked')
  questions.choose(1, 'satisfied')
  questions.finish(1, [], null)
  expect(facts).toMatchObject([{ type: 'rating', data: { assessNumber: 2, level: 4, case: ABOUT } }])
  // The hall may not have it yet: its word of before is outdone by what was taken here.
  expect(questions.openOf(ABOUT, 'follow-up')).toBe('none')
  expect(questions.ask(2, { ...CASE, assessNumber: 2 })).toBe('already-rated')
  expect([questions.openOf(ABOUT, 'first'), questions.openOf(ABOUT, 'none')]).toEqual(['first', 'none'])
})

it('what this terminal has done is rated without a case, as often as somebody else has come', () => {
  for (const number of [1, 2]) {
    expect(questions.ask(number, SERVICE)).toBe('asked')
    questions.choose(number, 'very-dissatisfied')
    questions.finish(number, [], null)
  }
  expect(facts.map(({ data }) => data)).toMatchObject(
    [1, 2].map(() => ({ case: null, level: 1, reasonPending: true, proof: 'none' })),
  )
  questions.ask(3, SERVICE)
  expect(db.prepare('SELECT * FROM rated').all()).toEqual([])
})

it('the first touch stands, and what comes too late changes nothing', () => {
  questions.ask(1, CASE)
  questions.choose(1, 'satisfied')
  expect(questions.choose(1, 'very-dissatisfied')?.map(({ code }) => code)).toContain('413')
  expect(questions.choose(7, 'dissatisfied')).toBeNull()
  questions.finish(1, [], null)
  questions.finish(1, ['413'], null)
  questions.leave(1, 'timed-out', null)
  expect(facts.map(({ data }) => data)).toMatchObject([{ level: 4, labels: [] }])
})

it('whoever goes leaves silence behind as silence, and an answer as its rating', () => {
  questions.ask(1, CASE)
  questions.leave(1, 'not-now', null)
  questions.ask(2, SERVICE)
  questions.ask(3, CASE)
  questions.choose(3, 'dissatisfied')
  questions.amend(3, ['214'], false)
  questions.leave(3, 'timed-out', COMMENT)
  expect(facts).toMatchObject([
    { type: 'rating-declined', data: { outcome: 'not-now', case: ABOUT } },
    { type: 'rating-declined', data: { outcome: 'timed-out', case: null } },
    { type: 'rating', data: { level: 2, labels: ['214'], comment: COMMENT } },
  ])
})

it('a restart in the middle keeps what was touched, and asks nobody again', () => {
  questions.ask(1, { ...CASE, proof: 'card', user: COMMENT })
  questions.choose(1, 'fairly-satisfied')
  questions.amend(1, ['314'], false)
  stop()
  begin()
  questions.recover()
  expect(facts).toMatchObject([
    {
      type: 'rating',
      data: { level: 3, labels: ['314'], proof: 'card', user: COMMENT, channel: 'terminal' },
    },
  ])
  questions.ask(2, SERVICE)
  stop()
  begin()
  questions.recover()
  expect(facts).toMatchObject([{ type: 'rating-declined', data: { outcome: 'timed-out', case: null } }])
})

it('a store that cannot be written takes no answer, and ends as soon as it can what was left open', () => {
  questions.ask(1, CASE)
  db.pragma('query_only = 1')
  expect(() => questions.choose(1, 'satisfied')).toThrow(/readonly/)
  db.pragma('query_only = 0')
  questions.choose(1, 'satisfied')
  db.pragma('query_only = 1')
  expect(() => questions.finish(1, ['413'], null)).toThrow(/readonly/)
  questions.leave(1, 'timed-out', null)
  expect([troubles.length, facts.length]).toEqual([1, 0])
  db.pragma('query_only = 0')
  questions.ask(2, SERVICE)
  questions.leave(2, 'not-now', null)
  expect(facts.map(({ type }) => type)).toEqual(['rating', 'rating-declined'])
  expect(troubles).toHaveLength(1)
})

it('labels are those of the newest dictionary of the nation, whose version the rating names', () => {
  const [builtIn] = builtInDictionaries()
  const newer = (version: string): Dictionary => ({
    version,
    levels: (builtIn?.dictionary.levels ?? []).map(({ level }) => ({
      level,
      labels: [1, 2, 3].map((label) => ({ code: `${level}9${label}`, text: `${version} 新标签` })),
    })),
  })
  stop()
  begin([newer('2026.10'), newer('2026.9'), newer('draft')])
  questions.ask(1, CASE)
  expect(questions.choose(1, 'very-satisfied')?.map(({ text }) => text)).toEqual(
    Array(3).fill('2026.10 新标签'),
  )
  questions.finish(1, ['591'], null)
  expect(facts).toMatchObject([{ data: { dictionary: '2026.10', labels: ['591'] } }])
})
