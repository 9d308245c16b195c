import '../../../../ui/shared/base.css'
import { mount } from 'svelte'
import Stage from './stage.svelte'

const panel = document.querySelector('#panel')
if (panel === null) throw new Error('the page has no #panel')
mount(Stage, { target: panel })
