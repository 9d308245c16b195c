import 'window24:everyday-fonts.css'
import '../shared/base.css'
import { mount } from 'svelte'
import { quietGestures } from '../shared/quiet-gestures.ts'
import { link } from './screen.svelte.ts'
import Terminal from './terminal.svelte'

/** A device on loopback that is alive has answered by then: the page asks before its script is there. */
const STARTING_SHOWN_AFTER_MS = 400

const panel = document.querySelector('#panel')
if (panel === null) throw new Error('the page has no #panel to stand in')
quietGestures(document)
link.start()
// What is shown until the device answers would cost a slow machine as much as the page that follows.
const late = new Promise<void>((resolve) => setTimeout(resolve, STARTING_SHOWN_AFTER_MS))
void Promise.race([link.begun, late]).then(() => {
  mount(Terminal, { target: panel, props: { panel } })
})
