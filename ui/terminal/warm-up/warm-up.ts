/**
 * Whoever comes first after a start would wait a third longer for the slowest pages than whoever comes later: the browser
 * has not been through their code, their styles and their characters yet. So each is drawn once while nobody is there.
 */
import { type Component, flushSync, mount, tick, unmount } from 'svelte'
import { after, idle } from '../idle.ts'
import { link } from '../screen.svelte.ts'
import { commonHanzi, Letterings } from './characters.ts'
import { nobodysPages } from './nobodys-pages.ts'
import Unseen from './unseen.svelte'
import Written from './written.svelte'

/** While somebody is there it waits, and looks again after this long. */
const AGAIN_AFTER_MS = 1_000
/** A machine that has just been started has other things to do first. */
const SETTLED_AFTER_MS = 5_000
/** At a time: a slow machine takes some 15 ms for them, and somebody may be about to touch. */
const CHARACTERS_AT_ONCE = 150
/** For whoever measures: from here on the first touch is like any other. */
const WARM = 'window24-warm'

export async function warmUp(panel: Element): Promise<void> {
  const letterings = new Letterings()
  for (const view of nobodysPages) await unseen(panel, Unseen, { view }, (page) => letterings.note(page))
  await after(SETTLED_AFTER_MS)
  const hanzi = commonHanzi()
  for (const lettering of letterings.ofRunningText()) {
    for (let from = 0; from < hanzi.length; from += CHARACTERS_AT_ONCE) {
      const characters = hanzi.slice(from, from + CHARACTERS_AT_ONCE)
      await unseen(panel, Written, { characters, lettering })
    }
  }
  performance.mark(WARM)
}

/** Draws it as soon as nobody is there, and takes it away in the same turn: no frame comes in between. */
async function unseen<Props extends Record<string, unknown>>(
  panel: Element,
  what: Component<Props>,
  props: Props,
  look: (drawn: Element) => void = () => {},
): Promise<void> {
  await quiet()
  const drawn = mount(what, { target: panel, props })
  flushSync()
  // A list measures itself once it is put together.
  await tick()
  panel.getBoundingClientRect()
  if (panel.lastElementChild) look(panel.lastElementChild)
  await unmount(drawn)
}

const quiet = async (): Promise<void> => {
  for (;;) {
    await idle()
    if (link.state?.view.name === 'rest') return
    await after(AGAIN_AFTER_MS)
  }
}
