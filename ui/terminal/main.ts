import 'window24:everyday-fonts.css'
import '../shared/base.css'
import { mount } from 'svelte'
import { quietGestures } from '../shared/quiet-gestures.ts'
import { link } from './screen.svelte.ts'
import Terminal from './terminal.svelte'

const panel = document.querySelector('#panel')
if (panel === null) throw new Error('the page has no #panel to stand in')
quietGestures(document)
mount(Terminal, { target: panel })
link.start()
