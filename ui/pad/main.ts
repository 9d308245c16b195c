import 'window24:fonts.css'
import '../shared/base.css'
import './pad.css'
import { mount } from 'svelte'
import { quietGestures } from '../shared/quiet-gestures.ts'
import Pad from './pad.svelte'

const panel = document.querySelector('#panel')
if (panel === null) throw new Error('the page has no #panel')
quietGestures(document)
mount(Pad, { target: panel })
