import 'window24:fonts.css'
import './setup.css'
import { mount } from 'svelte'
import Setup from './setup.svelte'

const place = document.querySelector('#setup')
if (place === null) throw new Error('the page has no #setup')
mount(Setup, { target: place })
