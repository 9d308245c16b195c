import { type Component, mount } from 'svelte'
import Clock from './parts/clock.svelte'
import PreferenceChoices from './parts/preference-choices.svelte'

/**
 * What stands alike on every page is made once and moved from page to page: a page has to stand at once, and these
 * would be a third of what is made for it. They know nothing of whoever is there besides the preferences.
 */
class Standing {
  readonly #node = document.createElement('div')

  /** Before the first page, and outside of all: what one page made would go with it. */
  make(component: Component): void {
    mount(component, { target: this.#node })
  }

  /** Attachment of the place where it stands. */
  readonly here = (place: HTMLElement): (() => void) => {
    place.append(this.#node)
    return () => {
      // Where no page follows that has it, it must not keep the one that is gone.
      if (this.#node.parentElement === place) this.#node.remove()
    }
  }
}

export const clock = new Standing()
export const preferenceChoices = new Standing()

export function makeStanding(): void {
  clock.make(Clock)
  preferenceChoices.make(PreferenceChoices)
}
