import type { Dictionary } from '../../sync/protocol/content.ts'
import type { Finish, Question } from './rules.ts'
import { WrittenWords } from './written-words.ts'

/** The question that stands on the pad, until it is back at rest. */
export class OpenQuestion {
  /** As it is in the store. */
  question: Question
  /** The one that it was opened with, whatever the hall hands out meanwhile. */
  readonly dictionary: Dictionary
  readonly words: WrittenWords
  /** What 完成 brought, whatever became of the attempt to write it; a later touch counts above it. */
  added: Finish | null = null

  constructor(question: Question, dictionary: Dictionary, sealText: (text: string) => Promise<string>) {
    this.question = question
    this.dictionary = dictionary
    this.words = new WrittenWords(sealText)
  }

  get id(): string {
    return this.question.id
  }

  /** What its rating is made with if nothing more comes. */
  get standing(): Finish {
    return this.added ?? { labels: this.question.labels, comment: this.words.comment }
  }
}
