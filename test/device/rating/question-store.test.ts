/** A question that has ended stays in its row until the next one opens, without what was said. */
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { QuestionStore } from '../../../device/rating/question-store.ts'
import { type Question, ratingOf, type Tap } from '../../../device/rating/rules.ts'
import { KEYPAD_COLUMN, RATING_TABLES, ROWS_BY_ID } from '../../../device/rating/schema.ts'
import { openStoreFile } from '../../../device/store/store.ts'
import { type Db, migrate, openDatabase } from '../../../sync/sqlite.ts'
import { testFolder } from '../../sync/support/folder.ts'

const questionOf = (number: number): Question => ({
  id: `01990000-0000-7000-8000-00000000000${number}`,
  case: {
    caseNo: `YX202611000${number}`,
    itemCode: '11330099MB0A00010R3000101010000',
    itemName: '普通护照申领',
    handleItem: null,
    serviceName: '',
    serviceNumber: 1,
    ticketNo: null,
  },
  assessNumber: 1,
  staff: { staffId: 'S001', window: '12' },
  user: 'eyJ..a.b.c',
  proof: 'none',
  dictionary: '2019.1',
  anonymous: false,
  askedAt: new Date(),
  tap: null,
  labels: [],
})
const TAP: Tap = {
  level: 1,
  channel: 'pad',
  at: new Date(),
  clock: { synchronized: true, offsetMs: 0 },
}

let db: Db
let store: QuestionStore
let appended: unknown[]

const begin = (opened: Db): void => {
  db = opened
  appended = []
  store = new QuestionStore(db, (type) => {
    appended.push(type)
    return null
  })
}

beforeEach(() => begin(openStoreFile(join(testFolder(), 'store.sqlite'))))

const rate = (question: Question): void => {
  store.open(question)
  store.tap(question.id, TAP)
  store.complete(question, ratingOf(question, TAP, { labels: [], comment: null }), new Date())
}

it('a rating is known at once, and once its row has gone where it stays', () => {
  const [first, second] = [questionOf(1), questionOf(2)]
  rate(first)
  for (const step of [() => {}, () => store.open(second), () => store.forgetOldOutcomes(new Date())]) {
    step()
    expect(store.outcomeOf(first.id)).toBe('rated')
    expect(store.isRated(store.serviceKey(first.case, 1))).toBe(true)
  }
  expect(store.isRated(store.serviceKey(second.case, 1))).toBe(false)
  expect(store.leftOver().map(({ id }) => id)).toEqual([second.id])
  expect(appended).toEqual(['rating'])
})

it('nothing of an answer stays in the row of a question that has ended', () => {
  rate(questionOf(1))
  expect(db.prepare('SELECT * FROM question').get()).toMatchObject({
    rated_case: '',
    staff: '',
    sealed_user: null,
    level: null,
    tapped_at: null,
    tapped_clock: null,
    labels: '[]',
    comment: null,
    outcome: 'rated',
  })
  expect(store.leftOver()).toEqual([])
})

it('what has ended takes no second answer, no amendment and no second end', () => {
  const question = questionOf(1)
  rate(question)
  expect(() => store.tap(question.id, TAP)).toThrow('not in the store')
  expect(() => store.amend(question)).toThrow('not in the store')
  const rating = ratingOf(question, TAP, { labels: [], comment: null })
  expect(() => store.complete(question, rating, new Date())).toThrow('not in the store')
  expect(appended).toEqual(['rating'])
})

it('a question that was answered under an earlier version is a rating under this one', () => {
  const path = join(testFolder(), 'store.sqlite')
  const old = openDatabase(path)
  migrate(old, [
    { name: 'rating-1', sql: RATING_TABLES },
    { name: 'rating-2', sql: KEYPAD_COLUMN },
    { name: 'rating-3', sql: ROWS_BY_ID },
  ])
  old.exec(`INSERT INTO question (id, service_key, rated_case, assess_number, staff, anonymous, asked_at, level,
      tapped_at, tapped_clock) VALUES ('before', 'key', '${JSON.stringify(questionOf(1).case)}', 1,
      '{"staffId":"S001","window":"12"}', 1, 1, 4, 2, '{"synchronized":true,"offsetMs":0}');
    INSERT INTO evaluation VALUES ('earlier', 'declined', ${Date.now()})`)
  old.close()
  begin(openStoreFile(path))
  const [left] = store.leftOver()
  if (left?.tap == null) throw new Error('the answer is gone')
  expect(left).toMatchObject({ id: 'before', tap: { level: 4 } })
  store.complete(left, ratingOf(left, left.tap, { labels: [], comment: null }), new Date())
  expect([store.outcomeOf('before'), store.outcomeOf('earlier')]).toEqual(['rated', 'declined'])
  expect(store.isRated('key')).toBe(true)
})
