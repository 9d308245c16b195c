/**
 * Which question on this pad a question of the hall's is, where the same had been asked for at the window already: it
 * keeps its own id, and the hall's stands beside it. Every other question of the hall's is asked under the hall's id.
 */
import type { Database } from 'better-sqlite3'
import { EVALUATIONS_KEPT_MS } from '../../sync/protocol/evaluations.ts'

export const HALL_QUESTION_TABLE = `
  CREATE TABLE hall_question (
    id TEXT PRIMARY KEY,
    question TEXT NOT NULL,
    noted_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX hall_question_by_question ON hall_question (question);
`

export class HallQuestionStore {
  readonly #sql

  constructor(db: Database) {
    this.#sql = {
      note: db.prepare<[string, string, number]>(
        'INSERT INTO hall_question (id, question, noted_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
      ),
      questionOf: db.prepare<[string], string>('SELECT question FROM hall_question WHERE id = ?').pluck(),
      idsOf: db.prepare<[string], string>('SELECT id FROM hall_question WHERE question = ?').pluck(),
      forget: db.prepare<[number]>('DELETE FROM hall_question WHERE noted_at < ?'),
    }
  }

  /** @throws the store's error; then nothing is known of it after a restart */
  note(hallId: string, questionId: string, at: Date): void {
    this.#sql.note.run(hallId, questionId, at.getTime())
  }

  /** The id under which a question of the hall's is asked here. */
  questionOf(hallId: string): string {
    return this.#sql.questionOf.get(hallId) ?? hallId
  }

  /** The hall's ids of a question that was asked for at the window first. */
  hallIdsOf(questionId: string): string[] {
    return this.#sql.idsOf.all(questionId)
  }

  forgetOld(now: Date): void {
    this.#sql.forget.run(now.getTime() - EVALUATIONS_KEPT_MS)
  }
}
