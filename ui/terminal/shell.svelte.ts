import { createContext } from 'svelte'

/** Where a page puts a part of itself. */
class Slot {
  #slot: HTMLElement | null = null
  readonly #parts = new Set<HTMLElement>()

  /** Attachment of the slot itself, which may come after the first part. */
  readonly open = (slot: HTMLElement): (() => void) => {
    this.#slot = slot
    slot.append(...this.#parts)
    return () => {
      this.#slot = null
    }
  }

  /** Attachment of what is put there, for as long as its page lives. */
  readonly take = (part: HTMLElement): (() => void) => {
    this.#parts.add(part)
    this.#slot?.append(part)
    return () => {
      this.#parts.delete(part)
      part.remove()
    }
  }
}

/**
 * What is around nearly every page: clock, help, the ways out, preferences. It is made with the first of them and stays
 * where it is, as a page has to stand at once and this would be a tenth of the work for it, a fifth of the layout.
 * A page puts its own two parts inside (parts/page.svelte). It knows nothing of whoever is there.
 */
export class ShellState {
  /** The name of the page that it is around now. */
  readonly around: () => string
  readonly stage = new Slot()
  readonly touched = new Slot()

  division = $state<'fixed' | 'fitting'>('fixed')
  back = $state(false)
  end = $state(false)

  made = $state(false)
  empty = $state(true)
  /** Which of all the pages it has been around. */
  page = $state(0)

  #met = 0
  /** The next page comes before the last one goes. No state: what goes away reads it as it was before the next came. */
  #pages = 0

  constructor(around: () => string) {
    this.around = around
  }

  /** @returns what to call when the page goes */
  surround(): () => void {
    this.#pages += 1
    this.#met += 1
    this.page = this.#met
    this.made = true
    this.empty = false
    return () => {
      this.#pages -= 1
      this.empty = this.#pages === 0
    }
  }
}

/** The shell that a page is in. */
export const [shellHere, putIntoShell] = createContext<ShellState>()
