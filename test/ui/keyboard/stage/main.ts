import 'window24:fonts.css'
import '../../../../ui/shared/base.css'
import { mount } from 'svelte'
import { quietGestures } from '../../../../ui/shared/quiet-gestures.ts'
import Stage from './stage.svelte'

const panel = document.querySelector('#panel')
if (panel === null) throw new Error('the page has no #panel')
quietGestures(document)
mount(Stage, { target: panel })
