/** What a citizen does to the question that stands on the pad: each answer is durable before the next page. */
import type { LevelNumber } from '../../sync/protocol/levels.ts'
import { labelFault } from './dictionaries.ts'
import type { OpenQuestion } from './open-question.ts'
import { type ActResult, type CitizenAction, DONE, type PadOptions, refusedLabel } from './pad-types.ts'
import type { PageHolder } from './page-holder.ts'
import { type Channel, numberOf, type Question } from './rules.ts'
import { levelOf } from './view.ts'

export interface CitizenParts {
  options: Pick<PadOptions, 'store' | 'clock' | 'hasPanel' | 'onPage'>
  page: PageHolder
  /** The question that stands there now; null at rest. */
  open: () => OpenQuestion | null
  /** Its answer becomes the rating, and thanks are shown. */
  complete: () => void
  /** The same for a page that nobody will touch; a store that cannot be written is tried again. */
  close: () => void
  notNow: () => void
}

type Act<Type extends CitizenAction['type']> = Extract<CitizenAction, { type: Type }>

export class Citizen {
  readonly #parts: CitizenParts

  constructor(parts: CitizenParts) {
    this.#parts = parts
  }

  /** @throws the store's error; then nothing of it was done */
  async act(open: OpenQuestion, action: CitizenAction, channel: Channel): Promise<ActResult> {
    const { page, notNow } = this.#parts
    switch (action.type) {
      case 'choose-level':
        this.#choose(open, numberOf(action.level), channel)
        return DONE
      case 'set-anonymous':
        if (page.now.name !== 'asking' && page.now.name !== 'labels') return DONE
        return this.#amend(open, { ...open.question, anonymous: action.anonymous })
      case 'set-labels':
      case 'finish': {
        if (page.now.name !== 'labels') return DONE
        const fault = labelFault(open.dictionary, levelOf(open.question), action.labels)
        if (fault !== null) return refusedLabel(fault)
        return action.type === 'finish'
          ? await this.#finish(open, action)
          : this.#amend(open, { ...open.question, labels: action.labels })
      }
      case 'open-words':
      case 'set-words':
      case 'close-words':
        return await this.#write(open, action)
      case 'not-now':
        if (page.now.name === 'asking') notNow()
        return DONE
    }
  }

  #choose(open: OpenQuestion, level: LevelNumber, channel: Channel): void {
    const { options, page, close } = this.#parts
    // The first touch counts: a second one, as of a trembling hand, finds the page of labels.
    if (page.now.name !== 'asking') return
    const tap = { level, channel, at: new Date(), clock: options.clock() }
    options.store.tap(open.id, tap)
    open.question = { ...open.question, tap }
    page.open('labels')
    if (!options.hasPanel) close()
  }

  #amend(open: OpenQuestion, question: Question): ActResult {
    const { store, onPage } = this.#parts.options
    store.amend(question)
    open.question = question
    open.added = null
    onPage()
    return DONE
  }

  /** Words take longer to type than a page of labels stands: with every pause all of them are kept. */
  async #write(
    open: OpenQuestion,
    action: Act<'open-words' | 'set-words' | 'close-words'>,
  ): Promise<ActResult> {
    const { store, onPage } = this.#parts.options
    if (!this.#standsOnLabels(open)) return DONE
    if (action.type !== 'open-words') {
      await open.words.write(action.words, (comment) => {
        store.write(open.id, comment)
        open.added = null
      })
      if (!this.#standsOnLabels(open)) return DONE
    }
    if (action.type !== 'set-words') open.words.writing = action.type === 'open-words'
    onPage()
    return DONE
  }

  async #finish(open: OpenQuestion, { labels, comment: words }: Act<'finish'>): Promise<ActResult> {
    const comment = words === null ? open.words.comment : await open.words.sealed(words)
    if (!this.#standsOnLabels(open)) return DONE
    open.added = { labels, comment }
    this.#parts.complete()
    return DONE
  }

  /** The page may have closed by itself while words were being sealed. */
  #standsOnLabels(open: OpenQuestion): boolean {
    return this.#parts.open() === open && this.#parts.page.now.name === 'labels'
  }
}
