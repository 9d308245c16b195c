import 'window24:fonts.css'
import './window.css'
import { mount } from 'svelte'
import ClerkPage from './clerk-page.svelte'

const page = document.querySelector('#page')
if (page === null) throw new Error('the page has no #page')
mount(ClerkPage, { target: page })
