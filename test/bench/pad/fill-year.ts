/** Puts ratings into a pad's store by its own rooms, day by day as its years go, in a process of its own. */
import { randomBytes } from 'node:crypto'
import { uuidv7 } from 'uuidv7'
import { QuestionStore } from '../../../device/rating/question-store.ts'
import { type Question, ratingOf, type Tap } from '../../../device/rating/rules.ts'
import { openRecords } from '../../../device/store/records.ts'
import { demoRating, seeded } from '../delivery/ratings.ts'

const MS_PER_DAY = 24 * 60 * 60 * 1000
const OPENS_MS = 8.5 * 60 * 60 * 1000
const BETWEEN_RATINGS_MS = 60_000
const ANSWERED_AFTER_MS = 9_000
/** What the sealed name, number and phone of one person take. */
const SEALED_BYTES = 330

const [dir = '', days = '0', aDay = '0'] = process.argv.slice(2)
const records = openRecords({ dataDir: dir })
const { db, outbox } = records
const questions = new QuestionStore(db, outbox.append)
const random = seeded(365)
const firstDayMs = new Date().setHours(0, 0, 0, 0) - Number(days) * MS_PER_DAY

const sealed = (): string =>
  `eyJhbGciOiJFQ0RILUVTIn0..AAAAAAAAAAAAAAAA.${randomBytes(SEALED_BYTES).toString('base64url')}.AAAAAAAAAAAAAAAAAAAAAA`

const liveADay = db.transaction((day: number) => {
  for (let one = 0; one < Number(aDay); one += 1) {
    const askedAt = new Date(firstDayMs + day * MS_PER_DAY + OPENS_MS + one * BETWEEN_RATINGS_MS)
    const at = new Date(askedAt.getTime() + ANSWERED_AFTER_MS)
    const { level, labels, case: rated, staff, clock, anonymous, comment } = demoRating(random, askedAt)
    const question: Question = {
      id: uuidv7(),
      case: rated,
      assessNumber: 1,
      staff,
      user: anonymous ? null : sealed(),
      proof: 'none',
      dictionary: '2019.1',
      anonymous,
      labels: [],
      askedAt,
      tap: null,
    }
    const tap: Tap = { level: level as Tap['level'], channel: 'pad', at, clock }
    questions.open(question)
    questions.tap(question.id, tap)
    questions.complete({ ...question, tap }, ratingOf(question, tap, { labels, comment }), at)
  }
})
for (let day = 0; day < Number(days); day += 1) {
  liveADay.immediate(day)
  // As every pad does when the date changes.
  questions.forgetOldOutcomes(new Date(firstDayMs + (day + 1) * MS_PER_DAY))
}
const inStore = db.prepare<[], number>('SELECT count(*) FROM outbox_events').pluck().get()
records.close()
process.send?.({ filled: inStore }, () => process.exit(0))
