/**
 * Whoever comes first after a start would wait a third longer for the slowest pages than whoever comes later: the browser
 * has not been through their code, their styles and their characters yet. So each is drawn once while nobody is there.
 */
import { flushSync, mount, tick, unmount } from 'svelte'
import { after, idle } from '../idle.ts'
import { link } from '../screen.svelte.ts'
import { nobodysPages } from './nobodys-pages.ts'
import Unseen from './unseen.svelte'

/** While somebody is there it waits, and looks again after this long. */
const AGAIN_AFTER_MS = 1_000
/** For whoever measures: from here on the first touch is like any other. */
const WARM = 'window24-warm'

export async function warmUp(panel: Element): Promise<void> {
  for (const view of nobodysPages) {
    await quiet()
    const page = mount(Unseen, { target: panel, props: { view } })
    flushSync()
    // A list measures itself once it is put together. All of it is one turn: no frame comes in between.
    await tick()
    panel.getBoundingClientRect()
    await unmount(page)
  }
  performance.mark(WARM)
}

const quiet = async (): Promise<void> => {
  for (;;) {
    await idle()
    if (link.state?.view.name === 'rest') return
    await after(AGAIN_AFTER_MS)
  }
}
