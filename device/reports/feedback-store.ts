/** What citizens leave, in the chain and by the key of their intent: both stand or fall together. */
import { randomBytes } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { EventData } from '../../sync/protocol/events.ts'
import { feedbackCode } from '../../sync/protocol/feedback-code.ts'
import type { AppendFact } from '../facts.ts'

/** What the citizen is told, and what is told again where the same intent comes twice. */
const Kept = z.strictObject({
  code: z.string(),
  keptAt: z.iso.datetime({ offset: true }),
  answer: z.strictObject({ day: z.iso.date(), provisional: z.boolean(), workingDays: z.int() }),
})
export type Kept = z.infer<typeof Kept>

/** The fact to be kept, once it has its code. */
export type FeedbackFact =
  | { type: 'report'; data: Omit<EventData<'report'>, 'code'> }
  | { type: 'complaint'; data: Omit<EventData<'complaint'>, 'code'> }
  | { type: 'request'; data: Omit<EventData<'request'>, 'code'> }

const CODE_BYTES = 7
const MS_PER_DAY = 24 * 60 * 60 * 1000
/** Whoever touches twice does so in the same minute; a technician may ask for a month. */
const KEYS_KEPT_MS = 30 * MS_PER_DAY

export class FeedbackStore {
  readonly #db: Database
  readonly #append: AppendFact

  constructor(db: Database, append: AppendFact) {
    this.#db = db
    this.#append = append
  }

  /**
   * Keeps it once: the same key again gives what was told the first time. When this returns it survives a pulled plug.
   * @throws the store's error when there is no room, or the disk fails: then nothing is kept
   */
  keep(key: string, fact: FeedbackFact, answer: Kept['answer'], at: Date): Kept {
    const keep = this.#db.transaction((): Kept => {
      const before = this.#db
        .prepare<[string], string>('SELECT kept FROM feedback WHERE key = ?')
        .pluck()
        .get(key)
      if (before !== undefined) return Kept.parse(JSON.parse(before))
      const kept: Kept = { code: this.#newCode(), keptAt: fact.data.keptAt, answer }
      this.#tell(fact, kept.code, at)
      this.#db
        .prepare('INSERT INTO feedback (key, code, kept, kept_at) VALUES (?, ?, ?, ?)')
        .run(key, kept.code, JSON.stringify(kept), at.getTime())
      return kept
    })
    return keep.immediate()
  }

  forgetOld(now: Date): void {
    this.#db.prepare('DELETE FROM feedback WHERE kept_at < ?').run(now.getTime() - KEYS_KEPT_MS)
  }

  #tell({ type, data }: FeedbackFact, code: string, at: Date): void {
    switch (type) {
      case 'report':
        return void this.#append(type, { ...data, code }, at)
      case 'complaint':
        return void this.#append(type, { ...data, code }, at)
      case 'request':
        return void this.#append(type, { ...data, code }, at)
    }
  }

  /** One of 34 thousand million: two of one hall are as good as never the same, two of one device never. */
  #newCode(): string {
    const isUsed = this.#db.prepare<[string], number>('SELECT 1 FROM feedback WHERE code = ?').pluck()
    for (;;) {
      const code = feedbackCode(randomBytes(CODE_BYTES))
      if (isUsed.get(code) === undefined) return code
    }
  }
}
