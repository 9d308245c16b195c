import 'window24:fonts.css'
import './dock.css'
import { mount } from 'svelte'
import Dock from './dock.svelte'

const bench = document.querySelector('#bench')
if (bench === null) throw new Error('the page has no #bench')
mount(Dock, { target: bench })
